#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/query/differential/differential.h"
#include "tests/query/differential/query_generator.h"
#include "tests/query/differential/random_history.h"
#include "tests/support/status_matchers.h"

// Properties of time in the query language (S2 to S5, S11), over random histories and queries.
namespace relata::differential {
namespace {

std::unique_ptr<QueryDatabase> MakeDatabase() { return Must(QueryDatabase::Make()); }

// A query whose answer can be compared between databases, and its columns.
struct Question {
  std::string text;
  std::vector<std::string> columns;
  bool ordered = false;
};

Question DrawQuestion(Random& random) {
  QueryShape shape;
  shape.scalars_only = true;
  const Query query = DrawQuery(random, shape);
  Question question{ToText(query), {}, IsOrdered(query)};
  for (const auto& [expression, alias] : query.parts[0].clauses.back().projection.items) {
    question.columns.push_back(alias);
  }
  return question;
}

// Asks `a_text` of a and `b_text` of b; the two must answer alike.
void ExpectSame(QueryDatabase& a, const std::string& a_text, QueryDatabase& b,
                const std::string& b_text, const Question& question, uint64_t seed,
                int* with_rows) {
  const absl::StatusOr<Answer> first = a.Run(a_text);
  const absl::StatusOr<Answer> second = b.Run(b_text);
  ASSERT_THAT(first, IsOk()) << "seed " << seed << "\n" << a_text;
  ASSERT_THAT(second, IsOk()) << "seed " << seed << "\n" << b_text;
  *with_rows += first->empty() ? 0 : 1;
  EXPECT_TRUE(SameAnswers(question.columns, question.ordered, *first, *second))
      << "seed " << seed << "\n"
      << a_text << "\n"
      << AnswerText(*first, 20) << "and\n"
      << b_text << "\n"
      << AnswerText(*second, 20);
}

void RunAll(QueryDatabase& database, const std::vector<std::string>& statements, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const absl::StatusOr<Answer> done = database.Run(statements[i]);
    ASSERT_THAT(done, IsOk()) << statements[i];
  }
}

void Apply(QueryDatabase& database, const std::vector<Mutation>& mutations) {
  for (const Mutation& mutation : mutations) {
    Batch batch;
    batch.mutations = {mutation};
    database.clock().AdvanceMicros(1'000'000);
    RELATA_ASSERT_OK(database.database().Apply(batch));
  }
}

TEST(TimePropertyTest, SystemTimeOfTheLatestVersionIsNoClauseAtAll) {
  int with_rows = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const auto database = MakeDatabase();
    RunAll(*database, RandomStatements(random, 30), 30);
    const std::string latest = absl::StrCat("FOR SYSTEM_TIME AS OF VERSION ",
                                            database->database().Latest().version().value(), "\n");
    for (int i = 0; i < 20; ++i) {
      const Question question = DrawQuestion(random);
      const std::string text = absl::StrCat(RandomValidTime(random), question.text);
      ExpectSame(*database, text, *database, latest + text, question, seed, &with_rows);
    }
  }
  EXPECT_GE(with_rows, 60);
}

TEST(TimePropertyTest, AnEarlierVersionIsADatabaseRebuiltToIt) {
  int with_rows = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    Random random(seed);
    const std::vector<std::string> statements = RandomStatements(random, 35);
    const auto whole = MakeDatabase();
    std::vector<uint64_t> versions = {whole->database().Latest().version().value()};
    for (const std::string& statement : statements) {
      RELATA_ASSERT_OK(whole->Run(statement));
      versions.push_back(whole->database().Latest().version().value());
    }
    RELATA_ASSERT_OK(whole->Reopen());
    for (int rebuilds = 0; rebuilds < 4; ++rebuilds) {
      const size_t until = 5 + Below(random, static_cast<int>(statements.size()) - 4);
      const auto rebuilt = MakeDatabase();
      RunAll(*rebuilt, statements, until);
      const std::string then =
          absl::StrCat("FOR SYSTEM_TIME AS OF VERSION ", versions[until], "\n");
      for (int i = 0; i < 12; ++i) {
        const Question question = DrawQuestion(random);
        const std::string text = absl::StrCat(RandomValidTime(random), question.text);
        ExpectSame(*whole, then + text, *rebuilt, text, question, seed, &with_rows);
      }
    }
  }
  EXPECT_GE(with_rows, 100);
}

// `sources`: whether there are any.
std::string RandomBelief(Random& random, bool sources) {
  if (sources && OneIn(random, 4)) return "FOR BELIEF {barred: ['src0']}\n";
  return PickOne<std::string>(random,
                              {"", "", "FOR BELIEF {raw: true}\n", "FOR BELIEF {minSources: 1}\n",
                               "FOR BELIEF {disputed: true}\n"});
}

