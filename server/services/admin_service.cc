#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/background_fill.h"
#include "graph/values/bound.h"
#include "relata/v1/admin_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/convert/page_token.h"
#include "server/convert/schema.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/services.h"
#include "server/version.h"

namespace relata {
namespace {

constexpr absl::string_view kNamePrefix = "databases/";

void DatabaseToProto(const OpenDatabase& open, v1::Database* out) {
  const Database& graph = *open.graph;
  const Snapshot head = graph.Latest();
  out->set_name(absl::StrCat(kNamePrefix, open.name));
  out->set_uuid(graph.uuid());
  out->set_incarnation(graph.incarnation());
  out->set_head_version(head.version().value());
  out->set_head_time(CommitTimeText(head.commit_time()));
  out->set_earliest_version(graph.EarliestVersion().value());
  out->set_read_only_reason(graph.ReadOnlyReason().value_or(""));
}

// `main` of `databases/main`.
absl::StatusOr<std::string> DatabaseId(absl::string_view name) {
  if (absl::ConsumePrefix(&name, kNamePrefix) && !name.empty()) return std::string(name);
  return FieldError("name", "must be the name of a database, such as databases/main");
}

// The part of a list that a page shows: rows [begin, end) of `count`. Lists that are short and read
// as a whole are paged by number.
struct PageRange {
  size_t begin = 0;
  size_t end = 0;
  std::string next_token;
};

template <typename Request>
absl::StatusOr<PageRange> ChoosePage(const CallContext& call, const Request& request,
                                     absl::string_view of, size_t count) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  const std::string digest = ArgumentsDigest(request, of);
  PageRange range;
  if (!request.page_token().empty()) {
    RELATA_ASSIGN_OR_RETURN(const PageToken token, DecodePageToken(request.page_token(), digest));
    RELATA_ASSIGN_OR_RETURN(range.begin, DecodePlace(token.cursor));
  }
  range.begin = std::min(range.begin, count);
  range.end = std::min(count, range.begin + page);
  if (range.end < count) {
    range.next_token = EncodePageToken({CommitVersion(), 0, EncodeCursor(range.end)}, digest);
  }
  return range;
}

absl::Status ListDatabases(const CallContext& call, const v1::ListDatabasesRequest& request,
                           v1::ListDatabasesResponse* response) {
  const auto databases = call.state().databases->List();
  RELATA_ASSIGN_OR_RETURN(const PageRange page,
                          ChoosePage(call, request, "server", databases.size()));
  for (size_t i = page.begin; i < page.end; ++i) {
    DatabaseToProto(*databases[i], response->add_databases());
  }
  response->set_next_page_token(page.next_token);
  return absl::OkStatus();
}

absl::Status GetDatabase(const CallContext& call, const v1::GetDatabaseRequest& request,
                         v1::Database* response) {
  RELATA_ASSIGN_OR_RETURN(const std::string id, DatabaseId(request.name()));
  RELATA_ASSIGN_OR_RETURN(const auto database, call.state().databases->Find(id));
  DatabaseToProto(*database, response);
  return absl::OkStatus();
}

absl::Status CreateDatabase(const CallContext& call, const v1::CreateDatabaseRequest& request,
                            v1::Database* response) {
  RELATA_ASSIGN_OR_RETURN(
      const auto database,
      call.state().databases->Create(request.database_id(), call.limits().max_databases));
  DatabaseToProto(*database, response);
  return absl::OkStatus();
}

absl::Status DeleteDatabase(const CallContext& call, const v1::DeleteDatabaseRequest& request,
                            v1::DeleteDatabaseResponse* /*response*/) {
  RELATA_ASSIGN_OR_RETURN(const std::string id, DatabaseId(request.name()));
  return call.state().databases->Delete(id);
}

template <typename Id>
void CountsToProto(const std::vector<std::pair<Id, uint64_t>>& counts, const NameTable& names,
                   google::protobuf::RepeatedPtrField<v1::GetStatisticsResponse::NamedCount>* out) {
  for (const auto& [id, count] : counts) {
    if (count == 0) continue;
    auto* const entry = out->Add();
    entry->set_name(std::string(names.Name(id)));
    entry->set_count(count);
  }
  std::sort(out->begin(), out->end(),
            [](const auto& a, const auto& b) { return a.name() < b.name(); });
}

absl::Status GetStatistics(const CallContext& call, const v1::GetStatisticsRequest& request,
                           v1::GetStatisticsResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const auto database, call.state().databases->Find(request.database()));
  const Database& graph = *database->graph;
  const GraphStatistics statistics = graph.Statistics();
  const Snapshot head = graph.Latest();
  WriteStateStamp(graph, head, response->mutable_stamp());
  response->set_entities(statistics.entities);
  response->set_relationships(statistics.relationships);
  response->set_facts(statistics.facts);
  response->set_citations(statistics.citations);
  CountsToProto(statistics.entities_by_label, head.names(), response->mutable_entities_by_label());
  CountsToProto(statistics.relationships_by_type, head.names(),
                response->mutable_relationships_by_type());
  RELATA_ASSIGN_OR_RETURN(const uint64_t live, graph.kv().ApproximateBytes(KeySpace::kLive));
  RELATA_ASSIGN_OR_RETURN(const uint64_t history, graph.kv().ApproximateBytes(KeySpace::kHistory));
  RELATA_ASSIGN_OR_RETURN(const uint64_t log, graph.kv().ApproximateBytes(KeySpace::kLog));
  response->set_bytes_live(live);
  response->set_bytes_history(history);
  response->set_bytes_log(log);
  return absl::OkStatus();
}

