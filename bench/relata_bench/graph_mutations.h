#ifndef RELATA_BENCH_RELATA_BENCH_GRAPH_MUTATIONS_H_
#define RELATA_BENCH_RELATA_BENCH_GRAPH_MUTATIONS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/relata_bench/csv_file.h"
#include "relata/v1/mutation.pb.h"

namespace relata::bench {

// How ids are looked up: a unique constraint or an index on `id`.
enum class IdIndex { kUnique, kPlain };

// The schema of the graph: an index or a constraint on `id` for each label.
absl::Status ForEachDeclaration(IdIndex index,
                                absl::FunctionRef<absl::Status(v1::Mutation)> receive);

// The mutations that make the graph of the CSV files in `folder`, ends before the relationships
// between them: Company, Person and Regulator with a stable key, `id` and their columns as
// properties; INVESTED_IN (amount, share) and REGULATED (action) valid from their dates,
// TRANSFERRED (amount) from its instant.
absl::Status ForEachGraphMutation(const std::string& folder,
                                  absl::FunctionRef<absl::Status(v1::Mutation)> receive);

// One TRANSFERRED, of a row (src, dst, amount, ts) of transferred.csv or of the draws of Q8.
absl::StatusOr<v1::Mutation> TransferMutation(const CsvRow& row);

// Milliseconds since 1970 as ISO 8601.
absl::StatusOr<std::string> InstantText(absl::string_view milliseconds);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_GRAPH_MUTATIONS_H_
