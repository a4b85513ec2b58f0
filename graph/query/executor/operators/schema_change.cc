// CREATE and DROP of indexes and constraints: as mutations of the catalog.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/catalog/schema_rule.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/violation_error.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

using Kind = BoundSchemaChange::Kind;
using Constraint = BoundSchemaChange::Constraint;
using RuleKind = SchemaRule::Kind;

absl::Status BadSchema(absl::string_view message) {
  return MakeQueryError(ErrorClass::kConstraintValidation, ErrorPhase::kRuntime, "SchemaChange",
                        std::nullopt, message);
}

RuleKind KindOfRule(const BoundSchemaChange& change) {
  if (change.kind == Kind::kCreateIndex || change.kind == Kind::kDropIndex) {
    return RuleKind::kIndex;
  }
  switch (change.constraint) {
    case Constraint::kUnique:
      return RuleKind::kUnique;
    case Constraint::kExists:
      return RuleKind::kExists;
    case Constraint::kTyped:
      return RuleKind::kTyped;
    case Constraint::kEnds:
      return RuleKind::kEnds;
    case Constraint::kOnePerPair:
      return RuleKind::kOnePerPair;
    case Constraint::kInline:
      return RuleKind::kInline;
    case Constraint::kNodeKey:
      break;
  }
  return RuleKind::kNodeKey;
}

// Turns one command into mutations, against the schema as the transaction sees it.
class SchemaCommandRunner {
 public:
  explicit SchemaCommandRunner(ExecutionContext& context)
      : context_(context),
        transaction_(*context.reader->transaction()),
        names_(transaction_.names()) {}

  absl::Status Run(const BoundSchemaChange& change) {
    const bool drop = change.kind == Kind::kDropIndex || change.kind == Kind::kDropConstraint;
    return drop ? Drop(change) : Create(change);
  }

 private:
  const Schema& schema() const { return transaction_.schema(); }

  // Data that breaks a constraint is an error of the statement, and so is what cannot be declared.
  absl::Status Apply(const Mutation& mutation) {
    const absl::Status status = NameViolation(context_.writer->Run(mutation).status());
    const bool refused = absl::IsInvalidArgument(status) && !GetQueryError(status);
    return refused ? BadSchema(status.message()) : status;
  }

  // What the commands are about, one rule for each property but of what is about several at once.
  // Names that nothing bears yet are interned, as the mutations would.
  std::vector<SchemaRule> RulesIn(const BoundSchemaChange& change) {
    SchemaRule rule;
    rule.kind = KindOfRule(change);
    if (change.on_relationship) {
      rule.type = names_.InternType(change.label);
    } else {
      rule.label = names_.InternLabel(change.label);
    }
    std::vector<SchemaRule> rules;
    for (const std::string& property : change.properties) {
      if (!OfSeveral(rule.kind)) rule.properties.clear();
      rule.properties.push_back(names_.InternProperty(property));
      if (!OfSeveral(rule.kind)) rules.push_back(rule);
    }
    if (rules.empty()) rules.push_back(rule);
    return rules;
  }

  static bool OfSeveral(RuleKind kind) {
    return kind == RuleKind::kIndex || kind == RuleKind::kUnique || kind == RuleKind::kNodeKey;
  }

  // What of the schema is in the way of a new rule: the rule itself, or what says a part of it.
  std::optional<SchemaRule> Conflict(const SchemaRule& rule) const {
    const auto part_of_key = [](const SchemaRule& part, const SchemaRule& key) {
      if (key.kind != RuleKind::kNodeKey) return false;
      if (part.kind == RuleKind::kUnique) return part.properties == key.properties;
      return part.kind == RuleKind::kExists &&
             std::find(key.properties.begin(), key.properties.end(), part.property()) !=
                 key.properties.end();
    };
    for (const SchemaRule& there : RulesOf(schema())) {
      if (there.label != rule.label || there.type != rule.type) continue;
      const bool same = there.kind == rule.kind && there.properties == rule.properties;
      if (same || part_of_key(rule, there) || part_of_key(there, rule)) return there;
    }
    return std::nullopt;
  }

  absl::Status Create(const BoundSchemaChange& change) {
    RELATA_RETURN_IF_ERROR(CheckSupported(change));
    std::vector<SchemaRule> wanted;
    const std::optional<SchemaRule> namesake =
        change.name.empty() ? std::nullopt : FindRule(schema(), names_, change.name);
    for (const SchemaRule& rule : RulesIn(change)) {
      const std::optional<SchemaRule> there = Conflict(rule);
      if (!there && !namesake) wanted.push_back(rule);
      if ((!there && !namesake) || change.tolerate) continue;
      if (!there) {
        return BadSchema(absl::StrCat("another index or constraint is called `", change.name,
                                      "`; give this one another name"));
      }
      return BadSchema(absl::StrCat("`", RuleName(schema(), names_, *there),
                                    "` exists already; add IF NOT EXISTS, or leave it"));
    }
    for (const SchemaRule& rule : wanted) {
      RELATA_RETURN_IF_ERROR(Make(change, rule));
      RELATA_RETURN_IF_ERROR(NameMade(change, rule));
    }
    return absl::OkStatus();
  }