void AddNames(const NameTable& names, NameTable::Space space,
              google::protobuf::RepeatedPtrField<std::string>* out) {
  std::vector<std::string> stored = names.StoredNames(space);
  std::sort(stored.begin(), stored.end());
  for (std::string& name : stored) *out->Add() = std::move(name);
}

absl::Status GetSchema(const CallContext& call, const v1::GetSchemaRequest& request,
                       v1::GetSchemaResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const ReadSession session, ReadSession::Open(call, request.read(), {}));
  const NameTable& names = session.snapshot().names();
  RELATA_ASSIGN_OR_RETURN(const auto schema, session.snapshot().GetSchema());
  const OrderedSchema ordered = OrderSchema(*schema, names);
  session.WriteStamp(response->mutable_stamp());
  for (const auto* declaration : ordered.types) {
    DeclarationToProto(*declaration, names, response->add_relationship_types());
  }
  for (const auto* declaration : ordered.properties) {
    DeclarationToProto(*declaration, names, response->add_properties());
  }
  for (const IndexDefinition* index : ordered.indexes) {
    if (index->unique) {
      DeclarationToProto(*index, names, response->add_unique_constraints());
    } else {
      DeclarationToProto(*index, names, response->add_indexes());
    }
  }
  for (v1::SchemaRule& rule : NamedRulesToProto(*schema, names)) {
    *response->add_named_rules() = std::move(rule);
  }
  AddNames(names, NameTable::Space::kLabel, response->mutable_labels_in_use());
  AddNames(names, NameTable::Space::kType, response->mutable_types_in_use());
  AddNames(names, NameTable::Space::kProperty, response->mutable_properties_in_use());
  return absl::OkStatus();
}

absl::Status ListIndexes(const CallContext& call, const v1::ListIndexesRequest& request,
                         v1::ListIndexesResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const auto database, call.state().databases->Find(request.database()));
  const NameTable& names = database->graph->names();
  RELATA_ASSIGN_OR_RETURN(const auto schema, database->graph->Latest().GetSchema());
  std::vector<v1::ListIndexesResponse::IndexState> states;
  for (const IndexInfo& info : database->graph->Indexes()) {
    auto& state = states.emplace_back();
    DeclarationToProto(info.definition, names, &state);
    state.set_unique(info.definition.unique);
    state.set_name(RuleName(*schema, names, RuleOfIndex(*schema, info.definition)));
    if (info.usable_from) state.set_usable_from_version(info.usable_from->value());
  }
  std::sort(states.begin(), states.end(), [](const auto& a, const auto& b) {
    return std::tie(a.label(), a.relationship_type(), a.property(), a.name()) <
           std::tie(b.label(), b.relationship_type(), b.property(), b.name());
  });
  RELATA_ASSIGN_OR_RETURN(const PageRange page,
                          ChoosePage(call, request, database->graph->uuid(), states.size()));
  for (size_t i = page.begin; i < page.end; ++i) *response->add_indexes() = states[i];
  response->set_next_page_token(page.next_token);
  return absl::OkStatus();
}

absl::Status CheckCheckpointName(absl::string_view name) {
  const bool good = !name.empty() && name.size() <= 200 && name[0] != '.' &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
                    });
  if (good) return absl::OkStatus();
  return FieldError(
      "directory",
      "must be a plain name of 1 to 200 letters, digits, `_`, `-` and `.` without `.` "
      "in front: it lies below the server's folder for checkpoints");
}

