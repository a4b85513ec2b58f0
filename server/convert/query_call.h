#ifndef RELATA_SERVER_CONVERT_QUERY_CALL_H_
#define RELATA_SERVER_CONVERT_QUERY_CALL_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "server/limits.h"

namespace relata {

namespace v1 {
class BeliefPolicy;
class QueryBudget;
class QueryStatistics;
}  // namespace v1

// Puts what a call may spend into `options`: the least of what it asks for and the server's limits,
// save for time. INVALID_ARGUMENT for negative milliseconds.
absl::Status ApplyBudget(const v1::QueryBudget& asked, const Limits& limits,
                         query::QueryOptions& options);

// `policy`: as the request has it; nullopt: the default.
void StatisticsToProto(const query::QueryStatistics& statistics, const Database& database,
                       const query::QueryOptions& options,
                       const std::optional<v1::BeliefPolicy>& policy, v1::QueryStatistics* out);

// An error of a statement as it leaves the server: with the line and a caret in its message, reason
// QUERY_ERROR with class, phase, detail, line and column, and a BadRequest for INVALID_ARGUMENT.
// Other errors, and OK, stay as they are.
absl::Status QueryErrorToCall(const absl::Status& status, absl::string_view query);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_QUERY_CALL_H_
