// The protocol by which arrays get into the cache while commits change them, in every order in
// which the steps of a committer, builders, readers and an eviction can come.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "graph/adjacency/adjacency_cache.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr uint64_t kFirst = 3;  // the version at which everything begins
const AdjacencyKey kKey{EntityId(1), TypeId(1), true};
const AdjacencyKey kOther{EntityId(70), TypeId(1), true};

AdjacentFact FactOf(uint64_t relationship) {
  AdjacentFact fact;
  fact.neighbour = EntityId(100 + relationship % 2);
  fact.relationship = RelationshipId(relationship);
  fact.fact = FactId(relationship);
  return fact;
}

// What storage holds of the vertex at a version: the commit v adds relationship v, but the second
// one deletes that of the first instead.
std::vector<uint64_t> Stored(uint64_t version) {
  std::vector<uint64_t> relationships = {2};
  if (version == kFirst + 1) relationships.push_back(kFirst + 1);
  if (version > kFirst + 2) relationships.push_back(version);
  return relationships;
}

std::vector<AdjacentFact> FactsAt(uint64_t version) {
  std::vector<AdjacentFact> facts;
  for (const uint64_t relationship : Stored(version)) facts.push_back(FactOf(relationship));
  std::sort(facts.begin(), facts.end(), [](const AdjacentFact& a, const AdjacentFact& b) {
    return std::pair(a.neighbour, a.relationship) < std::pair(b.neighbour, b.relationship);
  });
  return facts;
}

// Types of the vertex: the first commit brings the second type.
TypeSets::Types TypesAt(uint64_t version) {
  TypeSets::Types types = {TypeId(1)};
  if (version > kFirst) types.push_back(TypeId(2));
  return types;
}

// One run: the shared state and what went wrong.
struct World {
  World() : cache(8 << 10, CommitVersion(kFirst)) {}
  AdjacencyCache cache;
  uint64_t head = kFirst;
  uint64_t engine = kFirst;  // the newest commit that an engine snapshot shows
  std::vector<std::string> errors;
  int answered = 0;  // readers that found an array or types
};

using Operation = std::function<void(World&)>;
using Actor = std::vector<Operation>;

// Per commit: sync and tell the cache, publish. Where `syncs`, the sync is a step of its own.
Actor Committing(int commits, bool syncs = false) {
  Actor steps;
  for (uint64_t version = kFirst + 1; version <= kFirst + static_cast<uint64_t>(commits);
       ++version) {
    if (syncs) steps.push_back([version](World& world) { world.engine = version; });
    steps.push_back([version](World& world) {
      world.engine = version;
      const bool deletes = version == kFirst + 2;
      const uint64_t relationship = deletes ? kFirst + 1 : version;
      world.cache.Change(kKey, CommitVersion(version), FactOf(relationship).neighbour,
                         RelationshipId(relationship), [&] {
                           return deletes ? std::vector<AdjacentFact>()
                                          : std::vector<AdjacentFact>{FactOf(relationship)};
                         });
      if (version == kFirst + 1) {
        world.cache.Change({kKey.vertex, TypeId(2), true}, CommitVersion(version), EntityId(9),
                           RelationshipId(900), [] { return std::vector<AdjacentFact>(); });
      }
    });
    steps.push_back([version](World& world) { world.head = version; });
  }
  return steps;
}

// Opens a snapshot, reads storage at it, installs. `honest`: says at which version it has read.
Actor Builder(bool honest = true, bool with_types = true) {
  auto read_at = std::make_shared<uint64_t>(0);
  Actor steps = {
      [read_at](World& world) { *read_at = world.head; },
      [read_at, honest](World& world) {
        world.cache.Install(kKey, CommitVersion(honest ? *read_at : world.head), FactsAt(*read_at));
      },
      [read_at, honest](World& world) {
        world.cache.InstallTypes(kKey.vertex, true, CommitVersion(honest ? *read_at : world.head),
                                 TypesAt(*read_at));
      }};
  if (!with_types) steps.pop_back();
  return steps;
}