  static absl::Status CheckSupported(const BoundSchemaChange& change) {
    const RuleKind kind = KindOfRule(change);
    if (kind == RuleKind::kUnique && change.on_relationship) {
      return BadSchema(
          "a unique constraint is for nodes with a label: FOR (n:Label) REQUIRE n.property IS "
          "UNIQUE; a relationship type can be ONE PER PAIR, or have an index");
    }
    if (!OfSeveral(kind) && change.properties.size() > 1 && !change.name.empty()) {
      return BadSchema(absl::StrCat("one name cannot stand for ", change.properties.size(),
                                    " constraints; name each in a command of its own"));
    }
    return absl::OkStatus();
  }

  absl::Status Make(const BoundSchemaChange& change, const SchemaRule& rule) {
    switch (rule.kind) {
      case RuleKind::kIndex:
      case RuleKind::kUnique:
        return Apply(ChangeIndexOf(rule, /*drop=*/false));
      case RuleKind::kNodeKey:
        RELATA_RETURN_IF_ERROR(Apply(ChangeIndexOf(rule, /*drop=*/false)));
        return Require(rule);
      case RuleKind::kExists:
      case RuleKind::kTyped: {
        DeclareProperty declaration = Declared(rule, rule.property());
        if (rule.kind == RuleKind::kTyped) {
          declaration.types = change.types;
        } else {
          declaration.required = true;
        }
        return Apply(declaration);
      }
      case RuleKind::kEnds:
      case RuleKind::kOnePerPair:
      case RuleKind::kInline:
        break;
    }
    DeclareRelationshipType declaration = Declared(rule.type);
    if (rule.kind == RuleKind::kOnePerPair) declaration.one_per_pair = true;
    if (rule.kind == RuleKind::kInline) {
      declaration.inline_properties.emplace_back(names_.Name(rule.property()));
    }
    if (rule.kind == RuleKind::kEnds) {
      declaration.from_labels = change.from_labels;
      declaration.to_labels = change.to_labels;
    }
    return Apply(declaration);
  }

  // The properties of a node key.
  absl::Status Require(const SchemaRule& key) {
    for (const PropertyId property : key.properties) {
      DeclareProperty declaration = Declared(key, property);
      declaration.required = true;
      RELATA_RETURN_IF_ERROR(Apply(declaration));
    }
    return absl::OkStatus();
  }

  // Of a node key that was dropped: those that no other one requires.
  absl::Status RequireNoMore(const SchemaRule& key) {
    const std::vector<SchemaRule> left = RulesOf(schema());
    for (const PropertyId property : key.properties) {
      const bool required = std::any_of(left.begin(), left.end(), [&](const SchemaRule& rule) {
        return rule.kind == RuleKind::kNodeKey && rule.label == key.label &&
               std::find(rule.properties.begin(), rule.properties.end(), property) !=
                   rule.properties.end();
      });
      if (required) continue;
      DeclareProperty declaration = Declared(key, property);
      declaration.required = false;
      RELATA_RETURN_IF_ERROR(Apply(declaration));
    }
    return absl::OkStatus();
  }

  // A node key is one by its name, so that it has one also where none was given.
  absl::Status NameMade(const BoundSchemaChange& change, const SchemaRule& rule) {
    NameSchemaRule named;
    named.name = change.name;
    if (named.name.empty()) {
      if (rule.kind != RuleKind::kNodeKey) return absl::OkStatus();
      named.name = RuleName(schema(), names_, rule);
    }
    named.kind = rule.kind;
    if (rule.label.valid()) named.label = std::string(names_.Name(rule.label));
    if (rule.type.valid()) named.relationship_type = std::string(names_.Name(rule.type));
    named.properties = NamesOf(rule);
    return Apply(named);
  }

  ChangeIndex ChangeIndexOf(const SchemaRule& rule, bool drop) const {
    ChangeIndex change;
    if (rule.label.valid()) change.label = std::string(names_.Name(rule.label));
    if (rule.type.valid()) change.relationship_type = std::string(names_.Name(rule.type));
    change.properties = NamesOf(rule);
    change.unique = rule.kind != RuleKind::kIndex;
    change.drop = drop;
    return change;
  }

