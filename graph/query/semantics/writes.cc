#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"

// SET, REMOVE, DELETE, FOREACH, and what all writing clauses share.
namespace relata::query {

absl::Status Analysis::NoteWrite(Span span) {
  writes_ = true;
  if (!reading_only_) return absl::OkStatus();
  return SyntaxError("InvalidClauseComposition", span,
                     "EXISTS { }, COUNT { } and COLLECT { } only read; write in a clause of the "
                     "query itself");
}

absl::Status Analysis::CheckStorable(const BoundExpr& value, absl::string_view property) const {
  if (!NeverStorable(value.type, ElementOf(value))) return absl::OkStatus();
  return MakeQueryError(
      ErrorClass::kType, ErrorPhase::kCompile, "InvalidPropertyType", value.span,
      absl::StrCat("the property `", property, "` cannot hold ", TypeSetName(value.type),
                   (value.type & types::kList) != 0 ? " of maps, nodes or relationships" : "",
                   "; properties hold plain values and lists of them"));
}

absl::StatusOr<BoundWriteOptions> Analysis::BindWriteOptions(const ast::WriteOptions& options) {
  BoundWriteOptions bound;
  const ast::PortionClause* const portion = options.portion ? &*options.portion : portion_;
  if (portion != nullptr) {
    constexpr TypeSet kDates =
        types::kString | types::kDate | types::kLocalDateTime | types::kDateTime;
    RELATA_ASSIGN_OR_RETURN(bound.portion_from, BindExpr(*portion->from));
    RELATA_ASSIGN_OR_RETURN(bound.portion_to, BindExpr(*portion->to));
    RELATA_RETURN_IF_ERROR(RequireType(*bound.portion_from, kDates, "FOR PORTION OF VALID_TIME"));
    RELATA_RETURN_IF_ERROR(RequireType(*bound.portion_to, kDates, "FOR PORTION OF VALID_TIME"));
  }
  if (options.citing) {
    RELATA_ASSIGN_OR_RETURN(bound.citing, BindExpr(*options.citing));
    RELATA_RETURN_IF_ERROR(RequireType(
        *bound.citing, types::kNode | types::kString | types::kMap | types::kList, "CITING"));
  }
  return bound;
}

absl::StatusOr<BoundClause> Analysis::BindSetClause(const ast::SetClause& clause, Span span) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  BoundSet set;
  rules_.place = "in SET";
  RELATA_ASSIGN_OR_RETURN(set.items, BindSetItems(clause.items));
  RELATA_ASSIGN_OR_RETURN(set.options, BindWriteOptions(clause.options));
  rules_ = {};
  return BoundClause{span, std::move(set)};
}

absl::StatusOr<std::vector<BoundSetItem>> Analysis::BindSetItems(
    const std::vector<ast::SetItem>& items) {
  std::vector<BoundSetItem> bound;
  for (const ast::SetItem& item : items) {
    RELATA_ASSIGN_OR_RETURN(BoundSetItem one, BindSetItem(item));
    bound.push_back(std::move(one));
  }
  return bound;
}

// The node or relationship that is written.
absl::StatusOr<BoundExprPtr> Analysis::BindWrittenEntity(const ast::Expr& e) {
  RELATA_ASSIGN_OR_RETURN(BoundExprPtr entity, BindExpr(e));
  RELATA_RETURN_IF_ERROR(
      RequireType(*entity, types::kEntity, "what properties and labels are written to"));
  return entity;
}

namespace {

absl::Status CheckNotReserved(absl::string_view property, Span span) {
  if (property.empty() || property.front() != '_') return absl::OkStatus();
  return SyntaxError(
      "InvalidPropertyName", span,
      absl::StrCat(
          "`", property, "` is reserved and cannot be changed",
          property == "_key" ? "; CREATE and MERGE give an entity its key, for ever" : ""));
}

}  // namespace

absl::Status Analysis::BindPropertyTarget(const ast::Expr& target, BoundExprPtr& entity,
                                          std::string& property, BoundExprPtr& key) {
  if (target.kind != ast::ExprKind::kProperty && target.kind != ast::ExprKind::kDynamicProperty) {
    return UnexpectedSyntax(target.span, "a property such as `n.name` or `n[key]` is wanted here");
  }
  RELATA_ASSIGN_OR_RETURN(entity, BindWrittenEntity(*target.args[0]));
  if (target.kind == ast::ExprKind::kProperty) {
    property = target.name;
    return CheckNotReserved(property, target.name_span);
  }
  RELATA_ASSIGN_OR_RETURN(key, BindExpr(*target.args[1]));
  return RequireType(*key, types::kString, "the name of a property");
}

