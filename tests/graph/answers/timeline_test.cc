#include "graph/answers/timeline.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ReadView Everything() { return {ValidTime::All(), DefaultPolicy()}; }

class TimelineTest : public testing::Test {
 protected:
  TimelineTest() {
    for (const char* const key : {"c/t", "c/a", "g/r"}) graph_.Entity(key);
    graph_.Entity("source/s", {"Source"});
    graph_.Link("own", "OWNS", "c/t", "c/a",
                {MakeFact({}, "2020-01-01T00:00:00Z", "2022-01-01T00:00:00Z")});
  }

  TimelineRequest Request() {
    TimelineRequest request;
    request.subjects = {graph_.IdOf("c/t")};
    request.events = {{graph_.TypeOf("FINED"), Direction::kIn, PropertyId()}};
    return request;
  }
  absl::StatusOr<TimelineAnswer> Ask(const TimelineRequest& request) {
    Budget budget = graph_.Plenty();
    return BuildTimeline(graph_.Latest(), Everything(), request, nullptr, budget);
  }
  // `fine begin 2021`.
  std::vector<std::string> LinesOf(const TimelineAnswer& answer) {
    static constexpr const char* kKinds[] = {"begin", "end", "status"};
    std::vector<std::string> lines;
    for (const TimelineEntry& entry : answer.entries) {
      lines.push_back(absl::StrCat(graph_.KeyOf(RelationshipId(entry.owner.id)), " ",
                                   kKinds[static_cast<int>(entry.kind)], " ",
                                   entry.date.ToString()));
    }
    return lines;
  }
  void Fine(const char* key, const char* of, const char* from, const char* to = "..",
            std::vector<CitationWrite> citations = {}) {
    FactWrite fact = MakeFact({}, from, to);
    fact.citations = std::move(citations);
    graph_.Link(key, "FINED", "g/r", of, {fact});
  }

  TestGraph graph_;
};

TEST_F(TimelineTest, OrdersDatesOfEveryPrecisionUnknownOnesLast) {
  Fine("year", "c/t", "2026");
  Fine("day", "c/t", "2026-01-01");
  Fine("next", "c/t", "2026-01-02");
  Fine("unknown", "c/t", "");
  Fine("always", "c/t", "..");
  graph_.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(Request()));
  EXPECT_THAT(LinesOf(answer),
              ElementsAre("always begin ..", "day begin 2026-01-01", "year begin 2026",
                          "next begin 2026-01-02", "unknown begin "));
  EXPECT_TRUE(answer.entries.back().unknown);
  EXPECT_FALSE(answer.entries.front().unknown);
}

TEST_F(TimelineTest, EndsAreEntriesOfTheirOwn) {
  Fine("closed", "c/t", "2024", "2025-03");
  Fine("unknown", "c/t", "2024-05-01", "");
  graph_.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(Request()));
  EXPECT_THAT(LinesOf(answer), ElementsAre("closed begin 2024", "unknown begin 2024-05-01",
                                           "closed end 2025-03", "unknown end "));
  EXPECT_TRUE(answer.entries.back().unknown);
}

TEST_F(TimelineTest, AReportedRetractionIsAnEntry) {
  Fine("fine", "c/t", "2024", "..",
       {MakeCitation("source/s", Stance::kAsserts, "2024-03-01"),
        MakeCitation("source/s", Stance::kRetracts, "2024-06-01")});
  graph_.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(Request()));
  EXPECT_THAT(LinesOf(answer), ElementsAre("fine begin 2024", "fine status 2024-06-01"));
  EXPECT_EQ(answer.entries[0].status, FactStatus::kRetracted);
  EXPECT_EQ(answer.entries[1].status, FactStatus::kRetracted);
}

TEST_F(TimelineTest, OnlyTheDefaultPolicyTellsOfWhatIsRetracted) {
  Fine("fine", "c/t", "2024", "..", {MakeCitation("source/s", Stance::kDisputes, "2024-03-01")});
  graph_.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(Request()));
  // The first status is no change.
  EXPECT_THAT(LinesOf(answer), ElementsAre("fine begin 2024"));
  EXPECT_EQ(answer.entries[0].status, FactStatus::kRetracted);
  auto strict = std::make_shared<BeliefPolicy>();
  strict->disputed_in = false;
  Budget budget = graph_.Plenty();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const TimelineAnswer hidden,
      BuildTimeline(graph_.Latest(), {ValidTime::All(), strict}, Request(), nullptr, budget));
  EXPECT_TRUE(hidden.entries.empty());
}

