#ifndef RELATA_SERVER_CONVERT_PAGE_TOKEN_H_
#define RELATA_SERVER_CONVERT_PAGE_TOKEN_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/answers/chains.h"
#include "graph/answers/neighbours.h"
#include "graph/answers/timeline.h"
#include "graph/values/bound.h"

namespace google::protobuf {
class Message;
}

namespace relata {

// What a list's `page_token` holds: enough to go on with the same answer whatever is written
// meanwhile.
struct PageToken {
  CommitVersion version;  // the state that the first page showed
  Instant now = 0;        // what the first page took as now
  std::string cursor;     // where to go on; one of the encodings below
};

// The arguments of a request that its tokens are bound to: all fields but page_token, page_size and
// budget, with the database's own id and incarnation. 16 bytes that two different requests do not
// share (a hash).
std::string ArgumentsDigest(const google::protobuf::Message& request, absl::string_view database);
// A hash of 16 bytes (SHA-1 cut, as RFC 4122 makes name-based UUIDs): accidents apart, equal only
// for equal bytes. Not a secret.
std::string Digest(absl::string_view bytes);

std::string EncodePageToken(const PageToken& token, absl::string_view arguments_digest);
// INVALID_ARGUMENT (INVALID_PAGE_TOKEN): damaged, or made for other arguments.
absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          absl::string_view arguments_digest);

// Cursors as bytes. Decoding is INVALID_ARGUMENT where they are damaged.
std::string EncodeCursor(uint64_t place);
std::string EncodeCursor(const NeighbourCursor& cursor);
std::string EncodeCursor(const ChainCursor& cursor);
std::string EncodeCursor(const TimelineCursor& cursor);
absl::StatusOr<uint64_t> DecodePlace(absl::string_view bytes);
absl::StatusOr<NeighbourCursor> DecodeNeighbourCursor(absl::string_view bytes);
absl::StatusOr<ChainCursor> DecodeChainCursor(absl::string_view bytes);
absl::StatusOr<TimelineCursor> DecodeTimelineCursor(absl::string_view bytes);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_PAGE_TOKEN_H_
