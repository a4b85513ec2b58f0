#include "graph/query/executor/operators/index_lookups.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"

namespace relata::query {
namespace {

// nullopt: a null, a node or a path, which is no property's value.
std::optional<Value> Stored(const Datum& datum) {
  if (datum.is_null()) return std::nullopt;
  absl::StatusOr<Value> value = datum.ToValue();
  if (!value.ok()) return std::nullopt;
  return *std::move(value);
}

}  // namespace

absl::Status IndexLookups::Begin(ExecutionContext& context, const Batch& input) {
  equal_.clear();
  for (const Expression& value : sought_.equal) {
    RELATA_RETURN_IF_ERROR(value.Evaluate(context, input, &equal_.emplace_back()));
  }
  for (const auto& [expression, column] :
       {std::pair(&sought_.at_least, &at_least_), std::pair(&sought_.at_most, &at_most_),
        std::pair(&sought_.starts_with, &starts_with_)}) {
    if (*expression) RELATA_RETURN_IF_ERROR(expression->Evaluate(context, input, column));
  }
  return absl::OkStatus();
}

std::vector<IndexLookup> IndexLookups::Of(size_t row) const {
  std::vector<IndexLookup> lookups;
  if (sought_.many) {
    const Datum list = equal_[0].Get(row);
    if (!list.is_list()) return lookups;
    absl::flat_hash_set<Datum, DatumHash, DatumEquivalent> wanted(list.AsList().begin(),
                                                                  list.AsList().end());
    for (const Datum& one : wanted) {
      std::optional<Value> value = Stored(one);
      if (value) lookups.emplace_back().equal.push_back(*std::move(value));
    }
    return lookups;
  }
  IndexLookup lookup;
  for (const Column& column : equal_) {
    std::optional<Value> value = Stored(column.Get(row));
    if (!value) return lookups;
    lookup.equal.push_back(*std::move(value));
  }
  if (sought_.at_least && !(lookup.at_least = Stored(at_least_.Get(row)))) return lookups;
  if (sought_.at_most && !(lookup.at_most = Stored(at_most_.Get(row)))) return lookups;
  if (sought_.starts_with) {
    const Datum text = starts_with_.Get(row);
    if (!text.is_string()) return lookups;
    lookup.starts_with = std::string(text.AsString());
  }
  lookups.push_back(std::move(lookup));
  return lookups;
}

std::optional<std::vector<PropertyId>> IndexLookups::Properties(const NameTable& names) const {
  std::vector<PropertyId> properties;
  for (const std::string& name : sought_.properties) {
    const std::optional<PropertyId> property = names.FindProperty(name);
    if (!property) return std::nullopt;
    properties.push_back(*property);
  }
  return properties;
}

}  // namespace relata::query
