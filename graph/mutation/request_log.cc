#include "graph/mutation/request_log.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/store/meta_layout.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

// On disk. The record of a bulk load has its counts where that of a batch has its items.
constexpr uint8_t kBatchFormat = 1;
constexpr uint8_t kLoadFormat = 2;
constexpr Instant kKeepUs = 24LL * 60 * 60 * 1'000'000;
// Old answers that each new one removes at most, so that they never pile up and no commit waits for
// a clean-up.
constexpr int kRemoveAtOnce = 8;

struct Stored {
  std::string body_hash;
  CommitVersion version;
  Instant commit_time = 0;
  std::vector<BatchResult::Item> items;  // of a batch
  LoadAnswer load;                       // of a load
};

std::string Encode(const RequestId& request, const BatchResult& result) {
  std::string record;
  RecordWriter out(&record, kBatchFormat);
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

std::string Encode(const RequestId& request, const LoadAnswer& answer) {
  std::string record;
  RecordWriter out(&record, kLoadFormat);
  out.WriteBytes(request.body_hash);
  out.WriteVarint64(answer.version.value());
  out.WriteZigZag64(answer.commit_time);
  for (const uint64_t count :
       {answer.entities, answer.relationships, answer.facts, answer.citations, answer.bad_items}) {
    out.WriteVarint64(count);
  }
  return record;
}

std::vector<BatchResult::Item> ReadItems(RecordReader& in) {
  std::vector<BatchResult::Item> all;
  const size_t items = in.ReadCount(4);
  for (size_t i = 0; i < items && in.ok(); ++i) {
    BatchResult::Item item;
    if (const uint64_t id = in.ReadVarint64(); id != 0) item.entity = EntityId(id);
    if (const uint64_t id = in.ReadVarint64(); id != 0) item.relationship = RelationshipId(id);
    item.created = in.ReadBool();
    const size_t facts = in.ReadCount(1);
    for (size_t f = 0; f < facts; ++f) item.facts.emplace_back(in.ReadVarint64());
    all.push_back(std::move(item));
  }
  return all;
}

absl::StatusOr<Stored> Decode(absl::string_view record) {
  RecordReader in(record, "the answer to a request id", kLoadFormat);
  Stored stored;
  stored.body_hash = std::string(in.ReadBytes());
  stored.version = CommitVersion(in.ReadVarint64());
  stored.commit_time = in.ReadZigZag64();
  if (in.format() == kLoadFormat) {
    stored.load.version = stored.version;
    stored.load.commit_time = stored.commit_time;
    for (uint64_t* const count :
         {&stored.load.entities, &stored.load.relationships, &stored.load.facts,
          &stored.load.citations, &stored.load.bad_items}) {
      *count = in.ReadVarint64();
    }
  } else {
    stored.items = ReadItems(in);
  }
  RELATA_RETURN_IF_ERROR(in.Finish());
  return stored;
}

absl::StatusOr<std::optional<Stored>> Find(const OrderedKv& kv, const KvSnapshot* at,
                                           absl::string_view request_id, Instant now) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> record,
                          kv.Get(KeySpace::kMeta, MetaRequestKey(request_id), at));
  if (!record) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(Stored stored, Decode(*record));
  if (now - stored.commit_time > kKeepUs) return std::nullopt;
  return stored;
}

// Bodies of batches and of loads never have the same digest, so that this tells them apart too.
absl::Status CheckSameBody(const Stored& stored, const RequestId& request) {
  if (stored.body_hash == request.body_hash) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the request id `", request.id, "` was used for another body in version ",
                   stored.version.value(), "; make a new id for each new request"));
}

void Stage(absl::string_view request_id, Instant commit_time, std::string record,
           VersionedBatch& out) {
  out.PutMeta(MetaRequestKey(request_id), std::move(record));
  out.PutMeta(MetaRequestTimeKey(commit_time, request_id), "");
}

}  // namespace

absl::StatusOr<std::optional<BatchResult>> FindRequest(const OrderedKv& kv, const KvSnapshot* at,
                                                       const RequestId& request, Instant now) {
  RELATA_ASSIGN_OR_RETURN(std::optional<Stored> stored, Find(kv, at, request.id, now));
  if (!stored) return std::nullopt;
  RELATA_RETURN_IF_ERROR(CheckSameBody(*stored, request));
  BatchResult result;
  result.version = stored->version;
  result.commit_time = stored->commit_time;
  result.items = std::move(stored->items);
  result.replayed = true;
  return result;
}

absl::StatusOr<std::optional<LoadAnswer>> FindLoadRequest(const OrderedKv& kv, const KvSnapshot* at,
                                                          const RequestId& request, Instant now) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<Stored> stored, Find(kv, at, request.id, now));
  if (!stored) return std::nullopt;
  RELATA_RETURN_IF_ERROR(CheckSameBody(*stored, request));
  return stored->load;
}

absl::StatusOr<std::optional<CommitVersion>> FindRequestVersion(const OrderedKv& kv,
                                                                const KvSnapshot* at,
                                                                absl::string_view request_id,
                                                                Instant now) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<Stored> stored, Find(kv, at, request_id, now));
  if (!stored) return std::nullopt;
  return stored->version;
}

void StageRequest(const RequestId& request, const BatchResult& result, VersionedBatch& out) {
  Stage(request.id, result.commit_time, Encode(request, result), out);
}

void StageLoadRequest(const RequestId& request, const LoadAnswer& answer, VersionedBatch& out) {
  Stage(request.id, answer.commit_time, Encode(request, answer), out);
}

void ExpiredAnswers::StageRemoval(const OrderedKv& kv, Instant now, VersionedBatch& out) {
  if (now <= none_until_) return;
  const std::string prefix = MetaPrefix(MetaKind::kRequestTime);
  const std::unique_ptr<KvIterator> it =
      kv.NewIterator(KeySpace::kMeta, nullptr, prefix, PrefixEnd(prefix));
  it->SeekToFirst();
  for (int i = 0; i < kRemoveAtOnce && it->Valid(); ++i, it->Next()) {
    const absl::StatusOr<MetaRequestTime> old = DecodeMetaRequestTimeKey(it->key());
    if (!old.ok()) return;
    if (now - old->time_us <= kKeepUs) {
      none_until_ = old->time_us + kKeepUs;
      return;
    }
    out.DeleteMeta(std::string(it->key()));
    // An id used again has a newer answer.
    const absl::StatusOr<std::optional<std::string>> answer =
        kv.Get(KeySpace::kMeta, MetaRequestKey(old->request_id), nullptr);
    if (!answer.ok() || !*answer) continue;
    const absl::StatusOr<Stored> stored = Decode(**answer);
    if (stored.ok() && stored->commit_time == old->time_us) {
      out.DeleteMeta(MetaRequestKey(old->request_id));
    }
  }
  // Where none is left, those that commits write from now on expire later than that.
  if (!it->Valid() && it->status().ok()) none_until_ = now + kKeepUs;
}

}  // namespace relata
