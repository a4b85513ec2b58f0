#ifndef RELATA_BENCH_RELATA_BENCH_PLAIN_GRAPH_H_
#define RELATA_BENCH_RELATA_BENCH_PLAIN_GRAPH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relata::bench {

// The graph of the CSV files in plain arrays, with nothing that a database has: no versions, no
// valid time, no types. A floor for what a question costs. Immutable once loaded.

// The edges of each vertex in one direction: those of v are edges[offsets[v]] to
// edges[offsets[v + 1] - 1], as indexes of the edge arrays.
struct EdgeIndex {
  std::vector<int32_t> offsets;
  std::vector<int32_t> edges;
};

// The relationships of one type, in the order of the files. What a type does not have is empty.
struct PlainEdges {
  std::vector<int32_t> from;  // vertices
  std::vector<int32_t> to;
  std::vector<double> amount;
  std::vector<double> share;
  std::vector<int32_t> date;     // 20260311
  std::vector<int64_t> instant;  // milliseconds since 1970
  EdgeIndex out;
  EdgeIndex in;
};

struct PlainGraph {
  // INVALID_ARGUMENT and NOT_FOUND as ForEachRow.
  static absl::StatusOr<PlainGraph> Load(const std::string& folder);

  // The vertex with an id. NOT_FOUND.
  absl::StatusOr<int32_t> Vertex(const std::string& id) const;

  // By vertex: companies first, then persons and regulators.
  std::vector<int64_t> id;
  std::vector<std::string> name;
  std::vector<std::string> country;  // empty for regulators
  std::vector<std::string> founded;  // of companies only
  size_t companies = 0;
  absl::flat_hash_map<int64_t, int32_t> vertex_of;
  PlainEdges invested;
  PlainEdges transferred;
  PlainEdges regulated;
};

// `2026-03-11` as 20260311, and back. INVALID_ARGUMENT.
absl::StatusOr<int32_t> DateNumber(absl::string_view date);
std::string DateText(int32_t number);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_PLAIN_GRAPH_H_
