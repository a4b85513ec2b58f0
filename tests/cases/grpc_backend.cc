#include "tests/cases/grpc_backend.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/manual_clock.h"
#include "base/status_macros.h"
#include "graph/values/bound.h"
#include "relata/v1/admin_service.grpc.pb.h"
#include "relata/v1/answer_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"
#include "tests/cases/case_protos.h"
#include "tests/cases/case_questions.h"
#include "tests/server/in_process_server.h"

namespace relata {
namespace {

using Json = nlohmann::json;

constexpr char kStart[] = "2026-11-22T00:00:00Z";
// Bounds are asked about through facts of a database of their own, so that the case's has only the
// case's commits.
constexpr char kBoundDatabase[] = "bounds";
// Small, so that most answers come in several pages.
constexpr int kNeighborPage = 3;
constexpr int kTimelinePage = 4;
constexpr int kLargePage = 1000;

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

template <typename Stub, typename Request, typename Response>
absl::Status CallOnce(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Response* response) {
  grpc::ClientContext context;
  return FromGrpc((stub.*method)(&context, request, response));
}

// Asks, and where the answer is not a later page asks again by its stamp: both must be the same but
// for the page token, which is bound to the arguments.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Read(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
  Response response;
  RELATA_RETURN_IF_ERROR(CallOnce(stub, method, request, &response));
  if constexpr (requires { request.page_token(); }) {
    if (!request.page_token().empty()) return response;
  }
  Request again = request;
  again.mutable_read()->Clear();
  again.mutable_read()->set_database(request.read().database());
  *again.mutable_read()->mutable_stamp() = response.stamp();
  Response second;
  RELATA_RETURN_IF_ERROR(CallOnce(stub, method, again, &second));
  Response first = response;
  if constexpr (requires { first.next_page_token(); }) {
    if (first.next_page_token().empty() != second.next_page_token().empty()) {
      return absl::InternalError("asked again by its stamp, an answer has another end");
    }
    first.clear_next_page_token();
    second.clear_next_page_token();
  }
  if (first.SerializeAsString() == second.SerializeAsString()) return response;
  return absl::InternalError(absl::StrCat("asked again by its stamp, an answer differs:\n",
                                          first.DebugString(), "\nthen:\n", second.DebugString()));
}

// The facts of a property, or nullptr.
const v1::PropertyFacts* FindProperty(const v1::Entity& entity, const std::string& name) {
  for (const v1::PropertyFacts& property : entity.properties()) {
    if (property.name() == name) return &property;
  }
  return nullptr;
}

class GrpcBackend : public CaseBackend {
 public:
  absl::Status Open() {
    RELATA_RETURN_IF_ERROR(SetClock(kStart));
    Limits limits;
    limits.max_hops = 1000;
    server_ = std::make_unique<InProcessServer>(&clock_, limits);
    const auto channel = server_->channel();
    write_ = v1::WriteService::NewStub(channel);
    read_ = v1::ReadService::NewStub(channel);
    answer_ = v1::AnswerService::NewStub(channel);
    admin_ = v1::AdminService::NewStub(channel);
    return absl::OkStatus();
  }

