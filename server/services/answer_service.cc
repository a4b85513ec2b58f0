#include <algorithm>
#include <memory>
#include <optional>

#include "base/status_macros.h"
#include "graph/answers/chains.h"
#include "graph/answers/paths.h"
#include "graph/answers/timeline.h"
#include "relata/v1/answer_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/convert/answers.h"
#include "server/convert/page_token.h"
#include "server/convert/view_writer.h"
#include "server/read_session.h"
#include "server/services/arena_call.h"
#include "server/services/services.h"

namespace relata {
namespace {

absl::Status AnswerChains(const CallContext& call, const v1::FindChainsRequest& request,
                          v1::FindChainsResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(Budget budget, call.MakeBudget(request.budget()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {.now = true}, request, request.page_token()));
  const auto resolve = [&](const v1::EntityRef& ref, const FieldPath& path) {
    return session.Resolve(ref, path);
  };
  RELATA_ASSIGN_OR_RETURN(
      ChainRequest question,
      ChainRequestFromProto(request, session.snapshot().names(), call.limits(), resolve));
  question.limit = page;
  std::optional<ChainCursor> after;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(after, DecodeChainCursor(*session.cursor()));
  }
  RELATA_ASSIGN_OR_RETURN(
      const ChainAnswer answer,
      FindChains(session.snapshot(), session.view(), question, after ? &*after : nullptr, budget));
  ViewWriter writer(session.database(), session.snapshot(), session.view(),
                    session.open_database().keyless.get());
  session.WriteStamp(response->mutable_stamp(), answer.cut, answer.reproducible);
  if (answer.next) {
    response->set_next_page_token(session.NextPageToken(EncodeCursor(*answer.next)));
  }
  return ChainsToProto(answer, question.start, writer, response);
}

absl::Status AnswerTimeline(const CallContext& call, const v1::GetTimelineRequest& request,
                            v1::GetTimelineResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(Budget budget, call.MakeBudget(request.budget()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {}, request, request.page_token()));
  const auto resolve = [&](const v1::EntityRef& ref, const FieldPath& path) {
    return session.Resolve(ref, path);
  };
  RELATA_ASSIGN_OR_RETURN(
      TimelineRequest question,
      TimelineRequestFromProto(request, session.snapshot().names(), call.limits(), resolve));
  question.limit = page;
  std::optional<TimelineCursor> after;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(after, DecodeTimelineCursor(*session.cursor()));
  }
  RELATA_ASSIGN_OR_RETURN(const TimelineAnswer answer,
                          BuildTimeline(session.snapshot(), session.view(), question,
                                        after ? &*after : nullptr, budget));
  ViewWriter writer(session.database(), session.snapshot(), session.view(),
                    session.open_database().keyless.get());
  session.WriteStamp(response->mutable_stamp(), answer.cut, answer.reproducible);
  if (answer.next) {
    response->set_next_page_token(session.NextPageToken(EncodeCursor(*answer.next)));
  }
  return TimelineToProto(answer, writer, response);
}

absl::Status AnswerPath(const CallContext& call, const v1::FindPathRequest& request,
                        v1::FindPathResponse* response) {
  RELATA_ASSIGN_OR_RETURN(Budget budget, call.MakeBudget(request.budget()));
  RELATA_ASSIGN_OR_RETURN(const ReadSession session,
                          ReadSession::Open(call, request.read(), {.now = true}));
  const auto resolve = [&](const v1::EntityRef& ref, const FieldPath& path) {
    return session.Resolve(ref, path);
  };
  RELATA_ASSIGN_OR_RETURN(
      const PathRequest question,
      PathRequestFromProto(request, session.snapshot().names(), call.limits(), resolve));
  RELATA_ASSIGN_OR_RETURN(const PathAnswer answer,
                          ShortestPath(session.snapshot(), session.view(), question, budget));
  ViewWriter writer(session.database(), session.snapshot(), session.view(),
                    session.open_database().keyless.get());
  session.WriteStamp(response->mutable_stamp(), answer.cut, answer.reproducible);
  return PathToProto(answer, question.start, writer, response);
}

// Answers hold many small messages, so all of them are made in arenas.
class AnswerCalls final : public v1::AnswerService::StreamedUnaryService {
 public:
  explicit AnswerCalls(ServerState* state) : state_(state) {}

  grpc::Status StreamedFindChains(
      grpc::ServerContext* context,
      grpc::ServerUnaryStreamer<v1::FindChainsRequest, v1::FindChainsResponse>* call) override {
    return DispatchInArena("FindChains", state_, context, AnswerChains, call);
  }
  grpc::Status StreamedGetTimeline(
      grpc::ServerContext* context,
      grpc::ServerUnaryStreamer<v1::GetTimelineRequest, v1::GetTimelineResponse>* call) override {
    return DispatchInArena("GetTimeline", state_, context, AnswerTimeline, call);
  }
  grpc::Status StreamedFindPath(
      grpc::ServerContext* context,
      grpc::ServerUnaryStreamer<v1::FindPathRequest, v1::FindPathResponse>* call) override {
    return DispatchInArena("FindPath", state_, context, AnswerPath, call);
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAnswerService(ServerState* state) {
  return std::make_unique<AnswerCalls>(state);
}

}  // namespace relata
