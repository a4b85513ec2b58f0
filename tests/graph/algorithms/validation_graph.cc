#include "tests/graph/algorithms/validation_graph.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace relata {
namespace {

using Words = std::vector<std::string>;

// Calls `take` with the words of each line that has any; it says whether they make sense.
absl::Status ForEachLine(const std::string& path, const std::function<bool(const Words&)>& take) {
  std::ifstream file(path);
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const Words words = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || take(words)) continue;
    return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": ", line));
  }
  return absl::OkStatus();
}

absl::Status ReadProperties(const std::string& path, ValidationGraph& graph) {
  const std::string prefix = absl::StrCat("graph.", graph.name, ".");
  RELATA_RETURN_IF_ERROR(ForEachLine(path, [&](const Words& words) {
    if (words[0][0] == '#') return true;
    if (words.size() < 3 || words[1] != "=") return false;
    absl::string_view key = words[0];
    if (!absl::ConsumePrefix(&key, prefix)) return false;
    std::string value;
    for (size_t i = 2; i < words.size(); ++i) absl::StrAppend(&value, words[i]);
    graph.parameters.emplace(key, value);
    return true;
  }));
  graph.directed = graph.parameters["directed"] == "true";
  graph.weighted = graph.parameters.contains("edge-properties.names");
  graph.kernels = absl::StrSplit(graph.parameters["algorithms"], ',', absl::SkipEmpty());
  return absl::OkStatus();
}

absl::Status ReadEdges(const std::string& path, ValidationGraph& graph) {
  return ForEachLine(path, [&](const Words& words) {
    ValidationGraph::Edge edge;
    graph.edges.push_back(edge);
    ValidationGraph::Edge& read = graph.edges.back();
    return words.size() == (graph.weighted ? 3 : 2) && absl::SimpleAtoi(words[0], &read.from) &&
           absl::SimpleAtoi(words[1], &read.to) &&
           (!graph.weighted || absl::SimpleAtod(words[2], &read.weight));
  });
}

absl::Status CheckCount(ValidationGraph& graph, const std::string& what, size_t count) {
  size_t expected = 0;
  if (absl::SimpleAtoi(graph.parameters[absl::StrCat("meta.", what)], &expected) &&
      expected == count) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(graph.name, " has ", count, " ", what, ", its properties say something else"));
}

}  // namespace

std::vector<std::string> ListValidationGraphs(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    if (entry.path().extension() == ".properties") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<ValidationGraph> ReadValidationGraph(const std::string& folder,
                                                    const std::string& name) {
  const std::string path = absl::StrCat(folder, "/", name);
  ValidationGraph graph;
  graph.name = name;
  RELATA_RETURN_IF_ERROR(ReadProperties(path + ".properties", graph));
  RELATA_RETURN_IF_ERROR(ForEachLine(path + ".v", [&](const Words& words) {
    graph.vertices.push_back(0);
    return words.size() == 1 && absl::SimpleAtoi(words[0], &graph.vertices.back());
  }));
  RELATA_RETURN_IF_ERROR(ReadEdges(path + ".e", graph));
  RELATA_RETURN_IF_ERROR(CheckCount(graph, "vertices", graph.vertices.size()));
  RELATA_RETURN_IF_ERROR(CheckCount(graph, "edges", graph.edges.size()));
  for (const std::string& kernel : graph.kernels) {
    auto& output = graph.outputs[kernel];
    const std::string file = absl::StrCat(path, "-", absl::AsciiStrToUpper(kernel));
    RELATA_RETURN_IF_ERROR(ForEachLine(file, [&](const Words& words) {
      int64_t vertex = 0;
      return words.size() == 2 && absl::SimpleAtoi(words[0], &vertex) &&
             output.emplace(vertex, words[1]).second;
    }));
  }
  return graph;
}

}  // namespace relata
