#ifndef RELATA_SERVER_READ_SESSION_H_
#define RELATA_SERVER_READ_SESSION_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/database.h"
#include "graph/mutation/mutation.h"
#include "graph/store/snapshot.h"
#include "relata/v1/read.pb.h"
#include "server/call_context.h"
#include "server/convert/field_path.h"

namespace google::protobuf {
class Message;
}

namespace relata {

namespace v1 {
class EntityRef;
class RelationshipRef;
}  // namespace v1

// What a read takes where the request says nothing.
struct ReadDefaults {
  bool now = false;         // valid time: now, else all
  bool raw_policy = false;  // every fact, else the default policy
};

// One read: the database, the state it sees, valid time and policy, all resolved. Every read of the
// API goes through one, and its stamp says what it was. Lives on the stack of the call; holds the
// database open.
class ReadSession {
 public:
  // `read` is the request's; a page token of an earlier page takes the state and `now` of that
  // page. INVALID_ARGUMENT naming the field; NOT_FOUND: the database, a source of the policy;
  // OUT_OF_RANGE: the version; FAILED_PRECONDITION: the stamp is of another database; CANCELLED
  // while waiting for a version.
  static absl::StatusOr<ReadSession> Open(const CallContext& call, const v1::ReadOptions& read,
                                          ReadDefaults defaults);
  static absl::StatusOr<ReadSession> OpenPaged(const CallContext& call, const v1::ReadOptions& read,
                                               ReadDefaults defaults,
                                               const google::protobuf::Message& request,
                                               absl::string_view page_token);

  Database& database() const { return *open_->graph; }
  const OpenDatabase& open_database() const { return *open_; }
  const Snapshot& snapshot() const { return *snapshot_; }
  const ReadView& view() const { return view_; }
  // Where the page starts; nullopt: at the first row. The bytes that the earlier page gave to
  // NextPageToken.
  const std::optional<std::string>& cursor() const { return cursor_; }
  std::string NextPageToken(std::string cursor) const;

  // `cut`, `reproducible`: of an answer under a budget.
  void WriteStamp(v1::Stamp* stamp, bool cut = false, bool reproducible = true) const;

  // The entity or relationship that a reference of a read names. NOT_FOUND with its name;
  // INVALID_ARGUMENT for a handle.
  absl::StatusOr<EntityId> Resolve(const v1::EntityRef& proto, const FieldPath& path) const;
  absl::StatusOr<RelationshipId> Resolve(const v1::RelationshipRef& proto,
                                         const FieldPath& path) const;
  // As Resolve, nullopt where there is none.
  absl::StatusOr<std::optional<EntityId>> Find(const v1::EntityRef& proto,
                                               const FieldPath& path) const;

 private:
  ReadSession() = default;
  absl::Status ChooseSnapshot(const CallContext& call, const v1::ReadOptions& read,
                              const google::protobuf::Message* request,
                              absl::string_view page_token);
  absl::Status ChooseView(const v1::ReadOptions& read, ReadDefaults defaults);
  absl::StatusOr<EntityId> FindSource(const std::string& key) const;

  std::shared_ptr<OpenDatabase> open_;  // first, so that the snapshot goes before the engine
  std::optional<Snapshot> snapshot_;
  Instant now_ = 0;
  ReadView view_;
  std::optional<v1::BeliefPolicy> policy_;  // as asked, for the stamp
  std::string arguments_digest_;
  std::optional<std::string> cursor_;
};

// The state that a Consistency asks for. Errors as ReadSession::Open. `path` names the field.
absl::StatusOr<Snapshot> OpenSnapshot(const CallContext& call, Database& database,
                                      const v1::Consistency& consistency, const FieldPath& path);

// Rows of a page: 0 is the default, too large is clamped, negative INVALID_ARGUMENT.
absl::StatusOr<size_t> PageSize(int asked, const Limits& limits);

// A NOT_FOUND that names the entity, by key or `#id`.
absl::Status EntityNotFound(absl::string_view name);

// The stamp of a whole state, without valid time and policy.
void WriteStateStamp(const Database& database, const Snapshot& snapshot, v1::Stamp* stamp);

// The time as the API writes it; empty for minus infinity (version 0).
std::string CommitTimeText(Instant t);

}  // namespace relata

#endif  // RELATA_SERVER_READ_SESSION_H_
