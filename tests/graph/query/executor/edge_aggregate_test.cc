// Aggregations and counts over a whole type give what storage gives, whatever was committed, at
// every version, instant and policy: the same statements run on a database that keeps nothing.
#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/database_harness.h"

namespace relata::query {
namespace {

constexpr int kEntities = 90;  // more than a page of the cache's tables

const std::vector<std::string>& Questions() {
  static const auto* const kQuestions = new std::vector<std::string>{
      "MATCH (s)-[r:T]->() RETURN s.c, sum(r.x)",
      "MATCH (s:L)-[r:T]->(d:M) RETURN d.c, s.c, count(*), min(r.x), avg(r.x)",
      "MATCH (s)<-[r:T]-(d) RETURN r.k, sum(d.n), count(DISTINCT r.x)",
      "MATCH (s)<-[r:T]-(d:L) RETURN s.n, r.k, s.c, max(d.c), count(r)",
      "MATCH ()-[r:T]->() RETURN max(r.x), count(r), count(r.x), sum(r.nothing)",
      "MATCH (s)-[r:T]->() RETURN s.n, r.x, validFrom(r), validTo(r)",
      "MATCH (a)-[:T]->(b)-[:T]->(c) RETURN count(*)",
      "MATCH (a)<-[:T]-(b)<-[:U]-(c) RETURN count(*)",
  };
  return *kQuestions;
}

std::string Ask(QueryEngine& engine, const std::string& text, const QueryOptions& options) {
  auto result = engine.Run(text, {}, options);
  if (!result.ok()) return result.status().ToString();
  std::vector<std::string> rows;
  Batch batch;
  while (true) {
    const absl::StatusOr<bool> more = (*result)->Next(&batch);
    if (!more.ok()) return more.status().ToString();
    if (!*more) break;
    for (size_t row = 0; row < batch.rows; ++row) {
      std::string& text_of_row = rows.emplace_back();
      for (const Column& column : batch.columns) {
        absl::StrAppend(&text_of_row, column.Get(row).ToString(), ",");
      }
    }
  }
  std::sort(rows.begin(), rows.end());
  return absl::StrJoin(rows, ";");
}

// Sums of quarters are exact in every order.
Value RandomAmount(Dice& dice) {
  const auto number = static_cast<int64_t>(dice.Below(9)) - 4;
  switch (dice.Below(4)) {
    case 0:
      return Value::Int(number);
    case 1:
      return Value::Of(Decimal::Parse(absl::StrCat(number, ".50")).value());
    default:
      return Value::Double(0.25 * static_cast<double>(number));
  }
}

Value RandomColour(Dice& dice) {
  static const std::vector<std::string> kColours = {"red", "green", "blue"};
  return dice.OneIn(4) ? Value::Int(static_cast<int64_t>(dice.Below(2)))
                       : Value::String(dice.Of(kColours));
}

std::string KeyOf(uint64_t i) { return absl::StrCat("e/", i); }

// Commits of every kind that a column or an array has to follow.
class RandomCommits {
 public:
  // `timeless`: relationships without times and citations, whose number alone tells which are seen.
  RandomCommits(uint64_t seed, bool timeless) : dice_(seed), timeless_(timeless) {}

  std::vector<Mutation> First() {
    std::vector<Mutation> all = {Put("source/1", {"Source"}), Put("source/2", {"Source"})};
    for (uint64_t i = 0; i < kEntities; ++i) {
      std::vector<std::string> labels;
      if (dice_.OneIn(2)) labels.push_back("L");
      if (dice_.OneIn(2)) labels.push_back("M");
      std::vector<std::pair<std::string, FactWrite>> properties = {
          {"n", Says(Value::Int(static_cast<int64_t>(dice_.Below(3))))}};
      if (!dice_.OneIn(4)) properties.emplace_back("c", Says(RandomColour(dice_)));
      all.push_back(Put(KeyOf(i), std::move(labels), std::move(properties)));
    }
    for (int i = 0; i < 120; ++i) all.push_back(RandomLink());
    return all;
  }

  std::vector<Mutation> Next() {
    std::vector<Mutation> all;
    for (uint64_t n = 1 + dice_.Below(3); n > 0; --n) all.push_back(RandomMutation());
    return all;
  }

 private:
  std::string RandomKey() { return KeyOf(dice_.Below(kEntities)); }