TEST_F(TimelineTest, ARetractedSourceLeavesTheFactWithoutAnEntryOfItsOwn) {
  Fine("fine", "c/t", "2024", "..", {MakeCitation("source/s", Stance::kAsserts, "2024-03-01")});
  graph_.Commit();
  graph_.Stage(RetractSource{EntityKeyRef{"source/s"}});
  graph_.Commit();
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(Request()));
  EXPECT_THAT(LinesOf(answer), ElementsAre("fine begin 2024"));
  EXPECT_EQ(answer.entries[0].status, FactStatus::kRetracted);
}

TEST_F(TimelineTest, AFactIsFoundOverAPathAndNamesIt) {
  Fine("fine", "c/a", "2024");
  graph_.Commit();
  TimelineRequest request = Request();
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer alone, Ask(request));
  EXPECT_TRUE(alone.entries.empty());
  request.via = {graph_.StepOf("OWNS")};
  request.max_hops = 2;
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(request));
  ASSERT_EQ(answer.entries.size(), 1u);
  const TimelineEntry& entry = answer.entries[0];
  EXPECT_EQ(entry.subject, graph_.IdOf("c/a"));
  EXPECT_EQ(entry.actor, graph_.IdOf("g/r"));
  EXPECT_EQ(entry.reached, graph_.IdOf("c/a"));
  EXPECT_EQ(entry.shortest_from, graph_.IdOf("c/t"));
  ASSERT_EQ(entry.shortest.size(), 1u);
  EXPECT_EQ(entry.shortest[0].ends.id, graph_.RelationshipOf("own"));
  EXPECT_EQ(entry.shortest[0].to, graph_.IdOf("c/a"));
  EXPECT_EQ(entry.paths, 1u);
}

TEST_F(TimelineTest, APathMayHaveToHoldAtTheDateOfTheEntry) {
  Fine("early", "c/a", "2019-12-31");
  Fine("first", "c/a", "2020-01-01");
  Fine("late", "c/a", "2022-01-01");
  graph_.Commit();
  TimelineRequest request = Request();
  request.via = {graph_.StepOf("OWNS")};
  request.max_hops = 1;
  request.path_at_date = true;
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(request));
  EXPECT_THAT(LinesOf(answer), ElementsAre("first begin 2020-01-01"));
}

TEST_F(TimelineTest, AtTheDateOfAnEntryAllOfAPathHoldsTogether) {
  graph_.Entity("c/b");
  graph_.Link("early", "OWNS", "c/a", "c/b", {MakeFact({}, "2020-03-01", "2020-06-01")});
  graph_.Link("late", "RAN", "c/t", "c/a", {MakeFact({}, "2020-07-01", "2020-08-01")});
  graph_.Link("again", "RAN", "c/t", "c/a",
              {MakeFact({}, "2020-08-01", "2020-09-01"), MakeFact({}, "2020-05-20", "2020-06-15")});
  Fine("year", "c/b", "2020");
  Fine("never", "c/b", "2019");
  Fine("outside", "c/b", "2020-06-15");
  graph_.Commit();
  TimelineRequest request = Request();
  request.via = {graph_.StepOf("OWNS"), graph_.StepOf("RAN")};
  request.min_hops = 2;
  request.max_hops = 2;
  request.path_at_date = true;
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(request));
  // By `own` and by `again`; `late` and `early` hold in 2020 both, but never together.
  EXPECT_THAT(LinesOf(answer), ElementsAre("year begin 2020"));
  EXPECT_EQ(answer.entries[0].paths, 2u);
}

