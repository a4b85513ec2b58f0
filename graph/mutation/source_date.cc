#include "graph/mutation/source_date.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/catalog/reserved_names.h"
#include "graph/facts/belief.h"

namespace relata {

std::optional<Bound> PublishedDate(const EntityState& source) {
  const std::vector<Fact>* facts = source.FindProperty(kPublishedProperty);
  if (facts == nullptr) return std::nullopt;
  const std::vector<VisibleFact> seen = SelectVisible(*facts, {ValidTime::All(), DefaultPolicy()});
  if (seen.empty()) return std::nullopt;
  const Value& value = seen.front().fact->value;
  std::string text;
  if (const auto* date = value.get_if<Date>()) {
    text = date->ToString();
  } else if (const auto* stamp = value.get_if<DateTime>()) {
    const Instant t = stamp->seconds * 1'000'000 + stamp->nanos / 1000;
    return Bound::At(t);
  } else if (const auto* edtf = value.get_if<std::string>()) {
    text = *edtf;
  }
  const absl::StatusOr<Bound> bound = Bound::Parse(text, BoundRole::kFrom);
  if (text.empty() || !bound.ok() || bound->kind == BoundKind::kUnbounded) return std::nullopt;
  return *bound;
}

}  // namespace relata