// A reader of an old version, which keeps what it read for as long as history says that it was so.
Actor PastBuilder(uint64_t wanted, bool honest = true) {
  struct State {
    uint64_t version = 0;
    uint64_t engine = 0;
    CommitVersion built_at;
  };
  auto state = std::make_shared<State>();
  return {[state, wanted](World& world) {
            state->version = std::min(wanted, world.head);
            state->built_at = std::max(world.cache.newest_change(), CommitVersion(state->version));
          },
          [state](World& world) { state->engine = world.engine; },
          [state, honest](World& world) {
            const uint64_t read_at = state->version;
            uint64_t since = read_at;
            while (since > kFirst && Stored(since - 1) == Stored(read_at)) --since;
            uint64_t until = read_at + 1;
            while (until <= state->engine && Stored(until) == Stored(read_at)) ++until;
            if (until <= state->engine) {
              world.cache.InstallPast(kKey, CommitVersion(since),
                                      CommitVersion(honest ? until : until + 1), FactsAt(read_at));
            } else {
              world.cache.InstallSince(kKey, CommitVersion(since), state->built_at,
                                       FactsAt(read_at));
            }
          }};
}

void CheckTypes(World& world, uint64_t version) {
  const TypeSets::Types* const types =
      world.cache.FindTypes(kKey.vertex, true, CommitVersion(version));
  if (types == nullptr) return;
  ++world.answered;
  for (const TypeId type : TypesAt(version)) {
    if (std::find(types->begin(), types->end(), type) == types->end()) {
      world.errors.push_back(absl::StrCat("type ", type.value(), " is missing at ", version));
    }
  }
}

// Opens a snapshot, of the head where no version is given; finds the array; looks at what it found,
// while others go on.
Actor Reader(uint64_t version = 0) {
  struct State {
    uint64_t version = 0;
    std::unique_ptr<AdjacencyCache::Pin> pin;
    AdjacencyCache::Found found;
  };
  auto state = std::make_shared<State>();
  return {[state, version](World& world) { state->version = version != 0 ? version : world.head; },
          [state](World& world) {
            state->pin = std::make_unique<AdjacencyCache::Pin>(&world.cache);
            state->found = {};
            const AdjacencyCache::LaneArrays* const lane = world.cache.FindLane(kKey.type, true);
            if (lane == nullptr) return;
            state->found = world.cache.Find(*lane, kKey.vertex, CommitVersion(state->version));
          },
          [state](World& world) {
            CheckTypes(world, state->version);
            if (state->found.block != nullptr) {
              ++world.answered;
              const PackedArray array(state->found.block, state->found.fact_distance);
              if (UnpackFacts(array, state->found.changed, CommitVersion(state->version)) !=
                  FactsAt(state->version)) {
                world.errors.push_back(absl::StrCat("wrong facts at version ", state->version));
              }
            }
            state->pin.reset();
          }};
}

// Fills the budget with other arrays, so that those of the vertex may go.
Actor Evictor() {
  return {[](World& world) {
    std::vector<AdjacentFact> facts;
    for (uint64_t i = 1; i < 20; ++i) {
      facts.push_back(FactOf(i));
      facts.back().valid.from = Bound::At(static_cast<Instant>(i));
      facts.back().valid.from.about = true;  // takes much memory
    }
    for (uint64_t i = 0; i < 10; ++i) {
      world.cache.Install({EntityId(kOther.vertex.value() + i), TypeId(1), true},
                          CommitVersion(world.head), facts);
    }
  }};
}

// Runs every order of the actors' steps, each actor's own order kept.
class Interleavings {
 public:
  explicit Interleavings(std::function<std::vector<Actor>()> make) : make_(std::move(make)) {
    for (const Actor& actor : make_()) left_.push_back(actor.size());
    Choose();
  }
  size_t runs = 0;
  size_t wrong = 0;
  int answered = 0;
  uint64_t evictions = 0;
  std::string first_error;