  absl::Status SetClock(const std::string& instant) override {
    RELATA_ASSIGN_OR_RETURN(const Instant t, ParseInstant(instant));
    clock_.SetNowMicros(t);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Commit(const Json& op) override {
    RELATA_ASSIGN_OR_RETURN(const v1::WriteRequest request, WriteRequestFromCase(op, named_));
    RELATA_ASSIGN_OR_RETURN(const v1::WriteResponse response, Write(request));
    NoteNamedFacts(op, response, named_);
    return response.version();
  }

  absl::Status AnswerSystemTime(const std::string& instant) override {
    v1::ReadOptions read;
    read.mutable_consistency()->set_exact_time(instant);
    return StampOf(read).status();
  }

  absl::StatusOr<Json> Ask(const Json& question) override {
    const std::string ask = question["ask"];
    const Json& params = question["params"];
    const Json at = question.value("at", Json::object());
    if (ask == "bound") return AskBound(params);
    if (ask == "commit_time") return CommitTime(params["version"]);
    if (ask == "same_id") return AskSameId(params);
    RELATA_ASSIGN_OR_RETURN(const v1::ReadOptions read, ReadOptionsOf(at));
    if (ask == "facts_of_source") return AskFactsOfSource(read, params);
    if (ask == "neighbours") return AskNeighbours(read, params);
    if (ask == "shortest") return AskShortest(read, params);
    if (ask == "chains") return AskChains(read, params);
    if (ask == "timeline") return AskTimeline(read, params);
    RELATA_ASSIGN_OR_RETURN(const v1::ReadOptions now, AtNowUnlessSaid(read));
    if (ask == "exists") {
      RELATA_ASSIGN_OR_RETURN(const auto entity, FindEntity(now, params["entity"]));
      return Json(entity.has_value());
    }
    if (ask == "value") return AskValue(now, params);
    if (ask == "facts") return AskFacts(now, params);
    if (ask == "properties") return AskProperties(now, params);
    if (ask == "names") return AskNames(now, params);
    return absl::UnimplementedError(absl::StrCat("no such question in this runner: ", ask));
  }

 private:
  absl::StatusOr<v1::WriteResponse> Write(const v1::WriteRequest& request) {
    v1::WriteResponse response;
    RELATA_RETURN_IF_ERROR(CallOnce(*write_, &v1::WriteService::Stub::Write, request, &response));
    return response;
  }

  // The stamp of a read of nothing much.
  absl::StatusOr<v1::Stamp> StampOf(const v1::ReadOptions& read) {
    v1::ListEntitiesRequest request;
    *request.mutable_read() = read;
    request.set_page_size(1);
    request.set_detail(v1::SUMMARY);
    RELATA_ASSIGN_OR_RETURN(const auto response,
                            Read(*read_, &v1::ReadService::Stub::ListEntities, request));
    return response.stamp();
  }

  absl::StatusOr<Json> CommitTime(uint64_t version) {
    v1::ListChangesRequest request;
    request.set_from_version(version - 1);
    request.set_to_version(version);
    v1::ListChangesResponse response;
    RELATA_RETURN_IF_ERROR(
        CallOnce(*read_, &v1::ReadService::Stub::ListChanges, request, &response));
    if (response.changes_size() != 1 || response.changes(0).version() != version) {
      return absl::InternalError(absl::StrCat("no one commit ", version));
    }
    return Json(response.changes(0).commit_time());
  }

  absl::Status FillConsistency(const Json& system, v1::Consistency* out) {
    if (system.contains("version")) {
      out->set_exact_version(system["version"]);
    } else if (system.contains("time")) {
      out->set_exact_time(system["time"]);
    } else {
      RELATA_ASSIGN_OR_RETURN(const Json text, CommitTime(system["commit"]));
      RELATA_ASSIGN_OR_RETURN(const Instant t, ParseInstant(text.get<std::string>()));
      out->set_exact_time(FormatInstant(t + system.value("offset_us", int64_t{0})));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<v1::ReadOptions> ReadOptionsOf(const Json& at) {
    v1::ReadOptions read;
    if (at.contains("system")) {
      RELATA_RETURN_IF_ERROR(FillConsistency(at["system"], read.mutable_consistency()));
    }
    *read.mutable_valid_time() = ValidTimeOptionFromCase(at);
    if (at.contains("policy")) *read.mutable_policy() = PolicyFromCase(at["policy"]);
    return read;
  }

  // Reads of entities show all valid times by default, questions mean now (S2.3).
  absl::StatusOr<v1::ReadOptions> AtNowUnlessSaid(const v1::ReadOptions& read) {
    if (read.valid_time().kind_case() != v1::ValidTimeOption::KIND_NOT_SET) return read;
    RELATA_ASSIGN_OR_RETURN(const v1::Stamp stamp, StampOf(read));
    Instant now = clock_.NowMicros();
    if (!stamp.commit_time().empty()) {
      RELATA_ASSIGN_OR_RETURN(const Instant committed, ParseInstant(stamp.commit_time()));
      now = std::max(now, committed);
    }
    v1::ReadOptions at_now = read;
    at_now.mutable_valid_time()->set_instant(FormatInstant(now));
    return at_now;
  }

  absl::StatusOr<std::optional<v1::Entity>> FindEntity(const v1::ReadOptions& read,
                                                       const Json& key) {
    v1::BatchGetEntitiesRequest request;
    *request.mutable_read() = read;
    *request.add_entities() = EntityRefFromCase(key);
    RELATA_ASSIGN_OR_RETURN(const auto response,
                            Read(*read_, &v1::ReadService::Stub::BatchGetEntities, request));
    if (!response.results(0).has_entity()) return std::optional<v1::Entity>();
    return std::optional<v1::Entity>(response.results(0).entity());
  }

  absl::StatusOr<v1::Entity> GetEntity(const v1::ReadOptions& read, const Json& key) {
    v1::GetEntityRequest request;
    *request.mutable_read() = read;
    *request.mutable_entity() = EntityRefFromCase(key);
    RELATA_ASSIGN_OR_RETURN(const auto response,
                            Read(*read_, &v1::ReadService::Stub::GetEntity, request));
    return response.entity();
  }

  // A fact that begins or ends at the bound, written and read back.
  absl::StatusOr<Json> AskBound(const Json& params) {
    if (!bound_database_made_) {
      v1::CreateDatabaseRequest create;
      create.set_database_id(kBoundDatabase);
      v1::Database made;
      RELATA_RETURN_IF_ERROR(
          CallOnce(*admin_, &v1::AdminService::Stub::CreateDatabase, create, &made));
      bound_database_made_ = true;
    }
    const bool is_from = params["role"] == "from";
    v1::WriteRequest write;
    write.set_database(kBoundDatabase);
    v1::EntityWrite* const entity = write.add_mutations()->mutable_create_entity();
    v1::PropertyFact* const property = entity->add_properties();
    property->set_name("p");
    v1::Fact* const fact = property->mutable_fact();
    fact->mutable_value()->set_bool_value(true);
    if (is_from) {
      fact->set_valid_from(params["text"]);
    } else {
      fact->set_valid_to(params["text"]);
    }
    RELATA_ASSIGN_OR_RETURN(const v1::WriteResponse written, Write(write));
    v1::GetEntityRequest request;
    request.mutable_read()->set_database(kBoundDatabase);
    request.mutable_entity()->set_id(written.results(0).entity_id());
    RELATA_ASSIGN_OR_RETURN(const auto response,
                            Read(*read_, &v1::ReadService::Stub::GetEntity, request));
    const v1::FactView& seen = response.entity().properties(0).facts(0);
    const v1::BoundView& bound = is_from ? seen.valid_from() : seen.valid_to();
    return Json{{"earliest", bound.earliest()},
                {"latest", bound.latest()},
                {"unknown", bound.unknown()},
                {"about", bound.about()}};
  }

  absl::StatusOr<Json> AskSameId(const Json& params) {
    std::set<uint64_t> ids;
    for (const Json& version : params["versions"]) {
      v1::ReadOptions read;
      read.mutable_consistency()->set_exact_version(version);
      RELATA_ASSIGN_OR_RETURN(const auto entity, FindEntity(read, params["entity"]));
      ids.insert(entity ? entity->id() : 0);
    }
    return Json(ids.size() == 1 && !ids.contains(0));
  }

  absl::StatusOr<Json> AskValue(const v1::ReadOptions& read, const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const auto entity, FindEntity(read, params["entity"]));
    if (!entity) return Json();
    const v1::PropertyFacts* property = FindProperty(*entity, params["property"]);
    return property == nullptr ? Json() : CaseFromValue(property->facts(0).value());
  }

  absl::StatusOr<Json> AskFacts(const v1::ReadOptions& read, const Json& params) {
    Json json = Json::array();
    if (params.contains("entity")) {
      RELATA_ASSIGN_OR_RETURN(const v1::Entity entity, GetEntity(read, params["entity"]));
      const v1::PropertyFacts* property = FindProperty(entity, params["property"]);
      if (property == nullptr) return json;
      for (const v1::FactView& fact : property->facts()) {
        json.push_back(CaseFromFact(fact, /*of_relationship=*/false));
      }
      return json;
    }
    v1::GetRelationshipRequest request;
    *request.mutable_read() = read;
    *request.mutable_relationship() = RelationshipRefFromCase(params["relationship"]);
    const auto response = Read(*read_, &v1::ReadService::Stub::GetRelationship, request);
    // A relationship that is absent has no facts.
    if (absl::IsNotFound(response.status())) return json;
    RELATA_RETURN_IF_ERROR(response.status());
    for (const v1::FactView& fact : response->relationship().facts()) {
      json.push_back(CaseFromFact(fact, /*of_relationship=*/true));
    }
    return json;
  }

  absl::StatusOr<Json> AskProperties(const v1::ReadOptions& read, const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const v1::Entity entity, GetEntity(read, params["entity"]));
    Json json = Json::object();
    for (const v1::PropertyFacts& property : entity.properties()) {
      json[property.name()] = CaseFromValue(property.facts(0).value());
    }
    return json;
  }

  absl::StatusOr<Json> AskNames(const v1::ReadOptions& read, const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const v1::Entity entity, GetEntity(read, params["entity"]));
    static const std::map<v1::NameKind, std::string> kKinds = {{v1::PREFERRED, "preferred"},
                                                               {v1::ALIAS, "alias"},
                                                               {v1::ABBREVIATION, "abbreviation"},
                                                               {v1::FORMER, "former"}};
    Json json = Json::array();
    for (const v1::NameView& name : entity.names()) {
      json.push_back({name.text(), name.language(), kKinds.at(name.kind())});
    }
    return json;
  }

