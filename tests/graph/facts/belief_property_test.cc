#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "graph/facts/belief.h"
#include "gtest/gtest.h"
#include "tests/graph/facts/fact_builders.h"

namespace relata {
namespace {

// The rules S1.4, S2.2, S2.3 and S5 once more, written down as plainly as they read, one question
// at a time.
class PlainReader {
 public:
  PlainReader(const BeliefPolicy& policy, const ValidTime& valid)
      : policy_(policy), valid_(valid) {}

  // What the latest citation of a source says; nullptr where the source says nothing to this
  // reader.
  const Citation* LatestOf(EntityId source, const Fact& fact) const {
    if (!policy_.raw) {
      if (policy_.trusted && policy_.trusted->count(source) == 0) return nullptr;
      if (policy_.barred.count(source) != 0) return nullptr;
    }
    const Citation* latest = nullptr;
    for (const Citation& citation : fact.citations) {
      if (citation.source != source) continue;
      if (citation.source_retracted) return nullptr;
      if (!policy_.raw && policy_.reported_until) {
        if (!citation.reported) continue;
        if (citation.reported->latest > *policy_.reported_until) continue;
        if (citation.reported->earliest >= *policy_.reported_until) continue;
      }
      if (latest == nullptr || !Later(*latest, citation)) latest = &citation;
    }
    return latest;
  }

  std::vector<const Citation*> WithStance(Stance stance, const Fact& fact) const {
    std::set<EntityId> sources;
    for (const Citation& citation : fact.citations) sources.insert(citation.source);
    std::vector<const Citation*> found;
    for (const EntityId source : sources) {
      const Citation* latest = LatestOf(source, fact);
      if (latest != nullptr && latest->stance == stance) found.push_back(latest);
    }
    return found;
  }

  FactStatus Status(const Fact& fact) const {
    if (fact.citations.empty()) return FactStatus::kUncited;
    if (WithStance(Stance::kAsserts, fact).empty()) return FactStatus::kRetracted;
    if (WithStance(Stance::kDisputes, fact).empty()) return FactStatus::kAsserted;
    return FactStatus::kDisputed;
  }

  double Confidence(const Fact& fact) const {
    if (fact.citations.empty()) return 1.0;
    double largest = 0;
    for (const Citation* citation : WithStance(Stance::kAsserts, fact)) {
      if (citation->confidence > largest) largest = citation->confidence;
    }
    return largest;
  }

  bool Believes(const Fact& fact) const {
    if (policy_.raw) return true;
    if (Status(fact) == FactStatus::kRetracted) return false;
    if (Status(fact) == FactStatus::kDisputed && !policy_.disputed_in) return false;
    if (Status(fact) == FactStatus::kUncited && policy_.trusted) return false;
    const int sources = static_cast<int>(WithStance(Stance::kAsserts, fact).size());
    return Confidence(fact) >= policy_.min_confidence && sources >= policy_.min_sources;
  }

  bool InTime(const Fact& fact) const {
    const Instant begin = valid_.certainly ? CertainStart(fact) : fact.valid.from.earliest;
    const Instant end = valid_.certainly ? fact.valid.to.earliest : fact.valid.to.latest;
    if (valid_.kind == ValidTime::Kind::kInstant) return begin <= valid_.from && valid_.from < end;
    if (valid_.kind == ValidTime::Kind::kAll) return begin < end;
    return std::max(begin, valid_.from) < std::min(end, valid_.to);
  }

  bool Shows(const Fact& fact) const { return Believes(fact) && InTime(fact); }

  bool Beats(const Fact& a, const Fact& b) const {
    const auto [a_earliest, a_latest] = RankFrom(a);
    const auto [b_earliest, b_latest] = RankFrom(b);
    if (a_earliest != b_earliest) return a_earliest > b_earliest;
    if (a_latest != b_latest) return a_latest > b_latest;
    if (Confidence(a) != Confidence(b)) return Confidence(a) > Confidence(b);
    if (a.recorded != b.recorded) return a.recorded > b.recorded;
    return a.id > b.id;
  }

 private:
  // Whether `a` is later than `b`, given that it stands before it.
  static bool Later(const Citation& a, const Citation& b) {
    const Instant a_earliest = a.reported ? a.reported->earliest : a.recorded_at;
    const Instant b_earliest = b.reported ? b.reported->earliest : b.recorded_at;
    if (a_earliest != b_earliest) return a_earliest > b_earliest;
    const Instant a_latest = a.reported ? a.reported->latest : a.recorded_at;
    const Instant b_latest = b.reported ? b.reported->latest : b.recorded_at;
    if (a_latest != b_latest) return a_latest > b_latest;
    return a.recorded > b.recorded;
  }

  static std::pair<Instant, Instant> RankFrom(const Fact& fact) {
    if (fact.valid.from.kind == BoundKind::kUnknown) return {kMinusInfinity, kMinusInfinity};
    return {fact.valid.from.earliest, fact.valid.from.latest};
  }

