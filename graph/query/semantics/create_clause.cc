#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/pattern_binder.h"
#include "graph/query/semantics/static_types.h"

// CREATE and MERGE: patterns that are made.
namespace relata::query {

// Several clauses where a property is computed out of what the same CREATE makes: `CREATE (a {id:
// 1}), (b {of: a.id})`.
absl::Status Analysis::BindCreateClause(const ast::CreateClause& clause, Span span,
                                        std::vector<BoundClause>& then) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  rules_.place = "in CREATE";
  Scope* const scope = scope_;
  CreatedParts parts;
  parts.created.outer = scope_;
  scope_ = &parts.created;  // what stands before in the text can be used
  for (const ast::PathPattern& pattern : clause.patterns) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<VariableId> elements,
                            BindCreatePath(pattern, false, parts));
    if (pattern.name.empty()) continue;
    if (scope_->Find(pattern.name)) {
      return AlreadyBound(pattern.name, pattern.name_span, "a path needs a name of its own");
    }
    const VariableId path = NewVariable(pattern.name, types::kPath);
    Declare(pattern.name, path);
    BoundExprPtr value = MakeExpr(BoundKind::kPath, pattern.span, types::kPath);
    value->elements = elements;
    parts.segments.back().paths.push_back({std::move(value), path});
  }
  scope_ = scope;
  for (BoundCreate& segment : parts.segments) {
    RELATA_ASSIGN_OR_RETURN(segment.options, BindWriteOptions(clause.options));
    then.push_back({span, std::move(segment)});
  }
  rules_ = {};
  for (const auto& [name, variable] : parts.created.names) Declare(name, variable);
  return absl::OkStatus();
}

// Where something with these properties is created: in the clause so far, or in a new one that sees
// what that made.
BoundCreate& Analysis::SegmentFor(const BoundExprPtr& properties, CreatedParts& parts) {
  bool uses_created = false;
  if (properties) {
    ForEachVariableUse(*properties, [&](VariableId variable, Span) {
      uses_created = uses_created || parts.fresh.contains(variable);
    });
  }
  if (uses_created) {
    parts.segments.emplace_back();
    parts.fresh.clear();
  }
  return parts.segments.back();
}

absl::StatusOr<std::vector<VariableId>> Analysis::BindCreatePath(const ast::PathPattern& pattern,
                                                                 bool merge, CreatedParts& parts) {
  const absl::string_view word = merge ? "MERGE" : "CREATE";
  const bool plain = pattern.selector.kind == ast::PathSelector::Kind::kNone &&
                     pattern.mode == ast::PathMode::kDefault &&
                     pattern.shortest == ast::ShortestFunction::kNone;
  if (!plain) {
    return UnexpectedSyntax(pattern.span,
                            absl::StrCat(word, " takes nodes and relationships only"));
  }
  std::vector<VariableId> elements;
  std::optional<BoundCreateRelationship> open;  // has no end yet
  bool reversed = false;
  for (const ast::PatternElement& element : pattern.elements) {
    if (const auto* node = std::get_if<ast::NodePattern>(&element)) {
      RELATA_ASSIGN_OR_RETURN(const VariableId variable,
                              BindCreateNode(*node, pattern.elements.size() == 1, merge, parts));
      elements.push_back(variable);
      if (!open) continue;
      (reversed ? open->from : open->to) = variable;
      BoundCreate& segment = SegmentFor(open->properties, parts);
      segment.relationships.push_back(*std::exchange(open, std::nullopt));
      parts.fresh.insert(elements[elements.size() - 2]);
    } else if (const auto* edge = std::get_if<ast::RelationshipPattern>(&element)) {
      RELATA_ASSIGN_OR_RETURN(open, BindCreateRelationship(*edge, merge, parts));
      reversed = edge->direction == ast::ArrowDirection::kLeft;
      (reversed ? open->to : open->from) = elements.back();
      elements.push_back(open->variable);
    } else {
      return UnexpectedSyntax(pattern.span, absl::StrCat(word, " takes no parts in parentheses"));
    }
  }
  return elements;
}

