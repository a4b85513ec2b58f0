#ifndef RELATA_BENCH_INVESTMENT_GRAPH_H_
#define RELATA_BENCH_INVESTMENT_GRAPH_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relata/v1/mutation.pb.h"

namespace relata {

// The graph of CSV files of companies, persons, regulators, investments, transfers and regulation:
// company.csv (id, name, country, founded), person.csv (id, name, country), regulator.csv (id,
// name), invested_company.csv and invested_person.csv (src, dst, amount, share, date),
// transferred.csv (src, dst, amount, ts in milliseconds), regulated.csv (src, dst, date, action).
// Every entity has the key `n/<id>`, every event is valid from its date.

// The rows of a CSV file without quoting, its header line left out. NOT_FOUND.
absl::StatusOr<std::vector<std::vector<std::string>>> ReadCsv(const std::string& path);

std::string NodeKey(const std::string& id);

// Gives the mutations that make the graph, in an order in which they can be written.
absl::Status ForEachMutation(const std::string& folder,
                             absl::FunctionRef<absl::Status(const v1::Mutation&)> receive);

}  // namespace relata

#endif  // RELATA_BENCH_INVESTMENT_GRAPH_H_
