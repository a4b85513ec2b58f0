#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_GATHERING_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_GATHERING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/adjacency/lane_scan.h"
#include "graph/adjacency/property_columns.h"
#include "graph/query/executor/operators/aggregate_groups.h"
#include "graph/query/executor/operators/code_groups.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {

// Puts the relationships that EdgeAggregatePlan means into groups, a piece of entities after the
// other, in the order of ids: where the cache knows all edges of a piece and all that is asked of
// these, codes of its columns are grouped and summed in bulk; else rows of the edges are made and
// their properties read, which makes them known. A piece of which the cache knows little is first
// read into it as a whole. Used by one thread.
class EdgeGathering {
 public:
  // `plan` is of an EdgeAggregatePlan. All must outlive it.
  EdgeGathering(const PlanNode& plan, ExecutionContext* context, AggregateGroups* groups);

  // Adds the relationships whose near entity has an id in (after, last]. Counts what the groups
  // hold as the operator's, as long as this lives.
  absl::Status Add(uint64_t after, uint64_t last);

 private:
  using Known = PropertyColumns::Column;
  using Operand = EdgeAggregatePlan::Operand;
  using Subject = EdgeAggregatePlan::Subject;

  // Entities of a piece.
  static constexpr uint64_t kPiece = 1024;
  // Entities whose edges are read at once.
  static constexpr size_t kRead = 128;

  // Edges of a piece as the cache knows them.
  struct KnownEdges {
    std::vector<uint64_t> near;     // entities that have one: of no other anything is asked
    std::vector<uint32_t> near_of;  // of each edge, in `near`
    std::vector<uint64_t> far;      // empty where nothing is asked of it
    // What is asked of the edges stands beside the pages of arrays, by column of `of_edges_`; else
    // their facts are known.
    bool held = false;
    std::vector<Known::Codes> codes;
    std::vector<uint64_t> facts;
    void Clear();
    void Keep(size_t from, size_t to);  // moves an edge down
    void Resize(size_t edges);
  };

  absl::Status ReadAll(uint64_t after, uint64_t last);
  // The edges of the entities [first, end) that the cache knows, and the entities whose edges it
  // does not.
  void FindEdges(LaneScan& scan, uint64_t first, uint64_t end);
  // Likewise where the edges of all of them are a matter of their number, and all that is asked of
  // them is held beside the pages of their arrays. False: not so, and nothing is found.
  bool FindHeld(LaneScan& scan, uint64_t first, uint64_t end, EntityId above);
  // Of 64 entities from `page` on, those in [first, end). `held`: by column of `of_edges_`.
  void AddHeld(uint64_t page, uint64_t first, uint64_t end, const PageCounts& counts,
               const std::vector<const PageValues*>& held);
  // Finds the columns of what is asked of edges. False: one is not there.
  bool FindColumnsOfEdges();
  // Reads the relationships of the entities [first, end) from storage, and what is asked of them,
  // so that the cache knows it. False, with nothing done: that is no help.
  absl::StatusOr<bool> Fill(uint64_t first, uint64_t end);
  // Reads what is asked of the near entities.
  absl::Status ReadNear();

  // --- what the cache's columns know
  const std::vector<uint64_t>& IdsOf(Subject subject) const;
  // The column and the codes of an operand, by entity of the piece (kNear) or by edge. Null: not
  // all are known. A property that no one has has no number and is read instead.
  const Known* Find(const Operand& operand, Known::Codes* codes) const;
  const Known* FindColumn(PropertyColumns::Owner owner, PropertyId id,
                          const std::vector<uint64_t>& owners, Known::Codes* codes) const;
  // False, with nothing added: something is not known.
  absl::StatusOr<bool> AddKnown();
  // Leaves out the edges whose end does not bear the label. False: that is not known.
  bool KeepLabelled(const std::string& label, Subject subject);
  // The values of an operand by edge.
  bool KnownValues(const Operand& operand, Column* values);
  // Sets `numbers_` to the groups of the edges. Keys of the near entity are looked at once for each
  // entity as long as no other key came.
  bool NumberKnown();
  // Turns numbers by near entity into numbers by edge.
  void SpreadNumbers();

  // --- rows
  // The edges of the entities, by the rows that an expansion gives.
  absl::Status Read(absl::Span<const EntityId> entities);
  absl::Status ReadSome(absl::Span<const EntityId> entities);
  absl::Status KeepLabelledRows(const std::string& label, size_t column, Batch* rows);
  absl::Status ReadValues(const Operand& operand, const Batch& rows, Column* values);

  // Adds rows in the groups of `numbers_`; `values`: by aggregate.
  absl::Status AddRows(const std::vector<Column>& values);

  const EdgeAggregatePlan& plan_;
  GraphReader& reader_;
  OperatorMeter meter_;
  const bool asks_far_;
  AggregateGroups& groups_;
  CodeGroups code_groups_;
  std::optional<std::vector<Step>> steps_;
  std::vector<const Known*> of_edges_;  // columns of what is asked of edges
  // Of the piece at hand.
  KnownEdges edges_;
  std::vector<EntityId> unknown_;
  Known::Codes codes_;  // of a value
  std::vector<const Known*> key_columns_;
  std::vector<Known::Codes> key_codes_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> spread_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_GATHERING_H_
