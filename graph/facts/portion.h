#ifndef RELATA_GRAPH_FACTS_PORTION_H_
#define RELATA_GRAPH_FACTS_PORTION_H_

#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/facts/fact.h"
#include "graph/values/bound.h"

namespace relata {

// A part of valid time [from, to) that a write acts on (S4.2); infinities where a side is open.
struct Portion {
  Instant from = kMinusInfinity;
  Instant to = kPlusInfinity;
  // Texts are instants, dates (their first instant in UTC), or `..`. INVALID_ARGUMENT where a text
  // is none of these, and where from >= to.
  static absl::StatusOr<Portion> Parse(absl::string_view from, absl::string_view to);
  bool all() const { return from == kMinusInfinity && to == kPlusInfinity; }
};

// A fact cut along a portion (S4.2): the pieces before, inside and after it. A fact that the
// portion does not possibly overlap is wholly `before` or `after` and unchanged; every piece is
// possibly valid at some instant. A cut at t ends the left piece in [min(to.earliest, t), t) and
// begins the right one in [t, max(from.latest, t)), exact where the fact was certain at t; what is
// left of an unknown bound stays flagged unknown. Pieces keep the statement, the citations,
// `recorded` and, as `cut_from` where their from-bound is no longer the fact's, the rank. The
// earliest piece keeps the fact's id, the others have id 0.
struct CutFact {
  std::optional<Fact> before;
  std::optional<Fact> inside;
  std::optional<Fact> after;
};
CutFact CutByPortion(const Fact& fact, const Portion& portion);

// Cuts every fact by the portion, keeps what is outside, and replaces each piece inside by what
// `change` makes of it (nullopt: ended). A portion of all valid time cuts nothing, so bounds and
// ids stay as they are. Of the pieces that are left of a fact the earliest keeps its id, the others
// get theirs from `new_id`, in order of time; `change` may see a piece that has no id yet, and an
// id that it sets is ignored. The facts stay in their order, pieces in the place of the fact they
// come from. Returns whether the portion possibly overlapped any fact.
bool ChangePortion(const Portion& portion, absl::FunctionRef<FactId()> new_id,
                   absl::FunctionRef<std::optional<Fact>(Fact)> change, std::vector<Fact>& facts);

}  // namespace relata

#endif  // RELATA_GRAPH_FACTS_PORTION_H_
