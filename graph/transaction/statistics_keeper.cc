#include "graph/transaction/statistics_keeper.h"

#include <optional>
#include <string>

#include "base/status_macros.h"
#include "graph/store/meta_layout.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kStatisticsFormat = 1;
constexpr size_t kLogPage = 1024;

std::string EncodeSums(const StatisticsKeeper::Sums& sums) {
  std::string record;
  RecordWriter out(&record, kStatisticsFormat);
  out.WriteVarint64(sums.size());
  for (const auto& [counter, sum] : sums) {
    out.WriteUint8(static_cast<uint8_t>(counter.first));
    out.WriteVarint64(counter.second);
    out.WriteZigZag64(sum);
  }
  return record;
}

absl::StatusOr<StatisticsKeeper::Sums> DecodeSums(absl::string_view record) {
  RecordReader in(record, "the stored statistics", kStatisticsFormat);
  StatisticsKeeper::Sums sums;
  const size_t count = in.ReadCount(3);
  for (size_t i = 0; i < count; ++i) {
    const auto kind = static_cast<CounterKind>(in.ReadUint8());
    const uint64_t id = in.ReadVarint64();
    sums[{kind, id}] = in.ReadZigZag64();
  }
  RELATA_RETURN_IF_ERROR(in.Finish());
  return sums;
}

}  // namespace

void StatisticsKeeper::Add(const std::vector<CommitEntry::Counter>& deltas, Sums& sums) {
  for (const CommitEntry::Counter& d : deltas) {
    const std::pair<CounterKind, uint64_t> counter{static_cast<CounterKind>(d.kind), d.id};
    int64_t& sum = sums[counter];
    sum += d.delta;
    if (sum == 0) sums.erase(counter);
  }
}

absl::StatusOr<std::unique_ptr<StatisticsKeeper>> StatisticsKeeper::Load(const OrderedKv& kv,
                                                                         CommitVersion head) {
  auto keeper = std::make_unique<StatisticsKeeper>();
  Sums sums;
  CommitVersion from;
  const std::string prefix = MetaPrefix(MetaKind::kStatistics);
  const std::unique_ptr<KvIterator> it =
      kv.NewIterator(KeySpace::kMeta, nullptr, prefix, PrefixEnd(prefix));
  it->SeekToFirst();  // versions descend, so this is the newest
  if (it->Valid()) {
    RELATA_ASSIGN_OR_RETURN(from, DecodeMetaStatisticsKey(it->key()));
    RELATA_ASSIGN_OR_RETURN(sums, DecodeSums(it->value()));
  }
  RELATA_RETURN_IF_ERROR(it->status());
  while (from < head) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<CommitEntry> entries,
                            ReadCommits(kv, nullptr, from, head, kLogPage));
    if (entries.empty()) break;
    for (const CommitEntry& entry : entries) Add(entry.counters, sums);
    from = entries.back().version;
  }
  MutexLock lock(&keeper->mutex_);
  keeper->published_ = std::move(sums);
  return keeper;
}

StatisticsKeeper::Sums StatisticsKeeper::Get() const {
  MutexLock lock(&mutex_);
  return published_;
}

int64_t StatisticsKeeper::Get(CounterKind kind, uint64_t id) const {
  MutexLock lock(&mutex_);
  const auto it = published_.find({kind, id});
  return it == published_.end() ? 0 : it->second;
}

void StatisticsKeeper::Stage(CommitVersion version, const std::vector<CommitEntry::Counter>& deltas,
                             VersionedBatch& batch) {
  while (!unpublished_.empty() && unpublished_.back().first >= version) unpublished_.pop_back();
  unpublished_.emplace_back(version, deltas);
  if (version.value() % kStoreEvery != 0) return;
  Sums sums = Get();
  for (const auto& [earlier, earlier_deltas] : unpublished_) Add(earlier_deltas, sums);
  batch.PutMeta(MetaStatisticsKey(version), EncodeSums(sums));
  if (version.value() > kStoreEvery) {
    batch.DeleteMeta(MetaStatisticsKey(CommitVersion(version.value() - kStoreEvery)));
  }
}

void StatisticsKeeper::Publish(CommitVersion version) {
  MutexLock lock(&mutex_);
  size_t done = 0;
  for (; done < unpublished_.size() && unpublished_[done].first <= version; ++done) {
    Add(unpublished_[done].second, published_);
  }
  unpublished_.erase(unpublished_.begin(), unpublished_.begin() + static_cast<ptrdiff_t>(done));
}

}  // namespace relata
