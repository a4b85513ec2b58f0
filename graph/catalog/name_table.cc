#include "graph/catalog/name_table.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/store/meta_layout.h"

namespace relata {

absl::StatusOr<std::unique_ptr<NameTable>> NameTable::Load(const OrderedKv& kv) {
  std::unique_ptr<NameTable> table(new NameTable());
  const std::string prefix = MetaPrefix(MetaKind::kName);
  const std::unique_ptr<KvIterator> it =
      kv.NewIterator(KeySpace::kMeta, nullptr, prefix, PrefixEnd(prefix));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    RELATA_ASSIGN_OR_RETURN(const MetaName key, DecodeMetaNameKey(it->key()));
    if (key.space < 1 || key.space > 3) {
      return absl::DataLossError(
          absl::StrCat("an interned name is of the unknown kind ", key.space));
    }
    MutexLock lock(&table->mutex_);
    Names& names = table->names(static_cast<Space>(key.space));
    if (names.by_id.size() + 1 != key.id) {
      return absl::DataLossError(absl::StrCat("interned name ", key.id, " of kind ", key.space,
                                              " follows ", names.by_id.size(),
                                              "; names are missing, restore a backup"));
    }
    names.by_id.emplace_back(it->value());
    names.ids[names.by_id.back()] = key.id;
    names.staged = names.stored = names.by_id.size();
  }
  RELATA_RETURN_IF_ERROR(it->status());
  // The reserved names come first in a new database, and are there in every other.
  table->InternProperty("_names");
  table->InternProperty("name");
  table->InternProperty("published");
  table->InternLabel("Source");
  return table;
}

uint32_t NameTable::Intern(Space space, absl::string_view name) {
  MutexLock lock(&mutex_);
  Names& names = this->names(space);
  const auto it = names.ids.find(name);
  if (it != names.ids.end()) return it->second;
  names.by_id.emplace_back(name);
  const auto id = static_cast<uint32_t>(names.by_id.size());
  names.ids[names.by_id.back()] = id;
  return id;
}

std::optional<uint32_t> NameTable::Find(Space space, absl::string_view name) const {
  MutexLock lock(&mutex_);
  const Names& names = this->names(space);
  const auto it = names.ids.find(name);
  if (it == names.ids.end()) return std::nullopt;
  return it->second;
}

absl::string_view NameTable::NameOf(Space space, uint32_t id) const {
  MutexLock lock(&mutex_);
  const Names& names = this->names(space);
  return id >= 1 && id <= names.by_id.size() ? absl::string_view(names.by_id[id - 1])
                                             : absl::string_view("?");
}

std::optional<LabelId> NameTable::FindLabel(absl::string_view name) const {
  const std::optional<uint32_t> id = Find(Space::kLabel, name);
  return id ? std::optional<LabelId>(*id) : std::nullopt;
}
std::optional<TypeId> NameTable::FindType(absl::string_view name) const {
  const std::optional<uint32_t> id = Find(Space::kType, name);
  return id ? std::optional<TypeId>(*id) : std::nullopt;
}
std::optional<PropertyId> NameTable::FindProperty(absl::string_view name) const {
  const std::optional<uint32_t> id = Find(Space::kProperty, name);
  return id ? std::optional<PropertyId>(*id) : std::nullopt;
}

std::vector<std::string> NameTable::StoredNames(Space space) const {
  MutexLock lock(&mutex_);
  const Names& names = this->names(space);
  return std::vector<std::string>(names.by_id.begin(),
                                  names.by_id.begin() + static_cast<ptrdiff_t>(names.stored));
}

void NameTable::StageNew(VersionedBatch& batch) {
  MutexLock lock(&mutex_);
  for (const Space space : {Space::kLabel, Space::kType, Space::kProperty}) {
    Names& names = this->names(space);
    for (size_t i = names.stored; i < names.by_id.size(); ++i) {
      batch.PutMeta(MetaNameKey(static_cast<uint8_t>(space), static_cast<uint32_t>(i + 1)),
                    names.by_id[i]);
    }
    names.staged = names.by_id.size();
  }
}

void NameTable::MarkStored() {
  MutexLock lock(&mutex_);
  for (Names& names : names_) names.stored = names.staged;
}

}  // namespace relata
