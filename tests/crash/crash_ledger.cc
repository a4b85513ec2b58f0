#include "tests/crash/crash_ledger.h"

namespace relata {

CrashLedger::CrashLedger(const std::string& path, int writers)
    : writer_count_(writers), file_(path), versions_(writers), in_doubt_(writers, false) {}

int CrashLedger::Committed(int writer) const {
  MutexLock lock(&mutex_);
  return static_cast<int>(versions_[writer].size());
}

uint64_t CrashLedger::VersionOf(BatchName batch) const {
  MutexLock lock(&mutex_);
  return versions_[batch.writer][batch.number - 1];
}

size_t CrashLedger::TotalCommitted() const {
  MutexLock lock(&mutex_);
  size_t total = 0;
  for (const auto& versions : versions_) total += versions.size();
  return total;
}

std::map<uint64_t, BatchName> CrashLedger::CommittedAfter(uint64_t after) const {
  MutexLock lock(&mutex_);
  std::map<uint64_t, BatchName> found;
  for (size_t writer = 0; writer < versions_.size(); ++writer) {
    for (size_t i = 0; i < versions_[writer].size(); ++i) {
      if (versions_[writer][i] <= after) continue;
      found[versions_[writer][i]] = {static_cast<int>(writer), static_cast<int>(i) + 1};
    }
  }
  return found;
}

void CrashLedger::Send(BatchName batch) {
  MutexLock lock(&mutex_);
  in_doubt_[batch.writer] = true;
  file_ << "sent " << batch.writer << " " << batch.number << "\n" << std::flush;
}

void CrashLedger::Commit(BatchName batch, uint64_t version, const char* how) {
  MutexLock lock(&mutex_);
  in_doubt_[batch.writer] = false;
  versions_[batch.writer].push_back(version);
  file_ << how << " " << batch.writer << " " << batch.number << " version " << version << "\n"
        << std::flush;
}

void CrashLedger::Lose(BatchName batch) {
  MutexLock lock(&mutex_);
  in_doubt_[batch.writer] = false;
  file_ << "absent " << batch.writer << " " << batch.number << "\n" << std::flush;
}

bool CrashLedger::InDoubt(int writer) const {
  MutexLock lock(&mutex_);
  return in_doubt_[writer];
}

}  // namespace relata
