#include "graph/query/executor/operators/memory_holders.h"

namespace relata::query {
namespace {

constexpr absl::string_view kWalks =
    "it holds the walks it gives: bound their length, narrow them by types and conditions, or ask "
    "for DISTINCT end nodes alone";
constexpr absl::string_view kWrites =
    "it holds the rows that it writes: write them in parts, by CALL { … } IN TRANSACTIONS";
constexpr absl::string_view kGroups =
    "it holds a value for each group, and all that collect() and DISTINCT gather: group by less, "
    "gather less, or narrow the rows before";

// By operator.
struct Holder {
  MemoryHolder operator()(const SortPlan&) const {
    return {"Sort",
            "it holds all rows that ORDER BY puts in order: add LIMIT, or sort fewer or "
            "smaller columns"};
  }
  MemoryHolder operator()(const HashJoinPlan&) const {
    return {"HashJoin",
            "it holds the rows of one side: narrow the patterns that are joined by "
            "labels or conditions, or connect them by a relationship"};
  }
  MemoryHolder operator()(const GatherPlan&) const {
    return {"Gather", "it holds rows that are ahead of what was read: narrow the rows"};
  }
  MemoryHolder operator()(const AggregatePlan&) const { return {"Aggregate", kGroups}; }
  MemoryHolder operator()(const EdgeAggregatePlan&) const { return {"EdgeAggregate", kGroups}; }
  MemoryHolder operator()(const DistinctPlan&) const {
    return {"Distinct",
            "it holds each different row: narrow the rows before, or compare fewer or "
            "smaller columns"};
  }
  MemoryHolder operator()(const EagerPlan&) const {
    return {"Eager",
            "it holds all rows before a clause that writes: narrow them, or write in "
            "parts, by CALL { … } IN TRANSACTIONS"};
  }
  MemoryHolder operator()(const VarExpandPlan&) const { return {"VarExpand", kWalks}; }
  MemoryHolder operator()(const QuantifiedExpandPlan&) const {
    return {"QuantifiedExpand", kWalks};
  }
  MemoryHolder operator()(const ShortestPathPlan&) const {
    return {"ShortestPath",
            "it holds the nodes that it has reached: bound the length, or narrow "
            "the paths by types and conditions"};
  }
  MemoryHolder operator()(const PathSelectPlan&) const {
    return {"PathSelect",
            "it holds all paths that the selector chooses from: bound their length, "
            "or narrow them by types and conditions"};
  }
  MemoryHolder operator()(const IndexSeekPlan&) const {
    return {"IndexSeek", "it holds the nodes that it has found: look for fewer values at a time"};
  }
  MemoryHolder operator()(const RelationshipSeekPlan&) const {
    return {"RelationshipSeek",
            "it holds the relationships that it has found: look for fewer values at a time"};
  }
  MemoryHolder operator()(const ApplyPlan&) const {
    return {"Apply", "it holds the rows of the subquery: return fewer or smaller columns from it"};
  }
  MemoryHolder operator()(const UnwindPlan&) const {
    return {"Unwind", "it holds the list: unwind a shorter one"};
  }
  MemoryHolder operator()(const CreatePlan&) const { return {"Create", kWrites}; }
  MemoryHolder operator()(const SetPlan&) const { return {"Set", kWrites}; }
  MemoryHolder operator()(const DeletePlan&) const { return {"Delete", kWrites}; }
  MemoryHolder operator()(const MergePlan&) const { return {"Merge", kWrites}; }
  MemoryHolder operator()(const ForeachPlan&) const { return {"Foreach", kWrites}; }
  template <typename Other>
  MemoryHolder operator()(const Other&) const {
    return {};
  }
};

}  // namespace

MemoryHolder HolderOf(const PlanOperator& op) { return std::visit(Holder(), op); }

}  // namespace relata::query