  std::vector<std::string> NamesOf(const SchemaRule& rule) const {
    std::vector<std::string> named;
    for (const PropertyId property : rule.properties) named.emplace_back(names_.Name(property));
    return named;
  }

  // What is declared of the property; where nothing is, that it may hold anything.
  DeclareProperty Declared(const SchemaRule& rule, PropertyId property) const {
    DeclareProperty declaration;
    if (rule.label.valid()) declaration.label = std::string(names_.Name(rule.label));
    if (rule.type.valid()) declaration.relationship_type = std::string(names_.Name(rule.type));
    declaration.property = std::string(names_.Name(property));
    declaration.types = AllPropertyTypes();
    const PropertyDeclaration* const there = rule.label.valid()
                                                 ? schema().FindProperty(rule.label, property)
                                                 : schema().FindProperty(rule.type, property);
    if (there == nullptr) return declaration;
    declaration.types = there->types;
    declaration.required = there->required;
    declaration.unit = there->unit;
    declaration.description = there->description;
    return declaration;
  }

  DeclareRelationshipType Declared(TypeId type) const {
    DeclareRelationshipType declaration;
    declaration.type = std::string(names_.Name(type));
    const RelationshipTypeDeclaration* const there = schema().FindType(type);
    if (there == nullptr) return declaration;
    declaration.one_per_pair = there->one_per_pair;
    for (const LabelId l : there->from_labels) declaration.from_labels.emplace_back(names_.Name(l));
    for (const LabelId l : there->to_labels) declaration.to_labels.emplace_back(names_.Name(l));
    for (const PropertyId p : there->inline_properties) {
      declaration.inline_properties.emplace_back(names_.Name(p));
    }
    return declaration;
  }

  // By its name, or by what it is about.
  std::optional<SchemaRule> Wanted(const BoundSchemaChange& change) {
    const std::vector<SchemaRule> rules = RulesOf(schema());
    if (!change.name.empty()) {
      const bool index = change.kind == Kind::kDropIndex;
      const std::optional<SchemaRule> rule = FindRule(schema(), names_, change.name);
      return rule && rule->constraint() != index ? rule : std::nullopt;
    }
    const std::vector<SchemaRule> described = RulesIn(change);
    const bool there = described.size() == 1 &&
                       std::find(rules.begin(), rules.end(), described.front()) != rules.end();
    return there ? std::optional(described.front()) : std::nullopt;
  }

  absl::Status Drop(const BoundSchemaChange& change) {
    const std::optional<SchemaRule> rule = Wanted(change);
    if (!rule) return change.tolerate ? absl::OkStatus() : NothingToDrop(change);
    if (rule->kind == RuleKind::kIndex || rule->kind == RuleKind::kUnique) {
      return Apply(ChangeIndexOf(*rule, /*drop=*/true));
    }
    if (rule->kind == RuleKind::kNodeKey) {
      RELATA_RETURN_IF_ERROR(Apply(ChangeIndexOf(*rule, /*drop=*/true)));
      return RequireNoMore(*rule);
    }
    if (rule->kind == RuleKind::kExists || rule->kind == RuleKind::kTyped) {
      DeclareProperty without = Declared(*rule, rule->property());
      if (rule->kind == RuleKind::kTyped) {
        without.types = AllPropertyTypes();
      } else {
        without.required = false;
      }
      return Apply(without);
    }
    DeclareRelationshipType without = Declared(rule->type);
    if (rule->kind == RuleKind::kOnePerPair) without.one_per_pair = false;
    if (rule->kind == RuleKind::kEnds) {
      without.from_labels.clear();
      without.to_labels.clear();
    }
    if (rule->kind == RuleKind::kInline) {
      std::erase(without.inline_properties, names_.Name(rule->property()));
    }
    return Apply(without);
  }

  absl::Status NothingToDrop(const BoundSchemaChange& change) const {
    const bool index = change.kind == Kind::kDropIndex;
    std::vector<std::string> known;
    for (const SchemaRule& rule : RulesOf(schema())) {
      if (rule.constraint() != index) known.push_back(RuleName(schema(), names_, rule));
    }
    const std::string near = NearestName(change.name, known);
    return BadSchema(
        absl::StrCat("there is no ", index ? "index" : "constraint",
                     change.name.empty() ? " like that" : absl::StrCat(" `", change.name, "`"),
                     near.empty() ? "" : absl::StrCat("; did you mean `", near, "`?"), " SHOW ",
                     index ? "INDEXES" : "CONSTRAINTS", " lists them"));
  }

  ExecutionContext& context_;
  Transaction& transaction_;
  NameTable& names_;
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
