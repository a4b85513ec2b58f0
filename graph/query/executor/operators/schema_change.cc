// CREATE and DROP of indexes and constraints: as mutations of the catalog.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/schema_names.h"
#include "graph/query/executor/violation_error.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

using Kind = BoundSchemaChange::Kind;
using Constraint = BoundSchemaChange::Constraint;

absl::Status BadSchema(absl::string_view message) {
  return MakeQueryError(ErrorClass::kConstraintValidation, ErrorPhase::kRuntime, "SchemaChange",
                        std::nullopt, message);
}

// Turns one command into mutations, against the schema as the transaction sees it.
class SchemaCommandRunner {
 public:
  explicit SchemaCommandRunner(ExecutionContext& context)
      : context_(context),
        transaction_(*context.reader->transaction()),
        names_(transaction_.names()) {}

  absl::Status Run(const BoundSchemaChange& change) {
    switch (change.kind) {
      case Kind::kCreateIndex:
        return CreateIndex(change, /*unique=*/false);
      case Kind::kCreateConstraint:
        return CreateConstraint(change);
      case Kind::kDropIndex:
      case Kind::kDropConstraint:
        break;
    }
    return Drop(change);
  }

 private:
  // Data that breaks a constraint is an error of the statement.
  absl::Status Apply(const Mutation& mutation) {
    return NameViolation(context_.writer->Run(mutation).status());
  }

  absl::Status Exists(const BoundSchemaChange& change, absl::string_view name) const {
    if (change.tolerate) return absl::OkStatus();
    return BadSchema(absl::StrCat("`", name, "` exists already; add IF NOT EXISTS, or leave it"));
  }

  absl::Status CreateIndex(const BoundSchemaChange& change, bool unique) {
    if (change.on_relationship || change.properties.size() != 1) {
      return BadSchema(absl::StrCat(unique ? "a unique constraint" : "an index",
                                    " is for one property of nodes with a label: FOR (n:Label) ",
                                    unique ? "REQUIRE n.property IS UNIQUE" : "ON (n.property)"));
    }
    const std::string& property = change.properties.front();
    const std::optional<LabelId> label = names_.FindLabel(change.label);
    const std::optional<PropertyId> property_id = names_.FindProperty(property);
    for (const auto& [id, index] : transaction_.schema().indexes()) {
      if (label == index.label && property_id == index.property && index.unique == unique) {
        return Exists(change, unique ? UniqueName(change.label, property)
                                     : IndexName(change.label, property));
      }
    }
    return Apply(ChangeIndex{change.label, property, unique, /*drop=*/false});
  }

  absl::Status CreateConstraint(const BoundSchemaChange& change) {
    switch (change.constraint) {
      case Constraint::kUnique:
        return CreateIndex(change, /*unique=*/true);
      case Constraint::kExists:
      case Constraint::kTyped:
        for (const std::string& property : change.properties) {
          RELATA_RETURN_IF_ERROR(ConstrainProperty(change, property));
        }
        return absl::OkStatus();
      case Constraint::kEnds:
      case Constraint::kOnePerPair:
      case Constraint::kInline:
        break;
    }
    return ConstrainType(change);
  }

  // What is declared of the property; where nothing is, that it may hold anything.
  DeclareProperty Declared(const std::string& owner, bool of_relationship,
                           const std::string& property) const {
    DeclareProperty declaration;
    (of_relationship ? declaration.relationship_type : declaration.label) = owner;
    declaration.property = property;
    declaration.types = AllPropertyTypes();
    const std::optional<PropertyId> id = names_.FindProperty(property);
    const PropertyDeclaration* there = nullptr;
    if (of_relationship) {
      const std::optional<TypeId> type = names_.FindType(owner);
      if (type && id) there = transaction_.schema().FindProperty(*type, *id);
    } else {
      const std::optional<LabelId> label = names_.FindLabel(owner);
      if (label && id) there = transaction_.schema().FindProperty(*label, *id);
    }
    if (there == nullptr) return declaration;
    declaration.types = there->types;
    declaration.required = there->required;
    declaration.unit = there->unit;
    declaration.description = there->description;
    return declaration;
  }

  absl::Status ConstrainProperty(const BoundSchemaChange& change, const std::string& property) {
    DeclareProperty declaration = Declared(change.label, change.on_relationship, property);
    const bool exists = change.constraint == Constraint::kExists;
    const bool there = exists ? declaration.required : !AllowsEveryType(declaration.types);
    if (there) {
      return Exists(
          change, exists ? ExistsName(change.label, property) : TypedName(change.label, property));
    }
    if (exists) {
      declaration.required = true;
    } else {
      declaration.types = change.types;
    }
    return Apply(declaration);
  }

  DeclareRelationshipType Declared(const std::string& type) const {
    DeclareRelationshipType declaration;
    declaration.type = type;
    const std::optional<TypeId> id = names_.FindType(type);
    const RelationshipTypeDeclaration* there = id ? transaction_.schema().FindType(*id) : nullptr;
    if (there == nullptr) return declaration;
    declaration.one_per_pair = there->one_per_pair;
    for (const LabelId l : there->from_labels) declaration.from_labels.emplace_back(names_.Name(l));
    for (const LabelId l : there->to_labels) declaration.to_labels.emplace_back(names_.Name(l));
    for (const PropertyId p : there->inline_properties) {
      declaration.inline_properties.emplace_back(names_.Name(p));
    }
    return declaration;
  }

