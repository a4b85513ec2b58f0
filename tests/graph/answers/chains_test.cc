#include "graph/answers/chains.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/database.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FactWrite ShareFact(double share) { return MakeFact({{"share", Value::Double(share)}}); }

class ChainsTest : public testing::Test {
 protected:
  // Asks from entity `a` over all OWNS.
  ChainRequest Request() {
    ChainRequest request;
    request.start = graph_.IdOf("a");
    request.steps = {graph_.StepOf("OWNS")};
    return request;
  }
  absl::StatusOr<ChainAnswer> Ask(const ChainRequest& request,
                                  const ReadView& view = At("2026-01-01")) {
    Budget budget = graph_.Plenty();
    return FindChains(graph_.Latest(), view, request, nullptr, budget);
  }
  std::vector<std::string> KeysOf(const ChainAnswer& answer) {
    std::vector<std::string> keys;
    for (const Chain& chain : answer.chains) {
      std::string& key = keys.emplace_back();
      for (const ChainHop& hop : chain.hops) {
        for (const ChainEdge& edge : hop.edges) {
          absl::StrAppend(&key, key.empty() ? "" : " ", graph_.KeyOf(edge.ends.id));
        }
      }
    }
    return keys;
  }

  TestGraph graph_;
};

TEST_F(ChainsTest, EveryPrefixIsAnAnswerWithTheProductOfItsShares) {
  for (const char* const key : {"a", "b", "c"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Link("bc", "OWNS", "b", "c", {ShareFact(0.25)});
  graph_.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer, Ask(Request()));
  EXPECT_THAT(KeysOf(answer), ElementsAre("ab", "ab bc"));
  const Chain& chain = answer.chains[1];
  EXPECT_EQ(chain.share, (Range{0.125, 0.125}));
  EXPECT_EQ(chain.rank, 1u);
  ASSERT_EQ(chain.hops.size(), 2u);
  EXPECT_EQ(chain.hops[1].to, graph_.IdOf("c"));
  EXPECT_TRUE(chain.hops[1].outgoing);
  const ChainEdge& edge = chain.hops[1].edges.at(0);
  EXPECT_EQ(edge.ends.from, graph_.IdOf("b"));
  EXPECT_EQ(edge.share, (Range{0.25, 0.25}));
  EXPECT_EQ(edge.fact.FindProperty(graph_.PropertyOf("share"))->AsDouble(), 0.25);
  EXPECT_FALSE(chain.least_amount.has_value());
}

TEST_F(ChainsTest, MergedRelationshipsShowAllTheirFacts) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("r1", "OWNS", "a", "b", {ShareFact(0.75)});
  graph_.Link("r2", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Commit();
  ChainRequest request = Request();
  request.parallel = ChainParallel::kMerged;
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer, Ask(request));
  EXPECT_THAT(KeysOf(answer), ElementsAre("r1 r2"));
  EXPECT_EQ(answer.chains[0].share, (Range{1, 1}));
  EXPECT_EQ(answer.chains[0].hops[0].edges[1].share, (Range{0.5, 0.5}));
}

TEST_F(ChainsTest, WalkingAgainstRelationshipsKeepsTheirEnds) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ba", "OWNS", "b", "a", {ShareFact(0.5)});
  graph_.Commit();
  ChainRequest request = Request();
  request.steps = {graph_.StepOf("OWNS", Direction::kIn)};
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer, Ask(request));
  ASSERT_EQ(answer.chains.size(), 1u);
  const ChainHop& hop = answer.chains[0].hops[0];
  EXPECT_FALSE(hop.outgoing);
  EXPECT_EQ(hop.to, graph_.IdOf("b"));
  EXPECT_EQ(hop.edges[0].ends.from, graph_.IdOf("b"));
  EXPECT_EQ(hop.edges[0].ends.to, graph_.IdOf("a"));
}