absl::StatusOr<VariableId> Analysis::BindCreateNode(const ast::NodePattern& node, bool alone,
                                                    bool merge, CreatedParts& parts) {
  if (!node.name.empty()) {
    std::optional<VariableId> known = parts.created.Find(node.name);
    if (!known) known = Lookup(node.name);
    if (known) {
      NoteUse(*known);
      if (alone || node.labels || node.properties) {
        return AlreadyBound(node.name, node.name_span,
                            "a node that exists can only be an end of a relationship here, "
                            "without labels and properties");
      }
      if (NeverOf(TypeOf(*known), types::kNode)) {
        return SyntaxError("VariableTypeConflict", node.name_span,
                           absl::StrCat("`", node.name, "` is bound to ",
                                        TypeSetName(TypeOf(*known)), ", not to a node"));
      }
      return *known;
    }
  }
  if (node.where) {
    return UnexpectedSyntax(node.where->span, "what is created can have no WHERE");
  }
  BoundCreateNode bound;
  if (node.labels) {
    RELATA_RETURN_IF_ERROR(BindWrittenLabels(*node.labels, bound.labels, bound.dynamic_labels));
  }
  RELATA_ASSIGN_OR_RETURN(bound.properties, BindWrittenProperties(node.properties, merge));
  bound.variable =
      node.name.empty() ? NewAnonymous("n", types::kNode) : NewVariable(node.name, types::kNode);
  if (!node.name.empty()) parts.created.names[node.name] = bound.variable;
  const VariableId variable = bound.variable;
  SegmentFor(bound.properties, parts).nodes.push_back(std::move(bound));
  parts.fresh.insert(variable);
  return variable;
}

absl::StatusOr<BoundCreateRelationship> Analysis::BindCreateRelationship(
    const ast::RelationshipPattern& relationship, bool merge, CreatedParts& parts) {
  const absl::string_view word = merge ? "MERGE" : "CREATE";
  BoundCreateRelationship bound;
  if (!relationship.name.empty() &&
      (parts.created.Find(relationship.name) || scope_->Find(relationship.name))) {
    return AlreadyBound(relationship.name, relationship.name_span,
                        absl::StrCat("a relationship that ", word, " makes needs a new name"));
  }
  if (relationship.length || relationship.quantifier) {
    return SyntaxError("CreatingVarLength", relationship.span,
                       absl::StrCat(word,
                                    " makes one relationship at a time; it cannot have a "
                                    "variable length"));
  }
  RELATA_RETURN_IF_ERROR(BindCreateType(relationship, bound));
  if (!merge && relationship.direction == ast::ArrowDirection::kBoth) {
    return SyntaxError("RequiresDirectedRelationship", relationship.span,
                       "a relationship that is created needs a direction: `-[…]->` or `<-[…]-`");
  }
  if (relationship.where) {
    return UnexpectedSyntax(relationship.where->span, "what is created can have no WHERE");
  }
  RELATA_ASSIGN_OR_RETURN(bound.properties, BindWrittenProperties(relationship.properties, merge));
  bound.variable = relationship.name.empty() ? NewAnonymous("r", types::kRelationship)
                                             : NewVariable(relationship.name, types::kRelationship);
  if (!relationship.name.empty()) parts.created.names[relationship.name] = bound.variable;
  return bound;
}

absl::Status Analysis::BindCreateType(const ast::RelationshipPattern& relationship,
                                      BoundCreateRelationship& bound) {
  using Kind = ast::LabelExpr::Kind;
  if (relationship.types && relationship.types->kind == Kind::kName) {
    bound.type = relationship.types->name;
    return absl::OkStatus();
  }
  if (relationship.types && relationship.types->kind == Kind::kDynamic &&
      !relationship.types->any) {
    RELATA_ASSIGN_OR_RETURN(bound.dynamic_type, BindExpr(*relationship.types->dynamic));
    return RequireType(*bound.dynamic_type, types::kString | types::kList,
                       "a type given by `$(…)`");
  }
  return SyntaxError("NoSingleRelationshipType", relationship.span,
                     "a relationship that is created needs exactly one type: `-[:TYPE]->`");
}

