#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "tests/graph/query/executor/plan_fixture.h"
#include "tests/support/status_matchers.h"

// Walks of many relationships on small random graphs, against all walks enumerated naively.
namespace relata::query {
namespace {

using Selector = BoundPath::Selector;

constexpr BoundPathMode kModes[] = {BoundPathMode::kTrail, BoundPathMode::kWalk,
                                    BoundPathMode::kAcyclic, BoundPathMode::kSimple};
constexpr EdgeDirection kDirections[] = {EdgeDirection::kOut, EdgeDirection::kIn,
                                         EdgeDirection::kEither};

struct Link {
  std::string key;
  std::string type;
  int from = 0;
  int to = 0;
  int64_t weight = 0;
};

struct NaiveWalk {
  int start = 0;
  std::vector<const Link*> links;
  std::vector<int> nodes;  // one more than links
  int end() const { return nodes.back(); }
  std::string List() const {
    std::vector<std::string> keys;
    for (const Link* const link : links) keys.push_back(link->key);
    return absl::StrCat("[", absl::StrJoin(keys, ","), "]");
  }
};

class WalksTest : public PlanFixture, public ::testing::WithParamInterface<int> {
 protected:
  static constexpr int kNodes = 5;

  WalksTest() {
    std::mt19937 random(static_cast<uint32_t>(GetParam()));
    const auto below = [&random](int n) { return static_cast<int>(random() % n); };
    std::vector<Mutation> mutations;
    mutations.reserve(kNodes);
    for (int i = 0; i < kNodes; ++i) mutations.push_back(Create(absl::StrCat(i)));
    const int count = 5 + below(4);
    for (int i = 0; i < count; ++i) {
      links_.push_back({absl::StrCat("r", i), below(3) == 0 ? "U" : "T", below(kNodes),
                        below(kNodes), below(4)});
      const struct Link& link = links_.back();
      mutations.push_back(relata::Link(link.key, link.type, absl::StrCat(link.from),
                                       absl::StrCat(link.to),
                                       {Holds({{"w", Value::Int(link.weight)}})}));
    }
    harness_.MustApply(std::move(mutations));
  }

  static bool MayGoOn(const NaiveWalk& walk, const struct Link& link, int far, BoundPathMode mode) {
    if (mode == BoundPathMode::kWalk) return true;
    const bool used = std::find(walk.links.begin(), walk.links.end(), &link) != walk.links.end();
    if (used) return false;
    if (mode == BoundPathMode::kTrail) return true;
    const bool closed = walk.links.size() > 0 && walk.end() == walk.start;
    if (mode == BoundPathMode::kSimple && (closed || far == walk.start)) return !closed;
    return std::find(walk.nodes.begin(), walk.nodes.end(), far) == walk.nodes.end();
  }

  void Extend(const NaiveWalk& walk, EdgeDirection direction, int64_t min, int64_t max,
              BoundPathMode mode, const std::function<bool(const struct Link&)>& each,
              std::vector<NaiveWalk>* all) const {
    const int64_t length = static_cast<int64_t>(walk.links.size());
    if (length >= min) all->push_back(walk);
    if (length == max) return;
    for (const struct Link& link : links_) {
      if (each && !each(link)) continue;
      std::vector<int> ends;
      if (direction != EdgeDirection::kIn && link.from == walk.end()) ends.push_back(link.to);
      if (direction != EdgeDirection::kOut && link.to == walk.end() &&
          (direction == EdgeDirection::kIn || link.from != link.to)) {
        ends.push_back(link.from);
      }
      for (const int far : ends) {
        if (!MayGoOn(walk, link, far, mode)) continue;
        NaiveWalk longer = walk;
        longer.links.push_back(&link);
        longer.nodes.push_back(far);
        Extend(longer, direction, min, max, mode, each, all);
      }
    }
  }

