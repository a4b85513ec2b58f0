#ifndef RELATA_CLIENT_CLI_OUTPUT_PATH_TEXT_H_
#define RELATA_CLIENT_CLI_OUTPUT_PATH_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace google::protobuf {
template <typename Element>
class RepeatedPtrField;
}

namespace relata {

namespace v1 {
class EntitySummary;
class FindChainsResponse_Chain;
class PathHop;
}  // namespace v1

// Chains and paths on one line. A hop in the direction of its relationship is ` -TYPE ...-> NAME`,
// one against it ` <-TYPE ...- NAME`.

// One hop; `details` (a date, a share) stands beside the type where it is not empty.
std::string HopText(absl::string_view type, absl::string_view details, bool outgoing,
                    const v1::EntitySummary& to);

// `Alibaba -INVESTED_IN 2026-07-03 20%-> Kling AI -DEVELOPED-> Kling`: with the from-date of each
// hop that has one, and its share where it is known.
std::string ChainText(const v1::EntitySummary& start, const v1::FindChainsResponse_Chain& chain);

// A path: `Alibaba -DEVELOPED-> Qwen <-APPLIES_TO- Measures`.
std::string PathText(const v1::EntitySummary& start,
                     const google::protobuf::RepeatedPtrField<v1::PathHop>& hops);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_PATH_TEXT_H_