TEST_F(ChainsTest, ReportsWrongSharesOfTheRowsGiven) {
  for (const char* const key : {"a", "b", "c"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(1.0)});
  graph_.Link("ac", "OWNS", "a", "c", {ShareFact(2.0)});
  graph_.Commit();
  ChainRequest request = Request();
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer all, Ask(request));
  EXPECT_THAT(all.invalid_shares, ElementsAre(graph_.RelationshipOf("ac")));
  EXPECT_TRUE(all.chains[1].hops[0].edges[0].share_invalid);
  request.limit = 1;
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer best, Ask(request));
  EXPECT_TRUE(best.invalid_shares.empty());
}

TEST_F(ChainsTest, SharesThatAreKnownAreThoseOfTheInstantAndThePolicy) {
  for (const char* const key : {"a", "b", "c"}) graph_.Entity(key);
  graph_.Entity("s", {"Source"});
  FactWrite cited = MakeFact({{"share", Value::Double(0.75)}}, "2023");
  cited.citations = {MakeCitation("s", Stance::kAsserts, "", 0.4)};
  graph_.Link("ab", "OWNS", "a", "b",
              {MakeFact({{"share", Value::Double(0.5)}}, "2020", "2022"),
               MakeFact({{"share", Value::Double(0.25)}}, "2022")});
  graph_.Link("ac", "OWNS", "a", "c", {cited});
  graph_.Commit();
  auto strict = std::make_shared<BeliefPolicy>();
  strict->min_confidence = 0.9;
  const auto shares = [&](const ReadView& view) {
    std::vector<double> all;
    const ChainAnswer answer = Ask(Request(), view).value();
    for (const Chain& chain : answer.chains) all.push_back(chain.share.low);
    return all;
  };
  // The first round reads them, the second one finds them in columns.
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(shares(At("2021-01-01")), ElementsAre(0.5));
    EXPECT_THAT(shares(At("2026-01-01")), ElementsAre(0.75, 0.25));
    EXPECT_THAT(shares({ValidTime::At(InstantOf("2026-01-01")), strict}), ElementsAre(0.25));
  }
  EXPECT_NE(graph_.database().adjacency_cache().columns().Find(PropertyColumns::Owner::kFact,
                                                               graph_.PropertyOf("share")),
            nullptr);
}

TEST_F(ChainsTest, WithoutEdgesHopsTellWhereTheyLead) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(2.0)});
  graph_.Commit();
  ChainRequest request = Request();
  request.with_edges = false;
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer, Ask(request));
  ASSERT_EQ(answer.chains.size(), 1u);
  ASSERT_EQ(answer.chains[0].hops.size(), 1u);
  EXPECT_EQ(answer.chains[0].hops[0].to, graph_.IdOf("b"));
  EXPECT_TRUE(answer.chains[0].hops[0].edges.empty());
  EXPECT_TRUE(answer.invalid_shares.empty());
}

TEST_F(ChainsTest, ARawReaderSeesTheBestFactOfEachRelationship) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b",
              {MakeFact({{"share", Value::Double(0.5)}}, "2020"),
               MakeFact({{"share", Value::Double(0.25)}}, "2022")});
  graph_.Commit();
  auto raw = std::make_shared<BeliefPolicy>();
  raw->raw = true;
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer answer,
                              Ask(Request(), {ValidTime::At(InstantOf("2026-01-01")), raw}));
  ASSERT_EQ(answer.chains.size(), 1u);
  EXPECT_EQ(answer.chains[0].share, (Range{0.25, 0.25}));
}

