#include "graph/query/planner/planner.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/match_planner.h"
#include "graph/query/planner/morsel_plans.h"
#include "graph/query/planner/statement_planner.h"
#include "graph/query/planner/step_chains.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/semantics/expression_tree.h"

namespace relata::query {

StatementPlanner::StatementPlanner(BoundStatement* statement, const PlannerInput& input)
    : statement_(statement),
      input_(input),
      estimates_(input.database, input.degrees, input.values) {
  subqueries_ = [this](const BoundQuery& query, BoundSubquery::Kind kind,
                       const Layout& arguments) -> absl::StatusOr<PlanPtr> {
    // A subquery is planned once, and its pattern is used up by that: it belongs to the statement,
    // which outlives the planner.
    RELATA_ASSIGN_OR_RETURN(PlanPtr plan, PlanQuery(const_cast<BoundQuery&>(query), &arguments,
                                                    kind == BoundSubquery::Kind::kExists));
    if (kind != BoundSubquery::Kind::kCount || !use_rules()) return plan;
    PlanPtr degree = DegreeOf(plan, NewVariable("  degree", types::kInt));
    return degree != nullptr ? degree : plan;
  };
  CollectUsed(statement->query, used_);
}

VariableId StatementPlanner::NewVariable(std::string name, TypeSet type) {
  statement_->variables.push_back({std::move(name), type, false});
  return static_cast<VariableId>(statement_->variables.size() - 1);
}

std::string StatementPlanner::NameOf(VariableId variable) const {
  if (variable >= statement_->variables.size()) return "";
  const Variable& v = statement_->variables[variable];
  return v.named ? v.name : "";
}

absl::StatusOr<Expression> StatementPlanner::Compile(const BoundExpr& expr, const Layout& layout) {
  has_volatile_ = has_volatile_ || IsVolatile(expr);
  RELATA_RETURN_IF_ERROR(Work(1 + layout.size()));
  return Expression::Compile(expr, layout, subqueries_, input_.watch);
}

absl::StatusOr<Expression> StatementPlanner::CompileIfAny(const BoundExprPtr& expr,
                                                          const Layout& layout) {
  if (expr == nullptr) return Expression();
  return Compile(*expr, layout);
}

absl::StatusOr<LabelsCondition> StatementPlanner::CompileLabels(const BoundLabels& labels,
                                                                const Layout& layout) {
  LabelsCondition condition;
  condition.kind = labels.kind;
  condition.name = labels.name;
  for (const BoundLabels& each : labels.args) {
    RELATA_ASSIGN_OR_RETURN(LabelsCondition arg, CompileLabels(each, layout));
    condition.args.push_back(std::move(arg));
  }
  if (labels.dynamic) {
    RELATA_ASSIGN_OR_RETURN(condition.dynamic, Compile(*labels.dynamic, layout));
    condition.any = labels.any;
  }
  return condition;
}

PlanPtr StatementPlanner::MakeWithLayout(PlanOperator op, std::vector<PlanPtr> children,
                                         Layout layout, double rows, std::string details) {
  auto node = std::make_shared<PlanNode>();
  node->op = std::move(op);
  node->children = std::move(children);
  node->layout = std::move(layout);
  node->estimated_rows = rows;
  node->id = nodes_++;
  node->details = std::move(details);
  return node;
}

PlanPtr StatementPlanner::Make(PlanOperator op, std::vector<PlanPtr> children,
                               const std::vector<VariableId>& added, double rows,
                               std::string details) {
  Layout layout;
  if (!children.empty()) layout = children[0]->layout;
  for (const VariableId variable : added) layout.Add(variable);
  return MakeWithLayout(std::move(op), std::move(children), std::move(layout), rows,
                        std::move(details));
}

PlanPtr StatementPlanner::Argument(const Layout& layout) {
  return MakeWithLayout(ArgumentPlan{}, {}, layout, 1, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::Extend(
    PlanPtr from, const std::vector<std::pair<VariableId, const BoundExpr*>>& added) {
  ProjectPlan project;
  Layout layout = from->layout;
  for (size_t i = 0; i < from->layout.size(); ++i) {
    project.outputs.emplace_back(from->layout[i], Expression::ColumnAt(i));
  }
  std::string details;
  for (const auto& [variable, expr] : added) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*expr, from->layout));
    project.outputs.emplace_back(variable, std::move(compiled));
    layout.Add(variable);
    absl::StrAppend(&details, details.empty() ? "" : ", ", NameOf(variable));
  }
  const double rows = from->estimated_rows;
  return MakeWithLayout(std::move(project), {std::move(from)}, std::move(layout), rows,
                        std::move(details));
}

