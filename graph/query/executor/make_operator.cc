#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/database.h"
#include "graph/query/executor/operator.h"
#include "graph/query/executor/operators/makers.h"

namespace relata::query {
namespace {

// Operators call their children, so a plan's depth is bounded by the stack of a thread.
constexpr int kDeepestPlan = 4000;

// The table of makers, by kind of plan.
struct MakerOf {
  OperatorMaker operator()(const ArgumentPlan&) const { return MakeArgument; }
  OperatorMaker operator()(const NodeScanPlan&) const { return MakeNodeScan; }
  OperatorMaker operator()(const KeySeekPlan&) const { return MakeKeySeek; }
  OperatorMaker operator()(const IndexSeekPlan&) const { return MakeIndexSeek; }
  OperatorMaker operator()(const IdSeekPlan&) const { return MakeIdSeek; }
  OperatorMaker operator()(const RelationshipScanPlan&) const { return MakeRelationshipScan; }
  OperatorMaker operator()(const RelationshipSeekPlan&) const { return MakeRelationshipSeek; }
  OperatorMaker operator()(const ExpandPlan&) const { return MakeExpand; }
  OperatorMaker operator()(const BoundRelationshipPlan&) const { return MakeBoundRelationship; }
  OperatorMaker operator()(const VarExpandPlan&) const { return MakeVarExpand; }
  OperatorMaker operator()(const QuantifiedExpandPlan&) const { return MakeQuantifiedExpand; }
  OperatorMaker operator()(const ShortestPathPlan&) const { return MakeShortestPath; }
  OperatorMaker operator()(const PathSelectPlan&) const { return MakePathSelect; }
  OperatorMaker operator()(const FilterPlan&) const { return MakeFilter; }
  OperatorMaker operator()(const DifferentRelationshipsPlan&) const {
    return MakeDifferentRelationships;
  }
  OperatorMaker operator()(const GatherPlan&) const { return MakeGather; }
  OperatorMaker operator()(const ProjectPlan&) const { return MakeProject; }
  OperatorMaker operator()(const AggregatePlan&) const { return MakeAggregate; }
  OperatorMaker operator()(const DistinctPlan&) const { return MakeDistinct; }
  OperatorMaker operator()(const SortPlan&) const { return MakeSort; }
  OperatorMaker operator()(const SkipLimitPlan&) const { return MakeSkipLimit; }
  OperatorMaker operator()(const UnwindPlan&) const { return MakeUnwind; }
  OperatorMaker operator()(const ApplyPlan&) const { return MakeApply; }
  OperatorMaker operator()(const HashJoinPlan&) const { return MakeHashJoin; }
  OperatorMaker operator()(const UnionPlan&) const { return MakeUnion; }
  OperatorMaker operator()(const EmptyResultPlan&) const { return MakeEmptyResult; }
  OperatorMaker operator()(const EagerPlan&) const { return MakeEager; }
  OperatorMaker operator()(const CountPlan&) const { return MakeCount; }
  OperatorMaker operator()(const TwoHopCountPlan&) const { return MakeTwoHopCount; }
  OperatorMaker operator()(const FarCountPlan&) const { return MakeFarCount; }
  OperatorMaker operator()(const DegreePlan&) const { return MakeDegree; }
  OperatorMaker operator()(const EdgeAggregatePlan&) const { return MakeEdgeAggregate; }
  OperatorMaker operator()(const ProcedureCallPlan&) const { return MakeProcedureCall; }
  OperatorMaker operator()(const CreatePlan&) const { return MakeCreate; }
  OperatorMaker operator()(const SetPlan&) const { return MakeSet; }
  OperatorMaker operator()(const DeletePlan&) const { return MakeDelete; }
  OperatorMaker operator()(const MergePlan&) const { return MakeMerge; }
  OperatorMaker operator()(const ForeachPlan&) const { return MakeForeach; }
  OperatorMaker operator()(const SchemaChangePlan&) const { return MakeSchemaChange; }
  OperatorMaker operator()(const ShowPlan&) const { return MakeShow; }
  OperatorMaker operator()(const TerminatePlan&) const { return MakeTerminate; }
};

// Counts what an operator gives, for PROFILE.
class Profiled : public Operator {
 public:
  Profiled(int id, ExecutionContext* context, std::unique_ptr<Operator> inner)
      : id_(id), context_(context), inner_(std::move(inner)) {}

  absl::Status Open(const Batch* argument) override {
    const int64_t start = Now();
    const uint64_t states = context_->reader->states_read();
    const uint64_t hits = AdjacencyCache::HitsOfThisThread();
    absl::Status status = inner_->Open(argument);
    profile().nanos += Now() - start;
    profile().hits += AdjacencyCache::HitsOfThisThread() - hits;
    profile().states += StatesSince(states);
    return status;
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    const int64_t start = Now();
    const uint64_t states = context_->reader->states_read();
    const uint64_t hits = AdjacencyCache::HitsOfThisThread();
    absl::StatusOr<bool> more = inner_->Next(out);
    OperatorProfile& counts = profile();
    counts.nanos += Now() - start;
    counts.hits += AdjacencyCache::HitsOfThisThread() - hits;
    counts.states += StatesSince(states);
    if (more.ok() && *more) {
      ++counts.batches;
      counts.rows += out->rows;
    }
    return more;
  }

 private:
  OperatorProfile& profile() { return (*context_->profile)[static_cast<size_t>(id_)]; }
  // CALL { } IN TRANSACTIONS goes on with another reader, which starts at none.
  uint64_t StatesSince(uint64_t before) const {
    const uint64_t now = context_->reader->states_read();
    return now < before ? now : now - before;
  }
  int64_t Now() const { return context_->database->clock()->MonotonicMicros() * 1000; }

  const int id_;
  ExecutionContext* const context_;
  const std::unique_ptr<Operator> inner_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Operator>> MakeOperator(const PlanNode& plan,
                                                       ExecutionContext* context) {
  if (context->plan_depth >= kDeepestPlan) {
    return LimitReached(
        "plan_depth", kDeepestPlan,
        absl::StrCat("the statement needs more than ", kDeepestPlan,
                     " steps that feed into each other; split it into several statements"));
  }
  ++context->plan_depth;
  absl::StatusOr<std::unique_ptr<Operator>> made = std::visit(MakerOf(), plan.op)(plan, context);
  --context->plan_depth;
  if (!made.ok() || context->profile == nullptr) return made;
  return std::make_unique<Profiled>(plan.id, context, *std::move(made));
}

}  // namespace relata::query