absl::StatusOr<BoundSetItem> Analysis::BindSetItem(const ast::SetItem& item) {
  using Kind = ast::SetItem::Kind;
  BoundSetItem bound;
  bound.span = item.span;
  switch (item.kind) {
    case Kind::kProperty:
    case Kind::kDynamicProperty: {
      RELATA_RETURN_IF_ERROR(
          BindPropertyTarget(*item.target, bound.target, bound.property, bound.key));
      bound.kind = bound.key ? BoundSetItem::Kind::kDynamicProperty : BoundSetItem::Kind::kProperty;
      RELATA_ASSIGN_OR_RETURN(bound.value, BindExpr(*item.value));
      RELATA_RETURN_IF_ERROR(CheckStorable(*bound.value, bound.property));
      return bound;
    }
    case Kind::kReplace:
    case Kind::kMerge: {
      bound.kind =
          item.kind == Kind::kMerge ? BoundSetItem::Kind::kMerge : BoundSetItem::Kind::kReplace;
      RELATA_ASSIGN_OR_RETURN(bound.target, BindWrittenEntity(*item.target));
      RELATA_ASSIGN_OR_RETURN(bound.value, BindExpr(*item.value));
      RELATA_RETURN_IF_ERROR(
          RequireType(*bound.value, types::kMap | types::kEntity, "SET of all properties"));
      for (size_t i = 0; i < bound.value->keys.size(); ++i) {
        RELATA_RETURN_IF_ERROR(CheckNotReserved(bound.value->keys[i], bound.value->span));
        RELATA_RETURN_IF_ERROR(CheckStorable(*bound.value->args[i], bound.value->keys[i]));
      }
      return bound;
    }
    case Kind::kLabels:
      break;
  }
  bound.kind = BoundSetItem::Kind::kLabels;
  RELATA_ASSIGN_OR_RETURN(bound.target, BindWrittenEntity(*item.target));
  for (const ast::LabelExprPtr& label : item.labels) {
    RELATA_RETURN_IF_ERROR(BindWrittenLabels(*label, bound.labels, bound.dynamic_labels));
  }
  RELATA_RETURN_IF_ERROR(RequireType(*bound.target, types::kNode, "SET of labels"));
  return bound;
}

absl::StatusOr<BoundClause> Analysis::BindRemoveClause(const ast::RemoveClause& clause, Span span) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  BoundRemove remove;
  rules_.place = "in REMOVE";
  for (const ast::RemoveItem& item : clause.items) {
    BoundRemoveItem bound;
    bound.span = item.span;
    if (item.kind == ast::RemoveItem::Kind::kProperty) {
      RELATA_RETURN_IF_ERROR(
          BindPropertyTarget(*item.target, bound.target, bound.property, bound.key));
    } else {
      bound.labels_only = true;
      RELATA_ASSIGN_OR_RETURN(bound.target, BindWrittenEntity(*item.target));
      RELATA_RETURN_IF_ERROR(RequireType(*bound.target, types::kNode, "REMOVE of labels"));
      for (const ast::LabelExprPtr& label : item.labels) {
        RELATA_RETURN_IF_ERROR(BindWrittenLabels(*label, bound.labels, bound.dynamic_labels));
      }
    }
    remove.items.push_back(std::move(bound));
  }
  RELATA_ASSIGN_OR_RETURN(remove.options, BindWriteOptions(clause.options));
  rules_ = {};
  return BoundClause{span, std::move(remove)};
}

absl::StatusOr<BoundClause> Analysis::BindDeleteClause(const ast::DeleteClause& clause, Span span) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  BoundDelete bound;
  bound.detach = clause.detach;
  rules_.place = "in DELETE";
  for (const ast::ExprPtr& e : clause.exprs) {
    if (e->kind == ast::ExprKind::kHasLabels) {
      return SyntaxError("InvalidDelete", e->span,
                         "DELETE removes nodes, relationships and paths; labels go with REMOVE, "
                         "and a relationship's type cannot be removed");
    }
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr entity, BindExpr(*e));
    RELATA_RETURN_IF_ERROR(RequireType(*entity, types::kEntity | types::kPath, "DELETE"));
    bound.exprs.push_back(std::move(entity));
  }
  RELATA_ASSIGN_OR_RETURN(bound.options, BindWriteOptions(clause.options));
  rules_ = {};
  return BoundClause{span, std::move(bound)};
}

absl::StatusOr<BoundClause> Analysis::BindForeach(const ast::ForeachClause& clause, Span span) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  BoundForeach foreach;
  rules_.place = "in FOREACH";
  RELATA_ASSIGN_OR_RETURN(foreach.list, BindExpr(*clause.list));
  rules_ = {};
  RELATA_RETURN_IF_ERROR(RequireType(*foreach.list, types::kList, "FOREACH"));
  Scope scope{.names = {}, .outer = scope_};
  Scope* const outer = scope_;
  foreach
    .variable = NewVariable(clause.name, ElementOf(*foreach.list));
  scope_ = &scope;
  Declare(clause.name, foreach.variable);
  for (const std::unique_ptr<ast::Clause>& part : clause.body) {
    const bool writing = std::holds_alternative<ast::CreateClause>(part->body) ||
                         std::holds_alternative<ast::MergeClause>(part->body) ||
                         std::holds_alternative<ast::SetClause>(part->body) ||
                         std::holds_alternative<ast::RemoveClause>(part->body) ||
                         std::holds_alternative<ast::DeleteClause>(part->body) ||
                         std::holds_alternative<ast::ForeachClause>(part->body);
    if (!writing) {
      return SyntaxError("InvalidClauseComposition", part->span,
                         "FOREACH takes clauses that write; use UNWIND to read for each element");
    }
    RELATA_RETURN_IF_ERROR(BindClause(*part, foreach.body));
  }
  scope_ = outer;
  return BoundClause{span, std::move(foreach)};
}

}  // namespace relata::query
