#ifndef RELATA_GRAPH_FACTS_BELIEF_H_
#define RELATA_GRAPH_FACTS_BELIEF_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/facts/fact.h"
#include "graph/values/bound.h"

namespace relata {

// The numbers live on disk (digests).
enum class FactStatus : uint8_t { kUncited = 0, kAsserted = 1, kDisputed = 2, kRetracted = 3 };

// What a reader chooses to believe (S5.2). Immutable while used; shared between threads.
struct BeliefPolicy {
  // Every fact, retracted ones too, and all rivals at an instant (S1.4 does not apply). Status and
  // confidence are what the default policy says; the other fields have no effect.
  bool raw = false;
  // 0 to 1. A fact of less confidence is hidden; an uncited one has 1.
  double min_confidence = 0.0;
  // Distinct asserting sources that a fact needs; 1 and more hide uncited facts.
  int min_sources = 0;
  // Present: only these sources count, and uncited facts are hidden.
  std::optional<absl::flat_hash_set<EntityId>> trusted;
  // These sources do not count, trusted or not.
  absl::flat_hash_set<EntityId> barred;
  // Whether disputed facts are shown.
  bool disputed_in = true;
  // End (exclusive) of the last day that counts: a citation counts where all of its report date
  // lies before this, so one without report date does not. Uncited facts pass.
  std::optional<Instant> reported_until;

  // The default: everything not retracted. Its verdicts are kept in digests.
  bool IsDefault() const;
  // Whether citations of this source exist for the reader, `reported_until` aside.
  bool Counts(EntityId source) const;
};

// How a fact stands under a policy (S5.1, S5.2).
struct Belief {
  FactStatus status = FactStatus::kUncited;
  // Largest among asserting citations; 1 for uncited. Meaningless (0) where retracted.
  double confidence = 1.0;
  // Sources whose latest counted citation asserts; distinct, ascending.
  std::vector<EntityId> asserting;
  // Likewise disputes.
  std::vector<EntityId> disputing;
  // S2.2: where certainty begins for an unknown from-bound: `latest` of the earliest report date
  // among asserting citations; kPlusInfinity where none has one.
  Instant certain_from = kPlusInfinity;
  // Whether the policy shows it.
  bool visible = true;
};
// For each source that the policy counts the latest citation that it counts decides (by report
// date, commit time where there is none, then commit, then order). A source with a citation that
// has `source_retracted` says nothing, whatever its other citations. A cited fact of which no
// citation is left is retracted, never uncited. O(n log n) in the citations.
Belief EvaluateBelief(const Fact& fact, const BeliefPolicy& policy);

// A change of status (S10). It is dated by the report date of the citations that made it, so a
// timeline lists it only where there is one (`reported`). A change by citations without report date
// has `reported` false and their commit time as its date; so has the retraction of a source, which
// has the time of that act.
struct StatusChange {
  Bound date;
  FactStatus status = FactStatus::kUncited;
  bool reported = false;
};
// Replays the citations that the policy counts by date, then commit, then order, and returns where
// the status differs from the one before, ordered by date (earliest, then latest). Citations of one
// date act together: one change at most. The first status is no change; a fact without citations
// has none. The last status is the one of EvaluateBelief.
std::vector<StatusChange> StatusChanges(const Fact& fact, const BeliefPolicy& policy);

// The verdict of the default policy, kept beside adjacency entries (S5.3).
struct BeliefDigest {
  FactStatus status = FactStatus::kUncited;
  uint8_t sources = 0;  // asserting ones, 3 for more
  bool visible() const { return status != FactStatus::kRetracted; }
  bool operator==(const BeliefDigest&) const = default;
};
BeliefDigest MakeDigest(const Fact& fact);
// The same from what EvaluateBelief gave under the default policy.
BeliefDigest MakeDigest(const Belief& belief);

// What valid time a read asks for (S2.3).
struct ValidTime {
  enum class Kind : uint8_t { kInstant, kWindow, kAll };
  Kind kind = Kind::kAll;
  // The instant; or the window [from, to), from < to, infinities allowed. ALL: no meaning.
  Instant from = 0;
  Instant to = 0;
  // Else possibly (S2.2). Of ALL it leaves what is certain at some instant (S1.5).
  bool certainly = false;
  static ValidTime At(Instant t, bool certainly = false);
  static ValidTime Window(Instant from, Instant to, bool certainly = false);
  static ValidTime All(bool certainly = false);
};

// What valid time and which belief a read sees. Copyable; the policy is shared and never null.
struct ReadView {
  ValidTime valid;
  std::shared_ptr<const BeliefPolicy> policy;
};
// The default policy, one object for all.
std::shared_ptr<const BeliefPolicy> DefaultPolicy();

// Whether the interval is valid as `valid` asks. ALL: possibly always, certainly where there is an
// instant at which it is.
bool Matches(const ValidTime& valid, const Interval& interval, Instant certain_from);

// S1.4: whether `a` goes before `b`, given their confidence under the policy: the later from-bound,
// then the higher confidence, the later commit, the higher fact id, each of the fact that a piece
// was cut from. What has not committed is later than all that has. A strict total order over facts
// of different ids.
bool RanksBefore(const Fact& a, double confidence_a, const Fact& b, double confidence_b);

// A fact that a view shows. `fact` borrows from the span given.
struct VisibleFact {
  const Fact* fact = nullptr;
  Belief belief;
};
// S1.4, S1.5: at an instant at most one (under the raw policy every one that matches), in a window
// or ALL each one that overlaps; in rank order, best first.
std::vector<VisibleFact> SelectVisible(absl::Span<const Fact> facts, const ReadView& view);
// The one fact of an instant, null where none; under the raw policy the best. Precondition:
// view.valid is an instant.
const Fact* SelectOne(absl::Span<const Fact> facts, const ReadView& view);

}  // namespace relata

#endif  // RELATA_GRAPH_FACTS_BELIEF_H_
