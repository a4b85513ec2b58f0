#include "graph/answers/seen_facts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"

namespace relata {
namespace {

// How many relationships are read at a time: what they hold in memory stays small beside an answer.
constexpr size_t kFactBatch = 4096;

Direction Reversed(Direction d) {
  if (d == Direction::kEither) return d;
  return d == Direction::kOut ? Direction::kIn : Direction::kOut;
}

}  // namespace

absl::StatusOr<std::vector<std::optional<Fact>>> SeenFacts(
    const Snapshot& snapshot, const ReadView& view, absl::Span<const RelationshipEnds> ends) {
  std::vector<std::optional<Fact>> seen(ends.size());
  for (size_t begin = 0; begin < ends.size(); begin += kFactBatch) {
    const size_t count = std::min(kFactBatch, ends.size() - begin);
    RELATA_ASSIGN_OR_RETURN(auto states, snapshot.GetRelationships(ends.subspan(begin, count)));
    for (size_t i = 0; i < count; ++i) {
      if (!states[i]) continue;
      std::vector<Fact>& facts = states[i]->facts;
      const Fact* const fact = SelectOne(facts, view);
      if (fact != nullptr) seen[begin + i] = std::move(facts[fact - facts.data()]);
    }
  }
  return seen;
}

std::vector<Step> ReversedSteps(absl::Span<const Step> steps) {
  std::vector<Step> reversed;
  reversed.reserve(steps.size());
  for (const Step& step : steps) reversed.push_back({step.type, Reversed(step.direction)});
  return reversed;
}

absl::Status CheckExists(const Snapshot& snapshot, EntityId entity, absl::string_view role) {
  RELATA_ASSIGN_OR_RETURN(const bool exists, snapshot.EntityExists(entity));
  if (exists) return absl::OkStatus();
  return WithParts(
      absl::NotFoundError(absl::StrCat("the ", role, " entity ", entity.value(),
                                       " does not exist at version ", snapshot.version().value())),
      {{"entity", absl::StrCat("#", entity.value())},
       {"version", absl::StrCat(snapshot.version().value())}});
}

}  // namespace relata