// A hub of hubs: `a` owns 200 companies, three of them to a half, each of which owns 200 others.
TEST_F(ChainsTest, TheBestFewOfManyAreFoundWithoutLookingAtTheRest) {
  graph_.Entity("a");
  constexpr int kDegree = 200;
  for (int i = 0; i < kDegree; ++i) {
    graph_.Entity(absl::StrCat("b", i));
    graph_.Link(absl::StrCat("ab", i), "OWNS", "a", absl::StrCat("b", i),
                {ShareFact(i % 70 == 50 ? 0.5 : 0.1)});
    for (int j = 0; j < kDegree; ++j) {
      graph_.Entity(absl::StrCat("c", i, "-", j));
      graph_.Link(absl::StrCat("bc", i, "-", j), "OWNS", absl::StrCat("b", i),
                  absl::StrCat("c", i, "-", j), {ShareFact((j + 1) / 400.0)});
    }
  }
  graph_.Commit();
  ChainRequest request = Request();
  request.min_hops = 2;
  Budget budget = graph_.Plenty();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const ChainAnswer answer,
      FindChains(graph_.Latest(), At("2026-01-01"), request, nullptr, budget));
  ASSERT_EQ(answer.chains.size(), 10u);
  EXPECT_EQ(answer.chains[0].share, (Range{0.25, 0.25}));
  // Of 40,200 relationships those of `a` and of the three were read: the others cannot be among the
  // best.
  EXPECT_LT(budget.spent(), 1'200u);
  ASSERT_TRUE(answer.next.has_value());
  EXPECT_FALSE(answer.cut);
}

// The same where nothing is known of the shares, so that all are equal: the ids alone decide.
TEST_F(ChainsTest, TiesOfManyUnknownSharesDoNotEnumerateEither) {
  graph_.Entity("a");
  constexpr int kDegree = 150;
  for (int i = 0; i < kDegree; ++i) {
    graph_.Entity(absl::StrCat("b", i));
    graph_.Link(absl::StrCat("ab", i), "OWNS", "a", absl::StrCat("b", i), {MakeFact()});
  }
  for (int i = 0; i < kDegree; ++i) {
    for (int j = 0; j < kDegree; ++j) {
      graph_.Entity(absl::StrCat("c", i, "-", j));
      graph_.Link(absl::StrCat("bc", i, "-", j), "OWNS", absl::StrCat("b", i),
                  absl::StrCat("c", i, "-", j), {MakeFact()});
    }
  }
  graph_.Commit();
  for (const ChainOrder order : {ChainOrder::kShare, ChainOrder::kHops, ChainOrder::kAmount}) {
    ChainRequest request = Request();
    request.order = order;
    request.currency = {'U', 'S', 'D'};
    request.min_hops = 2;
    request.limit = 2;
    Budget budget = graph_.Plenty();
    RELATA_ASSERT_OK_AND_ASSIGN(
        const ChainAnswer answer,
        FindChains(graph_.Latest(), At("2026-01-01"), request, nullptr, budget));
    EXPECT_THAT(KeysOf(answer), ElementsAre("ab0 bc0-0", "ab0 bc0-1"));
    EXPECT_LT(budget.spent(), 2'000u);
  }
}

TEST_F(ChainsTest, AWantedEndKeepsTheSearchToWhatReachesIt) {
  for (const char* const key : {"a", "b", "z"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.125)});
  graph_.Link("bz", "OWNS", "b", "z", {ShareFact(0.125)});
  for (int i = 0; i < 300; ++i) {
    graph_.Entity(absl::StrCat("n", i));
    graph_.Link(absl::StrCat("an", i), "OWNS", "a", absl::StrCat("n", i), {ShareFact(0.5)});
    graph_.Link(absl::StrCat("nn", i), "OWNS", absl::StrCat("n", i), absl::StrCat("n", i / 2),
                {ShareFact(1)});
  }
  graph_.Commit();
  ChainRequest request = Request();
  request.end = graph_.IdOf("z");
  Budget budget = graph_.Plenty();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const ChainAnswer answer,
      FindChains(graph_.Latest(), At("2026-01-01"), request, nullptr, budget));
  EXPECT_THAT(KeysOf(answer), ElementsAre("ab bz"));
  EXPECT_LT(budget.spent(), 1'000u);
}

