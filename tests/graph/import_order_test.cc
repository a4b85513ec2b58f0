// Laws of importing (S4.3, S5.1): twice equals once, the order of independent facts does not
// matter, and a retraction takes away exactly what rests on its source alone.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/facts/belief.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using Random = std::mt19937_64;

// What every import needs first.
std::vector<Mutation> Things() {
  std::vector<Mutation> things;
  things.reserve(5);
  for (int i = 0; i < 5; ++i) things.push_back(Put(absl::StrCat("e", i), {"L"}));
  for (int i = 0; i < 3; ++i) things.push_back(Put(absl::StrCat("s", i), {"Source"}));
  things.push_back(DeclareRelationshipType{"PAIR", true, {}, {}, {"n"}});
  return things;
}

// Facts that add to each other, none of which needs another.
std::vector<Mutation> IndependentFacts(Random& random) {
  std::vector<Mutation> facts;
  for (int i = 0; i < 40; ++i) {
    const auto below = [&](uint64_t n) { return random() % n; };
    const std::string entity = absl::StrCat("e", below(5));
    const std::string other = absl::StrCat("e", below(5));
    std::vector<CitationWrite> cited;
    for (uint64_t n = below(3); n > 0; --n) {
      cited.push_back(CitedFrom(absl::StrCat("s", below(3)),
                                below(3) == 0 ? Stance::kDisputes : Stance::kAsserts,
                                absl::StrCat("202", below(6))));
    }
    const Value value = Value::Int(static_cast<int64_t>(below(3)));
    const std::string from = absl::StrCat("202", below(5));
    const std::string to = below(2) == 0 ? ".." : "2026";
    switch (below(4)) {
      case 0:
        facts.push_back(Link("", "PAIR", entity, other, {Holds({{"n", value}}, from, to, cited)}));
        break;
      case 1:
        facts.push_back(Names(entity, {Named(absl::StrCat("name ", below(4)), "en")}));
        break;
      case 2:
        facts.push_back(Labels(entity, {absl::StrCat("M", below(3))}, {}));
        break;
      default:
        facts.push_back(Add(entity, absl::StrCat("p", below(2)), {Says(value, from, to, cited)}));
    }
  }
  return facts;
}

TEST(ImportOrderTest, TwiceEqualsOnce) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    std::vector<Mutation> import = Things();
    const std::vector<Mutation> facts = IndependentFacts(random);
    import.insert(import.end(), facts.begin(), facts.end());
    DatabaseHarness h;
    h.MustApply(import);
    const std::string once = TextOf(h.Latest(), TextDetail::kAll);
    h.MustApply(import);
    EXPECT_EQ(TextOf(h.Latest(), TextDetail::kAll), once);
    RELATA_ASSERT_OK_AND_ASSIGN(const auto changes,
                                h.db().Changes(CommitVersion(1), CommitVersion(2), 1));
    EXPECT_TRUE(changes[0].entities.empty());
    EXPECT_TRUE(changes[0].relationships.empty());
    EXPECT_FALSE(changes[0].schema_changed);
  }
}

TEST(ImportOrderTest, TheOrderAndTheBatchesDoNotMatter) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    std::vector<Mutation> facts = IndependentFacts(random);
    DatabaseHarness together;
    together.MustApply(Things());
    together.MustApply(facts);
    for (int shuffle = 0; shuffle < 2; ++shuffle) {
      std::shuffle(facts.begin(), facts.end(), random);
      DatabaseHarness apart;
      apart.MustApply(Things());
      for (const Mutation& fact : facts) apart.MustApply({fact});
      EXPECT_EQ(TextOf(apart.Latest(), TextDetail::kStatements),
                TextOf(together.Latest(), TextDetail::kStatements));
    }
  }
}

// `owner property value@interval` of every fact that the default policy shows.
std::set<std::string> Believed(const Snapshot& snapshot) {
  std::set<std::string> shown;
  const ReadView view{ValidTime::All(), DefaultPolicy()};
  const auto add = [&](const std::string& owner, const std::vector<Fact>& facts) {
    for (const VisibleFact& v : SelectVisible(facts, view)) {
      shown.insert(absl::StrCat(owner, " ", v.fact->id.value()));
    }
  };
  for (const EntityId id : Must(snapshot.ListEntities(std::nullopt, EntityId(), SIZE_MAX))) {
    const EntityState state = snapshot.GetEntity(id).value().value();
    for (const auto& [property, facts] : state.properties) {
      add(absl::StrCat(id.value(), " ", property.value()), facts);
    }
  }
  for (const auto& ends : Must(snapshot.ListRelationships(RelationshipId(), SIZE_MAX))) {
    add(absl::StrCat("r", ends.id.value()), snapshot.GetRelationship(ends.id).value()->facts);
  }
  return shown;
}

// The same where what rests on `source` alone is left out: worked out from the citations, not by
// the database.
std::set<std::string> BelievedWithout(const Snapshot& snapshot, EntityId source) {
  std::set<std::string> shown = Believed(snapshot);
  for (const FactOwner& owner : Must(snapshot.FactsOfSource(source))) {
    std::vector<Fact> facts;
    std::string name;
    if (owner.is_relationship) {
      facts = snapshot.GetRelationship(RelationshipId(owner.id)).value()->facts;
      name = absl::StrCat("r", owner.id);
    } else {
      const EntityState state = snapshot.GetEntity(EntityId(owner.id)).value().value();
      facts = *state.FindProperty(owner.property);
      name = absl::StrCat(owner.id, " ", owner.property.value());
    }
    for (Fact& fact : facts) {
      if (fact.id != owner.fact) continue;
      std::erase_if(fact.citations, [&](const Citation& c) { return c.source == source; });
      const bool stands = !fact.citations.empty() &&
                          EvaluateBelief(fact, BeliefPolicy()).status != FactStatus::kRetracted;
      if (!stands) shown.erase(absl::StrCat(name, " ", owner.fact.value()));
    }
  }
  return shown;
}

TEST(ImportOrderTest, RetractingASourceRemovesExactlyWhatRestsOnItAlone) {
  size_t removed = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    DatabaseHarness h;
    h.MustApply(Things());
    h.MustApply(IndependentFacts(random));
    const std::set<std::string> before = Believed(h.Latest());
    const std::set<std::string> expected = BelievedWithout(h.Latest(), h.IdOf("s0"));
    h.MustApply({Retract("s0")});
    EXPECT_EQ(Believed(h.Latest()), expected);
    EXPECT_EQ(Believed(h.At(2)), before);
    removed += before.size() - expected.size();
  }
  EXPECT_GT(removed, 20U);
}

}  // namespace
}  // namespace relata