  Mutation RandomLink() {
    static const std::vector<std::string> kFrom = {"..", "2020", "2021-03-04", "2024-06"};
    links_.push_back(absl::StrCat("r/", next_link_++));
    std::vector<std::pair<std::string, Value>> properties = {{"x", RandomAmount(dice_)}};
    if (dice_.OneIn(2)) properties.emplace_back("k", RandomColour(dice_));
    std::vector<CitationWrite> citations;
    if (!timeless_ && dice_.OneIn(4)) citations = {CitedFrom("source/1"), CitedFrom("source/2")};
    const std::string from = RandomKey();
    return Link(links_.back(), dice_.OneIn(4) ? "U" : "T", from,
                dice_.OneIn(8) ? from : RandomKey(),
                {Holds(std::move(properties), timeless_ ? ".." : dice_.Of(kFrom),
                       !timeless_ && dice_.OneIn(4) ? "2025" : "..", std::move(citations))});
  }

  Mutation RandomMutation() {
    const std::string link = links_.empty() ? "" : dice_.Of(links_);
    switch (dice_.Below(9)) {
      case 0:
      case 1:
        if (!link.empty()) return SetLink(link, "x", RandomAmount(dice_));
        break;
      case 2:
        if (!link.empty()) {
          std::erase(links_, link);
          return Unlink(link);
        }
        break;
      case 3:
        return Set(RandomKey(), "c", RandomColour(dice_));
      case 4:
        return Set(RandomKey(), "n", Value());
      case 5:
        return Add(RandomKey(), "c", {Says(RandomColour(dice_), "2022", "..")});
      case 6:
        return dice_.OneIn(2) ? Labels(RandomKey(), {"L"}, {}) : Labels(RandomKey(), {}, {"L"});
      case 7:
        return Retract("source/1");
      default:
        break;
    }
    return RandomLink();
  }

  Dice dice_;
  const bool timeless_;
  std::vector<std::string> links_;
  int next_link_ = 0;
};

DatabaseOptions KeepingNothing() {
  DatabaseOptions options;
  options.adjacency_cache_bytes = 0;
  return options;
}

// The same commits in both.
class BothDatabases {
 public:
  explicit BothDatabases(DatabaseOptions options, bool timeless = false)
      : keeping_(options), storage_(KeepingNothing()), commits_(3, timeless) {
    Apply(commits_.First());
  }

  void Commit() { Apply(commits_.Next()); }
  uint64_t version() const { return storage_.Latest().version().value(); }
  DatabaseHarness& keeping() { return keeping_; }
  DatabaseHarness& storage() { return storage_; }

 private:
  void Apply(const std::vector<Mutation>& mutations) {
    // What a random commit may not do (such as retracting twice) it does in neither.
    const bool applied = storage_.Apply(mutations).ok();
    EXPECT_EQ(keeping_.Apply(mutations).ok(), applied);
    EXPECT_EQ(keeping_.Latest().version(), storage_.Latest().version());
  }