absl::StatusOr<BoundExprPtr> Analysis::BindWrittenProperties(const ast::ExprPtr& properties,
                                                             bool merge) {
  if (!properties) return BoundExprPtr();
  if (merge && properties->kind == ast::ExprKind::kParameter) {
    return SyntaxError("InvalidParameterUse", properties->span,
                       absl::StrCat("a whole map given as $", properties->name,
                                    " cannot be merged; write `{name: $", properties->name,
                                    ".name}` for each property"));
  }
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr bound, BindExpr(*properties));
  RELATA_RETURN_IF_ERROR(RequireType(*bound, types::kMap, "properties in a pattern"));
  for (size_t i = 0; i < bound->keys.size(); ++i) {
    RELATA_RETURN_IF_ERROR(CheckStorable(*bound->args[i], bound->keys[i]));
  }
  return bound;
}

absl::Status Analysis::BindWrittenLabels(const ast::LabelExpr& labels,
                                         std::vector<std::string>& names,
                                         std::vector<BoundExprPtr>& dynamic) {
  using Kind = ast::LabelExpr::Kind;
  switch (labels.kind) {
    case Kind::kName:
      names.push_back(labels.name);
      return absl::OkStatus();
    case Kind::kDynamic: {
      if (labels.any) {
        return UnexpectedSyntax(labels.span,
                                "what is written must be certain: $any(…) is for conditions, write "
                                "$(…) or $all(…)");
      }
      RELATA_ASSIGN_OR_RETURN(BoundExprPtr bound, BindExpr(*labels.dynamic));
      RELATA_RETURN_IF_ERROR(
          RequireType(*bound, types::kString | types::kList, "a label given by `$(…)`"));
      dynamic.push_back(std::move(bound));
      return absl::OkStatus();
    }
    case Kind::kAnd:
      for (const ast::LabelExprPtr& arg : labels.args) {
        RELATA_RETURN_IF_ERROR(BindWrittenLabels(*arg, names, dynamic));
      }
      return absl::OkStatus();
    default:
      return UnexpectedSyntax(labels.span,
                              "labels that are written are given one after the other, `:A:B`, "
                              "without `|`, `!` and `%`");
  }
}

absl::StatusOr<BoundClause> Analysis::BindMergeClause(const ast::MergeClause& clause, Span span) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  BoundMerge merge;
  rules_.place = "in MERGE";
  CreatedParts parts;
  RELATA_ASSIGN_OR_RETURN(const std::vector<VariableId> elements,
                          BindCreatePath(clause.pattern, true, parts));
  merge.create = std::move(parts.segments.front());
  RELATA_ASSIGN_OR_RETURN(merge.options, BindWriteOptions(clause.options));
  // The same pattern as a MATCH; this declares its variables.
  PatternBinder binder(this, PatternBinder::Mode::kMerge, false);
  const ast::PathPattern* const only = &clause.pattern;
  RELATA_ASSIGN_OR_RETURN(merge.match, binder.Bind({&only, 1}, &elements));
  for (const BoundPath& path : merge.match.paths) {
    if (path.variable == kNoVariable) continue;
    BoundExprPtr value = MakeExpr(BoundKind::kPath, clause.pattern.span, types::kPath);
    value->elements = elements;
    merge.create.paths.push_back({std::move(value), path.variable});
  }
  RELATA_ASSIGN_OR_RETURN(merge.on_create, BindSetItems(clause.on_create));
  RELATA_ASSIGN_OR_RETURN(merge.on_match, BindSetItems(clause.on_match));
  rules_ = {};
  return BoundClause{span, std::move(merge)};
}

}  // namespace relata::query