absl::Status CreateCheckpoint(const CallContext& call, const v1::CreateCheckpointRequest& request,
                              v1::CreateCheckpointResponse* response) {
  RELATA_RETURN_IF_ERROR(CheckCheckpointName(request.directory()));
  RELATA_ASSIGN_OR_RETURN(const auto database, call.state().databases->Find(request.database()));
  RELATA_ASSIGN_OR_RETURN(const std::string path,
                          call.state().databases->engines()->CheckpointPath(request.directory()));
  WriteStateStamp(*database->graph, database->graph->Latest(), response->mutable_stamp());
  response->set_path(path);
  return database->graph->Checkpoint(path);
}

absl::Status GetStatus(const CallContext& call, const v1::GetStatusRequest& /*request*/,
                       v1::GetStatusResponse* response) {
  const ServerState& state = call.state();
  response->set_server_version(std::string(kServerVersion));
  response->set_start_time(FormatInstant(state.start_micros));
  response->set_uptime_seconds((state.clock->MonotonicMicros() - state.start_monotonic_micros) /
                               1'000'000);
  response->set_watch_streams(state.watch_streams);
  response->set_max_watch_streams(state.limits.max_watch_streams);
  for (const auto& database : state.databases->List()) {
    auto* const out = response->add_databases();
    DatabaseToProto(*database, out->mutable_database());
    const AdjacencyCache::Stats cache = database->graph->adjacency_cache().GetStats();
    out->set_cache_hits(cache.hits);
    out->set_cache_misses(cache.misses);
    out->set_cache_evictions(cache.evictions);
    out->set_cache_bytes(cache.bytes);
    out->set_cache_arrays(cache.arrays);
    const BackgroundFill* const fill = database->graph->adjacency_fill();
    out->set_cache_filling(fill != nullptr && !fill->GetProgress().done);
  }
  return absl::OkStatus();
}

class AdminCalls final : public v1::AdminService::Service {
 public:
  explicit AdminCalls(ServerState* state) : state_(state) {}

  grpc::Status ListDatabases(grpc::ServerContext* context, const v1::ListDatabasesRequest* request,
                             v1::ListDatabasesResponse* response) override {
    return DispatchUnary("ListDatabases", state_, context, relata::ListDatabases, *request,
                         response);
  }
  grpc::Status GetDatabase(grpc::ServerContext* context, const v1::GetDatabaseRequest* request,
                           v1::Database* response) override {
    return DispatchUnary("GetDatabase", state_, context, relata::GetDatabase, *request, response);
  }
  grpc::Status CreateDatabase(grpc::ServerContext* context,
                              const v1::CreateDatabaseRequest* request,
                              v1::Database* response) override {
    return DispatchUnary("CreateDatabase", state_, context, relata::CreateDatabase, *request,
                         response);
  }
  grpc::Status DeleteDatabase(grpc::ServerContext* context,
                              const v1::DeleteDatabaseRequest* request,
                              v1::DeleteDatabaseResponse* response) override {
    return DispatchUnary("DeleteDatabase", state_, context, relata::DeleteDatabase, *request,
                         response);
  }
  grpc::Status GetStatistics(grpc::ServerContext* context, const v1::GetStatisticsRequest* request,
                             v1::GetStatisticsResponse* response) override {
    return DispatchUnary("GetStatistics", state_, context, relata::GetStatistics, *request,
                         response);
  }
  grpc::Status GetSchema(grpc::ServerContext* context, const v1::GetSchemaRequest* request,
                         v1::GetSchemaResponse* response) override {
    return DispatchUnary("GetSchema", state_, context, relata::GetSchema, *request, response);
  }
  grpc::Status ListIndexes(grpc::ServerContext* context, const v1::ListIndexesRequest* request,
                           v1::ListIndexesResponse* response) override {
    return DispatchUnary("ListIndexes", state_, context, relata::ListIndexes, *request, response);
  }
  grpc::Status CreateCheckpoint(grpc::ServerContext* context,
                                const v1::CreateCheckpointRequest* request,
                                v1::CreateCheckpointResponse* response) override {
    return DispatchUnary("CreateCheckpoint", state_, context, relata::CreateCheckpoint, *request,
                         response);
  }
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override {
    return DispatchUnary("GetStatus", state_, context, relata::GetStatus, *request, response);
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(ServerState* state) {
  return std::make_unique<AdminCalls>(state);
}

}  // namespace relata