 private:
  void Choose() {
    bool any = false;
    for (size_t actor = 0; actor < left_.size(); ++actor) {
      if (left_[actor] == 0) continue;
      any = true;
      --left_[actor];
      order_.push_back(actor);
      Choose();
      order_.pop_back();
      ++left_[actor];
    }
    if (!any) Run();
  }

  void Run() {
    const std::vector<Actor> actors = make_();
    std::vector<size_t> next(actors.size());
    World world;
    for (const size_t actor : order_) actors[actor][next[actor]++](world);
    for (uint64_t version = kFirst; version <= world.head; ++version) {
      for (const Operation& step : Reader(version)) step(world);
    }
    ++runs;
    answered += world.answered;
    evictions += world.cache.GetStats().evictions;
    if (world.errors.empty()) return;
    ++wrong;
    if (!first_error.empty()) return;
    for (const size_t actor : order_) absl::StrAppend(&first_error, actor, " ");
    absl::StrAppend(&first_error, ": ", world.errors[0]);
  }

  const std::function<std::vector<Actor>()> make_;
  std::vector<size_t> left_;   // steps, by actor
  std::vector<size_t> order_;  // actors
};

TEST(PublicationTest, AReaderSeesItsVersionWhateverTheOrder) {
  const Interleavings all([] { return std::vector<Actor>{Committing(3), Builder(), Reader()}; });
  EXPECT_EQ(all.wrong, 0u) << all.first_error;
  EXPECT_EQ(all.runs, 18'480u);
  EXPECT_GT(all.answered, 5'000);
}

TEST(PublicationTest, TwoBuildersDoNotDisturbEachOther) {
  const Interleavings all([] {
    return std::vector<Actor>{Committing(1), Builder(), Builder(true, /*with_types=*/false),
                              Reader()};
  });
  EXPECT_EQ(all.wrong, 0u) << all.first_error;
  EXPECT_EQ(all.runs, 25'200u);
  EXPECT_GT(all.answered, 20'000);
}

TEST(PublicationTest, EvictionMayComeAtAnyTime) {
  const Interleavings all([] {
    return std::vector<Actor>{Committing(1), Builder(), Reader(), Evictor()};
  });
  EXPECT_EQ(all.wrong, 0u) << all.first_error;
  EXPECT_EQ(all.runs, 5'040u);
  EXPECT_GT(all.evictions, all.runs);
  EXPECT_GT(all.answered, 1'000);
}

TEST(PublicationTest, ArraysOfThePastAreThoseOfTheirVersions) {
  for (const uint64_t past : {kFirst, kFirst + 1}) {
    const Interleavings readers([past] {
      return std::vector<Actor>{Committing(2, /*syncs=*/true), PastBuilder(past), Reader(kFirst)};
    });
    EXPECT_EQ(readers.wrong, 0u) << readers.first_error;
    EXPECT_EQ(readers.runs, 18'480u);
    EXPECT_GT(readers.answered, 18'480);
    const Interleavings builders([past] {
      return std::vector<Actor>{Committing(2, /*syncs=*/true), PastBuilder(past),
                                Builder(true, /*with_types=*/false)};
    });
    EXPECT_EQ(builders.wrong, 0u) << builders.first_error;
    EXPECT_EQ(builders.runs, 4'620u);
  }
}

TEST(PublicationTest, AnArrayOfThePastThatClaimsALaterVersionIsFound) {
  const Interleavings all([] {
    return std::vector<Actor>{Committing(3, /*syncs=*/true), PastBuilder(kFirst, /*honest=*/false)};
  });
  EXPECT_GT(all.wrong, 0u);
}

// The runs do find a wrong order: a builder that says it read at the head of its last step.
TEST(PublicationTest, ABuilderThatClaimsALaterVersionIsFound) {
  const Interleavings all([] {
    return std::vector<Actor>{Committing(2), Builder(/*honest=*/false), Reader()};
  });
  EXPECT_GT(all.wrong, 0u);
}

}  // namespace
}  // namespace relata