  Instant CertainStart(const Fact& fact) const {
    if (fact.valid.from.kind != BoundKind::kUnknown) return fact.valid.from.latest;
    std::optional<std::pair<Instant, Instant>> first;
    for (const Citation* citation : WithStance(Stance::kAsserts, fact)) {
      if (!citation->reported) continue;
      const std::pair<Instant, Instant> date(citation->reported->earliest,
                                             citation->reported->latest);
      if (!first || date < *first) first = date;
    }
    return first ? first->second : kPlusInfinity;
  }

  const BeliefPolicy& policy_;
  const ValidTime& valid_;
};

ValidTime RandomValidTime(Random& random, const std::vector<Instant>& instants) {
  const bool certainly = OneIn(random, 2);
  if (OneIn(random, 8)) return ValidTime::All(certainly);
  const auto any_instant = [&] {
    return instants.empty() || OneIn(random, 3) ? RandomInstant(random)
                                                : instants[Below(random, instants.size())];
  };
  const Instant a = any_instant();
  if (!OneIn(random, 3)) return ValidTime::At(a, certainly);
  const Instant b = any_instant();
  if (OneIn(random, 6)) return ValidTime::Window(kMinusInfinity, a, certainly);
  if (OneIn(random, 6)) return ValidTime::Window(a, kPlusInfinity, certainly);
  return ValidTime::Window(std::min(a, b), std::max(a, b) + 1, certainly);
}

TEST(BeliefPropertyTest, AgreesWithThePlainReader) {
  Random random(3);
  size_t shown = 0, hidden = 0;
  for (int round = 0; round < 4'000; ++round) {
    const std::vector<Fact> facts = RandomFacts(random, 1 + Below(random, 6));
    const std::vector<Instant> instants = InstantsAround(facts);
    for (int question = 0; question < 12; ++question) {
      const ReadView view = ViewWith(RandomValidTime(random, instants), RandomPolicy(random));
      const PlainReader plain(*view.policy, view.valid);
      std::vector<const Fact*> expected;
      for (const Fact& fact : facts) {
        const Belief belief = EvaluateBelief(fact, *view.policy);
        ASSERT_EQ(belief.status, plain.Status(fact));
        ASSERT_EQ(belief.confidence, plain.Confidence(fact));
        ASSERT_EQ(belief.visible, plain.Believes(fact));
        ASSERT_EQ(belief.asserting.size(), plain.WithStance(Stance::kAsserts, fact).size());
        ASSERT_EQ(belief.disputing.size(), plain.WithStance(Stance::kDisputes, fact).size());
        ASSERT_EQ(Matches(view.valid, fact.valid, belief.certain_from), plain.InTime(fact));
        (plain.Shows(fact) ? shown : hidden) += 1;
        if (plain.Shows(fact)) expected.push_back(&fact);
      }
      // Selection by hand: the best of those left, again and again.
      const bool one = view.valid.kind == ValidTime::Kind::kInstant && !view.policy->raw;
      std::vector<const Fact*> ordered;
      while (!expected.empty() && !(one && ordered.size() == 1)) {
        auto best = expected.begin();
        for (auto it = expected.begin(); it != expected.end(); ++it) {
          if (plain.Beats(**it, **best)) best = it;
        }
        ordered.push_back(*best);
        expected.erase(best);
      }
      std::vector<const Fact*> actual;
      for (const VisibleFact& visible : SelectVisible(facts, view)) actual.push_back(visible.fact);
      ASSERT_EQ(actual, ordered) << "round " << round << ", question " << question;
      if (view.valid.kind == ValidTime::Kind::kInstant) {
        ASSERT_EQ(SelectOne(facts, view), ordered.empty() ? nullptr : ordered.front());
      }
    }
  }
  EXPECT_GT(shown, 20'000u);
  EXPECT_GT(hidden, 20'000u);
}

TEST(BeliefPropertyTest, TheOrderOfFactsDoesNotMatter) {
  Random random(4);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<Fact> facts = RandomFacts(random, 5);
    const ReadView view =
        ViewWith(RandomValidTime(random, InstantsAround(facts)), RandomPolicy(random));
    const std::vector<uint64_t> before = ShownIds(facts, view);
    std::shuffle(facts.begin(), facts.end(), random);
    ASSERT_EQ(ShownIds(facts, view), before);
  }
}

TEST(BeliefPropertyTest, TheDigestIsTheVerdictOfTheDefaultPolicy) {
  Random random(5);
  for (int round = 0; round < 5'000; ++round) {
    const Fact fact = RandomFact(random, 1);
    const Belief belief = EvaluateBelief(fact, *DefaultPolicy());
    const BeliefDigest digest = MakeDigest(fact);
    ASSERT_EQ(digest.status, belief.status);
    ASSERT_EQ(digest.visible(), belief.visible);
    ASSERT_EQ(digest.sources, std::min<size_t>(belief.asserting.size(), 3));
  }
}

}  // namespace
}  // namespace relata