// Indexes that were made after a part of what is there: of a history, or of cited facts.
void FillAroundIndexes(Random& random, QueryDatabase& database, bool cited) {
  if (cited) {
    const IndependentFacts facts = RandomFacts(random);
    Apply(database, facts.nodes);
    Apply(database, {facts.facts.begin(), facts.facts.begin() + 5});
    RELATA_ASSERT_OK(database.CreateIndexes(random));
    Apply(database, {facts.facts.begin() + 5, facts.facts.end()});
    Apply(database, {Retract("src1")});
    return;
  }
  const std::vector<std::string> statements = RandomStatements(random, 50);
  RunAll(database, statements, 20);
  RELATA_ASSERT_OK(database.CreateIndexes(random));
  RunAll(database, {statements.begin() + 20, statements.end()}, 30);
}

// What an index finds must be so at whatever time and belief is asked for, also before it was made
// and of what was written since.
TEST(TimePropertyTest, IndexesChangeNoAnswerAtWhateverTime) {
  int with_rows = 0;
  query::QueryOptions without;
  without.use_indexes = false;
  for (uint64_t seed = 1; seed <= 16; ++seed) {
    Random random(seed);
    const auto database = MakeDatabase();
    const bool cited = seed % 2 == 0;
    FillAroundIndexes(random, *database, cited);
    const int versions = static_cast<int>(database->database().Latest().version().value());
    for (int i = 0; i < 40; ++i) {
      const Question question = DrawQuestion(random);
      const std::string version =
          absl::StrCat("FOR SYSTEM_TIME AS OF VERSION ", 1 + Below(random, versions), "\n");
      const std::string text =
          absl::StrCat(OneIn(random, 3) ? "" : version, RandomValidTime(random),
                       RandomBelief(random, cited), question.text);
      const absl::StatusOr<Answer> scanned = database->Run(text, without);
      const absl::StatusOr<Answer> sought = database->Run(text);
      ASSERT_THAT(scanned, IsOk()) << "seed " << seed << "\n" << text;
      ASSERT_THAT(sought, IsOk()) << "seed " << seed << "\n" << text;
      with_rows += sought->empty() ? 0 : 1;
      EXPECT_TRUE(SameAnswers(question.columns, question.ordered, *scanned, *sought))
          << "seed " << seed << "\n"
          << text << "\n"
          << AnswerText(*scanned, 20) << "by index\n"
          << AnswerText(*sought, 20);
    }
  }
  EXPECT_GE(with_rows, 150);
}

TEST(TimePropertyTest, SplittingAnIntervalChangesNoAnswerAtAnInstant) {
  int with_rows = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const std::vector<std::string> statements = RandomStatements(random, 35);
    const auto whole = MakeDatabase();
    const auto split = MakeDatabase();
    RunAll(*whole, statements, statements.size());
    RunAll(*split, statements, statements.size());
    const uint64_t facts = split->database().Statistics().facts;
    std::vector<std::string> splits;
    splits.reserve(12);
    for (int i = 0; i < 12; ++i) splits.push_back(RandomSplit(random));
    RunAll(*split, splits, splits.size());
    EXPECT_GT(split->database().Statistics().facts, facts) << "seed " << seed;
    for (int i = 0; i < 25; ++i) {
      const Question question = DrawQuestion(random);
      const std::string text = absl::StrCat(RandomInstant(random), question.text);
      ExpectSame(*whole, text, *split, text, question, seed, &with_rows);
    }
  }
  EXPECT_GE(with_rows, 60);
}

TEST(TimePropertyTest, RetractingASourceRemovesWhatRestsOnItAlone) {
  int with_rows = 0;
  size_t removed = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const IndependentFacts facts = RandomFacts(random);
    const std::string source = absl::StrCat("src", Below(random, kSources));
    const auto retracted = MakeDatabase();
    Apply(*retracted, facts.nodes);
    Apply(*retracted, facts.facts);
    Apply(*retracted, {Retract(source)});
    const auto without = MakeDatabase();
    Apply(*without, facts.nodes);
    const std::vector<Mutation> kept = WithoutSource(facts.facts, source);
    removed += facts.facts.size() - kept.size();
    Apply(*without, kept);
    for (int i = 0; i < 25; ++i) {
      const Question question = DrawQuestion(random);
      const std::string text = absl::StrCat(RandomValidTime(random), question.text);
      ExpectSame(*retracted, text, *without, text, question, seed, &with_rows);
    }
  }
  EXPECT_GE(removed, 10);
  EXPECT_GE(with_rows, 60);
}

TEST(TimePropertyTest, TheOrderOfImportingIndependentFactsChangesNothing) {
  int with_rows = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    IndependentFacts facts = RandomFacts(random);
    const auto first = MakeDatabase();
    Apply(*first, facts.nodes);
    Apply(*first, facts.facts);
    std::shuffle(facts.facts.begin(), facts.facts.end(), random);
    const auto second = MakeDatabase();
    Apply(*second, facts.nodes);
    Apply(*second, facts.facts);
    for (int i = 0; i < 25; ++i) {
      const Question question = DrawQuestion(random);
      const std::string text = absl::StrCat(RandomValidTime(random), question.text);
      ExpectSame(*first, text, *second, text, question, seed, &with_rows);
    }
  }
  EXPECT_GE(with_rows, 60);
}

}  // namespace
}  // namespace relata::differential
