#ifndef RELATA_SERVER_CONVERT_ANSWERS_H_
#define RELATA_SERVER_CONVERT_ANSWERS_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/answers/chains.h"
#include "graph/answers/paths.h"
#include "graph/answers/timeline.h"
#include "graph/catalog/name_table.h"
#include "server/convert/field_path.h"
#include "server/limits.h"

namespace relata {

class ViewWriter;

namespace v1 {
class EntityRef;
class FindChainsRequest;
class FindChainsResponse;
class FindPathRequest;
class FindPathResponse;
class GetTimelineRequest;
class GetTimelineResponse;
}  // namespace v1

// Questions over chains of facts, between the API and the graph.

// Finds the entity that a question names.
using EntityResolver =
    absl::FunctionRef<absl::StatusOr<EntityId>(const v1::EntityRef& ref, const FieldPath& path)>;

// The question with its page size. INVALID_ARGUMENT naming the field, RESOURCE_EXHAUSTED naming the
// limit, or what `resolve` gives.
absl::StatusOr<ChainRequest> ChainRequestFromProto(const v1::FindChainsRequest& proto,
                                                   const NameTable& names, const Limits& limits,
                                                   EntityResolver resolve);
absl::StatusOr<TimelineRequest> TimelineRequestFromProto(const v1::GetTimelineRequest& proto,
                                                         const NameTable& names,
                                                         const Limits& limits,
                                                         EntityResolver resolve);
absl::StatusOr<PathRequest> PathRequestFromProto(const v1::FindPathRequest& proto,
                                                 const NameTable& names, const Limits& limits,
                                                 EntityResolver resolve);

// The answers, without stamp and page token. Errors of the engine.
absl::Status ChainsToProto(const ChainAnswer& answer, EntityId start, ViewWriter& writer,
                           v1::FindChainsResponse* response);
absl::Status TimelineToProto(const TimelineAnswer& answer, ViewWriter& writer,
                             v1::GetTimelineResponse* response);
absl::Status PathToProto(const PathAnswer& answer, EntityId start, ViewWriter& writer,
                         v1::FindPathResponse* response);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_ANSWERS_H_
