#include "server/services/bulk_write.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/thread_priority.h"
#include "graph/bulk/bulk_load.h"
#include "graph/bulk/csv_load.h"
#include "graph/bulk/mutation_loader.h"
#include "graph/mutation/request_log.h"
#include "relata/v1/error_reason.pb.h"
#include "server/convert/body_digest.h"
#include "server/convert/fact_write.h"
#include "server/convert/mutation.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/request_identity.h"

namespace relata {
namespace {

constexpr uint64_t kMaxListedErrors = 1000;
// At least so long between messages of progress.
constexpr int64_t kProgressMicros = 200'000;

// One of the places that a server has for BulkWrite, from construction to destruction.
class BulkWritePlace {
 public:
  explicit BulkWritePlace(ServerState* state)
      : state_(state), taken_(++state->bulk_writes <= state->limits.max_bulk_writes) {}
  ~BulkWritePlace() { --state_->bulk_writes; }
  BulkWritePlace(const BulkWritePlace&) = delete;
  BulkWritePlace& operator=(const BulkWritePlace&) = delete;

  bool taken() const { return taken_; }

 private:
  ServerState* const state_;
  const bool taken_;
};

// One call: takes in the messages of its stream, tells how far it is, and commits. Where the
// request id was answered before, the items are only digested, and the first answer is given.
class BulkWriteCall {
 public:
  BulkWriteCall(const CallContext& call, BulkWriteStream* stream) : call_(call), stream_(*stream) {}

  // The first message.
  absl::Status Start(const v1::BulkWriteRequest::Start& start) {
    const FieldPath path("start");
    RELATA_ASSIGN_OR_RETURN(database_, call_.state().databases->Find(start.database()));
    RELATA_RETURN_IF_ERROR(
        CheckText(start.principal(), kMaxPrincipalBytes, path.Field("principal")));
    RELATA_RETURN_IF_ERROR(
        CheckText(start.request_id(), kMaxRequestIdBytes, path.Field("request_id")));
    skip_bad_ = start.skip_bad();
    if (!start.request_id().empty()) {
      request_.id = start.request_id();
      digest_.emplace();
      digest_->AppendItem(absl::StrCat("bulk write/", database_->graph->uuid(), "/", skip_bad_));
      RELATA_ASSIGN_OR_RETURN(replays_, IsKnown());
      if (replays_) return GiveProgress(v1::BulkWriteResponse::Progress::READING);
    }
    BulkLoadOptions options;
    options.memory_bytes = call_.limits().bulk_memory_bytes;
    options.principal = start.principal();
    options.cancelled = [this] { return call_.cancelled() || call_.state().stopping; };
    RELATA_ASSIGN_OR_RETURN(load_, database_->graph->BeginLoad(options));
    mutations_.emplace(load_.get());
    return GiveProgress(v1::BulkWriteResponse::Progress::READING);
  }

  absl::Status Take(const v1::BulkWriteRequest& request) {
    for (int i = 0; i < request.mutations_size(); ++i) {
      RELATA_RETURN_IF_ERROR(TakeMutation(request.mutations(i)));
    }
    if (request.has_csv()) RELATA_RETURN_IF_ERROR(TakeCsv(request.csv()));
    if (call_.state().clock->MonotonicMicros() < next_progress_) return absl::OkStatus();
    return GiveProgress(v1::BulkWriteResponse::Progress::READING);
  }

  absl::Status Commit() {
    if (in_file_) {
      return absl::InvalidArgumentError(
          "the load is to be committed in the middle of a file; send its last piece with `ends`");
    }
    RELATA_RETURN_IF_ERROR(GiveProgress(v1::BulkWriteResponse::Progress::COMMITTING));
    if (digest_) request_.body_hash = digest_->Finish();
    const absl::StatusOr<LoadAnswer> result = replays_ ? FirstAnswer() : CommitLoad();
    if (!result.ok()) return result.status();
    v1::BulkWriteResponse response;
    FillProgress(v1::BulkWriteResponse::Progress::COMMITTING, response);
    v1::BulkWriteResponse::Result& out = *response.mutable_result();
    out.set_version(result->version.value());
    out.set_commit_time(CommitTimeText(result->commit_time));
    out.set_database_uuid(database_->graph->uuid());
    out.set_replayed(replays_);
    out.set_entities_created(result->entities);
    out.set_relationships_created(result->relationships);
    out.set_facts_created(result->facts);
    out.set_bad_items(result->bad_items);
    return Give(response);
  }

