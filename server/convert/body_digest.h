#ifndef RELATA_SERVER_CONVERT_BODY_DIGEST_H_
#define RELATA_SERVER_CONVERT_BODY_DIGEST_H_

#include <string>

#include "absl/strings/string_view.h"

namespace relata {

// The digest of a body that comes in pieces, of any length: the same for the same bytes however
// they are cut. Not thread-safe.
class BodyDigest {
 public:
  // Bytes that have no end of their own; say that end with AppendItem.
  void Append(absl::string_view bytes);
  // Bytes with their length, so that two items differ from one of both.
  void AppendItem(absl::string_view bytes);
  // 16 bytes, as Digest (server/convert/page_token.h) makes them. Call once, at the end.
  std::string Finish();

 private:
  // The digest of all blocks before, then what is no whole block yet.
  std::string pending_;
};

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_BODY_DIGEST_H_
