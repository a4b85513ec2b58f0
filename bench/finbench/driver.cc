#include "bench/finbench/driver.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "base/status_macros.h"

namespace relata::finbench {
namespace {

constexpr size_t kComplexReads = 12;
constexpr size_t kSimpleReads = 6;
// Updates to one run of complex read k.
constexpr std::array<size_t, kComplexReads> kFrequencies = {12, 45, 23, 57, 83, 21,
                                                            36, 51, 21, 6,  12, 34};
constexpr double kDissipation = 0.2;

size_t NumberOf(absl::string_view name) {
  return static_cast<size_t>(std::find(kOperations.begin(), kOperations.end(), name) -
                             kOperations.begin());
}

}  // namespace

std::vector<int64_t> AccountsIn(const QueryAnswer& answer) {
  std::vector<int64_t> accounts;
  for (size_t i = 0; i < answer.columns.size(); ++i) {
    const std::string& column = answer.columns[i];
    const bool path = column == "path";
    if (!path && column != "otherId" && column != "dstId" && column != "midId" &&
        column != "compAccountId") {
      continue;
    }
    for (const auto& row : answer.rows) {
      const v1::Value& cell =
          path ? row[i].list_value().values(row[i].list_value().values_size() - 1) : row[i];
      accounts.push_back(cell.int_value());
    }
  }
  return accounts;
}

absl::StatusOr<Driver::Operation> Driver::Next() {
  MutexLock lock(&mutex_);
  if (due_.empty()) {
    if (next_update_ == workload_.updates.size()) {
      return absl::OutOfRangeError("the updates are used up; generate a larger network");
    }
    Operation& update = due_.emplace_back();
    update.update = next_update_++;
    update.is_update = true;
    update.number = NumberOf(workload_.updates[update.update].name);
    for (size_t k = 0; k < kComplexReads; ++k) {
      const auto draws = workload_.reads.find(std::string(kOperations[k]));
      if (next_update_ % kFrequencies[k] != 0 || draws == workload_.reads.end()) continue;
      Operation& read = due_.emplace_back();
      read.number = k;
      read.complex = &draws->second[next_update_ / kFrequencies[k] % draws->second.size()];
    }
  }
  Operation operation = std::move(due_.front());
  due_.pop_front();
  return operation;
}

absl::StatusOr<size_t> Driver::Call(Client& client) {
  RELATA_ASSIGN_OR_RETURN(const Operation operation, Next());
  const absl::Status status = Run(client, operation);
  if (status.ok()) return operation.number;
  MutexLock lock(&mutex_);
  ++counts_.errors[operation.number];
  return status;
}

absl::Status Driver::Run(Client& client, const Operation& operation) {
  if (operation.is_update) return RunUpdateInTurn(client, operation.update);
  const std::string name(kOperations[operation.number]);
  if (operation.complex == nullptr) {
    return RunStatement(client, workload_, name, operation.simple).status();
  }
  RELATA_ASSIGN_OR_RETURN(const QueryAnswer answer,
                          RunStatement(client, workload_, name, *operation.complex));
  AddSimpleReads(answer, *operation.complex);
  return absl::OkStatus();
}

absl::Status Driver::RunUpdateInTurn(Client& client, size_t update) {
  const UpdateOperation& operation = workload_.updates[update];
  {
    MutexLock lock(&mutex_);
    for (const size_t earlier : operation.after) {
      while (!updates_done_[earlier]) done_.Wait(&mutex_);
    }
  }
  const absl::StatusOr<UpdateResult> result =
      RunUpdate(client, workload_, operation.name, operation.parameters);
  MutexLock lock(&mutex_);
  updates_done_[update] = true;
  done_.SignalAll();
  if (!result.ok()) return result.status();
  counts_.retries += static_cast<uint64_t>(result->retries);
  counts_.without_effect += result->outcome == Outcome::kWithoutEffect ? 1 : 0;
  counts_.refused += result->outcome == Outcome::kRefused ? 1 : 0;
  counts_.detected += result->outcome == Outcome::kDetected ? 1 : 0;
  return absl::OkStatus();
}

void Driver::AddSimpleReads(const QueryAnswer& answer, const Parameters& parameters) {
  const std::vector<int64_t> accounts = AccountsIn(answer);
  if (accounts.empty()) return;
  MutexLock lock(&mutex_);
  for (double chance = 1.0; random_.Chance(chance); chance -= kDissipation) {
    Operation& read = due_.emplace_back();
    read.number = kComplexReads + static_cast<size_t>(random_.Below(kSimpleReads));
    read.simple = parameters;
    read.simple["id"] = IntValue(
        accounts[static_cast<size_t>(random_.Below(static_cast<int64_t>(accounts.size())))]);
  }
}

Driver::Counts Driver::TakeCounts() {
  MutexLock lock(&mutex_);
  return std::exchange(counts_, Counts());
}

}  // namespace relata::finbench
