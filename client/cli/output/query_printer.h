#ifndef RELATA_CLIENT_CLI_OUTPUT_QUERY_PRINTER_H_
#define RELATA_CLIENT_CLI_OUTPUT_QUERY_PRINTER_H_

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "client/cli/global_options.h"
#include "client/cli/output/table.h"

namespace relata {

namespace v1 {
class QueryBatch;
class QueryStatistics;
class RunQueryResponse;
}  // namespace v1

// Writes the result of a statement as its parts come in: tables of up to 1,000 rows, CSV, one JSON
// object of a row a line, or one JSON object {columns, rows, statistics}. A plan is written as it
// is. Borrows `out`; used by one thread.
class QueryPrinter {
 public:
  QueryPrinter(OutputFormat format, bool color, std::ostream* out)
      : format_(format), color_(color), out_(out) {}

  void Add(const v1::RunQueryResponse& part);
  // After the last part.
  void Finish();

  uint64_t rows() const { return rows_; }

 private:
  void AddRow(const v1::QueryBatch& batch, uint64_t row);
  void PrintTable();

  const OutputFormat format_;
  const bool color_;
  std::ostream* const out_;
  bool begun_ = false;
  std::vector<std::string> columns_;
  std::unique_ptr<Table> table_;
  uint64_t rows_ = 0;
  std::string plan_;
  std::string statistics_;  // JSON
};

// `2 nodes created, 3 properties set; version 17; 5 rows in 12.3 ms (compiled in 0.4 ms)`, for
// people.
std::string StatisticsLine(const v1::QueryStatistics& statistics);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_QUERY_PRINTER_H_
