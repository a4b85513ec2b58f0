#include "storage/answered_times.h"

#include <algorithm>
#include <optional>

#include "base/logging.h"
#include "base/status_macros.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kFormat = 1;

int64_t Ahead(int64_t time_us) {
  return time_us > INT64_MAX - AnsweredTimes::kAheadUs ? INT64_MAX
                                                       : time_us + AnsweredTimes::kAheadUs;
}

}  // namespace

std::string EncodeAnsweredTime(int64_t bound_us) {
  std::string bytes;
  RecordWriter writer(&bytes, kFormat);
  writer.WriteZigZag64(bound_us);
  return bytes;
}

absl::StatusOr<int64_t> DecodeAnsweredTime(absl::string_view bytes) {
  RecordReader reader(bytes, "the bound of answered times", kFormat);
  const int64_t bound_us = reader.ReadZigZag64();
  RELATA_RETURN_IF_ERROR(reader.Finish());
  return bound_us;
}

AnsweredTimes::AnsweredTimes(OrderedKv* kv, int64_t loaded)
    : kv_(kv), loaded_(loaded), bound_us_(loaded), largest_us_(loaded) {}

absl::StatusOr<std::unique_ptr<AnsweredTimes>> AnsweredTimes::Load(OrderedKv* kv) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> stored,
                          kv->Get(KeySpace::kMeta, kAnsweredTimeKey, nullptr));
  int64_t loaded = INT64_MIN;
  if (stored.has_value()) {
    RELATA_ASSIGN_OR_RETURN(loaded, DecodeAnsweredTime(*stored));
  }
  return std::unique_ptr<AnsweredTimes>(new AnsweredTimes(kv, loaded));
}

AnsweredTimes::~AnsweredTimes() {
  MutexLock lock(&mutex_);
  if (bound_us_ == largest_us_) return;
  const absl::Status written = Write(largest_us_, /*sync=*/false);
  // The higher bound stays, which is as right.
  if (!written.ok()) {
    LogDebug("the bound of answered times was not lowered", {{"error", written.message()}});
  }
}

absl::Status AnsweredTimes::Reserve(int64_t time_us) {
  MutexLock lock(&mutex_);
  if (time_us > bound_us_) RELATA_RETURN_IF_ERROR(Write(Ahead(time_us), /*sync=*/true));
  largest_us_ = std::max(largest_us_, time_us);
  return absl::OkStatus();
}

absl::Status AnsweredTimes::Write(int64_t bound_us, bool sync) {
  KvBatch batch;
  batch.Put(KeySpace::kMeta, kAnsweredTimeKey, EncodeAnsweredTime(bound_us));
  RELATA_RETURN_IF_ERROR(kv_->Write(batch, {}, sync));
  bound_us_ = bound_us;
  return absl::OkStatus();
}

}  // namespace relata
