#include "graph/algorithms/projection_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr size_t kAmple = size_t{1} << 30;

class ProjectionCacheTest : public testing::Test {
 protected:
  ProjectionCacheTest() {
    graph_.MustApply({Put("a", {"Company"}), Put("b", {"Bank"}),
                      Link("", "OWNS", "a", "b",
                           {Holds({{"share", Value::Int(3)}}, "2020-01-01", "2021-01-01")})});
  }
  static ReadView At(absl::string_view instant) {
    return {ValidTime::At(*ParseInstant(instant)), DefaultPolicy()};
  }
  std::shared_ptr<const Projection> Get(ProjectionCache& cache, const ProjectionSpec& spec) {
    RunControl control(SystemClock());
    return Must(cache.Get(graph_.Latest(), spec, control));
  }

  DatabaseHarness graph_;
};

TEST_F(ProjectionCacheTest, GivesTheSameOneAgain) {
  ProjectionCache cache(kAmple);
  const auto first = Get(cache, {});
  EXPECT_EQ(Get(cache, {}), first);
  EXPECT_NE(Get(cache, {.orientation = Orientation::kReverse}), first);
  EXPECT_NE(Get(cache, {.labels = {*graph_.db().names().FindLabel("Bank")}}), first);
  EXPECT_NE(Get(cache, {.types = {TypeId(77)}}), first);
  EXPECT_NE(Get(cache, {.weight = *graph_.db().names().FindProperty("share")}), first);
  auto policy = std::make_shared<BeliefPolicy>();
  policy->min_sources = 1;
  EXPECT_NE(Get(cache, {.view = {ValidTime::All(), policy}}), first);
  EXPECT_NE(Get(cache, {.view = {ValidTime::All(true), DefaultPolicy()}}), first);
  // What does not change it: the order of labels, how parallel weights join where there are none.
  const LabelId bank = *graph_.db().names().FindLabel("Bank");
  const LabelId company = *graph_.db().names().FindLabel("Company");
  const auto both = Get(cache, {.labels = {bank, company}});
  EXPECT_EQ(Get(cache, {.labels = {company, bank}, .parallel = ParallelWeights::kLeast}), both);
  EXPECT_EQ(cache.GetStats().hits, 2);
  EXPECT_EQ(cache.GetStats().misses, 8);
}

TEST_F(ProjectionCacheTest, BuildsAnewForANewVersion) {
  ProjectionCache cache(kAmple);
  const auto first = Get(cache, {});
  graph_.MustApply({Link("", "OWNS", "b", "a")});
  const auto second = Get(cache, {});
  EXPECT_EQ(first->arcs(), 1);
  EXPECT_EQ(second->arcs(), 2);
}

TEST_F(ProjectionCacheTest, ServesLaterInstantsUntilSomethingChanges) {
  ProjectionCache cache(kAmple);
  const auto during = Get(cache, {.view = At("2020-03-01")});
  EXPECT_EQ(during->arcs(), 1);
  EXPECT_EQ(Get(cache, {.view = At("2020-09-01")}), during);
  EXPECT_EQ(Get(cache, {.view = At("2021-01-02")})->arcs(), 0);
  // Not an earlier one: when it began to be so is not known.
  EXPECT_EQ(Get(cache, {.view = At("2019-01-01")})->arcs(), 0);
  EXPECT_NE(Get(cache, {.view = At("2020-02-01")}), during);
  EXPECT_NE(
      Get(cache, {.view = {ValidTime::At(*ParseInstant("2020-09-01"), true), DefaultPolicy()}}),
      during);
}

TEST_F(ProjectionCacheTest, OneWithIncomingArcsServesBoth) {
  ProjectionCache cache(kAmple);
  const auto outgoing = Get(cache, {});
  const auto both = Get(cache, {.incoming = true});
  EXPECT_NE(both, outgoing);
  EXPECT_TRUE(both->has_in());
  EXPECT_EQ(Get(cache, {.incoming = true}), both);
}

TEST_F(ProjectionCacheTest, DropsTheLeastRecentlyUsed) {
  ProjectionCache measure(kAmple);
  const ProjectionSpec forward;
  const ProjectionSpec back{.orientation = Orientation::kReverse};
  const ProjectionSpec both{.orientation = Orientation::kUndirected};
  Get(measure, forward);
  Get(measure, back);
  Get(measure, both);
  ProjectionCache cache(measure.GetStats().bytes - 1);
  const auto first = Get(cache, forward);
  const auto second = Get(cache, back);
  EXPECT_EQ(Get(cache, forward), first);  // now the second is the oldest
  Get(cache, both);
  EXPECT_EQ(cache.GetStats().projections, 2);
  EXPECT_EQ(Get(cache, forward), first);
  EXPECT_NE(Get(cache, back), second);
  EXPECT_LE(cache.GetStats().bytes, measure.GetStats().bytes - 1);
}

}  // namespace
}  // namespace relata
