#include "absl/container/flat_hash_set.h"
#include "graph/query/planner/statement_planner.h"

namespace relata::query {
namespace {

// Walks everything that reads variables.
class UsedCollector {
 public:
  explicit UsedCollector(absl::flat_hash_set<VariableId>* used) : used_(*used) {}

  void Walk(const BoundQuery& query) {
    for (const BoundSingleQuery& part : query.parts) {
      for (const BoundClause& clause : part.clauses) std::visit(*this, clause.body);
      used_.insert(part.outputs.begin(), part.outputs.end());
    }
  }

  void operator()(const BoundMatch& c) { Walk(c.pattern); }
  void operator()(const BoundUnwind& c) { Walk(c.list); }
  void operator()(const BoundProjection& c) {
    Walk(c.group_keys);
    for (const BoundAggregate& aggregate : c.aggregations) Walk(aggregate.args);
    WalkAfterGrouping(c);
  }
  void WalkAfterGrouping(const BoundProjection& c) {
    Walk(c.outputs);
    for (const BoundSort& sort : c.order) Walk(sort.expr);
    Walk(c.where);
  }
  void operator()(const BoundFinish&) {}
  void operator()(const BoundCreate& c) {
    for (const BoundCreateNode& node : c.nodes) {
      Walk(node.dynamic_labels);
      Walk(node.properties);
    }
    for (const BoundCreateRelationship& relationship : c.relationships) {
      used_.insert(relationship.from);
      used_.insert(relationship.to);
      Walk(relationship.dynamic_type);
      Walk(relationship.properties);
    }
    Walk(c.paths);
    Walk(c.options);
  }
  void operator()(const BoundSet& c) {
    for (const BoundSetItem& item : c.items) Walk(item);
    Walk(c.options);
  }
  void operator()(const BoundRemove& c) {
    for (const BoundRemoveItem& item : c.items) {
      Walk(item.target);
      Walk(item.key);
      Walk(item.dynamic_labels);
    }
    Walk(c.options);
  }
  void operator()(const BoundDelete& c) {
    Walk(c.exprs);
    Walk(c.options);
  }
  void operator()(const BoundMerge& c) {
    Walk(c.match);
    (*this)(c.create);
    for (const BoundSetItem& item : c.on_create) Walk(item);
    for (const BoundSetItem& item : c.on_match) Walk(item);
    Walk(c.options);
  }
  void operator()(const BoundForeach& c) {
    Walk(c.list);
    for (const BoundClause& clause : c.body) std::visit(*this, clause.body);
  }
  void operator()(const BoundCall& c) {
    Walk(c.args);
    Walk(c.where);
  }
  void operator()(const BoundSubqueryCall& c) {
    Walk(*c.query);
    Walk(c.batch_rows);
  }
  void operator()(const BoundSchemaChange&) {}
  void operator()(const BoundShow& c) { Walk(c.where); }
  void operator()(const BoundTerminate& c) { Walk(c.ids); }

 private:
  void Walk(const BoundExprPtr& expr) {
    if (expr == nullptr) return;
    if (expr->kind == BoundKind::kVariable) used_.insert(expr->variable);
    used_.insert(expr->elements.begin(), expr->elements.end());
    for (const BoundExprPtr& arg : expr->args) Walk(arg);
    if (expr->labels) Walk(*expr->labels);
    if (expr->subquery) Walk(*expr->subquery->query);
  }
  void Walk(const std::vector<BoundExprPtr>& exprs) {
    for (const BoundExprPtr& expr : exprs) Walk(expr);
  }
  void Walk(const std::vector<BoundOutput>& outputs) {
    for (const BoundOutput& output : outputs) Walk(output.expr);
  }
  void Walk(const BoundLabels& labels) {
    for (const BoundLabels& arg : labels.args) Walk(arg);
    if (labels.dynamic) WalkShared(*labels.dynamic);
  }
  void WalkShared(const BoundExpr& expr) {
    if (expr.kind == BoundKind::kVariable) used_.insert(expr.variable);
    for (const BoundExprPtr& arg : expr.args) Walk(arg);
  }
  void Walk(const BoundPattern& pattern) {
    for (const BoundNode& node : pattern.nodes) {
      if (node.labels) Walk(*node.labels);
    }
    for (const BoundEdge& edge : pattern.edges) {
      if (edge.types_condition) Walk(*edge.types_condition);
      Walk(edge.element_conditions);
      if (edge.inner) Walk(*edge.inner);
    }
    for (const BoundPath& path : pattern.paths) Walk(path.count);
    Walk(pattern.conditions);
  }
  void Walk(const BoundSetItem& item) {
    Walk(item.target);
    Walk(item.key);
    Walk(item.value);
    Walk(item.dynamic_labels);
  }
  void Walk(const BoundWriteOptions& options) {
    Walk(options.portion_from);
    Walk(options.portion_to);
    Walk(options.citing);
  }

  absl::flat_hash_set<VariableId>& used_;
};

}  // namespace

void CollectUsed(const BoundQuery& query, absl::flat_hash_set<VariableId>& used) {
  UsedCollector(&used).Walk(query);
}

void CollectUsedAfterGrouping(const BoundProjection& projection,
                              absl::flat_hash_set<VariableId>& used) {
  UsedCollector(&used).WalkAfterGrouping(projection);
}

void CollectUsed(const BoundClause& clause, absl::flat_hash_set<VariableId>& used) {
  std::visit(UsedCollector(&used), clause.body);
}

}  // namespace relata::query
