#include "bench/finbench/workload.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata::finbench {
namespace {

using nlohmann::json;

absl::Status ForEachLine(const std::string& path,
                         absl::FunctionRef<absl::Status(const json&)> receive) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::string line;
  for (int64_t number = 1; std::getline(file, line); ++number) {
    const json parsed = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!parsed.is_object() || !parsed.contains("operation") ||
        !parsed.value("parameters", json()).is_object()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", number, " is no operation with parameters; generate it again"));
    }
    RELATA_RETURN_IF_ERROR(receive(parsed));
  }
  return absl::OkStatus();
}

Parameters ToParameters(const json& object) {
  Parameters parameters;
  for (const auto& [name, value] : object.items()) {
    v1::Value& out = parameters[name];
    if (value.is_boolean()) {
      out.set_bool_value(value.get<bool>());
    } else if (value.is_number_integer()) {
      out.set_int_value(value.get<int64_t>());
    } else if (value.is_number()) {
      out.set_double_value(value.get<double>());
    } else {
      out.set_string_value(value.get<std::string>());
    }
  }
  return parameters;
}

absl::Status ReadQueries(const std::string& folder, Workload& workload) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".query") continue;
    std::ifstream file(entry.path());
    workload.queries[entry.path().stem()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return workload.queries.empty()
             ? absl::NotFoundError(absl::StrCat("no queries in ", folder, "; see --queries"))
             : absl::OkStatus();
}

}  // namespace

v1::Value IntValue(int64_t number) {
  v1::Value value;
  value.set_int_value(number);
  return value;
}

absl::StatusOr<Workload> ReadWorkload(const std::string& queries, const std::string& data) {
  Workload workload;
  RELATA_RETURN_IF_ERROR(ReadQueries(queries, workload));
  RELATA_RETURN_IF_ERROR(ForEachLine(data + "/updates.jsonl", [&](const json& line) {
    UpdateOperation& update = workload.updates.emplace_back();
    update.name = line.at("operation").get<std::string>();
    update.parameters = ToParameters(line.at("parameters"));
    for (const json& number : line.value("after", json::array())) {
      update.after.push_back(number.get<size_t>());
    }
    return absl::OkStatus();
  }));
  RELATA_RETURN_IF_ERROR(ForEachLine(data + "/reads.jsonl", [&](const json& line) {
    Parameters parameters = ToParameters(line.at("parameters"));
    parameters["truncationLimit"] = IntValue(kTruncationLimit);
    for (const char* const name : {"threshold", "threshold1", "threshold2"}) {
      parameters[name].set_double_value(0.0);
    }
    workload.reads[line.at("operation").get<std::string>()].push_back(std::move(parameters));
    return absl::OkStatus();
  }));
  return workload;
}

}  // namespace relata::finbench