TEST_F(ChainsTest, ASpentBudgetSaysWhatWasLeft) {
  for (const char* const key : {"a", "b", "c"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Link("bc", "OWNS", "b", "c", {ShareFact(0.25)});
  graph_.Commit();
  const ChainRequest request = Request();
  Budget small(graph_.clock(), {.expansions = 2});
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer cut, FindChains(graph_.Latest(), At("2026-01-01"),
                                                                request, nullptr, small));
  EXPECT_TRUE(cut.cut);
  EXPECT_TRUE(cut.reproducible);
  EXPECT_EQ(cut.frontier_left, 1u);
  EXPECT_LE(cut.frontier_best.high, 0.5);
  ASSERT_TRUE(cut.next.has_value());
  // The token goes on under a larger budget.
  Budget plenty = graph_.Plenty();
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainAnswer rest, FindChains(graph_.Latest(), At("2026-01-01"),
                                                                 request, &*cut.next, plenty));
  EXPECT_EQ(cut.chains.size() + rest.chains.size(), 2u);
  EXPECT_FALSE(rest.cut);
}

TEST_F(ChainsTest, ATimeBudgetIsNotReproducible) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Commit();
  Budget late(graph_.clock(), {.deadline_monotonic_us = graph_.clock()->MonotonicMicros()});
  RELATA_ASSERT_OK_AND_ASSIGN(
      const ChainAnswer answer,
      FindChains(graph_.Latest(), At("2026-01-01"), Request(), nullptr, late));
  EXPECT_TRUE(answer.cut);
  EXPECT_FALSE(answer.reproducible);
}

TEST_F(ChainsTest, StopsWhenTheClientHasGone) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Commit();
  Budget budget(graph_.clock(), {}, [] { return true; });
  EXPECT_THAT(FindChains(graph_.Latest(), At("2026-01-01"), Request(), nullptr, budget),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(ChainsTest, NoLengthIsNoChainAndNoSearch) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Commit();
  ChainRequest request = Request();
  request.min_hops = 4;
  request.max_hops = 3;
  Budget budget = graph_.Plenty();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const ChainAnswer answer,
      FindChains(graph_.Latest(), At("2026-01-01"), request, nullptr, budget));
  EXPECT_TRUE(answer.chains.empty());
  EXPECT_FALSE(answer.next.has_value());
  EXPECT_EQ(budget.spent(), 0u);
}

TEST_F(ChainsTest, RefusesBadRequests) {
  for (const char* const key : {"a", "b"}) graph_.Entity(key);
  graph_.Link("ab", "OWNS", "a", "b", {ShareFact(0.5)});
  graph_.Commit();
  const auto refused = [&](const ChainRequest& request, const char* word) {
    EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(word)));
  };
  ChainRequest request = Request();
  request.steps.clear();
  refused(request, "step");
  request = Request();
  request.min_hops = 0;
  refused(request, "min_hops");
  request = Request();
  request.max_hops = 0;
  refused(request, "max_hops");
  request = Request();
  request.order = ChainOrder::kAmount;
  refused(request, "currency");
  request = Request();
  request.non_decreasing = true;
  request.parallel = ChainParallel::kMerged;
  refused(request, "EACH");
  request = Request();
  request.non_decreasing = true;
  request.steps.push_back(graph_.StepOf("OWNS", Direction::kIn));
  refused(request, "direction");
  request.steps = {graph_.StepOf("OWNS", Direction::kEither)};
  refused(request, "direction");
  request = Request();
  request.started_from = request.started_before = InstantOf("2020-01-01");
  refused(request, "started_from");
  EXPECT_THAT(Ask(Request(), {ValidTime::All(), DefaultPolicy()}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("instant")));
  request = Request();
  request.start = EntityId(1'000'000);
  EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("start")));
  request = Request();
  request.end = EntityId(1'000'000);
  EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("end")));
}

}  // namespace
}  // namespace relata
