#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/standard_names.h"

namespace relata::query {
namespace {

// Every row, by name and by its lower-case name.
struct Table {
  std::vector<const FunctionDefinition*> ordered;
  absl::flat_hash_map<std::string, const FunctionDefinition*> by_name;
};

const Table& GetTable() {
  static const Table* const kTable = [] {
    auto* made = new Table;
    for (auto* rows : {MathFunctions, StringFunctions, ListFunctions, ConversionFunctions,
                       TemporalFunctions, EntityFunctions, FactFunctions}) {
      for (FunctionDefinition& row : rows()) {
        const auto* kept = new FunctionDefinition(std::move(row));
        made->ordered.push_back(kept);
        made->by_name.emplace(absl::AsciiStrToLower(kept->name), kept);
      }
    }
    std::sort(made->ordered.begin(), made->ordered.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    return made;
  }();
  return *kTable;
}

}  // namespace

const FunctionDefinition* FindFunction(absl::string_view name) {
  const Table& table = GetTable();
  const auto found = table.by_name.find(absl::AsciiStrToLower(FunctionOfStandardName(name)));
  return found == table.by_name.end() ? nullptr : found->second;
}

absl::Span<const FunctionDefinition* const> AllFunctions() { return GetTable().ordered; }

}  // namespace relata::query
