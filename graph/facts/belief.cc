#include "graph/facts/belief.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace relata {
namespace {

// ---- Citations in the order in which a reader learned them.

// The report date; null where the citation has none that says anything.
const Bound* ReportDate(const Citation& citation) {
  if (!citation.reported) return nullptr;
  const Bound& reported = *citation.reported;
  return reported.unknown || reported.kind == BoundKind::kUnbounded ? nullptr : &reported;
}

// What has not committed yet comes after all that has.
uint64_t CommitOrder(CommitVersion recorded) {
  return recorded.valid() ? recorded.value() : std::numeric_limits<uint64_t>::max();
}

// When a citation was made: its report date, else its commit time, an exact instant. Bounds go by
// earliest, then latest.
using DateKey = std::pair<Instant, Instant>;
DateKey DateOf(const Citation& citation) {
  const Bound* reported = ReportDate(citation);
  if (reported == nullptr) return {citation.recorded_at, citation.recorded_at};
  return {reported->earliest, reported->latest};
}

// S5.1: by date, then commit. Equal ones keep the order in which they were added, so sorts must be
// stable.
bool MadeBefore(const Citation* a, const Citation* b) {
  return std::make_tuple(DateOf(*a), CommitOrder(a->recorded)) <
         std::make_tuple(DateOf(*b), CommitOrder(b->recorded));
}

// Whether the policy counts what source and date say about the citation.
bool CountsCitation(const BeliefPolicy& policy, const Citation& citation) {
  if (policy.raw || !policy.reported_until) return true;
  const Bound* reported = ReportDate(citation);
  if (reported == nullptr) return false;
  // An exact instant is not before itself, so the first one after the day is too late.
  return reported->exact() ? reported->latest < *policy.reported_until
                           : reported->latest <= *policy.reported_until;
}

// The citations of sources that the policy counts, by source, then as MadeBefore orders them.
std::vector<const Citation*> BySource(const Fact& fact, const BeliefPolicy& policy) {
  std::vector<const Citation*> citations;
  citations.reserve(fact.citations.size());
  for (const Citation& citation : fact.citations) {
    if (policy.Counts(citation.source)) citations.push_back(&citation);
  }
  std::stable_sort(citations.begin(), citations.end(), [](const Citation* a, const Citation* b) {
    return a->source != b->source ? a->source < b->source : MadeBefore(a, b);
  });
  return citations;
}

// ---- Belief.

// A digest counts no further.
constexpr size_t kMostSources = 3;

FactStatus StatusOf(size_t asserting, size_t disputing) {
  if (asserting == 0) return FactStatus::kRetracted;
  return disputing == 0 ? FactStatus::kAsserted : FactStatus::kDisputed;
}

// Takes the citations of one source in order; the latest that counts decides, unless the source is
// retracted.
void AddSource(absl::Span<const Citation* const> citations, const BeliefPolicy& policy,
               Belief& belief, const Bound*& earliest_report) {
  const Citation* latest = nullptr;
  for (const Citation* citation : citations) {
    if (citation->source_retracted) return;
    if (CountsCitation(policy, *citation)) latest = citation;
  }
  if (latest == nullptr) return;
  if (latest->stance == Stance::kDisputes) belief.disputing.push_back(latest->source);
  if (latest->stance != Stance::kAsserts) return;
  belief.asserting.push_back(latest->source);
  belief.confidence = std::max(belief.confidence, latest->confidence);
  const Bound* reported = ReportDate(*latest);
  if (reported == nullptr) return;
  if (earliest_report == nullptr ||
      std::tie(reported->earliest, reported->latest) <
          std::tie(earliest_report->earliest, earliest_report->latest)) {
    earliest_report = reported;
  }
}

bool IsVisible(const Belief& belief, const BeliefPolicy& policy) {
  if (policy.raw) return true;
  if (belief.status == FactStatus::kRetracted) return false;
  if (belief.confidence < policy.min_confidence) return false;
  if (belief.status == FactStatus::kUncited) return policy.min_sources < 1 && !policy.trusted;
  if (belief.status == FactStatus::kDisputed && !policy.disputed_in) return false;
  return policy.min_sources < 1 ||
         belief.asserting.size() >= static_cast<size_t>(policy.min_sources);
}

// ---- Changes of status.

// A citation, or (citation null) the retraction of a source.
struct StanceEvent {
  DateKey date;
  EntityId source;
  const Citation* citation = nullptr;
};

// The events of the policy's sources in the order in which they happened; on one date retractions
// of sources come last.
std::vector<StanceEvent> StanceEvents(const Fact& fact, const BeliefPolicy& policy) {
  std::vector<const Citation*> citations;
  absl::flat_hash_map<EntityId, Instant> retracted_sources;
  for (const Citation& citation : fact.citations) {
    if (!policy.Counts(citation.source)) continue;
    if (CountsCitation(policy, citation)) citations.push_back(&citation);
    if (citation.source_retracted) {
      retracted_sources.emplace(citation.source, *citation.source_retracted);
    }
  }
  std::stable_sort(citations.begin(), citations.end(), MadeBefore);
  std::vector<StanceEvent> events;
  events.reserve(citations.size() + retracted_sources.size());
  for (const Citation* citation : citations) {
    events.push_back({DateOf(*citation), citation->source, citation});
  }
  for (const auto& [source, time] : retracted_sources) events.push_back({{time, time}, source});
  std::stable_sort(events.begin(), events.end(), [](const StanceEvent& a, const StanceEvent& b) {
    return a.date != b.date ? a.date < b.date : a.citation != nullptr && b.citation == nullptr;
  });
  return events;
}

// What the sources say at one point of the replay.
class Standing {
 public:
  void Apply(const StanceEvent& event) {
    Source& source = sources_[event.source];
    if (event.citation != nullptr) cited_ = true;
    if (source.retracted) return;
    source.retracted = event.citation == nullptr;
    Count(source.stance, -1);
    source.stance = source.retracted ? Stance::kRetracts : event.citation->stance;
    Count(source.stance, 1);
  }
  // Whether there was a citation: without one there is no status yet.
  bool cited() const { return cited_; }
  FactStatus status() const { return StatusOf(asserting_, disputing_); }

