#include "graph/mutation/request_log.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/store/meta_layout.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kFormat = 1;
constexpr Instant kKeepUs = 24LL * 60 * 60 * 1'000'000;
// Old answers that each new one removes at most, so that they never pile up and no commit waits for
// a clean-up.
constexpr int kRemoveAtOnce = 8;

struct Stored {
  std::string body_hash;
  BatchResult result;
};

std::string Encode(const RequestId& request, const BatchResult& result) {
  std::string record;
  RecordWriter out(&record, kFormat);
  out.WriteBytes(request.body_hash);
  out.WriteVarint64(result.version.value());
  out.WriteZigZag64(result.commit_time);
  out.WriteVarint64(result.items.size());
  for (const BatchResult::Item& item : result.items) {
    out.WriteVarint64(item.entity ? item.entity->value() : 0);
    out.WriteVarint64(item.relationship ? item.relationship->value() : 0);
    out.WriteBool(item.created);
    out.WriteVarint64(item.facts.size());
    for (const FactId fact : item.facts) out.WriteVarint64(fact.value());
  }
  return record;
}

absl::StatusOr<Stored> Decode(absl::string_view record) {
  RecordReader in(record, "the answer to a request id", kFormat);
  Stored stored;
  stored.body_hash = std::string(in.ReadBytes());
  stored.result.version = CommitVersion(in.ReadVarint64());
  stored.result.commit_time = in.ReadZigZag64();
  const size_t items = in.ReadCount(4);
  for (size_t i = 0; i < items && in.ok(); ++i) {
    BatchResult::Item item;
    if (const uint64_t id = in.ReadVarint64(); id != 0) item.entity = EntityId(id);
    if (const uint64_t id = in.ReadVarint64(); id != 0) item.relationship = RelationshipId(id);
    item.created = in.ReadBool();
    const size_t facts = in.ReadCount(1);
    for (size_t f = 0; f < facts; ++f) item.facts.emplace_back(in.ReadVarint64());
    stored.result.items.push_back(std::move(item));
  }
  RELATA_RETURN_IF_ERROR(in.Finish());
  stored.result.replayed = true;
  return stored;
}

}  // namespace

absl::StatusOr<std::optional<BatchResult>> FindRequest(const OrderedKv& kv, const KvSnapshot* at,
                                                       const RequestId& request, Instant now) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> record,
                          kv.Get(KeySpace::kMeta, MetaRequestKey(request.id), at));
  if (!record) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(Stored stored, Decode(*record));
  if (now - stored.result.commit_time > kKeepUs) return std::nullopt;
  if (stored.body_hash != request.body_hash) {
    return absl::InvalidArgumentError(
        absl::StrCat("the request id `", request.id, "` was used for another body in version ",
                     stored.result.version.value(), "; make a new id for each new request"));
  }
  return std::move(stored.result);
}

void StageRequest(const OrderedKv& kv, const RequestId& request, const BatchResult& result,
                  VersionedBatch& out) {
  const std::string prefix = MetaPrefix(MetaKind::kRequestTime);
  const std::unique_ptr<KvIterator> it =
      kv.NewIterator(KeySpace::kMeta, nullptr, prefix, PrefixEnd(prefix));
  it->SeekToFirst();
  for (int i = 0; i < kRemoveAtOnce && it->Valid(); ++i, it->Next()) {
    const absl::StatusOr<MetaRequestTime> old = DecodeMetaRequestTimeKey(it->key());
    if (!old.ok() || result.commit_time - old->time_us <= kKeepUs) break;
    out.DeleteMeta(std::string(it->key()));
    // An id used again has a newer answer, staged below where it is this one.
    const absl::StatusOr<std::optional<std::string>> record =
        kv.Get(KeySpace::kMeta, MetaRequestKey(old->request_id), nullptr);
    if (!record.ok() || !*record) continue;
    const absl::StatusOr<Stored> stored = Decode(**record);
    if (stored.ok() && stored->result.commit_time == old->time_us) {
      out.DeleteMeta(MetaRequestKey(old->request_id));
    }
  }
  out.PutMeta(MetaRequestKey(request.id), Encode(request, result));
  out.PutMeta(MetaRequestTimeKey(result.commit_time, request.id), "");
}

}  // namespace relata
