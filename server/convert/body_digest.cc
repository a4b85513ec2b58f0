#include "server/convert/body_digest.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "server/convert/page_token.h"

namespace relata {
namespace {

constexpr size_t kBlockBytes = size_t{64} << 10;

}  // namespace

void BodyDigest::Append(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t taken = std::min(bytes.size(), kBlockBytes - pending_.size());
    pending_.append(bytes.data(), taken);
    bytes.remove_prefix(taken);
    if (pending_.size() == kBlockBytes) pending_ = Digest(pending_);
  }
}

void BodyDigest::AppendItem(absl::string_view bytes) {
  Append(absl::StrCat(bytes.size(), ":"));
  Append(bytes);
}

std::string BodyDigest::Finish() { return Digest(pending_); }

}  // namespace relata
