#ifndef RELATA_SERVER_SERVICES_ALGORITHM_WRITE_H_
#define RELATA_SERVER_SERVICES_ALGORITHM_WRITE_H_

#include "absl/status/status.h"
#include "base/ids.h"
#include "graph/algorithms/algorithm_run.h"
#include "graph/query/engine.h"
#include "relata/v1/algorithm_service.pb.h"
#include "server/read_session.h"

namespace relata {

// Writes what an algorithm gives to the request's `write_property`, by the procedure
// relata.algorithms.NAME.write: conflicts, constraints, memory and request ids are then those of
// any statement. The request is checked already, but for the ranges of its numbers. `source` is
// where it starts, of algorithms that take one. `options` say time, limits and who listens. Fills
// `summary`. Errors as AlgorithmService documents them.
absl::Status WriteAlgorithm(const v1::RunAlgorithmRequest& request,
                            const AlgorithmDefinition& algorithm, const ReadSession& session,
                            EntityId source, query::QueryOptions options,
                            v1::RunAlgorithmResponse::Summary* summary);

}  // namespace relata

#endif  // RELATA_SERVER_SERVICES_ALGORITHM_WRITE_H_
