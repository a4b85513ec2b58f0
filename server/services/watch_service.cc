#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/bound.h"
#include "relata/v1/watch_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/convert/change_writer.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/services.h"

namespace relata {
namespace {

// How long to wait for a commit before looking whether the client has gone.
constexpr int64_t kWaitSliceMicros = 200'000;
constexpr int64_t kMinHeartbeatMilliseconds = 100;
// Commits read from the log at a time.
constexpr size_t kReadAhead = 64;

using WatchStream = grpc::ServerWriter<v1::WatchResponse>;

// One of the places that a server has for Watch, from construction to destruction.
class WatchPlace {
 public:
  explicit WatchPlace(ServerState* state)
      : state_(state), taken_(++state->watch_streams <= state->limits.max_watch_streams) {}
  ~WatchPlace() { --state_->watch_streams; }
  WatchPlace(const WatchPlace&) = delete;
  WatchPlace& operator=(const WatchPlace&) = delete;

  bool taken() const { return taken_; }

 private:
  ServerState* const state_;
  const bool taken_;
};

absl::StatusOr<ChangeFilter> FilterFromProto(const v1::WatchRequest& request,
                                             const ReadSession& session) {
  ChangeFilter filter;
  filter.labels.insert(request.labels().begin(), request.labels().end());
  filter.types.insert(request.types().begin(), request.types().end());
  for (int i = 0; i < request.entities_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(
        const EntityId id,
        session.Resolve(request.entities(i), FieldPath::RequestItem("entities", i)));
    filter.entities.insert(id);
  }
  return filter;
}

// One stream: the commits after `seen_`, then those to come.
class Watcher {
 public:
  Watcher(const CallContext& call, const Database& database, const v1::WatchRequest& request,
          ChangeFilter filter, CommitVersion seen, WatchStream* out)
      : call_(call),
        database_(database),
        request_(request),
        filter_(std::move(filter)),
        seen_(seen),
        out_(out),
        heartbeat_micros_(request.heartbeat_milliseconds() > 0
                              ? request.heartbeat_milliseconds() * 1000
                              : absl::ToInt64Microseconds(call.limits().default_heartbeat)) {}

  // Until the client goes or the server stops.
  absl::Status Run() {
    // At once, so that the client knows where the stream starts.
    RELATA_RETURN_IF_ERROR(GiveCheckpoint());
    while (true) {
      if (call_.cancelled()) return absl::CancelledError("the client ended the stream");
      if (call_.state().stopping) {
        return absl::UnavailableError(
            "the server is stopping; watch again from the last version received");
      }
      const int64_t now = call_.state().clock->MonotonicMicros();
      if (database_.WaitPast(seen_, std::min(next_checkpoint_, now + kWaitSliceMicros))) {
        RELATA_RETURN_IF_ERROR(GiveNew());
      }
      if (call_.state().clock->MonotonicMicros() >= next_checkpoint_) {
        RELATA_RETURN_IF_ERROR(GiveCheckpoint());
      }
    }
  }

 private:
  absl::Status GiveNew() {
    RELATA_ASSIGN_OR_RETURN(const std::vector<ChangeSet> commits,
                            database_.Changes(seen_, database_.Latest().version(), kReadAhead));
    for (const ChangeSet& commit : commits) {
      v1::WatchResponse response;
      RELATA_ASSIGN_OR_RETURN(const bool wanted,
                              WriteChange(database_, commit, filter_, request_.include_states(),
                                          response.mutable_change()));
      seen_ = commit.version;
      if (wanted) RELATA_RETURN_IF_ERROR(Give(response));
    }
    return absl::OkStatus();
  }

  absl::Status GiveCheckpoint() {
    v1::WatchResponse response;
    response.mutable_checkpoint()->set_version(seen_.value());
    response.mutable_checkpoint()->set_time(FormatInstant(call_.state().clock->NowMicros()));
    next_checkpoint_ = call_.state().clock->MonotonicMicros() + heartbeat_micros_;
    return Give(response);
  }

  // Returns when gRPC has taken it, which it does as fast as the client reads.
  absl::Status Give(const v1::WatchResponse& response) {
    if (out_->Write(response)) return absl::OkStatus();
    return absl::CancelledError("the client ended the stream");
  }

  const CallContext& call_;
  const Database& database_;
  const v1::WatchRequest& request_;
  const ChangeFilter filter_;
  CommitVersion seen_;
  WatchStream* const out_;
  const int64_t heartbeat_micros_;
  int64_t next_checkpoint_ = 0;
};

absl::Status Watch(const CallContext& call, const v1::WatchRequest& request, WatchStream* out) {
  const WatchPlace place(&call.state());
  if (!place.taken()) {
    return LimitError("one more stream of changes", "max_watch_streams",
                      call.limits().max_watch_streams);
  }
  if (request.heartbeat_milliseconds() != 0 &&
      request.heartbeat_milliseconds() < kMinHeartbeatMilliseconds) {
    return FieldError("heartbeat_milliseconds",
                      absl::StrCat("must be at least ", kMinHeartbeatMilliseconds));
  }
  v1::ReadOptions read;
  read.set_database(request.database());
  RELATA_ASSIGN_OR_RETURN(const ReadSession session, ReadSession::Open(call, read, {}));
  const CommitVersion head = session.snapshot().version();
  const CommitVersion from =
      request.has_from_version() ? CommitVersion(request.from_version()) : head;
  if (from > head) {
    return WithReason(
        absl::OutOfRangeError(absl::StrCat("version ", from.value(), " is beyond the newest, ",
                                           head.value(), "; watch from that one")),
        v1::VERSION_OUT_OF_RANGE,
        {{"version", absl::StrCat(from.value())}, {"head_version", absl::StrCat(head.value())}});
  }
  RELATA_ASSIGN_OR_RETURN(ChangeFilter filter, FilterFromProto(request, session));
  Watcher watcher(call, session.database(), request, std::move(filter), from, out);
  return watcher.Run();
}

class WatchCalls final : public v1::WatchService::Service {
 public:
  explicit WatchCalls(ServerState* state) : state_(state) {}

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     WatchStream* out) override {
    return Dispatch("Watch", state_, context,
                    [&](const CallContext& call) { return relata::Watch(call, *request, out); });
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeWatchService(ServerState* state) {
  return std::make_unique<WatchCalls>(state);
}

}  // namespace relata
