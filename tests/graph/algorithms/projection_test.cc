#include "graph/algorithms/projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "graph/adjacency/adjacency.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr size_t kPlenty = size_t{1} << 30;

class ProjectionTest : public testing::Test {
 protected:
  absl::StatusOr<std::shared_ptr<const Projection>> Build(const ProjectionSpec& spec,
                                                          size_t memory = kPlenty) {
    RunControl control(SystemClock());
    return Projection::Build(graph_.Latest(), spec, memory, control);
  }
  LabelId Label(absl::string_view name) {
    return graph_.db().names().FindLabel(name).value_or(LabelId(UINT32_MAX));
  }
  TypeId Type(absl::string_view name) {
    return graph_.db().names().FindType(name).value_or(TypeId(UINT32_MAX));
  }
  PropertyId Property(absl::string_view name) { return *graph_.db().names().FindProperty(name); }
  static ReadView At(absl::string_view instant) {
    return {ValidTime::At(*ParseInstant(instant)), DefaultPolicy()};
  }
  // `a->b 2.5` of every arc.
  std::vector<std::string> ArcTexts(const Projection& projection) {
    std::vector<std::string> texts;
    const auto key = [&](VertexIndex v) {
      return Must(graph_.Latest().GetEntityRecord(projection.entity(v)))->key;
    };
    for (VertexIndex v = 0; v < projection.vertices(); ++v) {
      for (uint64_t i = projection.out().offsets[v]; i < projection.out().offsets[v + 1]; ++i) {
        texts.push_back(absl::StrCat(key(v), "->", key(projection.out().targets[i])));
        if (projection.out().weighted()) {
          absl::StrAppend(&texts.back(), " ", projection.out().weights[i]);
        }
      }
    }
    return texts;
  }

  DatabaseHarness graph_;
};