PlanPtr StatementPlanner::KeepColumns(PlanPtr from, const std::vector<VariableId>& variables) {
  if (from->layout.variables() == variables) return from;
  ProjectPlan project;
  for (const VariableId variable : variables) {
    project.outputs.emplace_back(variable, Expression::ColumnAt(*from->layout.Find(variable)));
  }
  const double rows = from->estimated_rows;
  return MakeWithLayout(std::move(project), {std::move(from)}, Layout(variables), rows, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::Filter(PlanPtr from, const BoundExpr& condition,
                                                 double selectivity) {
  FilterPlan filter;
  RELATA_ASSIGN_OR_RETURN(filter.condition, Compile(condition, from->layout));
  const double rows = from->estimated_rows * selectivity;
  return Make(std::move(filter), {std::move(from)}, {}, rows, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanQuery(BoundQuery& query, const Layout* argument,
                                                    bool as_set) {
  std::vector<PlanPtr> parts;
  double rows = 0;
  for (BoundSingleQuery& part : query.parts) {
    RELATA_ASSIGN_OR_RETURN(PlanPtr plan,
                            PlanSingle(part, argument != nullptr ? Argument(*argument) : nullptr,
                                       as_set || (query.parts.size() > 1 && !query.union_all)));
    if (query.parts.size() == 1) {
      if (query.outputs.empty()) return plan;
      return KeepColumns(std::move(plan), query.outputs);
    }
    rows += plan->estimated_rows;
    parts.push_back(KeepColumns(std::move(plan), part.outputs));
  }
  UnionPlan all;
  std::vector<size_t> columns(query.outputs.size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = i;
  all.columns.assign(parts.size(), columns);
  PlanPtr plan = MakeWithLayout(std::move(all), std::move(parts), Layout(query.outputs), rows, "");
  if (query.union_all) return plan;
  return Make(DistinctPlan{}, {std::move(plan)}, {}, rows, "");
}

namespace {

// A projection to which it is the same how often each of its rows comes.
bool TakesRowsAsSet(const BoundClause& clause) {
  const auto* projection = std::get_if<BoundProjection>(&clause.body);
  if (projection == nullptr) return false;
  if (!projection->aggregates) return projection->distinct;
  return std::all_of(projection->aggregations.begin(), projection->aggregations.end(),
                     [](const BoundAggregate& aggregate) {
                       return aggregate.distinct || aggregate.kind == AggregateKind::kMin ||
                              aggregate.kind == AggregateKind::kMax;
                     });
}

// A clause that gives the same rows, whatever their number, for rows that come once or twice.
bool KeepsRowsAsSet(const BoundClause& clause) {
  if (std::holds_alternative<BoundMatch>(clause.body) ||
      std::holds_alternative<BoundUnwind>(clause.body))
    return true;
  const auto* projection = std::get_if<BoundProjection>(&clause.body);
  if (projection == nullptr || projection->aggregates || projection->skip || projection->limit)
    return false;
  return std::none_of(projection->outputs.begin(), projection->outputs.end(),
                      [](const BoundOutput& output) { return IsVolatile(*output.expr); });
}

// By clause: whether what follows it takes its rows as a set.
std::vector<bool> TakenAsSet(const std::vector<BoundClause>& clauses, bool as_set) {
  std::vector<bool> taken(clauses.size(), as_set);
  for (size_t i = clauses.size(); i-- > 1;) {
    taken[i - 1] = TakesRowsAsSet(clauses[i]) || (taken[i] && KeepsRowsAsSet(clauses[i]));
  }
  return taken;
}

}  // namespace

namespace {

// Of what is given from outside: the last clause that reads it.
absl::flat_hash_map<VariableId, size_t> LastReads(const BoundSingleQuery& query,
                                                  const Layout& given) {
  absl::flat_hash_map<VariableId, size_t> last;
  for (size_t i = 0; given.size() > 0 && i < query.clauses.size(); ++i) {
    absl::flat_hash_set<VariableId> read;
    CollectUsed(query.clauses[i], read);
    for (size_t column = 0; column < given.size(); ++column) {
      if (read.contains(given[column])) last[given[column]] = i;
    }
  }
  return last;
}

}  // namespace

absl::StatusOr<PlanPtr> StatementPlanner::PlanSingle(BoundSingleQuery& query, PlanPtr plan,
                                                     bool as_set) {
  if (plan == nullptr) plan = Argument(Layout());
  size_t next = 0;
  if (use_rules() && plan->layout.size() == 0 && query.clauses.size() >= 2) {
    const auto* match = std::get_if<BoundMatch>(&query.clauses[0].body);
    const auto* projection = std::get_if<BoundProjection>(&query.clauses[1].body);
    PlanPtr counted =
        match != nullptr && projection != nullptr ? CountTwoHops(*match, *projection) : nullptr;
    if (counted != nullptr) {
      plan = std::move(counted);
      next = 1;
    }
  }
  // Subqueries are planned while a clause around them is.
  const bool outer = rows_as_set_;
  const std::vector<bool> taken_as_set = TakenAsSet(query.clauses, as_set);
  const bool outer_matched = matched_after_;
  const Layout outer_given = std::exchange(given_, plan->layout);
  const absl::flat_hash_set<VariableId> outer_later = std::move(read_later_);
  const absl::flat_hash_map<VariableId, size_t> last_reads = LastReads(query, given_);
  for (; next < query.clauses.size(); ++next) {
    read_later_.clear();
    for (const auto& [variable, last] : last_reads) {
      if (last > next) read_later_.insert(variable);
    }
    rows_as_set_ = use_rules() && taken_as_set[next];
    matched_after_ = std::any_of(query.clauses.begin() + static_cast<ptrdiff_t>(next) + 1,
                                 query.clauses.end(), [](const BoundClause& clause) {
                                   return !std::holds_alternative<BoundProjection>(clause.body);
                                 });
    RELATA_ASSIGN_OR_RETURN(plan, PlanClause(query.clauses[next], std::move(plan)));
  }
  rows_as_set_ = outer;
  matched_after_ = outer_matched;
  given_ = outer_given;
  read_later_ = outer_later;
  return plan;
}

PlanPtr StatementPlanner::GiveAgain(const absl::flat_hash_set<VariableId>& read, PlanPtr plan) {
  HashJoinPlan product;
  std::vector<VariableId> added;
  for (size_t i = 0; i < given_.size(); ++i) {
    if (!read.contains(given_[i]) || plan->layout.Contains(given_[i])) continue;
    product.kept.push_back(i);
    added.push_back(given_[i]);
  }
  if (added.empty()) return plan;
  const double rows = plan->estimated_rows;
  return Make(std::move(product), {std::move(plan), Argument(given_)}, added, rows, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanClause(BoundClause& clause, PlanPtr plan) {
  struct Visitor {
    StatementPlanner* planner;
    PlanPtr plan;
    absl::StatusOr<PlanPtr> operator()(BoundMatch& c) { return planner->PlanMatch(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundUnwind& c) { return planner->PlanUnwind(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundProjection& c) {
      return planner->PlanProjection(c, plan);
    }
    absl::StatusOr<PlanPtr> operator()(BoundFinish&) {
      return planner->MakeWithLayout(EmptyResultPlan{}, {plan}, Layout(), 0, "");
    }
    absl::StatusOr<PlanPtr> operator()(BoundCreate& c) { return planner->PlanCreate(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundSet& c) { return planner->PlanSet(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundRemove& c) { return planner->PlanRemove(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundDelete& c) { return planner->PlanDelete(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundMerge& c) { return planner->PlanMerge(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundForeach& c) { return planner->PlanForeach(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundCall& c) { return planner->PlanCall(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundSubqueryCall& c) {
      return planner->PlanSubqueryCall(c, plan);
    }
    absl::StatusOr<PlanPtr> operator()(BoundSchemaChange& c) {
      return planner->Make(SchemaChangePlan{std::move(c)}, {plan}, {}, 1, "");
    }
    absl::StatusOr<PlanPtr> operator()(BoundShow& c) { return planner->PlanShow(c, plan); }
    absl::StatusOr<PlanPtr> operator()(BoundTerminate& c) {
      return planner->PlanTerminate(c, plan);
    }
  };
  return std::visit(Visitor{this, std::move(plan)}, clause.body);
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanMatch(BoundMatch& match, PlanPtr plan) {
  if (rows_as_set_) {
    // A later pattern may begin at what has a name.
    FoldStepChains(match.pattern, [this](VariableId v) { return Used(v) || !NameOf(v).empty(); });
  }
  if (!match.optional)
    return MatchPlanner(this, &match.pattern, match.context, true).Plan(std::move(plan));
  // The pattern runs for many rows at once, each tagged with its number.
  ApplyPlan apply;
  apply.kind = ApplyPlan::Kind::kOptional;
  apply.batched = true;
  Layout inner({kRowTag});
  for (size_t i = 0; i < plan->layout.size(); ++i) {
    apply.arguments.push_back(i);
    inner.Add(plan->layout[i]);
  }
  RELATA_ASSIGN_OR_RETURN(
      const PlanPtr right,
      MatchPlanner(this, &match.pattern, match.context, true).Plan(Argument(inner)));
  apply.tag = *right->layout.Find(kRowTag);
  std::vector<VariableId> added;
  for (size_t i = 0; i < right->layout.size(); ++i) {
    if (right->layout[i] == kRowTag || plan->layout.Contains(right->layout[i])) continue;
    apply.kept.push_back(i);
    added.push_back(right->layout[i]);
  }
  const double rows = plan->estimated_rows * std::max(1.0, right->estimated_rows);
  return Make(std::move(apply), {std::move(plan), right}, added, rows, "optional");
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanUnwind(BoundUnwind& unwind, PlanPtr plan) {
  UnwindPlan op;
  RELATA_ASSIGN_OR_RETURN(op.list, Compile(*unwind.list, plan->layout));
  const BoundExpr& list = *unwind.list;
  const bool range = list.kind == BoundKind::kFunction && list.function->name == "range";
  if (range && !IsVolatile(list)) {
    RELATA_ASSIGN_OR_RETURN(op.range_from, Compile(*list.args[0], plan->layout));
    RELATA_ASSIGN_OR_RETURN(op.range_to, Compile(*list.args[1], plan->layout));
    if (list.args.size() > 2) {
      RELATA_ASSIGN_OR_RETURN(op.range_step, Compile(*list.args[2], plan->layout));
    }
  }
  const double rows = plan->estimated_rows * 10;
  std::vector<VariableId> added = {unwind.variable};
  if (unwind.position != kNoVariable) {
    op.first_position = unwind.first_position;
    added.push_back(unwind.position);
  }
  return Make(std::move(op), {std::move(plan)}, added, rows, NameOf(unwind.variable));
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanCall(BoundCall& call, PlanPtr plan) {
  ProcedureCallPlan op;
  op.procedure = call.procedure;
  op.optional = call.optional;
  for (const BoundExprPtr& arg : call.args) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*arg, plan->layout));
    op.args.push_back(std::move(compiled));
  }
  std::vector<VariableId> added;
  for (const BoundCall::Output& output : call.outputs) {
    op.fields.push_back(output.field);
    added.push_back(output.variable);
  }
  const double rows = plan->estimated_rows * 10;
  std::string details = call.procedure->name;
  plan = Make(std::move(op), {std::move(plan)}, added, rows, std::move(details));
  if (call.where == nullptr) return plan;
  return Filter(std::move(plan), *call.where, 0.5);
}

namespace {

// Whether anything but the rows given from outside decides which rows there are.
bool ReadsGraph(const PlanNode& plan) {
  const bool plain = std::holds_alternative<ArgumentPlan>(plan.op) ||
                     std::holds_alternative<UnwindPlan>(plan.op) ||
                     std::holds_alternative<ProjectPlan>(plan.op) ||
                     std::holds_alternative<FilterPlan>(plan.op);
  return !plain || std::any_of(plan.children.begin(), plan.children.end(),
                               [](const PlanPtr& child) { return ReadsGraph(*child); });
}

}  // namespace

absl::StatusOr<PlanPtr> StatementPlanner::PlanSubqueryCall(BoundSubqueryCall& call, PlanPtr plan) {
  const auto gather = [this](PlanPtr rows) {
    const double estimated = rows->estimated_rows;
    return Make(EagerPlan{}, {std::move(rows)}, {}, estimated, "");
  };
  // In parts only what reads the graph is gathered: the rows may be more than fit.
  if (call.query->writes && (!call.in_transactions || ReadsGraph(*plan))) {
    plan = gather(std::move(plan));
  }
  ApplyPlan apply;
  apply.kind = !call.returns   ? ApplyPlan::Kind::kUnit
               : call.optional ? ApplyPlan::Kind::kOptional
                               : ApplyPlan::Kind::kJoin;
  Layout inner;
  for (const VariableId variable : call.imports) {
    const std::optional<size_t> column = plan->layout.Find(variable);
    if (!column) return absl::InternalError("a subquery imports a variable that no row has");
    apply.arguments.push_back(*column);
    inner.Add(variable);
  }
  RELATA_ASSIGN_OR_RETURN(const PlanPtr right, PlanQuery(*call.query, &inner));
  std::vector<VariableId> added;
  if (call.returns) {
    for (const VariableId variable : call.query->outputs) {
      apply.kept.push_back(*right->layout.Find(variable));
      added.push_back(variable);
    }
  }
  apply.in_transactions = call.in_transactions;
  apply.on_error = call.on_error;
  RELATA_ASSIGN_OR_RETURN(apply.batch_rows, CompileIfAny(call.batch_rows, Layout()));
  if (call.status != kNoVariable) {
    apply.status = true;
    added.push_back(call.status);
  }
  const double rows =
      plan->estimated_rows * (call.returns ? std::max(1.0, right->estimated_rows) : 1);
  plan = Make(std::move(apply), {std::move(plan), right}, added, rows,
              call.in_transactions ? "in transactions" : "");
  const bool read_again = !call.in_transactions || matched_after_;
  return call.query->writes && read_again ? gather(std::move(plan)) : plan;
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanShow(BoundShow& show, PlanPtr plan) {
  ShowPlan op;
  op.kind = show.kind;
  std::vector<VariableId> added;
  for (const BoundShow::Output& output : show.outputs) {
    op.fields.push_back(output.field);
    added.push_back(output.variable);
  }
  plan = Make(std::move(op), {std::move(plan)}, added, 10, "");
  if (show.where == nullptr) return plan;
  return Filter(std::move(plan), *show.where, 0.5);
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanTerminate(BoundTerminate& terminate, PlanPtr plan) {
  TerminatePlan op;
  for (const BoundExprPtr& id : terminate.ids) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*id, plan->layout));
    op.ids.push_back(std::move(compiled));
  }
  return Make(std::move(op), {std::move(plan)}, {terminate.id_output, terminate.message_output}, 1,
              "");
}

absl::StatusOr<std::shared_ptr<const CompiledStatement>> PlanStatement(
    std::unique_ptr<BoundStatement> statement, const PlannerInput& input) {
  auto compiled = std::make_shared<CompiledStatement>();
  StatementPlanner planner(statement.get(), input);
  RELATA_ASSIGN_OR_RETURN(compiled->root, planner.PlanQuery(statement->query, nullptr));
  const bool reads_alone = !statement->writes && !statement->changes_schema;
  if (input.use_rules && reads_alone && !planner.has_volatile()) {
    compiled->root = WithMorsels(planner, std::move(compiled->root), input.morsel_rows);
  }
  if (statement->query.outputs.empty()) {
    compiled->root = planner.MakeWithLayout(EmptyResultPlan{}, {compiled->root}, Layout(), 0, "");
  }
  for (const BoundTimeContext& context : statement->contexts) {
    CompiledStatement::Context operands;
    const Layout none;
    RELATA_ASSIGN_OR_RETURN(operands.from, planner.CompileIfAny(context.from, none));
    RELATA_ASSIGN_OR_RETURN(operands.to, planner.CompileIfAny(context.to, none));
    RELATA_ASSIGN_OR_RETURN(operands.system_time, planner.CompileIfAny(context.system_time, none));
    RELATA_ASSIGN_OR_RETURN(operands.system_version,
                            planner.CompileIfAny(context.system_version, none));
    RELATA_ASSIGN_OR_RETURN(operands.belief, planner.CompileIfAny(context.belief, none));
    compiled->contexts.push_back(std::move(operands));
  }
  for (const VariableId output : statement->query.outputs) {
    compiled->result_columns.push_back(*compiled->root->layout.Find(output));
  }
  compiled->column_names = statement->query.columns;
  compiled->nodes = planner.nodes();
  compiled->bound = std::move(*statement);
  return compiled;
}

}  // namespace relata::query