 private:
  struct Source {
    Stance stance = Stance::kRetracts;
    bool retracted = false;
  };
  void Count(Stance stance, int by) {
    if (stance == Stance::kAsserts) asserting_ += by;
    if (stance == Stance::kDisputes) disputing_ += by;
  }

  absl::flat_hash_map<EntityId, Source> sources_;
  int asserting_ = 0;
  int disputing_ = 0;
  bool cited_ = false;
};

// ---- Rank and time.

// The from-bound as S1.4 ranks it: a later one first.
DateKey RankDate(const Bound& from) {
  if (from.unknown) return {kMinusInfinity, kMinusInfinity};
  return {from.earliest, from.latest};
}

using RankKey = std::tuple<DateKey, double, uint64_t, FactId, FactId>;
RankKey RankOf(const Fact& fact, double confidence) {
  if (fact.cut_from) {
    return {RankDate(fact.cut_from->from), confidence, CommitOrder(fact.cut_from->recorded),
            fact.cut_from->fact, fact.id};
  }
  return {RankDate(fact.valid.from), confidence, CommitOrder(fact.recorded), fact.id, fact.id};
}

bool RanksBefore(const VisibleFact& a, const VisibleFact& b) {
  return RanksBefore(*a.fact, a.belief.confidence, *b.fact, b.belief.confidence);
}

// The facts that the view's policy and valid time let through, in the order of `facts`.
std::vector<VisibleFact> MatchingFacts(absl::Span<const Fact> facts, const ReadView& view) {
  std::vector<VisibleFact> matching;
  for (const Fact& fact : facts) {
    Belief belief = EvaluateBelief(fact, *view.policy);
    if (!belief.visible || !Matches(view.valid, fact.valid, belief.certain_from)) continue;
    matching.push_back({&fact, std::move(belief)});
  }
  return matching;
}

}  // namespace

bool BeliefPolicy::IsDefault() const {
  return !raw && min_confidence <= 0 && min_sources < 1 && !trusted && barred.empty() &&
         disputed_in && !reported_until;
}

bool BeliefPolicy::Counts(EntityId source) const {
  if (raw) return true;
  return (!trusted || trusted->contains(source)) && !barred.contains(source);
}

Belief EvaluateBelief(const Fact& fact, const BeliefPolicy& policy) {
  Belief belief;
  if (!fact.citations.empty()) {
    belief.confidence = 0;
    const Bound* earliest_report = nullptr;
    const std::vector<const Citation*> citations = BySource(fact, policy);
    for (size_t begin = 0, end = 0; begin < citations.size(); begin = end) {
      while (end < citations.size() && citations[end]->source == citations[begin]->source) ++end;
      AddSource(absl::MakeConstSpan(citations).subspan(begin, end - begin), policy, belief,
                earliest_report);
    }
    if (earliest_report != nullptr) belief.certain_from = earliest_report->latest;
    belief.status = StatusOf(belief.asserting.size(), belief.disputing.size());
  }
  belief.visible = IsVisible(belief, policy);
  return belief;
}

