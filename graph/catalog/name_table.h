#ifndef RELATA_GRAPH_CATALOG_NAME_TABLE_H_
#define RELATA_GRAPH_CATALOG_NAME_TABLE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/catalog/reserved_names.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// Interned names of labels, types and properties: append-only, unversioned (space kMeta), the same
// for all readers. An id is given when a transaction first uses a name and is stored with the first
// commit that stages it; ids of names that no commit stored are forgotten at the next opening.
// Thread-safe.
class NameTable {
 public:
  enum class Space : uint8_t { kLabel = 1, kType = 2, kProperty = 3 };  // lives on disk

  // DATA_LOSS where the stored names are damaged.
  static absl::StatusOr<std::unique_ptr<NameTable>> Load(const OrderedKv& kv);

  LabelId InternLabel(absl::string_view name) { return LabelId(Intern(Space::kLabel, name)); }
  TypeId InternType(absl::string_view name) { return TypeId(Intern(Space::kType, name)); }
  PropertyId InternProperty(absl::string_view name) {
    return PropertyId(Intern(Space::kProperty, name));
  }
  // nullopt: nothing ever bore this name, so nothing can match it.
  std::optional<LabelId> FindLabel(absl::string_view name) const;
  std::optional<TypeId> FindType(absl::string_view name) const;
  std::optional<PropertyId> FindProperty(absl::string_view name) const;
  // Precondition: an id that this table gave. The view holds as long as the table.
  absl::string_view Name(LabelId id) const { return NameOf(Space::kLabel, id.value()); }
  absl::string_view Name(TypeId id) const { return NameOf(Space::kType, id.value()); }
  absl::string_view Name(PropertyId id) const { return NameOf(Space::kProperty, id.value()); }
  // All names of a kind that are stored, in id order.
  std::vector<std::string> StoredNames(Space space) const;

  // Stages every name that is not known to be stored (committer's thread). A group of commits that
  // is refused after staging stages them again with the next.
  void StageNew(VersionedBatch& batch);
  // The names staged so far are durable (committer's thread, after the sync).
  void MarkStored();

 private:
  struct Names {
    std::deque<std::string> by_id;  // id 1 at index 0; a deque, so that views stay valid
    absl::flat_hash_map<absl::string_view, uint32_t> ids;
    size_t staged = 0;
    size_t stored = 0;
  };
  NameTable() = default;
  uint32_t Intern(Space space, absl::string_view name);
  std::optional<uint32_t> Find(Space space, absl::string_view name) const;
  absl::string_view NameOf(Space space, uint32_t id) const;
  Names& names(Space s) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return names_[static_cast<int>(s) - 1];
  }
  const Names& names(Space s) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return names_[static_cast<int>(s) - 1];
  }

  mutable Mutex mutex_;
  Names names_[3] ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_GRAPH_CATALOG_NAME_TABLE_H_