  absl::Status ConstrainType(const BoundSchemaChange& change) {
    DeclareRelationshipType declaration = Declared(change.label);
    switch (change.constraint) {
      case Constraint::kEnds:
        if (!declaration.from_labels.empty() || !declaration.to_labels.empty()) {
          return Exists(change, EndsName(change.label));
        }
        declaration.from_labels = change.from_labels;
        declaration.to_labels = change.to_labels;
        break;
      case Constraint::kOnePerPair:
        if (declaration.one_per_pair) return Exists(change, OnePerPairName(change.label));
        declaration.one_per_pair = true;
        break;
      default:
        for (const std::string& property : change.properties) {
          std::vector<std::string>& all = declaration.inline_properties;
          if (std::find(all.begin(), all.end(), property) != all.end()) {
            RELATA_RETURN_IF_ERROR(Exists(change, InlineName(change.label, property)));
          } else {
            all.push_back(property);
          }
        }
    }
    return Apply(declaration);
  }

  // Where the name is one of those that the schema has, what drops it.
  std::optional<Mutation> FindIndex(const BoundSchemaChange& change) {
    for (const auto& [id, index] : transaction_.schema().indexes()) {
      const std::string label(names_.Name(index.label));
      const std::string property(names_.Name(index.property));
      const std::string name =
          index.unique ? UniqueName(label, property) : IndexName(label, property);
      if (index.unique != (change.kind == Kind::kDropConstraint)) continue;
      known_.push_back(name);
      if (name == change.name) return ChangeIndex{label, property, index.unique, /*drop=*/true};
    }
    return std::nullopt;
  }

  std::optional<Mutation> FindPropertyConstraint(const std::string& wanted) {
    for (const PropertyDeclaration& declared : transaction_.schema().properties()) {
      const bool of_relationship = declared.type.valid();
      const std::string owner(of_relationship ? names_.Name(declared.type)
                                              : names_.Name(declared.label));
      const std::string property(names_.Name(declared.property));
      DeclareProperty without = Declared(owner, of_relationship, property);
      if (declared.required) {
        known_.push_back(ExistsName(owner, property));
        if (known_.back() == wanted) {
          without.required = false;
          return without;
        }
      }
      if (!AllowsEveryType(declared.types)) {
        known_.push_back(TypedName(owner, property));
        if (known_.back() == wanted) {
          without.types = AllPropertyTypes();
          return without;
        }
      }
    }
    return std::nullopt;
  }

  std::optional<Mutation> FindTypeConstraint(const std::string& wanted) {
    for (const auto& [id, declared] : transaction_.schema().types()) {
      const std::string type(names_.Name(id));
      DeclareRelationshipType without = Declared(type);
      known_.push_back(EndsName(type));
      if (known_.back() == wanted &&
          (!declared.from_labels.empty() || !declared.to_labels.empty())) {
        without.from_labels.clear();
        without.to_labels.clear();
        return without;
      }
      known_.push_back(OnePerPairName(type));
      if (known_.back() == wanted && declared.one_per_pair) {
        without.one_per_pair = false;
        return without;
      }
      for (const std::string& property : Declared(type).inline_properties) {
        known_.push_back(InlineName(type, property));
        if (known_.back() != wanted) continue;
        std::erase(without.inline_properties, property);
        return without;
      }
    }
    return std::nullopt;
  }

  absl::Status Drop(const BoundSchemaChange& change) {
    std::optional<Mutation> drop = FindIndex(change);
    if (!drop && change.kind == Kind::kDropConstraint) {
      drop = FindPropertyConstraint(change.name);
      if (!drop) drop = FindTypeConstraint(change.name);
    }
    if (drop) return Apply(*drop);
    if (change.tolerate) return absl::OkStatus();
    const std::string near = NearestName(change.name, known_);
    const bool index = change.kind == Kind::kDropIndex;
    return BadSchema(absl::StrCat("there is no ", index ? "index" : "constraint", " `", change.name,
                                  "`",
                                  near.empty() ? "" : absl::StrCat("; did you mean `", near, "`?"),
                                  " SHOW ", index ? "INDEXES" : "CONSTRAINTS", " lists them"));
  }

  ExecutionContext& context_;
  Transaction& transaction_;
  NameTable& names_;
  std::vector<std::string> known_;  // names seen while looking for one
};

class SchemaChange : public Operator {
 public:
  SchemaChange(const PlanNode& plan, ExecutionContext* context)
      : plan_(std::get<SchemaChangePlan>(plan.op)), context_(context) {}

  absl::Status Open(const Batch* /*argument*/) override {
    if (context_->writer == nullptr || context_->reader->transaction() == nullptr) {
      return absl::FailedPreconditionError(
          "the statement changes the schema, but runs where only reading is allowed");
    }
    done_ = false;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    out->Clear();
    if (std::exchange(done_, true)) return false;
    RELATA_RETURN_IF_ERROR(SchemaCommandRunner(*context_).Run(plan_.change));
    return false;
  }

 private:
  const SchemaChangePlan& plan_;
  ExecutionContext* const context_;
  bool done_ = false;
};

}  // namespace

MadeOperator MakeSchemaChange(const PlanNode& plan, ExecutionContext* context) {
  return std::make_unique<SchemaChange>(plan, context);
}

}  // namespace relata::query