  absl::StatusOr<Json> AskNeighbours(const v1::ReadOptions& read, const Json& params) {
    v1::ListNeighborsRequest request;
    *request.mutable_read() = read;
    *request.mutable_entity() = EntityRefFromCase(params["entity"]);
    *request.add_steps() = StepFromCase(params);
    request.set_page_size(kNeighborPage);
    Json json = Json::array();
    do {
      RELATA_ASSIGN_OR_RETURN(const auto page,
                              Read(*read_, &v1::ReadService::Stub::ListNeighbors, request));
      for (const v1::ListNeighborsResponse::Neighbor& row : page.neighbors()) {
        json.push_back({{"relationship", CaseFromRelationship(row.relationship())},
                        {"properties", CaseFromProperties(row.relationship().facts(0))},
                        {"entity", row.entity().key()}});
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return json;
  }

  absl::StatusOr<Json> AskFactsOfSource(const v1::ReadOptions& read, const Json& params) {
    v1::GetSourceRequest request;
    *request.mutable_read() = read;
    *request.mutable_source() = EntityRefFromCase(params["source"]);
    request.set_page_size(kNeighborPage);
    Json json = Json::array();
    do {
      RELATA_ASSIGN_OR_RETURN(const auto page,
                              Read(*read_, &v1::ReadService::Stub::GetSource, request));
      for (const v1::GetSourceResponse::SourcedFact& fact : page.facts()) {
        json.push_back(CaseFromFact(fact.fact(), fact.has_relationship()));
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return json;
  }

  absl::StatusOr<Json> AskShortest(const v1::ReadOptions& read, const Json& params) {
    v1::FindPathRequest request;
    *request.mutable_read() = read;
    *request.mutable_start() = EntityRefFromCase(params["start"]);
    *request.mutable_end() = EntityRefFromCase(params["end"]);
    for (const v1::Step& step : StepsFromCase(params["steps"])) *request.add_steps() = step;
    request.set_max_hops(params.value("max_hops", 0));
    RELATA_ASSIGN_OR_RETURN(const auto response,
                            Read(*answer_, &v1::AnswerService::Stub::FindPath, request));
    return response.found() ? Json(response.hops_size()) : Json();
  }

  absl::StatusOr<Json> AskChains(const v1::ReadOptions& read, const Json& params) {
    v1::FindChainsRequest request = ChainsRequestFromCase(read, params);
    const bool merged = request.parallel() == v1::FindChainsRequest::MERGED;
    const int wanted = params.value("limit", 100000);
    const int size = params.value("page_size", std::min(wanted, kLargePage));
    Json chains = Json::array();
    std::set<std::string> invalid;
    do {
      request.set_page_size(std::min(size, wanted - static_cast<int>(chains.size())));
      RELATA_ASSIGN_OR_RETURN(const auto page,
                              Read(*answer_, &v1::AnswerService::Stub::FindChains, request));
      for (const v1::FindChainsResponse::Chain& chain : page.chains()) {
        chains.push_back(CaseFromChain(page.start().key(), merged, chain));
      }
      for (const v1::RelationshipSummary& relationship : page.invalid_shares()) {
        invalid.insert(CaseFromRelationship(relationship));
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty() && static_cast<int>(chains.size()) < wanted);
    return Json{{"chains", chains}, {"invalid_shares", invalid}};
  }

  absl::StatusOr<Json> AskTimeline(const v1::ReadOptions& read, const Json& params) {
    v1::GetTimelineRequest request = TimelineRequestFromCase(read, params);
    const int wanted = params.value("limit", 100000);
    Json json = Json::array();
    do {
      request.set_page_size(std::min(kTimelinePage, wanted - static_cast<int>(json.size())));
      RELATA_ASSIGN_OR_RETURN(const auto page,
                              Read(*answer_, &v1::AnswerService::Stub::GetTimeline, request));
      for (const v1::GetTimelineResponse::Entry& entry : page.entries()) {
        json.push_back(CaseFromEntry(entry));
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty() && static_cast<int>(json.size()) < wanted);
    return json;
  }

  ManualClock clock_{0};
  std::unique_ptr<InProcessServer> server_;
  std::unique_ptr<v1::WriteService::Stub> write_;
  std::unique_ptr<v1::ReadService::Stub> read_;
  std::unique_ptr<v1::AnswerService::Stub> answer_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  bool bound_database_made_ = false;
  NamedProtoFacts named_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CaseBackend>> MakeGrpcBackend() {
  auto backend = std::make_unique<GrpcBackend>();
  RELATA_RETURN_IF_ERROR(backend->Open());
  return backend;
}

}  // namespace relata