  DatabaseHarness keeping_;
  DatabaseHarness storage_;
  RandomCommits commits_;
};

std::vector<std::optional<ValidTime>> ValidTimes() {
  const auto instant = [](absl::string_view text) { return *ParseInstant(text); };
  return {std::nullopt, ValidTime::At(instant("2020-06-01")), ValidTime::At(instant("2025-06-01")),
          ValidTime::Window(instant("2021-01-01"), instant("2022-01-01")), ValidTime::All()};
}

void CompareAnswers(DatabaseOptions keeping, int rounds, bool timeless = false) {
  BothDatabases both(keeping, timeless);
  QueryEngine kept(&both.keeping().db(), 4);
  QueryEngine stored(&both.storage().db());
  auto strict = std::make_shared<BeliefPolicy>();
  strict->min_sources = 2;
  Dice dice(7);
  for (int round = 0; round < rounds; ++round) {
    QueryOptions options;
    options.valid_time = dice.Of(ValidTimes());
    if (dice.OneIn(3)) options.as_of_version = CommitVersion(1 + dice.Below(both.version()));
    if (dice.OneIn(5)) options.policy = strict;
    for (const std::string& question : Questions()) {
      const std::string answer = Ask(stored, question, options);
      // The first time may make known what the second one uses.
      for (int time = 0; time < 2; ++time) {
        ASSERT_EQ(Ask(kept, question, options), answer)
            << question << " round " << round << " time " << time;
      }
      QueryOptions by_morsels = options;
      by_morsels.morsel_rows = 0;
      by_morsels.morsel_ids = 7 + dice.Below(kEntities);
      ASSERT_EQ(Ask(kept, question, by_morsels), answer) << question << " round " << round;
    }
    if (dice.OneIn(2)) both.Commit();
  }
}

TEST(EdgeAggregateTest, GivesWhatStorageGivesAtEveryVersionInstantAndPolicy) {
  CompareAnswers({}, 150);
}

TEST(EdgeAggregateTest, GivesItWhereTheCacheIsTooSmall) {
  DatabaseOptions options;
  options.adjacency_cache_bytes = 40'000;
  CompareAnswers(options, 60);
}

TEST(EdgeAggregateTest, GivesItWhereValuesStandBesidePages) {
  CompareAnswers({}, 100, /*timeless=*/true);
}

TEST(EdgeAggregateTest, PutsValuesBesidePagesOnce) {
  BothDatabases both({}, /*timeless=*/true);
  QueryEngine engine(&both.keeping().db());
  const std::string& question = Questions().front();
  const auto bytes = [&] {
    Ask(engine, question, {});
    return both.keeping().db().adjacency_cache().GetStats().column_bytes;
  };
  const size_t columns = bytes();
  const size_t with_values = bytes();
  EXPECT_GT(with_values, columns + sizeof(PageValues));
  EXPECT_EQ(bytes(), with_values);
}

TEST(EdgeAggregateTest, ReadsNothingTwice) {
  BothDatabases both({});
  QueryEngine engine(&both.keeping().db());
  const std::string question = "MATCH (s:L)-[r:T]->(d) RETURN d.n, sum(r.x)";
  auto explained = engine.Run(absl::StrCat("EXPLAIN ", question), {}, {});
  ASSERT_TRUE(explained.ok());
  EXPECT_NE((*explained)->plan_text().find("EdgeAggregate"), std::string::npos);
  Ask(engine, question, {});
  const AdjacencyCache::Stats before = both.keeping().db().adjacency_cache().GetStats();
  EXPECT_GT(before.column_bytes, 0u);
  Ask(engine, question, {});
  EXPECT_EQ(both.keeping().db().adjacency_cache().GetStats().misses, before.misses);
}

// Also beside entities that have no relationship of the type, which are known to have none by now.
TEST(EdgeAggregateTest, ReadsNoRowsOfWhatIsKnown) {
  BothDatabases both({});
  QueryEngine engine(&both.keeping().db());
  const std::string question = "PROFILE MATCH (s)-[r:T]->() RETURN s.c, sum(r.x)";
  std::vector<int> reads;
  for (int time = 0; time < 2; ++time) {
    auto profiled = engine.Run(question, {}, {});
    ASSERT_TRUE(profiled.ok());
    Batch batch;
    while (*(*profiled)->Next(&batch)) continue;
    for (const absl::string_view line : absl::StrSplit((*profiled)->plan_text(), '\n')) {
      if (!absl::StrContains(line, "EdgeAggregate")) continue;
      const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
      ASSERT_GE(words.size(), 8u) << line;
      int number = -1;
      EXPECT_TRUE(absl::SimpleAtoi(words[words.size() - 3], &number)) << line;
      reads.push_back(number);
    }
  }
  ASSERT_EQ(reads.size(), 2u);
  EXPECT_GT(reads[0], 0);
  EXPECT_EQ(reads[1], 0);
}

// Readers of many versions while a writer commits.
TEST(EdgeAggregateTest, ReadersSeeTheirVersionWhileOthersCommit) {
  BothDatabases both({});
  QueryEngine kept(&both.keeping().db());
  QueryEngine stored(&both.storage().db());
  Mutex mutex;
  std::map<uint64_t, std::vector<std::string>> answers;
  const auto note = [&] {
    std::vector<std::string> of_version;
    for (const std::string& question : Questions()) {
      of_version.push_back(Ask(stored, question, {}));
    }
    MutexLock lock(&mutex);
    answers[both.version()] = std::move(of_version);
  };
  note();
  std::atomic<bool> done{false};
  std::atomic<int> compared{0};
  const auto read = [&](uint64_t seed) {
    Dice dice(seed);
    for (bool last = false; !last;) {
      last = done.load();
      uint64_t version = 0;
      std::vector<std::string> expected;
      {
        MutexLock lock(&mutex);
        auto it = std::prev(answers.end());
        for (uint64_t back = dice.Below(4); back > 0 && it != answers.begin(); --back) --it;
        version = it->first;
        expected = it->second;
      }
      QueryOptions options;
      options.as_of_version = CommitVersion(version);
      const size_t i = dice.Below(expected.size());
      ASSERT_EQ(Ask(kept, Questions()[i], options), expected[i]) << Questions()[i] << version;
      ++compared;
    }
  };
  std::vector<std::thread> readers;
  for (uint64_t seed = 1; seed <= 3; ++seed) readers.emplace_back(read, seed);
  for (int i = 0; i < 60; ++i) {
    both.Commit();
    note();
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(compared, 10);
}

}  // namespace
}  // namespace relata::query
