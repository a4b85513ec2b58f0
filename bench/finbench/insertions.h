#ifndef RELATA_BENCH_FINBENCH_INSERTIONS_H_
#define RELATA_BENCH_FINBENCH_INSERTIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "bench/finbench/network.h"

namespace relata::finbench {

// One of the writes TW1 to TW16: what is in the network already at the beginning is a CSV file with
// the write's parameters as columns; what comes later are such writes.
struct Insertion {
  absl::string_view write;            // `tw4`, the name of the query
  absl::string_view file;             // without `.csv`
  std::vector<std::string> mappings;  // of the file for `relatad load`
  // The ids that must exist before: parameters, and which nodes they are of.
  struct End {
    absl::string_view parameter;
    absl::string_view label;
  };
  std::vector<End> needs;
  End creates;  // an empty label: no node
};

inline constexpr size_t kInsertions = 16;

// Those of nodes first, so that loading the files in this order has the ends of each relationship.
const std::array<Insertion, kInsertions>& AllInsertions();

// How many the network has of one.
size_t CountOf(const Network& network, size_t insertion);
// When the `index`-th of them is.
int64_t TimeOf(const Network& network, size_t insertion, size_t index);
// The parameters of the write, by name.
nlohmann::ordered_json ParametersOf(const Network& network, size_t insertion, size_t index);

}  // namespace relata::finbench

#endif  // RELATA_BENCH_FINBENCH_INSERTIONS_H_
