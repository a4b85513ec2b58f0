#include "server/convert/query_call.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "graph/query/query_error.h"
#include "relata/v1/query_service.pb.h"
#include "server/convert/read_terms.h"
#include "server/errors.h"
#include "server/read_session.h"

namespace relata {
namespace {

// 0 asks for nothing.
template <typename T>
T LeastOf(T limit, T asked) {
  return asked > 0 ? std::min(limit, asked) : limit;
}

void EffectsToProto(const query::SideEffects& effects, v1::QueryStatistics::SideEffects* out) {
  out->set_nodes_created(effects.nodes_created);
  out->set_nodes_deleted(effects.nodes_deleted);
  out->set_relationships_created(effects.relationships_created);
  out->set_relationships_deleted(effects.relationships_deleted);
  out->set_properties_set(effects.properties_set);
  out->set_labels_added(effects.labels_added);
  out->set_labels_removed(effects.labels_removed);
  out->set_indexes_added(effects.indexes_added);
  out->set_indexes_removed(effects.indexes_removed);
  out->set_constraints_added(effects.constraints_added);
  out->set_constraints_removed(effects.constraints_removed);
}

}  // namespace

absl::Status ApplyBudget(const v1::QueryBudget& asked, const Limits& limits,
                         query::QueryOptions& options) {
  if (asked.max_milliseconds() < 0) {
    return FieldError("budget.max_milliseconds", "must not be negative");
  }
  options.expansions = LeastOf<uint64_t>(limits.max_query_expansions, asked.max_expansions());
  options.memory_bytes = LeastOf<uint64_t>(limits.max_query_bytes, asked.max_memory_bytes());
  options.max_rows = LeastOf<uint64_t>(options.max_rows, asked.max_rows());
  return absl::OkStatus();
}

void StatisticsToProto(const query::QueryStatistics& statistics, const Database& database,
                       const query::QueryOptions& options,
                       const std::optional<v1::BeliefPolicy>& policy, v1::QueryStatistics* out) {
  v1::Stamp* const stamp = out->mutable_stamp();
  stamp->set_database_uuid(database.uuid());
  stamp->set_incarnation(database.incarnation());
  stamp->set_version(statistics.read_version.value());
  stamp->set_commit_time(CommitTimeText(statistics.read_time));
  ValidTimeToProto(options.valid_time.value_or(ValidTime::At(statistics.valid_now)),
                   stamp->mutable_valid_time());
  if (policy) *stamp->mutable_policy() = *policy;
  stamp->set_reproducible(true);
  if (statistics.commit_version) {
    out->set_commit_version(statistics.commit_version->value());
    out->set_commit_time(CommitTimeText(statistics.commit_time));
  }
  out->set_replayed(statistics.replayed);
  EffectsToProto(statistics.effects, out->mutable_effects());
  out->set_rows(statistics.rows);
  out->set_expansions(statistics.expansions);
  out->set_peak_memory_bytes(statistics.peak_memory_bytes);
  out->set_compile_microseconds(statistics.compile_us);
  out->set_run_microseconds(statistics.run_us);
  out->set_plan_from_cache(statistics.plan_from_cache);
}

absl::Status QueryErrorToCall(const absl::Status& status, absl::string_view query) {
  const std::optional<query::QueryErrorInfo> info = query::GetQueryError(status);
  if (!info) return status;
  ErrorMetadata metadata = {
      {"class", std::string(query::ErrorClassName(info->error_class))},
      {"phase", info->phase == query::ErrorPhase::kCompile ? "compile time" : "runtime"},
      {"detail", info->detail}};
  if (info->span) {
    const query::SourcePosition position = query::PositionOf(query, info->span->begin);
    metadata.emplace_back("line", absl::StrCat(position.line));
    metadata.emplace_back("column", absl::StrCat(position.column));
  }
  absl::Status out(status.code(), query::DescribeWithCaret(status, query));
  if (status.code() == absl::StatusCode::kInvalidArgument) {
    FieldError("query", status)
        .ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
          out.SetPayload(url, payload);
        });
  }
  return WithReason(WithPartsOf(std::move(out), status), v1::QUERY_ERROR, metadata);
}

}  // namespace relata