TEST_F(TimelineTest, TellsOfProperties) {
  AddFacts write;
  write.entity = EntityKeyRef{"c/t"};
  write.property = "status";
  write.facts = {MakeFact({}, "2020-05", "2022-01-01")};
  write.facts[0].value = Value::String("draft");
  graph_.Stage(write);
  graph_.Commit();
  TimelineRequest request = Request();
  request.events = {{TypeId(), Direction::kEither, graph_.PropertyOf("status")}};
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer answer, Ask(request));
  ASSERT_EQ(answer.entries.size(), 2u);
  const TimelineEntry& entry = answer.entries[0];
  EXPECT_EQ(entry.fact.value.get<std::string>(), "draft");
  EXPECT_EQ(entry.subject, graph_.IdOf("c/t"));
  EXPECT_FALSE(entry.actor.has_value());
  EXPECT_FALSE(entry.relationship.has_value());
  EXPECT_EQ(entry.owner.property, graph_.PropertyOf("status"));
  EXPECT_EQ(answer.entries[1].kind, TimelineKind::kEnd);
}

TEST_F(TimelineTest, ASpentBudgetSaysWhatWasNotLookedAt) {
  Fine("fine", "c/a", "2024");
  graph_.Commit();
  TimelineRequest request = Request();
  request.via = {graph_.StepOf("OWNS")};
  request.max_hops = 2;
  Budget budget(graph_.clock(), {.expansions = 1});
  RELATA_ASSERT_OK_AND_ASSIGN(
      const TimelineAnswer answer,
      BuildTimeline(graph_.Latest(), Everything(), request, nullptr, budget));
  EXPECT_TRUE(answer.cut);
  EXPECT_GT(answer.frontier_left, 0u);
  EXPECT_TRUE(answer.reproducible);
}

TEST_F(TimelineTest, APageOfManyEventsIsTheBeginningOfAll) {
  // Of both ends, so that each event is met twice.
  constexpr int kEvents = 2'500;
  for (int i = 0; i < kEvents; ++i) {
    const int order = i * 1'009 % kEvents;
    Fine(absl::StrCat("fine/", i).c_str(), "c/t", absl::StrCat(1000 + order % 700).c_str(),
         order % 3 == 0 ? absl::StrCat(1800 + order % 150).c_str() : "..",
         order % 50 == 0 ? std::vector<CitationWrite>{MakeCitation("source/s")}
                         : std::vector<CitationWrite>{});
  }
  graph_.Commit();
  for (const bool descending : {false, true}) {
    TimelineRequest request = Request();
    request.subjects = {graph_.IdOf("c/t"), graph_.IdOf("g/r")};
    request.events[0].direction = Direction::kEither;
    request.descending = descending;
    request.limit = 1'000'000;
    RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer all, Ask(request));
    EXPECT_GT(all.entries.size(), static_cast<size_t>(kEvents));
    for (const size_t limit : {size_t{1}, size_t{40}, size_t{600}}) {
      request.limit = limit;
      RELATA_ASSERT_OK_AND_ASSIGN(const TimelineAnswer page, Ask(request));
      ASSERT_EQ(page.entries.size(), limit);
      std::vector<std::string> first = LinesOf(all);
      first.resize(limit);
      EXPECT_EQ(LinesOf(page), first);
      for (const TimelineEntry& entry : page.entries) EXPECT_EQ(entry.paths, 2u);
      Budget budget = graph_.Plenty();
      RELATA_ASSERT_OK_AND_ASSIGN(
          const TimelineAnswer next,
          BuildTimeline(graph_.Latest(), Everything(), request, &*page.next, budget));
      std::vector<std::string> second = LinesOf(all);
      second.erase(second.begin(), second.begin() + static_cast<std::ptrdiff_t>(limit));
      second.resize(limit);
      EXPECT_EQ(LinesOf(next), second);
    }
  }
}

TEST_F(TimelineTest, RefusesBadRequests) {
  Fine("fine", "c/t", "2024");
  graph_.Commit();
  const auto refused = [&](const TimelineRequest& request, const char* word) {
    EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(word)));
  };
  TimelineRequest request = Request();
  request.subjects.clear();
  refused(request, "subject");
  request = Request();
  request.events.clear();
  refused(request, "event");
  request = Request();
  request.min_hops = 2;
  refused(request, "max_hops");
  request = Request();
  request.from = request.to = InstantOf("2024-01-01");
  refused(request, "window");
  request = Request();
  request.subjects.push_back(EntityId(1'000'000));
  EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("subject")));
}

}  // namespace
}  // namespace relata
