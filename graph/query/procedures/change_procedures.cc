#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/database.h"
#include "graph/query/functions/fact_history.h"
#include "graph/query/functions/instants.h"
#include "graph/query/procedures/answer_arguments.h"
#include "graph/query/procedures/builtin_procedures.h"
#include "graph/query/query_error.h"

// CALL relata.changes: what the commits after one state, up to another, did to the graph.
namespace relata::query {
namespace {

constexpr size_t kCommitsAtOnce = 256;

// What a call asks for: commits in (after, until], and of their changes those it wants.
struct ChangeRequest {
  CommitVersion after;
  CommitVersion until;
  std::set<LabelId> labels;  // with `types` empty: everything
  std::set<TypeId> types;
  int64_t limit = 0;

  bool everything() const { return labels.empty() && types.empty(); }
};

// A version, or the last one at a time. Null: `otherwise`.
absl::StatusOr<CommitVersion> VersionArgument(ExecutionContext& context, absl::string_view name,
                                              const Datum& value, CommitVersion otherwise) {
  if (value.is_null()) return otherwise;
  if (value.kind() != Datum::Kind::kInt) {
    RELATA_ASSIGN_OR_RETURN(const Instant instant, InstantOf(value));
    RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot, context.database->AtTime(instant));
    return std::min(snapshot.version(), otherwise);
  }
  const int64_t version = value.AsInt();
  if (version >= 0 && CommitVersion(static_cast<uint64_t>(version)) <= otherwise) {
    return CommitVersion(static_cast<uint64_t>(version));
  }
  return ArgumentError("NumberOutOfRange",
                       absl::StrCat(name, " must be a version from 0 to ", otherwise.value(),
                                    ", which this statement reads, not ", version));
}

absl::StatusOr<ChangeRequest> ReadRequest(ExecutionContext& context, absl::Span<const Datum> args) {
  ChangeRequest request;
  const CommitVersion seen = context.reader->context(0).snapshot.version();
  RELATA_ASSIGN_OR_RETURN(request.after, VersionArgument(context, "from", args[0], seen));
  RELATA_ASSIGN_OR_RETURN(request.until, VersionArgument(context, "to", args[1], seen));
  if (request.until < request.after) {
    return ArgumentError(
        "InvalidArgumentValue",
        absl::StrCat("from (version ", request.after.value(), ") must not lie after to (version ",
                     request.until.value(), ")"));
  }
  RELATA_ASSIGN_OR_RETURN(Options options, Options::From(args[2]));
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::string> labels, options.Texts("labels"));
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::string> types, options.Texts("types"));
  RELATA_ASSIGN_OR_RETURN(request.limit, options.Integer("limit", 1, INT64_MAX, INT64_MAX));
  RELATA_RETURN_IF_ERROR(options.Finish());
  for (const LabelId label : LabelsFrom(context, labels)) request.labels.insert(label);
  for (const std::string& type : types) {
    request.types.insert(context.reader->names().FindType(type).value_or(TypeId(UINT32_MAX)));
  }
  return request;
}

absl::string_view KindOf(bool was_there, bool is_there) {
  if (!is_there) return "deleted";
  return was_there ? "updated" : "created";
}

// Gives the rows of one commit after the other.
class ChangeReader {
 public:
  ChangeReader(ExecutionContext& context, const ChangeRequest& request, const RowSink& sink)
      : context_(context), request_(request), sink_(sink) {}

  // False: no more rows are wanted.
  absl::StatusOr<bool> Read(const ChangeSet& commit) {
    RELATA_ASSIGN_OR_RETURN(const Snapshot before, context_.database->AtVersion(
                                                       CommitVersion(commit.version.value() - 1)));
    RELATA_ASSIGN_OR_RETURN(const Snapshot after, context_.database->AtVersion(commit.version));
    if (commit.schema_changed && request_.everything()) {
      RELATA_ASSIGN_OR_RETURN(const bool more, Give(commit, "schema", {}, {}, {}, {}));
      if (!more) return false;
    }
    for (const EntityId id : commit.entities) {
      RELATA_ASSIGN_OR_RETURN(const bool more, ReadEntity(commit, before, after, id));
      if (!more) return false;
    }
    for (const RelationshipId id : commit.relationships) {
      RELATA_ASSIGN_OR_RETURN(const bool more, ReadRelationship(commit, before, after, id));
      if (!more) return false;
    }
    return true;
  }

 private:
  bool Wants(const std::optional<EntityState>& state) const {
    return state && std::any_of(state->labels.begin(), state->labels.end(),
                                [this](LabelId label) { return request_.labels.contains(label); });
  }

