#ifndef RELATA_BENCH_RELATA_BENCH_ANSWER_H_
#define RELATA_BENCH_RELATA_BENCH_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata::bench {

// What is compared between peers for one draw of a question: a few numbers and texts.
using Answer = std::vector<std::variant<double, std::string>>;

// The rows that a statement gave, in columns: a column has numbers, texts or times, one a row.
// Dates and times are ISO 8601 texts, or instants: microseconds since 1970-01-01T00:00:00Z.
struct ResultColumn {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  std::vector<int64_t> instants;

  // `2026-03-11`: the date of the row, of a column of texts or instants. Precondition: it is there.
  std::string DateAt(size_t row) const;
};
struct ResultTable {
  size_t rows = 0;
  std::vector<ResultColumn> columns;
};

// One edge of a neighbourhood, as a client gets it.
struct NeighbourRow {
  std::string neighbour;
  double amount = 0.0;
  std::string since;
};

inline Answer CountAndSum(size_t count, double sum) { return {static_cast<double>(count), sum}; }
inline Answer Single(double number) { return {number}; }

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_ANSWER_H_