  std::vector<NaiveWalk> Walks(
      int start, EdgeDirection direction, int64_t min, int64_t max, BoundPathMode mode,
      const std::function<bool(const struct Link&)>& each = nullptr) const {
    std::vector<NaiveWalk> all;
    Extend({start, {}, {start}}, direction, min, max, mode, each, &all);
    return all;
  }
  std::vector<NaiveWalk> AllWalks(EdgeDirection direction, int64_t min, int64_t max,
                                  BoundPathMode mode) const {
    std::vector<NaiveWalk> all;
    for (int start = 0; start < kNodes; ++start) {
      for (NaiveWalk& walk : Walks(start, direction, min, max, mode)) {
        all.push_back(std::move(walk));
      }
    }
    return all;
  }

  template <typename Row>
  static std::vector<std::string> Sorted(const std::vector<NaiveWalk>& walks, Row row) {
    std::vector<std::string> rows;
    rows.reserve(walks.size());
    for (const NaiveWalk& walk : walks) rows.push_back(row(walk));
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  // By (start, end): the lengths of the walks that a selector must keep, ascending.
  static std::map<std::pair<int, int>, std::vector<int64_t>> KeptLengths(
      const std::vector<NaiveWalk>& walks, Selector selector, size_t count) {
    std::map<std::pair<int, int>, std::vector<int64_t>> lengths;
    for (const NaiveWalk& walk : walks) {
      lengths[{walk.start, walk.end()}].push_back(static_cast<int64_t>(walk.links.size()));
    }
    for (auto& [ends, of_pair] : lengths) {
      std::sort(of_pair.begin(), of_pair.end());
      std::set<int64_t> groups(of_pair.begin(), of_pair.end());
      size_t kept = std::min(count, of_pair.size());
      if (selector == Selector::kAllShortest) {
        kept = static_cast<size_t>(std::count(of_pair.begin(), of_pair.end(), of_pair[0]));
      } else if (selector == Selector::kShortestGroups) {
        auto last = groups.begin();
        std::advance(last, std::min(count, groups.size()) - 1);
        kept = static_cast<size_t>(std::upper_bound(of_pair.begin(), of_pair.end(), *last) -
                                   of_pair.begin());
      }
      of_pair.resize(kept);
    }
    return lengths;
  }

  // Rows `start … [list] end` (the list in that word) as lengths by (start, end); each must be one
  // of `walks`, and none may come twice.
  static std::map<std::pair<int, int>, std::vector<int64_t>> GivenLengths(
      const std::vector<std::string>& rows, bool to_first, const std::vector<NaiveWalk>& walks) {
    std::map<std::string, const NaiveWalk*> known;
    for (const NaiveWalk& walk : walks) {
      known[to_first ? absl::StrCat(walk.start, " ", walk.end(), " ", walk.List())
                     : absl::StrCat(walk.start, " ", walk.List(), " ", walk.end())] = &walk;
    }
    std::map<std::pair<int, int>, std::vector<int64_t>> lengths;
    std::set<std::string> seen;
    for (const std::string& row : rows) {
      EXPECT_TRUE(seen.insert(row).second) << row << " twice";
      const auto walk = known.find(row);
      if (walk == known.end()) {
        ADD_FAILURE() << row << " is no such walk";
        continue;
      }
      lengths[{walk->second->start, walk->second->end()}].push_back(
          static_cast<int64_t>(walk->second->links.size()));
    }
    for (auto& [ends, of_pair] : lengths) {
      EXPECT_TRUE(std::is_sorted(of_pair.begin(), of_pair.end()));
    }
    return lengths;
  }

  std::vector<struct Link> links_;
};

TEST_P(WalksTest, VarExpandGivesEveryWalk) {
  for (const BoundPathMode mode : kModes) {
    for (const EdgeDirection direction : kDirections) {
      for (const auto& [min, max] : {std::pair<int64_t, int64_t>{0, 2}, {1, 4}, {2, 3}}) {
        VarExpandPlan expand;
        expand.direction = direction;
        expand.min = min;
        expand.max = max;
        expand.mode = mode;
        const std::vector<NaiveWalk> walks = AllWalks(direction, min, max, mode);
        EXPECT_EQ(SortedRows(Plan(expand, {Scan()}, 3)), Sorted(walks, [](const NaiveWalk& w) {
                    return absl::StrCat(w.start, " ", w.List(), " ", w.end());
                  }));
        expand.into = 1;
        EXPECT_EQ(SortedRows(Plan(expand, {Scan("", Scan())}, 3)),
                  Sorted(walks, [](const NaiveWalk& w) {
                    return absl::StrCat(w.start, " ", w.end(), " ", w.List());
                  }));
      }
    }
  }
}

TEST_P(WalksTest, VarExpandGivesEachFarNodeOnce) {
  for (const BoundPathMode mode : kModes) {
    for (const EdgeDirection direction : kDirections) {
      for (const auto& [min, max] : {std::pair<int64_t, int64_t>{0, 9}, {1, 9}, {1, 2}, {2, 3}}) {
        // Walks that may repeat themselves are endless: those of so few nodes are enough.
        const bool endless = mode == BoundPathMode::kWalk;
        VarExpandPlan expand;
        expand.direction = direction;
        expand.min = min;
        expand.max = endless ? std::min<int64_t>(max, 5) : max;
        expand.mode = mode;
        expand.distinct_far = true;
        std::set<std::string> ends;
        for (const NaiveWalk& w : AllWalks(direction, min, expand.max, mode)) {
          ends.insert(absl::StrCat(w.start, " null ", w.end()));
        }
        EXPECT_EQ(SortedRows(Plan(expand, {Scan()}, 3)),
                  std::vector<std::string>(ends.begin(), ends.end()))
            << static_cast<int>(mode) << " " << static_cast<int>(direction) << " " << min;
      }
    }
  }
}

TEST_P(WalksTest, FarCountIsTheNumberOfFarNodesOfAllRows) {
  for (const BoundPathMode mode : {BoundPathMode::kTrail, BoundPathMode::kWalk}) {
    // From the first two nodes, and from all of them several times.
    for (const int starts : {2, kNodes}) {
      for (const auto& [min, max] : {std::pair<int64_t, int64_t>{0, 2}, {1, 1}, {2, 2}, {3, 9}}) {
        FarCountPlan count;
        count.walk.direction = EdgeDirection::kOut;
        count.walk.min = min;
        count.walk.max = std::min<int64_t>(max, mode == BoundPathMode::kWalk ? 4 : 9);
        count.walk.mode = mode;
        count.walk.distinct_far = true;
        std::set<int> ends;
        for (const NaiveWalk& w : AllWalks(EdgeDirection::kOut, min, count.walk.max, mode)) {
          if (w.start < starts) ends.insert(w.end());
        }
        const SkipLimitPlan first_two{{}, Expression::Constant(Datum::Int(2)), false};
        const PlanPtr from = starts == 2 ? Plan(first_two, {Scan()}, 1) : Scan("", Scan());
        EXPECT_EQ(Rows(Plan(count, {from}, 1)), std::vector<std::string>{absl::StrCat(ends.size())})
            << static_cast<int>(mode) << " " << starts << " " << min;
      }
    }
  }
}

TEST_P(WalksTest, VarExpandTestsEachRelationshipAndFollowsKnownLists) {
  VarExpandPlan expand;
  expand.direction = EdgeDirection::kEither;
  expand.max = 4;
  expand.types = {"T"};
  expand.each =
      Compiled(Binary(BoundKind::kGreater, PropertyOf(1, "w"), Literal(Datum::Int(0))), 2);
  std::vector<NaiveWalk> walks;
  for (int start = 0; start < kNodes; ++start) {
    for (NaiveWalk& walk :
         Walks(start, EdgeDirection::kEither, 1, 4, BoundPathMode::kTrail,
               [](const auto& link) { return link.type == "T" && link.weight > 0; })) {
      walks.push_back(std::move(walk));
    }
  }
  const PlanPtr free = Plan(expand, {Scan()}, 3);
  const auto text = [](const NaiveWalk& w) {
    return absl::StrCat(w.start, " ", w.List(), " ", w.end());
  };
  EXPECT_EQ(SortedRows(free), Sorted(walks, text));
  // The lists found, walked again as known ones between the same nodes.
  VarExpandPlan again = expand;
  again.each = Expression();
  again.known = 1;
  again.into = 2;
  EXPECT_EQ(
      SortedRows(Project(Plan(again, {free}, 4), {Expression::ColumnAt(0), Expression::ColumnAt(3),
                                                  Expression::ColumnAt(2)})),
      Sorted(walks, text));
  again.direction = EdgeDirection::kOut;
  std::vector<NaiveWalk> forward;
  for (const NaiveWalk& walk : walks) {
    bool all = true;
    for (size_t i = 0; i < walk.links.size(); ++i)
      all = all && walk.links[i]->from == walk.nodes[i];
    if (all) forward.push_back(walk);
  }
  EXPECT_EQ(
      SortedRows(Project(Plan(again, {free}, 4), {Expression::ColumnAt(0), Expression::ColumnAt(3),
                                                  Expression::ColumnAt(2)})),
      Sorted(forward, text));
}

TEST_P(WalksTest, QuantifiedExpandRepeatsItsPattern) {
  for (const BoundPathMode mode : kModes) {
    for (const EdgeDirection direction : kDirections) {
      QuantifiedExpandPlan expand;
      expand.min = 0;
      expand.max = 3;
      expand.mode = mode;
      expand.inner = ExpandFrom(Plan(ArgumentPlan(), {}, 2), 1, direction);
      expand.inner_end = 3;
      expand.groups = {2};
      expand.inner_nodes = {1, 3};
      expand.inner_relationships = {2};
      EXPECT_EQ(SortedRows(Plan(expand, {Scan()}, 4)),
                Sorted(AllWalks(direction, 0, 3, mode), [](const NaiveWalk& w) {
                  return absl::StrCat(w.start, " ", w.List(), " ", w.List(), " ", w.end());
                }));
    }
  }
}

TEST_P(WalksTest, ShortestPathKeepsWhatTheSelectorSays) {
  struct Case {
    Selector selector;
    size_t count;
  };
  for (const Case& c : {Case{Selector::kAnyShortest, 1},
                        {Selector::kAllShortest, 1},
                        {Selector::kAny, 1},
                        {Selector::kShortest, 2},
                        {Selector::kShortestGroups, 2}}) {
    for (const EdgeDirection direction : kDirections) {
      for (const int64_t min : {0, 1, 2}) {
        const int64_t max = 6;
        ShortestPathPlan search;
        search.direction = direction;
        search.min = min;
        search.max = max;
        search.selector = c.selector;
        search.count = Expression::Constant(Datum::Int(static_cast<int64_t>(c.count)));
        const std::vector<NaiveWalk> walks = AllWalks(direction, min, max, BoundPathMode::kTrail);
        const auto expected = KeptLengths(walks, c.selector, c.count);
        SCOPED_TRACE(absl::StrCat(static_cast<int>(c.selector), " direction ",
                                  static_cast<int>(direction), " min ", min));
        EXPECT_EQ(GivenLengths(Rows(Plan(search, {Scan()}, 3)), false, walks), expected);
        search.to = 1;
        EXPECT_EQ(GivenLengths(Rows(Plan(search, {Scan("", Scan())}, 3)), true, walks), expected);
      }
    }
  }
}

TEST_P(WalksTest, ShortestPathGoesOnWhereTheConditionRejects) {
  // Between the ends of each relationship a shortest path that is not that relationship.
  ShortestPathPlan search;
  search.direction = EdgeDirection::kEither;
  search.from = 0;
  search.to = 2;
  auto in = Binary(BoundKind::kIn, ColumnOf(1), ColumnOf(3));
  auto condition = std::make_unique<BoundExpr>();
  condition->kind = BoundKind::kNot;
  condition->args.push_back(std::move(in));
  search.condition = Compiled(std::move(condition), 4);
  std::vector<std::string> expected;
  for (const struct Link& link : links_) {
    size_t least = SIZE_MAX;
    for (const NaiveWalk& walk :
         Walks(link.from, EdgeDirection::kEither, 1, 20, BoundPathMode::kTrail)) {
      const bool avoids =
          std::find(walk.links.begin(), walk.links.end(), &link) == walk.links.end();
      if (walk.end() == link.to && avoids) least = std::min(least, walk.links.size());
    }
    if (least != SIZE_MAX) expected.push_back(absl::StrCat(link.key, " ", least));
  }
  std::vector<std::string> given;
  for (const std::string& row : Rows(Plan(search, {Plan(RelationshipScanPlan(), {}, 3)}, 4))) {
    // `from key to [a,b]`
    const size_t key = row.find(' ') + 1;
    given.push_back(absl::StrCat(row.substr(key, row.find(' ', key) - key), " ",
                                 std::count(row.begin(), row.end(), ',') + 1));
  }
  std::sort(given.begin(), given.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(given, expected);
}

TEST_P(WalksTest, PathSelectKeepsByLength) {
  for (const Selector selector : {Selector::kAny, Selector::kAnyShortest, Selector::kAllShortest,
                                  Selector::kShortest, Selector::kShortestGroups}) {
    QuantifiedExpandPlan expand;
    expand.min = 1;
    expand.max = 3;
    expand.inner = ExpandFrom(Plan(ArgumentPlan(), {}, 2), 1, EdgeDirection::kOut);
    expand.inner_end = 3;
    expand.inner_relationships = {2};
    // The length in a column of its own: how many relationships `r` there are in the list.
    const std::vector<NaiveWalk> walks = AllWalks(EdgeDirection::kOut, 1, 3, BoundPathMode::kTrail);
    const PlanPtr paths = Plan(expand, {Scan()}, 3);
    AggregatePlan lengths;
    for (const size_t key : {0, 1, 2}) lengths.keys.push_back(Expression::ColumnAt(key));
    lengths.aggregates.push_back({AggregateKind::kCountStar, false, {}});
    PathSelectPlan select;
    select.partition = {0, 2};
    select.length = 3;
    select.selector = selector;
    select.count = Expression::Constant(Datum::Int(2));
    const PlanPtr unwound = Plan(UnwindPlan{Expression::ColumnAt(1), {}, {}, {}}, {paths}, 4);
    const PlanPtr selected = Plan(select, {Plan(lengths, {unwound}, 4)}, 4);
    std::vector<std::string> rows = Rows(Project(
        selected, {Expression::ColumnAt(0), Expression::ColumnAt(1), Expression::ColumnAt(2)}));
    std::stable_sort(rows.begin(), rows.end(), [](const std::string& a, const std::string& b) {
      return std::count(a.begin(), a.end(), ',') < std::count(b.begin(), b.end(), ',');
    });
    const size_t count = selector == Selector::kAnyShortest ? 1 : 2;
    EXPECT_EQ(GivenLengths(rows, false, walks), KeptLengths(walks, selector, count));
  }
}

TEST_P(WalksTest, TwoHopCountIsTheNumberOfWalks) {
  for (const EdgeDirection first : kDirections) {
    for (const EdgeDirection second : kDirections) {
      TwoHopCountPlan count;
      count.first = first;
      count.second = second;
      count.second_types = {"T"};
      int64_t expected = 0;
      for (const NaiveWalk& walk : AllWalks(first, 1, 1, BoundPathMode::kTrail)) {
        for (const NaiveWalk& next : Walks(walk.end(), second, 1, 1, BoundPathMode::kTrail)) {
          if (next.links[0] != walk.links[0] && next.links[0]->type == "T") ++expected;
        }
      }
      EXPECT_EQ(Rows(Plan(count, {}, 1)), std::vector<std::string>{absl::StrCat(expected)});
    }
  }
}

TEST_P(WalksTest, DifferentRelationshipsDropsRepetitions) {
  VarExpandPlan expand;
  expand.max = 2;
  expand.mode = BoundPathMode::kWalk;
  const PlanPtr walks = Plan(expand, {Scan()}, 3);
  VarExpandPlan more = expand;
  more.from = 2;
  DifferentRelationshipsPlan different;
  different.columns = {1, 3};
  const PlanPtr dropped = Plan(different, {Plan(more, {walks}, 5)}, 5);
  // The same as trails that leave the first list out.
  more.mode = BoundPathMode::kTrail;
  more.different_from = {1};
  expand.mode = BoundPathMode::kTrail;
  EXPECT_EQ(SortedRows(dropped), SortedRows(Plan(more, {Plan(expand, {Scan()}, 3)}, 5)));
}

INSTANTIATE_TEST_SUITE_P(Graphs, WalksTest, ::testing::Range(1, 13));

}  // namespace
}  // namespace relata::query