std::vector<StatusChange> StatusChanges(const Fact& fact, const BeliefPolicy& policy) {
  std::vector<StatusChange> changes;
  std::optional<FactStatus> status;
  Standing standing;
  const std::vector<StanceEvent> events = StanceEvents(fact, policy);
  for (size_t begin = 0, end = 0; begin < events.size(); begin = end) {
    const Bound* reported = nullptr;
    for (; end < events.size() && events[end].date == events[begin].date; ++end) {
      standing.Apply(events[end]);
      if (reported == nullptr && events[end].citation != nullptr) {
        reported = ReportDate(*events[end].citation);
      }
    }
    if (!standing.cited()) continue;
    const std::optional<FactStatus> before = std::exchange(status, standing.status());
    if (!before || before == status) continue;
    const Bound date = reported != nullptr ? *reported : Bound::At(events[begin].date.first);
    changes.push_back({date, *status, reported != nullptr});
  }
  return changes;
}

BeliefDigest MakeDigest(const Fact& fact) {
  return MakeDigest(EvaluateBelief(fact, *DefaultPolicy()));
}

BeliefDigest MakeDigest(const Belief& belief) {
  return {belief.status, static_cast<uint8_t>(std::min(belief.asserting.size(), kMostSources))};
}

ValidTime ValidTime::At(Instant t, bool certainly) { return {Kind::kInstant, t, t, certainly}; }

ValidTime ValidTime::Window(Instant from, Instant to, bool certainly) {
  return {Kind::kWindow, from, to, certainly};
}

ValidTime ValidTime::All(bool certainly) { return {Kind::kAll, 0, 0, certainly}; }

std::shared_ptr<const BeliefPolicy> DefaultPolicy() {
  // Never destroyed, so that it outlives every user.
  static const auto* const kPolicy =
      new std::shared_ptr<const BeliefPolicy>(std::make_shared<const BeliefPolicy>());
  return *kPolicy;
}

bool Matches(const ValidTime& valid, const Interval& interval, Instant certain_from) {
  switch (valid.kind) {
    case ValidTime::Kind::kInstant:
      return valid.certainly ? CertainlyValid(interval, valid.from, certain_from)
                             : PossiblyValid(interval, valid.from);
    case ValidTime::Kind::kWindow:
      return valid.certainly ? CertainlyOverlaps(interval, valid.from, valid.to, certain_from)
                             : PossiblyOverlaps(interval, valid.from, valid.to);
    case ValidTime::Kind::kAll:
      break;
  }
  return !valid.certainly ||
         CertainlyOverlaps(interval, kMinusInfinity, kPlusInfinity, certain_from);
}

bool RanksBefore(const Fact& a, double confidence_a, const Fact& b, double confidence_b) {
  return RankOf(a, confidence_a) > RankOf(b, confidence_b);
}

std::vector<VisibleFact> SelectVisible(absl::Span<const Fact> facts, const ReadView& view) {
  std::vector<VisibleFact> visible = MatchingFacts(facts, view);
  const bool one = view.valid.kind == ValidTime::Kind::kInstant && !view.policy->raw;
  if (one && visible.size() > 1) {
    const auto best =
        std::min_element(visible.begin(), visible.end(),
                         [](const auto& a, const auto& b) { return RanksBefore(a, b); });
    std::iter_swap(visible.begin(), best);
    visible.resize(1);
  } else {
    std::sort(visible.begin(), visible.end(),
              [](const auto& a, const auto& b) { return RanksBefore(a, b); });
  }
  return visible;
}

const Fact* SelectOne(absl::Span<const Fact> facts, const ReadView& view) {
  const Fact* best = nullptr;
  double best_confidence = 0;
  for (const Fact& fact : facts) {
    const Belief belief = EvaluateBelief(fact, *view.policy);
    if (!belief.visible || !Matches(view.valid, fact.valid, belief.certain_from)) continue;
    if (best == nullptr || RanksBefore(fact, belief.confidence, *best, best_confidence)) {
      best = &fact;
      best_confidence = belief.confidence;
    }
  }
  return best;
}

}  // namespace relata
