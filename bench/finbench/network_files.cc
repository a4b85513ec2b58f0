#include "bench/finbench/network_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/finbench/insertions.h"
#include "bench/finbench/random.h"
#include "bench/finbench/read_parameters.h"

namespace relata::finbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kSubjectOfReadWrites = 100;
constexpr double kReadWriteShare = 0.2;
constexpr int64_t kWindow = int64_t{28} * 86'400'000;

absl::Status Close(std::ofstream& file, const std::string& path) {
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

// One line of a CSV file: the names or the values of `record`, none of which has a comma.
void AppendCsv(const Json& record, bool names, std::string& out) {
  bool first = true;
  for (const auto& [name, value] : record.items()) {
    if (!first) out.push_back(',');
    first = false;
    out.append(names ? name : value.is_string() ? value.get<std::string>() : value.dump());
  }
  out.push_back('\n');
}

absl::Status WriteSnapshot(const Network& network, const std::string& folder) {
  for (size_t i = 0; i < kInsertions; ++i) {
    const std::string path = absl::StrCat(folder, "/", AllInsertions()[i].file, ".csv");
    std::ofstream file(path);
    std::string line;
    const size_t count = CountOf(network, i);
    if (count > 0) AppendCsv(ParametersOf(network, i, 0), true, line);
    file << line;
    for (size_t index = 0; index < count; ++index) {
      if (TimeOf(network, i, index) > kSnapshotEnd) continue;
      line.clear();
      AppendCsv(ParametersOf(network, i, index), false, line);
      file << line;
    }
    RELATA_RETURN_IF_ERROR(Close(file, path));
  }
  return absl::OkStatus();
}

// An update; insertion kInsertions: the deletion of account `index`.
struct Update {
  int64_t time;
  size_t insertion;
  size_t index;
  bool operator<(const Update& other) const {
    return std::tie(time, insertion, index) < std::tie(other.time, other.insertion, other.index);
  }
};

std::vector<Update> SortedUpdates(const Network& network) {
  std::vector<Update> updates;
  for (size_t i = 0; i < kInsertions; ++i) {
    for (size_t index = 0; index < CountOf(network, i); ++index) {
      const int64_t time = TimeOf(network, i, index);
      if (time > kSnapshotEnd) updates.push_back({time, i, index});
    }
  }
  for (size_t id = 0; id < network.accounts.size(); ++id) {
    const int64_t time = network.accounts[id].deleted;
    if (time != kNever && time > kSnapshotEnd) updates.push_back({time, kInsertions, id});
  }
  std::sort(updates.begin(), updates.end());
  return updates;
}

// Writes updates in order and remembers which one creates what.
class UpdateLog {
 public:
  UpdateLog(const Network& network, uint64_t seed, std::ofstream* file)
      : network_(network), random_(seed, kSubjectOfReadWrites), file_(*file) {}

  void Append(const Update& update) {
    std::string operation = "tw17";
    Json parameters;
    std::vector<Insertion::End> needs = {{"accountId", "Account"}};
    if (update.insertion == kInsertions) {
      parameters["accountId"] = update.index;
    } else {
      const Insertion& insertion = AllInsertions()[update.insertion];
      operation = std::string(insertion.write);
      parameters = ParametersOf(network_, update.insertion, update.index);
      needs = insertion.needs;
      if (!insertion.creates.label.empty()) {
        created_.emplace(IdOf(insertion.creates, parameters), number_);
      }
      BecomeReadWrite(update.time, operation, parameters);
    }
    Json after = Json::array();
    for (const Insertion::End& need : needs) {
      const auto found = created_.find(IdOf(need, parameters));
      if (found != created_.end()) after.push_back(found->second);
    }
    file_ << Json{{"operation", operation}, {"after", after}, {"parameters", parameters}}.dump()
          << "\n";
    ++number_;
  }

 private:
  using NodeId = std::pair<absl::string_view, int64_t>;
  static NodeId IdOf(const Insertion::End& end, const Json& parameters) {
    return {end.label, parameters.at(std::string(end.parameter)).get<int64_t>()};
  }

  void BecomeReadWrite(int64_t time, std::string& operation, Json& parameters) {
    if (operation != "tw12" && operation != "tw10") return;
    if (!random_.Chance(kReadWriteShare)) return;
    operation = operation == "tw10" ? "trw3" : random_.Chance(0.5) ? "trw1" : "trw2";
    // The window holds the relationship that is new.
    parameters["startTime"] = time - kWindow;
    parameters["endTime"] = time + 1;
  }

  const Network& network_;
  Random random_;
  std::ofstream& file_;
  std::map<NodeId, size_t> created_;
  size_t number_ = 0;
};

absl::Status WriteUpdates(const Network& network, uint64_t seed, const std::string& path) {
  std::ofstream file(path);
  UpdateLog log(network, seed, &file);
  for (const Update& update : SortedUpdates(network)) log.Append(update);
  return Close(file, path);
}

absl::Status WriteReads(const Network& network, uint64_t seed, const std::string& path) {
  std::ofstream file(path);
  for (const ReadDraw& draw : DrawReads(network, seed)) {
    file << Json{{"operation", draw.read}, {"parameters", draw.parameters}}.dump() << "\n";
  }
  return Close(file, path);
}

}  // namespace

absl::Status WriteNetworkFiles(const Network& network, uint64_t seed, const std::string& folder) {
  std::filesystem::create_directories(folder);
  RELATA_RETURN_IF_ERROR(WriteSnapshot(network, folder));
  RELATA_RETURN_IF_ERROR(WriteUpdates(network, seed, folder + "/updates.jsonl"));
  return WriteReads(network, seed, folder + "/reads.jsonl");
}

}  // namespace relata::finbench