 private:
  // Whether the request id was answered before.
  absl::StatusOr<bool> IsKnown() const {
    const Snapshot now = database_->graph->Latest();
    RELATA_ASSIGN_OR_RETURN(const std::optional<CommitVersion> version,
                            FindRequestVersion(*now.store().kv(), now.store().engine(), request_.id,
                                               call_.state().clock->NowMicros()));
    return version.has_value();
  }

  absl::StatusOr<LoadAnswer> FirstAnswer() const {
    const Snapshot now = database_->graph->Latest();
    const absl::StatusOr<std::optional<LoadAnswer>> first = FindLoadRequest(
        *now.store().kv(), now.store().engine(), request_, call_.state().clock->NowMicros());
    if (!first.ok()) return WithReusedId(first.status(), request_.id);
    if (*first) return **first;
    return absl::AbortedError(
        "the answer to the request id was let go of while this load went on; send it again");
  }

  absl::StatusOr<LoadAnswer> CommitLoad() {
    const absl::StatusOr<BulkLoadResult> result = load_->Commit(request_, bad_items_);
    if (result.ok()) {
      const BulkLoadCounts& counts = result->counts;
      return LoadAnswer{result->version, result->commit_time, counts.entities, counts.relationships,
                        counts.facts,    counts.citations,    bad_items_};
    }
    if (result.status().code() == absl::StatusCode::kFailedPrecondition &&
        database_->graph->ReadOnlyReason().has_value()) {
      return WithReason(result.status(), v1::READ_ONLY, {{"database", database_->name}});
    }
    return result.status();
  }

  // What is to be done about an item that cannot be added. `file` is empty for a mutation.
  absl::Status Bad(const absl::Status& why, const std::string& file, int64_t place) {
    if (!BulkLoad::IsAboutItem(why)) return why;
    if (!skip_bad_) {
      placed_ = true;
      if (file.empty()) {
        return AtPlace(why, absl::StrCat("mutation ", place), {{"mutation", absl::StrCat(place)}});
      }
      return AtPlace(why, absl::StrCat(file, ":", place),
                     {{"file", file}, {"line", absl::StrCat(place)}});
    }
    if (++bad_items_ > kMaxListedErrors) return absl::OkStatus();
    v1::BulkWriteResponse::ItemError* const error = unsent_.add_errors();
    error->set_file(file);
    error->set_place(place);
    error->set_code(static_cast<int>(why.code()));
    error->set_reason(ReasonOf(why));
    error->set_message(std::string(why.message()));
    return absl::OkStatus();
  }

  absl::Status TakeMutation(const v1::Mutation& proto) {
    const int64_t place = mutations_seen_++;
    // No mutation holds a map, so that serialization is deterministic.
    if (digest_) digest_->AppendItem(proto.SerializeAsString());
    if (replays_) return absl::OkStatus();
    const absl::StatusOr<Mutation> mutation = MutationFromProto(proto, FieldPath("mutation"));
    const absl::Status added = mutation.ok() ? mutations_->Add(*mutation) : mutation.status();
    return added.ok() ? added : Bad(added, "", place);
  }

  absl::Status BeginCsv(const v1::BulkWriteRequest::CsvFile& begins) {
    if (in_file_) {
      return absl::InvalidArgumentError(
          "a CSV file begins before the one before it ended; send its last piece with `ends`");
    }
    in_file_ = true;
    file_ = begins.file().empty() ? "the CSV file" : begins.file();
    file_bytes_ = 0;
    if (digest_) digest_->AppendItem(absl::StrCat("csv/", begins.mapping()));
    if (replays_) return absl::OkStatus();
    csv_ = std::make_unique<CsvLoad>(
        load_.get(), &*mutations_, begins.mapping(),
        [this](int64_t line, const absl::Status& why) { return Bad(why, file_, line); });
    return absl::OkStatus();
  }