  absl::StatusOr<bool> ReadEntity(const ChangeSet& commit, const Snapshot& before,
                                  const Snapshot& after, EntityId id) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> was, before.GetEntity(id));
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> is, after.GetEntity(id));
    if (!was && !is) return true;  // made and deleted by the same commit
    if (!request_.everything() && !Wants(was) && !Wants(is)) return true;
    // A node can be given where it is still there to be read.
    RELATA_ASSIGN_OR_RETURN(const auto now,
                            context_.reader->context(0).snapshot.GetEntityRecord(id));
    const NameTable& names = context_.reader->names();
    const std::string& key = is ? is->key : was->key;
    return Give(commit, KindOf(was.has_value(), is.has_value()), now ? NodeDatum(id) : Datum(),
                key.empty() ? Datum() : Datum::String(key),
                was ? StateMap(*was, names, 0) : Datum(), is ? StateMap(*is, names, 0) : Datum());
  }

  absl::StatusOr<bool> ReadRelationship(const ChangeSet& commit, const Snapshot& before,
                                        const Snapshot& after, RelationshipId id) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<RelationshipState> was, before.GetRelationship(id));
    RELATA_ASSIGN_OR_RETURN(const std::optional<RelationshipState> is, after.GetRelationship(id));
    if (!was && !is) return true;
    const RelationshipState& state = is ? *is : *was;
    if (!request_.everything() && !request_.types.contains(state.ends.type)) return true;
    RELATA_ASSIGN_OR_RETURN(const auto now,
                            context_.reader->context(0).snapshot.GetRelationshipEnds(id));
    const NameTable& names = context_.reader->names();
    return Give(commit, KindOf(was.has_value(), is.has_value()),
                now ? Datum::Of(RelationshipRef{*now, FactId(), 0}) : Datum(),
                state.key.empty() ? Datum() : Datum::String(state.key),
                was ? StateMap(*was, names, 0) : Datum(), is ? StateMap(*is, names, 0) : Datum());
  }

  // `entity`: the node or relationship, null where it is gone or the schema changed.
  absl::StatusOr<bool> Give(const ChangeSet& commit, absl::string_view change, const Datum& entity,
                            Datum key, Datum before, Datum after) {
    RELATA_RETURN_IF_ERROR(context_.budget->SpendExpansions(1));
    const bool node = entity.kind() == Datum::Kind::kNode;
    const bool relationship = entity.kind() == Datum::Kind::kRelationship;
    RELATA_ASSIGN_OR_RETURN(
        const bool more,
        sink_({Datum::Int(static_cast<int64_t>(commit.version.value())),
               DateTimeOf(commit.commit_time),
               commit.principal.empty() ? Datum() : Datum::String(commit.principal),
               Datum::String(change), node ? entity : Datum(), relationship ? entity : Datum(),
               std::move(key), std::move(before), std::move(after)}));
    return more && ++given_ < request_.limit;
  }

  ExecutionContext& context_;
  const ChangeRequest& request_;
  const RowSink& sink_;
  int64_t given_ = 0;
};

absl::Status Changes(ExecutionContext& context, absl::Span<const Datum> args, const RowSink& sink) {
  RELATA_ASSIGN_OR_RETURN(const ChangeRequest request, ReadRequest(context, args));
  ChangeReader reader(context, request, sink);
  CommitVersion after = request.after;
  while (after < request.until) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<ChangeSet> commits,
                            context.database->Changes(after, request.until, kCommitsAtOnce));
    if (commits.empty()) break;
    for (const ChangeSet& commit : commits) {
      RELATA_RETURN_IF_ERROR(context.budget->CheckStopped());
      RELATA_ASSIGN_OR_RETURN(const bool more, reader.Read(commit));
      if (!more) return absl::OkStatus();
    }
    after = commits.back().version;
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Procedure> ChangeProcedures() {
  const TypeSet text_or_null = types::kString | types::kNull;
  const TypeSet map_or_null = types::kMap | types::kNull;
  ProcedureField until = Input("to", types::kAny, "INTEGER | ZONED DATETIME | DATE | STRING");
  until.default_value = Datum();
  return {
      {"relata.changes",
       {Input("from", types::kAny, "INTEGER | ZONED DATETIME | DATE | STRING"), std::move(until),
        OptionsInput()},
       {Output("version", types::kInt, "INTEGER"),
        Output("time", types::kDateTime, "ZONED DATETIME"),
        Output("principal", text_or_null, "STRING"), Output("change", types::kString, "STRING"),
        Output("node", types::kNode | types::kNull, "NODE"),
        Output("relationship", types::kRelationship | types::kNull, "RELATIONSHIP"),
        Output("key", text_or_null, "STRING"), Output("before", map_or_null, "MAP"),
        Output("after", map_or_null, "MAP")},
       false,
       "What changed after a version or time, up to another (null: what the statement reads), by "
       "commit: created, updated, deleted or schema, with the states before and after; options "
       "labels, types, limit.",
       Changes},
  };
}

}  // namespace relata::query
