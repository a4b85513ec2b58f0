#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/match_planner.h"
#include "graph/query/planner/statement_planner.h"

namespace relata::query {

absl::StatusOr<WriteOptionsPlan> StatementPlanner::PlanOptions(const BoundWriteOptions& options,
                                                               const Layout& layout) {
  WriteOptionsPlan plan;
  RELATA_ASSIGN_OR_RETURN(plan.portion_from, CompileIfAny(options.portion_from, layout));
  RELATA_ASSIGN_OR_RETURN(plan.portion_to, CompileIfAny(options.portion_to, layout));
  RELATA_ASSIGN_OR_RETURN(plan.citing, CompileIfAny(options.citing, layout));
  return plan;
}

absl::StatusOr<CreatePlan> StatementPlanner::CompileCreate(const BoundCreate& create,
                                                           const Layout& layout,
                                                           std::vector<VariableId>* added) {
  CreatePlan op;
  Layout output = layout;
  for (const BoundCreateNode& node : create.nodes) {
    CreatePlan::Node compiled;
    compiled.labels = node.labels;
    for (const BoundExprPtr& label : node.dynamic_labels) {
      RELATA_ASSIGN_OR_RETURN(Expression expr, Compile(*label, layout));
      compiled.dynamic_labels.push_back(std::move(expr));
    }
    RELATA_ASSIGN_OR_RETURN(compiled.properties, CompileIfAny(node.properties, layout));
    op.nodes.push_back(std::move(compiled));
    output.Add(node.variable);
    added->push_back(node.variable);
  }
  for (const BoundCreateRelationship& relationship : create.relationships) {
    CreatePlan::Relationship compiled;
    const std::optional<size_t> from = output.Find(relationship.from);
    const std::optional<size_t> to = output.Find(relationship.to);
    if (!from || !to)
      return absl::InternalError("an end of a relationship to be created is not known");
    compiled.from = *from;
    compiled.to = *to;
    compiled.type = relationship.type;
    RELATA_ASSIGN_OR_RETURN(compiled.dynamic_type, CompileIfAny(relationship.dynamic_type, layout));
    RELATA_ASSIGN_OR_RETURN(compiled.properties, CompileIfAny(relationship.properties, layout));
    op.relationships.push_back(std::move(compiled));
  }
  for (const BoundCreateRelationship& relationship : create.relationships)
    added->push_back(relationship.variable);
  RELATA_ASSIGN_OR_RETURN(op.options, PlanOptions(create.options, layout));
  return op;
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanCreate(BoundCreate& create, PlanPtr plan) {
  std::vector<VariableId> added;
  RELATA_ASSIGN_OR_RETURN(CreatePlan op, CompileCreate(create, plan->layout, &added));
  const double rows = plan->estimated_rows;
  std::string details =
      absl::StrCat(op.nodes.size(), " nodes, ", op.relationships.size(), " relationships");
  plan = Make(std::move(op), {std::move(plan)}, added, rows, std::move(details));
  std::vector<std::pair<VariableId, const BoundExpr*>> paths;
  for (const BoundOutput& path : create.paths) paths.emplace_back(path.variable, path.expr.get());
  if (paths.empty()) return plan;
  return Extend(std::move(plan), paths);
}

absl::StatusOr<SetItemPlan> StatementPlanner::CompileSetItem(const BoundSetItem& item,
                                                             const Layout& layout) {
  SetItemPlan compiled;
  compiled.kind = item.kind;
  compiled.span = item.span;
  RELATA_ASSIGN_OR_RETURN(compiled.target, CompileIfAny(item.target, layout));
  compiled.property = item.property;
  RELATA_ASSIGN_OR_RETURN(compiled.key, CompileIfAny(item.key, layout));
  RELATA_ASSIGN_OR_RETURN(compiled.value, CompileIfAny(item.value, layout));
  compiled.labels = item.labels;
  for (const BoundExprPtr& label : item.dynamic_labels) {
    RELATA_ASSIGN_OR_RETURN(Expression expr, Compile(*label, layout));
    compiled.dynamic_labels.push_back(std::move(expr));
  }
  return compiled;
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanSet(BoundSet& set, PlanPtr plan) {
  SetPlan op;
  for (const BoundSetItem& item : set.items) {
    RELATA_ASSIGN_OR_RETURN(SetItemPlan compiled, CompileSetItem(item, plan->layout));
    op.items.push_back(std::move(compiled));
  }
  RELATA_ASSIGN_OR_RETURN(op.options, PlanOptions(set.options, plan->layout));
  const double rows = plan->estimated_rows;
  return Make(std::move(op), {std::move(plan)}, {}, rows, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanRemove(BoundRemove& remove, PlanPtr plan) {
  SetPlan op;
  for (const BoundRemoveItem& item : remove.items) {
    SetItemPlan compiled;
    compiled.remove = true;
    compiled.kind = item.labels_only ? BoundSetItem::Kind::kLabels
                    : item.key       ? BoundSetItem::Kind::kDynamicProperty
                                     : BoundSetItem::Kind::kProperty;
    compiled.span = item.span;
    RELATA_ASSIGN_OR_RETURN(compiled.target, CompileIfAny(item.target, plan->layout));
    compiled.property = item.property;
    RELATA_ASSIGN_OR_RETURN(compiled.key, CompileIfAny(item.key, plan->layout));
    compiled.labels = item.labels;
    for (const BoundExprPtr& label : item.dynamic_labels) {
      RELATA_ASSIGN_OR_RETURN(Expression expr, Compile(*label, plan->layout));
      compiled.dynamic_labels.push_back(std::move(expr));
    }
    op.items.push_back(std::move(compiled));
  }
  RELATA_ASSIGN_OR_RETURN(op.options, PlanOptions(remove.options, plan->layout));
  const double rows = plan->estimated_rows;
  return Make(std::move(op), {std::move(plan)}, {}, rows, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanDelete(BoundDelete& clause, PlanPtr plan) {
  DeletePlan op;
  op.detach = clause.detach;
  for (const BoundExprPtr& expr : clause.exprs) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*expr, plan->layout));
    op.exprs.push_back(std::move(compiled));
  }
  RELATA_ASSIGN_OR_RETURN(op.options, PlanOptions(clause.options, plan->layout));
  const double rows = plan->estimated_rows;
  std::string details = op.detach ? "detach" : "";
  return Make(std::move(op), {std::move(plan)}, {}, rows, std::move(details));
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanMerge(BoundMerge& merge, PlanPtr plan) {
  MergePlan op;
  for (size_t i = 0; i < plan->layout.size(); ++i) op.arguments.push_back(i);
  RELATA_ASSIGN_OR_RETURN(
      const PlanPtr match,
      MatchPlanner(this, &merge.match, 0, /*name_paths=*/false).Plan(Argument(plan->layout)));
  std::vector<VariableId> created;
  RELATA_ASSIGN_OR_RETURN(op.create, CompileCreate(merge.create, plan->layout, &created));
  for (size_t i = 0; i < created.size(); ++i) {
    const std::optional<size_t> column = match->layout.Find(created[i]);
    if (!column) return absl::InternalError("a variable of MERGE is made but not matched");
    op.match_columns.push_back(*column);
    op.created.push_back(plan->layout.size() + i);
  }
  Layout output = plan->layout;
  for (const VariableId variable : created) output.Add(variable);
  for (const BoundSetItem& item : merge.on_create) {
    RELATA_ASSIGN_OR_RETURN(SetItemPlan compiled, CompileSetItem(item, output));
    op.on_create.push_back(std::move(compiled));
  }
  for (const BoundSetItem& item : merge.on_match) {
    RELATA_ASSIGN_OR_RETURN(SetItemPlan compiled, CompileSetItem(item, output));
    op.on_match.push_back(std::move(compiled));
  }
  RELATA_ASSIGN_OR_RETURN(op.options, PlanOptions(merge.options, plan->layout));
  const double rows = plan->estimated_rows;
  plan = Make(std::move(op), {std::move(plan), match}, created, rows, "");
  std::vector<std::pair<VariableId, const BoundExpr*>> paths;
  for (const BoundOutput& path : merge.create.paths)
    paths.emplace_back(path.variable, path.expr.get());
  if (paths.empty()) return plan;
  return Extend(std::move(plan), paths);
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanForeach(BoundForeach& foreach, PlanPtr plan) {
  ForeachPlan op;
  RELATA_ASSIGN_OR_RETURN(op.list, Compile(*foreach.list, plan->layout));
  Layout inner = plan->layout;
  inner.Add(foreach.variable);
  PlanPtr body = Argument(inner);
  for (BoundClause& clause : foreach.body) {
    RELATA_ASSIGN_OR_RETURN(body, PlanClause(clause, std::move(body)));
  }
  const double rows = plan->estimated_rows;
  return Make(std::move(op), {std::move(plan), std::move(body)}, {}, rows,
              NameOf(foreach.variable));
}

}  // namespace relata::query