  absl::Status TakeCsv(const v1::BulkWriteRequest::CsvPiece& piece) {
    if (piece.has_begins()) RELATA_RETURN_IF_ERROR(BeginCsv(piece.begins()));
    if (!in_file_) {
      return absl::InvalidArgumentError(
          "a piece of a CSV file comes before `begins`; set that in the first piece");
    }
    file_bytes_ += piece.data().size();
    if (digest_) digest_->Append(piece.data());
    if (csv_ != nullptr) RELATA_RETURN_IF_ERROR(InFile(csv_->Append(piece.data())));
    if (!piece.ends()) return absl::OkStatus();
    if (digest_) digest_->AppendItem(absl::StrCat("end/", file_bytes_));
    if (csv_ != nullptr) {
      RELATA_RETURN_IF_ERROR(InFile(csv_->End()));
      records_seen_ += csv_->records();
      csv_.reset();
    }
    in_file_ = false;
    return absl::OkStatus();
  }

  // What ended the load while its file was read: names the file where that was not done already.
  absl::Status InFile(const absl::Status& status) const {
    return status.ok() || placed_ ? status : AtPlace(status, file_, {{"file", file_}});
  }

  void FillProgress(v1::BulkWriteResponse::Progress::Phase phase, v1::BulkWriteResponse& out) {
    v1::BulkWriteResponse::Progress& progress = *out.mutable_progress();
    progress.set_phase(phase);
    const int64_t records = records_seen_ + (csv_ != nullptr ? csv_->records() : 0);
    progress.set_items(static_cast<uint64_t>(mutations_seen_ + records));
    progress.set_bad_items(bad_items_);
    if (load_ == nullptr) return;
    progress.set_entities(load_->counts().entities);
    progress.set_relationships(load_->counts().relationships);
  }

  absl::Status GiveProgress(v1::BulkWriteResponse::Progress::Phase phase) {
    v1::BulkWriteResponse response = std::move(unsent_);
    unsent_.Clear();
    FillProgress(phase, response);
    RELATA_RETURN_IF_ERROR(Give(response));
    next_progress_ = call_.state().clock->MonotonicMicros() + kProgressMicros;
    return absl::OkStatus();
  }

  // Returns when gRPC has taken it, which it does as fast as the client reads.
  absl::Status Give(const v1::BulkWriteResponse& response) {
    if (stream_.Write(response)) return absl::OkStatus();
    return absl::CancelledError("the client ended the stream");
  }

  const CallContext& call_;
  BulkWriteStream& stream_;
  std::shared_ptr<OpenDatabase> database_;
  bool skip_bad_ = false;
  RequestId request_;
  std::optional<BodyDigest> digest_;  // where there is a request id
  bool replays_ = false;

  // Both absent where this replays.
  std::unique_ptr<BulkLoad> load_;
  std::optional<MutationLoader> mutations_;

  // The file that is being sent.
  bool in_file_ = false;
  std::unique_ptr<CsvLoad> csv_;
  std::string file_;
  uint64_t file_bytes_ = 0;

  int64_t mutations_seen_ = 0;
  int64_t records_seen_ = 0;  // of files that ended
  uint64_t bad_items_ = 0;
  bool placed_ = false;           // an error that ends the call names its item
  v1::BulkWriteResponse unsent_;  // its errors
  int64_t next_progress_ = 0;
};

// Takes in the stream to its end.
absl::Status TakeStream(const CallContext& call, BulkWriteStream* stream) {
  BulkWriteCall load(call, stream);
  v1::BulkWriteRequest request;
  bool started = false;
  while (stream->Read(&request)) {
    if (call.state().stopping) {
      return absl::UnavailableError("the server is stopping; nothing was written, load again");
    }
    if (request.has_start() == started) {
      return absl::InvalidArgumentError(
          "the first message of a bulk write has `start`, and no other");
    }
    if (!started) RELATA_RETURN_IF_ERROR(load.Start(request.start()));
    started = true;
    RELATA_RETURN_IF_ERROR(load.Take(request));
    if (request.commit()) return load.Commit();
  }
  return absl::CancelledError(
      "the stream ended without a message that has `commit`; nothing was written");
}

}  // namespace

absl::Status BulkWrite(const CallContext& call, BulkWriteStream* stream) {
  const BulkWritePlace place(&call.state());
  if (!place.taken()) {
    return LimitError("one more bulk write at a time", "max_bulk_writes",
                      call.limits().max_bulk_writes);
  }
  absl::Status status;
  RunBehindOthers([&] { status = TakeStream(call, stream); });
  return status;
}

}  // namespace relata
