#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_MAKERS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_MAKERS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "graph/query/executor/operator.h"

// One OperatorMaker for each kind of plan, each in the file named after it. MakeOperator
// (executor/make_operator.cc) has the table. `plan` must hold that kind of plan; `plan` and
// `context` must outlive the operator.
namespace relata::query {

using MadeOperator = absl::StatusOr<std::unique_ptr<Operator>>;

// Leaves.
MadeOperator MakeArgument(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeNodeScan(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeKeySeek(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeIndexSeek(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeIdSeek(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeRelationshipScan(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeRelationshipSeek(const PlanNode& plan, ExecutionContext* context);

// Walking.
MadeOperator MakeExpand(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeBoundRelationship(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeVarExpand(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeQuantifiedExpand(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeShortestPath(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakePathSelect(const PlanNode& plan, ExecutionContext* context);

// Threads.
MadeOperator MakeGather(const PlanNode& plan, ExecutionContext* context);

// Rows.
MadeOperator MakeFilter(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeDifferentRelationships(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeProject(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeAggregate(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeDistinct(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeSort(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeSkipLimit(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeUnwind(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeApply(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeHashJoin(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeUnion(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeEmptyResult(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeEager(const PlanNode& plan, ExecutionContext* context);

// Counting.
MadeOperator MakeCount(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeTwoHopCount(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeFarCount(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeDegree(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeEdgeAggregate(const PlanNode& plan, ExecutionContext* context);

// Calls, writes, administration.
MadeOperator MakeProcedureCall(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeCreate(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeSet(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeDelete(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeMerge(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeForeach(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeSchemaChange(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeShow(const PlanNode& plan, ExecutionContext* context);
MadeOperator MakeTerminate(const PlanNode& plan, ExecutionContext* context);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_MAKERS_H_