TEST_F(ProjectionTest, TakesLabelsAndTypes) {
  graph_.MustApply({Put("a", {"Company"}), Put("b", {"Company", "Bank"}), Put("c", {"Bank"}),
                    Put("d", {"Person"}), Link("", "OWNS", "a", "b"), Link("", "OWNS", "c", "d"),
                    Link("", "PAYS", "b", "c"), Link("", "KNOWS", "d", "a")});
  RELATA_ASSERT_OK_AND_ASSIGN(const auto all, Build({}));
  EXPECT_EQ(all->vertices(), 4);
  EXPECT_THAT(ArcTexts(*all), UnorderedElementsAre("a->b", "c->d", "b->c", "d->a"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto firms,
                              Build({.labels = {Label("Company"), Label("Bank")}}));
  EXPECT_EQ(firms->vertices(), 3);
  EXPECT_THAT(ArcTexts(*firms), UnorderedElementsAre("a->b", "b->c"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto two, Build({.types = {Type("OWNS"), Type("KNOWS")}}));
  EXPECT_THAT(ArcTexts(*two), UnorderedElementsAre("a->b", "c->d", "d->a"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto none,
                              Build({.labels = {Label("Ghost")}, .types = {Type("OWNS")}}));
  EXPECT_EQ(none->vertices(), 0);
  EXPECT_EQ(none->arcs(), 0);
}

TEST_F(ProjectionTest, FindsEntitiesBothWays) {
  graph_.MustApply({Put("a"), Put("b", {"Bank"}), Put("c")});
  RELATA_ASSERT_OK_AND_ASSIGN(const auto banks, Build({.labels = {Label("Bank")}}));
  EXPECT_EQ(banks->Find(graph_.IdOf("b")), 0);
  EXPECT_EQ(banks->entity(0), graph_.IdOf("b"));
  EXPECT_EQ(banks->Find(graph_.IdOf("a")), kNoVertex);
  EXPECT_EQ(banks->version(), graph_.Latest().version());
}

TEST_F(ProjectionTest, WeighsByThePropertyOfTheFactThatIsSeen) {
  graph_.MustApply({Put("a"), Put("b"), Put("c"),
                    Link("", "OWNS", "a", "b",
                         {Holds({{"share", Value::Double(0.25)}}, "2020-01-01", "2021-01-01"),
                          Holds({{"share", Value::Of(*Decimal::Parse("0.5"))}}, "2021-01-01")}),
                    Link("", "OWNS", "a", "b", {Holds({{"share", Value::Int(2)}})}),
                    Link("", "OWNS", "b", "c", {Holds({{"other", Value::Int(9)}})})});
  ProjectionSpec spec{.view = At("2020-06-01"), .weight = Property("share"), .default_weight = 7};
  RELATA_ASSERT_OK_AND_ASSIGN(const auto early, Build(spec));
  EXPECT_THAT(ArcTexts(*early), UnorderedElementsAre("a->b 2.25", "b->c 7"));
  spec.view = At("2022-06-01");
  RELATA_ASSERT_OK_AND_ASSIGN(const auto late, Build(spec));
  EXPECT_THAT(ArcTexts(*late), UnorderedElementsAre("a->b 2.5", "b->c 7"));
  spec.parallel = ParallelWeights::kLeast;
  RELATA_ASSERT_OK_AND_ASSIGN(const auto least, Build(spec));
  EXPECT_THAT(ArcTexts(*least), UnorderedElementsAre("a->b 0.5", "b->c 7"));
  EXPECT_EQ(least->least_weight(), 0.5);
  spec.view.valid = ValidTime::All();
  RELATA_ASSERT_OK_AND_ASSIGN(const auto all, Build(spec));
  EXPECT_THAT(ArcTexts(*all), UnorderedElementsAre("a->b 0.25", "b->c 7"));
}

TEST_F(ProjectionTest, RefusesWhatIsNoWeight) {
  graph_.MustApply(
      {Put("a"), Put("b"),
       Link("", "OWNS", "a", "b",
            {Holds({{"note", Text("much")},
                    {"wild", Value::Double(std::nan(""))},
                    {"amount", Value::Of(*Money::Parse("5", "USD"))}})}),
       Link("", "OWNS", "b", "a", {Holds({{"amount", Value::Of(*Money::Parse("7", "EUR"))}})})});
  const auto refused = [](absl::string_view why) {
    return StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(std::string(why)));
  };
  EXPECT_THAT(Build({.weight = Property("note")}).status(), refused("no number"));
  EXPECT_THAT(Build({.weight = Property("wild")}).status(), refused("must be finite"));
  EXPECT_THAT(Build({.weight = Property("amount")}).status(), refused("others are in USD"));
  EXPECT_THAT(Build({.view = {ValidTime::Window(0, 1), DefaultPolicy()}}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("window")));
  EXPECT_THAT(Build({.default_weight = std::nan("")}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("default weight")));
}

TEST_F(ProjectionTest, SeesWhatThePolicyShows) {
  graph_.MustApply({Put("a"), Put("b"), Put("s", {"Source"}), Put("t", {"Source"}),
                    Link("", "OWNS", "a", "b", {Holds({}, "..", "..", {CitedFrom("s")})}),
                    Link("", "PAYS", "a", "s", {Holds({}, "..", "..", {CitedFrom("t")})})});
  auto trusted = std::make_shared<BeliefPolicy>();
  trusted->trusted = {graph_.IdOf("t")};
  RELATA_ASSERT_OK_AND_ASSIGN(const auto some,
                              Build({.view = {ValidTime::All(), std::move(trusted)}}));
  EXPECT_THAT(ArcTexts(*some), UnorderedElementsAre("a->s"));
}

TEST_F(ProjectionTest, SaysHowMuchMemoryItLacks) {
  std::vector<Mutation> mutations = {Put("a")};
  for (int i = 0; i < 200; ++i) {
    mutations.push_back(Put(absl::StrCat("n/", i)));
    mutations.push_back(Link("", "OWNS", "a", absl::StrCat("n/", i)));
  }
  graph_.MustApply(std::move(mutations));
  RELATA_EXPECT_OK(Build({}, 20'000).status());
  EXPECT_THAT(Build({}, 3'000).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("may have 3000")));
  // To turn arcs round takes more.
  EXPECT_THAT(Build({.orientation = Orientation::kUndirected}, 6'000).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("fewer labels")));
}

TEST_F(ProjectionTest, StopsWhenTold) {
  graph_.MustApply({Put("a"), Put("b"), Link("", "OWNS", "a", "b")});
  RunControl control(SystemClock(), {.stopped = [] { return absl::CancelledError("enough"); }});
  EXPECT_THAT(Projection::Build(graph_.Latest(), {}, kPlenty, control).status(),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
}

// What each instant shows, asked of each vertex on its own.
std::set<std::pair<EntityId, EntityId>> ShownAt(const Snapshot& snapshot, const ReadView& view) {
  std::set<std::pair<EntityId, EntityId>> shown;
  const Step step{TypeId(), Direction::kOut};
  for (const EntityId entity : Must(snapshot.ListEntities(std::nullopt, EntityId(), 10'000))) {
    Expansion expansion;
    if (!Expand(snapshot, {entity}, {step}, view, &expansion).ok()) EndTest(absl::OkStatus());
    for (const Edge& edge : expansion.edges) shown.emplace(entity, edge.neighbour);
  }
  return shown;
}

std::set<std::pair<EntityId, EntityId>> ArcsOf(const Projection& projection) {
  std::set<std::pair<EntityId, EntityId>> arcs;
  for (VertexIndex v = 0; v < projection.vertices(); ++v) {
    for (const VertexIndex w : projection.out().of(v)) {
      arcs.emplace(projection.entity(v), projection.entity(w));
    }
  }
  return arcs;
}

// A graph whose relationships come and go, some with rival facts, some with imprecise bounds.
void FillWithDatedFacts(uint64_t seed, DatabaseHarness& graph) {
  std::mt19937_64 random(seed);
  const std::vector<std::string> bounds = {"2020", "2020-03", "2020-06-10", "2021", "2021-05", ""};
  std::vector<Mutation> mutations;
  mutations.reserve(12);
  for (int i = 0; i < 12; ++i) mutations.push_back(Put(absl::StrCat("e/", i)));
  for (int i = 0; i < 40; ++i) {
    std::vector<FactWrite> facts;
    for (uint64_t f = 0; f <= random() % 3; ++f) {
      const std::string from = random() % 4 == 0 ? ".." : bounds[random() % 3];
      const std::string to = random() % 3 == 0 ? ".." : bounds[3 + random() % 3];
      facts.push_back(Holds({{"n", Value::Int(static_cast<int64_t>(f))}}, from, to));
    }
    mutations.push_back(Link(absl::StrCat("r/", i), "OWNS", absl::StrCat("e/", random() % 12),
                             absl::StrCat("e/", random() % 12), std::move(facts)));
  }
  graph.MustApply(std::move(mutations));
}

TEST_F(ProjectionTest, ShowsTheSameUntilItSaysSo) {
  const Instant first = *ParseInstant("2019-06-01");
  constexpr Instant kWeek = Instant{7} * 24 * 3600 * 1'000'000;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    DatabaseHarness graph;
    FillWithDatedFacts(seed, graph);
    int changes = 0;
    for (int week = 0; week < 180; ++week) {
      for (const bool certainly : {false, true}) {
        const Instant t = first + week * kWeek;
        ProjectionSpec spec{.view = {ValidTime::At(t, certainly), DefaultPolicy()}};
        RunControl control(SystemClock());
        const auto projection = Must(Projection::Build(graph.Latest(), spec, kPlenty, control));
        ASSERT_EQ(ArcsOf(*projection), ShownAt(graph.Latest(), spec.view)) << seed << " " << week;
        const Instant until = projection->stable_until();
        ASSERT_GT(until, t);
        if (certainly || until == kPlusInfinity) continue;
        spec.view.valid = ValidTime::At(until - 1);
        ASSERT_EQ(ArcsOf(*projection), ShownAt(graph.Latest(), spec.view));
        spec.view.valid = ValidTime::At(until);
        changes += ArcsOf(*projection) != ShownAt(graph.Latest(), spec.view);
      }
    }
    // It is no mere moment.
    EXPECT_GT(changes, 50);
  }
}

}  // namespace
}  // namespace relata
