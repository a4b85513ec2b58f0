// What an expression depends on.
#include <set>

#include "graph/query/expression/expression.h"

namespace relata::query {
namespace {

class Collector {
 public:
  void Visit(const BoundExpr& e) {
    switch (e.kind) {
      case BoundKind::kVariable:
        Use(e.variable);
        break;
      case BoundKind::kPath:
        for (const VariableId element : e.elements) Use(element);
        break;
      case BoundKind::kSubquery:
        subqueries_ = true;
        for (const VariableId import : e.subquery->imports) Use(import);
        break;
      case BoundKind::kFunction:
        volatile_ |= e.function->volatility == Volatility::kVolatile;
        break;
      case BoundKind::kHasLabels:
        Visit(*e.labels);
        break;
      case BoundKind::kListComprehension:
      case BoundKind::kQuantifier:
        VisitElements(e, /*outside=*/1);
        return;
      case BoundKind::kReduce:
        VisitElements(e, /*outside=*/2);
        return;
      default:
        break;
    }
    for (const BoundExprPtr& arg : e.args) {
      if (arg != nullptr) Visit(*arg);
    }
  }

  std::vector<VariableId> used() const { return {used_.begin(), used_.end()}; }
  bool constant() const { return used_.empty() && !volatile_ && !subqueries_; }

 private:
  void Use(VariableId variable) {
    if (!own_.contains(variable)) used_.insert(variable);
  }

  void Visit(const BoundLabels& labels) {
    if (labels.dynamic != nullptr) Visit(*labels.dynamic);
    for (const BoundLabels& part : labels.args) Visit(part);
  }

  // The first `outside` args do not see the variables that it binds. Every binding has a number of
  // its own, so what is bound stays bound.
  void VisitElements(const BoundExpr& e, size_t outside) {
    for (size_t i = 0; i < e.args.size(); ++i) {
      if (i == outside) {
        own_.insert(e.variable);
        if (e.kind == BoundKind::kReduce) own_.insert(e.accumulator);
      }
      if (e.args[i] != nullptr) Visit(*e.args[i]);
    }
  }

  std::set<VariableId> used_;
  std::set<VariableId> own_;
  bool volatile_ = false;
  bool subqueries_ = false;
};

}  // namespace

bool IsConstant(const BoundExpr& expr) {
  Collector collector;
  collector.Visit(expr);
  return collector.constant();
}

std::vector<VariableId> FreeVariables(const BoundExpr& expr) {
  Collector collector;
  collector.Visit(expr);
  return collector.used();
}

std::vector<VariableId> FreeVariables(const BoundQuery& query) {
  std::set<VariableId> used;
  for (const BoundSingleQuery& part : query.parts) {
    used.insert(part.arguments.begin(), part.arguments.end());
  }
  return {used.begin(), used.end()};
}

}  // namespace relata::query
