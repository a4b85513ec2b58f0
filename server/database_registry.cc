#include "server/database_registry.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/engine.h"
#include "server/errors.h"

namespace relata {
namespace {

constexpr absl::string_view kMain = "main";
constexpr size_t kMaxNameBytes = 63;

bool IsDatabaseName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || !absl::ascii_islower(name[0])) return false;
  for (const unsigned char c : name) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '_' && c != '-') return false;
  }
  return true;
}

absl::Status NoSuchDatabase(absl::string_view name) {
  return WithReason(absl::NotFoundError(absl::StrCat("there is no database ", name,
                                                     "; list them, or create it first")),
                    v1::DATABASE_NOT_FOUND, {{"database", std::string(name)}});
}

}  // namespace

OpenDatabase::~OpenDatabase() = default;

absl::StatusOr<std::unique_ptr<DatabaseRegistry>> DatabaseRegistry::Open(
    EngineProvider* engines, Clock* clock, const DatabaseOptions& options, int query_threads) {
  std::unique_ptr<DatabaseRegistry> registry(
      new DatabaseRegistry(engines, clock, options, query_threads));
  RELATA_ASSIGN_OR_RETURN(std::vector<std::string> names, engines->List());
  names.emplace_back(kMain);
  MutexLock lock(&registry->mutex_);
  for (const std::string& name : names) {
    if (!IsDatabaseName(name) || registry->databases_.contains(name)) continue;
    RELATA_ASSIGN_OR_RETURN(registry->databases_[name], registry->OpenOne(name));
  }
  return registry;
}

absl::StatusOr<std::shared_ptr<OpenDatabase>> DatabaseRegistry::OpenOne(const std::string& name) {
  auto database = std::make_shared<OpenDatabase>();
  database->name = name;
  auto kv = engines_->Open(name);
  if (kv.ok()) {
    database->kv = *std::move(kv);
    auto graph = Database::Open(database->kv.get(), clock_, options_);
    if (graph.ok()) {
      database->graph = *std::move(graph);
      database->queries =
          std::make_unique<query::QueryEngine>(database->graph.get(), query_threads_);
      return database;
    }
    kv = graph.status();
  }
  return absl::Status(kv.status().code(),
                      absl::StrCat("database ", name, ": ", kv.status().message()));
}

absl::StatusOr<std::shared_ptr<OpenDatabase>> DatabaseRegistry::Find(absl::string_view name) const {
  const absl::string_view wanted = name.empty() ? kMain : name;
  MutexLock lock(&mutex_);
  const auto it = databases_.find(wanted);
  if (it == databases_.end()) return NoSuchDatabase(wanted);
  return it->second;
}

std::vector<std::shared_ptr<OpenDatabase>> DatabaseRegistry::List() const {
  std::vector<std::shared_ptr<OpenDatabase>> databases;
  MutexLock lock(&mutex_);
  for (const auto& [name, database] : databases_) databases.push_back(database);
  return databases;
}

absl::StatusOr<std::shared_ptr<OpenDatabase>> DatabaseRegistry::Create(const std::string& name,
                                                                       size_t max_databases) {
  if (!IsDatabaseName(name)) {
    return FieldError("database_id",
                      "must be 1 to 63 of a-z, 0-9, `_` and `-`, starting with a letter");
  }
  MutexLock lock(&mutex_);
  if (databases_.contains(name)) {
    return WithReason(absl::AlreadyExistsError(absl::StrCat("there is a database ", name,
                                                            " already; choose another name")),
                      v1::ALREADY_THERE, {{"database", name}});
  }
  if (databases_.size() >= max_databases) {
    return LimitError("one more database", "max_databases", max_databases);
  }
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<OpenDatabase> database, OpenOne(name));
  databases_[name] = database;
  return database;
}

absl::Status DatabaseRegistry::Delete(const std::string& name) {
  MutexLock lock(&mutex_);
  const auto it = databases_.find(name);
  if (it == databases_.end()) return NoSuchDatabase(name);
  if (name == kMain) {
    return absl::FailedPreconditionError("the database main cannot be deleted");
  }
  if (it->second.use_count() > 1) {
    return absl::FailedPreconditionError(absl::StrCat(
        "database ", name, " is in use; end the calls that read or watch it and try again"));
  }
  databases_.erase(it);
  return engines_->Remove(name);
}

void DatabaseRegistry::WakeAll() const {
  for (const auto& database : List()) database->graph->Wake();
}

}  // namespace relata
