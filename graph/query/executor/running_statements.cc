#include "graph/query/executor/running_statements.h"

#include "absl/strings/str_cat.h"

namespace relata::query {

std::shared_ptr<RunningStatements::Entry> RunningStatements::Add(absl::string_view text,
                                                                 absl::string_view principal,
                                                                 int64_t started_micros) {
  auto entry = std::make_shared<Entry>();
  entry->text = std::string(text);
  entry->principal = std::string(principal);
  entry->started_micros = started_micros;
  MutexLock lock(&mutex_);
  const uint64_t id = next_++;
  entry->id = absl::StrCat("statement-", id);
  // Those that have ended go now: as many as run are kept.
  for (auto it = entries_.begin(); it != entries_.end();) {
    it = it->second.expired() ? entries_.erase(it) : std::next(it);
  }
  entries_[id] = entry;
  return entry;
}

std::vector<std::shared_ptr<const RunningStatements::Entry>> RunningStatements::List() const {
  std::vector<std::shared_ptr<const Entry>> running;
  MutexLock lock(&mutex_);
  for (const auto& [id, entry] : entries_) {
    if (std::shared_ptr<const Entry> live = entry.lock()) running.push_back(std::move(live));
  }
  return running;
}

bool RunningStatements::Terminate(absl::string_view id) {
  MutexLock lock(&mutex_);
  for (const auto& [number, entry] : entries_) {
    const std::shared_ptr<Entry> live = entry.lock();
    if (live == nullptr || live->id != id) continue;
    live->terminated = true;
    return true;
  }
  return false;
}

}  // namespace relata::query
