#include "graph/facts/portion.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata {
namespace {

// One side of a portion; `open` is the infinity that `..` stands for.
absl::StatusOr<Instant> ParseSide(absl::string_view side, absl::string_view text, Instant open) {
  if (text == "..") return open;
  absl::StatusOr<Instant> instant = ParseInstant(text);
  if (!instant.ok()) {
    return absl::Status(instant.status().code(),
                        absl::StrCat("the portion's ", side, ": ", instant.status().message()));
  }
  return instant;
}

// A bound that a cut leaves on a piece, in place of `before`. Exact where nothing is uncertain any
// more.
Bound CutBound(Instant earliest, Instant latest, const Bound& before) {
  if (earliest == latest) return Bound::At(earliest);
  Bound bound;
  bound.earliest = earliest;
  bound.latest = latest;
  bound.kind = BoundKind::kCut;
  bound.about = before.about;
  bound.unknown = before.unknown;
  return bound;
}

// Splits `fact` at t and returns the piece after t, with id 0; `fact` becomes the piece before it.
// nullopt, and the fact as it was, where it is not possibly valid on both sides of t.
std::optional<Fact> SplitAt(Instant t, Fact& fact) {
  if (t <= fact.valid.from.earliest || t >= fact.valid.to.latest) return std::nullopt;
  Fact right = fact;
  right.id = FactId();
  if (!right.cut_from) right.cut_from = RankOrigin{fact.valid.from, fact.recorded, fact.id};
  right.valid.from = CutBound(t, std::max(fact.valid.from.latest, t), fact.valid.from);
  fact.valid.to = CutBound(std::min(fact.valid.to.earliest, t), t, fact.valid.to);
  return right;
}

bool LiesBefore(const Fact& fact, Instant t) { return fact.valid.to.latest <= t; }
bool LiesFrom(const Fact& fact, Instant t) { return fact.valid.from.earliest >= t; }

// Appends the pieces that are left to `out`. The first of them keeps the id of the fact they come
// from.
void AppendPieces(FactId id, absl::FunctionRef<FactId()> new_id,
                  std::initializer_list<std::optional<Fact>*> pieces, std::vector<Fact>& out) {
  bool id_taken = false;
  for (std::optional<Fact>* piece : pieces) {
    if (!piece->has_value()) continue;
    (*piece)->id = id_taken ? new_id() : id;
    id_taken = true;
    out.push_back(*std::move(*piece));
  }
}

}  // namespace

absl::StatusOr<Portion> Portion::Parse(absl::string_view from, absl::string_view to) {
  Portion portion;
  RELATA_ASSIGN_OR_RETURN(portion.from, ParseSide("start", from, kMinusInfinity));
  RELATA_ASSIGN_OR_RETURN(portion.to, ParseSide("end", to, kPlusInfinity));
  if (portion.from >= portion.to) {
    return absl::InvalidArgumentError(absl::StrCat("the portion from '", from, "' to '", to,
                                                   "' is empty: its end must be after its start"));
  }
  return portion;
}

CutFact CutByPortion(const Fact& fact, const Portion& portion) {
  CutFact cut;
  if (LiesBefore(fact, portion.from)) {
    cut.before = fact;
    return cut;
  }
  if (LiesFrom(fact, portion.to)) {
    cut.after = fact;
    return cut;
  }
  Fact rest = fact;
  if (std::optional<Fact> right = SplitAt(portion.from, rest)) {
    cut.before = std::exchange(rest, *std::move(right));
  }
  cut.after = SplitAt(portion.to, rest);
  cut.inside = std::move(rest);
  return cut;
}

bool ChangePortion(const Portion& portion, absl::FunctionRef<FactId()> new_id,
                   absl::FunctionRef<std::optional<Fact>(Fact)> change, std::vector<Fact>& facts) {
  bool changed = false;
  std::vector<Fact> result;
  result.reserve(facts.size());
  for (Fact& fact : facts) {
    CutFact cut = CutByPortion(fact, portion);
    if (!cut.inside) {
      result.push_back(std::move(fact));
      continue;
    }
    changed = true;
    std::optional<Fact> inside = change(*std::move(cut.inside));
    AppendPieces(fact.id, new_id, {&cut.before, &inside, &cut.after}, result);
  }
  facts = std::move(result);
  return changed;
}

}  // namespace relata
