// Batches as a whole: all or nothing, preconditions and request ids (S3, S4.6).
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

Batch WithRequest(std::string id, std::string body, std::vector<Mutation> mutations) {
  Batch batch;
  batch.request.id = std::move(id);
  batch.request.body_hash = std::move(body);
  batch.mutations = std::move(mutations);
  return batch;
}

Batch WithPrecondition(Precondition::Kind kind, EntityRef entity, uint64_t since = 0) {
  Batch batch;
  batch.preconditions = {{kind, std::move(entity), CommitVersion(since)}};
  batch.mutations = {Put("written")};
  return batch;
}

TEST(BatchTest, IsAllOrNothingAndNamesTheItem) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"}), Set("a", "p", Value::Int(1))});
  const std::string before = TextOf(h.Latest(), TextDetail::kAll);
  EXPECT_THAT(h.Apply({Put("b"), Set("a", "p", Value::Int(2)), Delete("nobody"), Put("c")}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("mutation 2")));
  EXPECT_EQ(TextOf(h.Latest(), TextDetail::kAll), before);
  EXPECT_EQ(h.Latest().version(), CommitVersion(1));
  EXPECT_EQ(h.MustApply({}).version, CommitVersion(2));
}

TEST(BatchTest, AMutationSeesTheOnesBeforeIt) {
  DatabaseHarness h;
  h.MustApply({Create("a"), Set("a", "p", Value::Int(1)), Set("a", "p", Value::Int(2)), Create("b"),
               Link("l", "T", "a", "b"), SetLink("l", "q", Value::Int(1)), Unlink("l"), Delete("b"),
               Create("b")});
  EXPECT_THAT(h.Texts("a", "p"), testing::ElementsAre("2@../.."));
  EXPECT_EQ(h.db().Statistics().relationships, 0U);
  EXPECT_EQ(h.db().Statistics().entities, 2U);
}

TEST(BatchTest, CheckWritesNothingAndFindsWhatApplyWould) {
  DatabaseHarness h;
  Batch batch;
  batch.mutations = {Create("a")};
  RELATA_EXPECT_OK(h.db().Check(batch));
  EXPECT_EQ(h.Latest().version(), CommitVersion(0));
  h.MustApply({Create("a")});
  EXPECT_THAT(h.db().Check(batch), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST(BatchTest, TooManyMutationsAreRefused) {
  DatabaseOptions options;
  options.max_mutations = 2;
  DatabaseHarness h(options);
  EXPECT_THAT(h.Apply({Put("a"), Put("b"), Put("c")}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("2")));
}

TEST(BatchTest, ExistsAndAbsent) {
  DatabaseHarness h;
  h.MustApply({Put("a")});
  using Kind = Precondition::Kind;
  RELATA_EXPECT_OK(h.Apply(WithPrecondition(Kind::kExists, Key("a"))));
  RELATA_EXPECT_OK(h.Apply(WithPrecondition(Kind::kExists, h.IdOf("a"))));
  RELATA_EXPECT_OK(h.Apply(WithPrecondition(Kind::kAbsent, Key("b"))));
  EXPECT_THAT(h.Apply(WithPrecondition(Kind::kExists, Key("b"))),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("precondition 0")));
  EXPECT_THAT(h.Apply(WithPrecondition(Kind::kAbsent, Key("a"))),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(h.Apply(WithPrecondition(Kind::kExists, HandleRef{"x"})),
              StatusIs(absl::StatusCode::kInvalidArgument));
  h.MustApply({Delete("a")});
  EXPECT_THAT(h.Apply(WithPrecondition(Kind::kExists, Key("a"))),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(BatchTest, UnchangedLooksAtExistenceLabelsAndPropertiesNotAtRelationships) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b")});
  const auto unchanged = [&](uint64_t since) {
    return h.Apply(WithPrecondition(Precondition::Kind::kUnchanged, Key("a"), since)).status();
  };
  h.MustApply({Link("l", "T", "a", "b"), Set("b", "p", Value::Int(1))});
  RELATA_EXPECT_OK(unchanged(1));
  h.MustApply({Set("a", "p", Value::Int(1))});  // version 4
  EXPECT_THAT(unchanged(3), StatusIs(absl::StatusCode::kAborted, HasSubstr("version 4")));
  RELATA_EXPECT_OK(unchanged(4));
  h.MustApply({Labels("a", {"L"}, {})});  // version 6
  EXPECT_THAT(unchanged(5), StatusIs(absl::StatusCode::kAborted));
  h.MustApply({Add("a", "p", {Says(Value::Int(2), "2025")})});  // version 7
  EXPECT_THAT(unchanged(6), StatusIs(absl::StatusCode::kAborted));
  h.MustApply({Set("a", "p", Value())});  // version 8
  EXPECT_THAT(unchanged(7), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(unchanged(99), StatusIs(absl::StatusCode::kOutOfRange));
  h.MustApply({Delete("a", true)});
  EXPECT_THAT(unchanged(8), StatusIs(absl::StatusCode::kAborted));
}

TEST(BatchTest, ARequestIdReplaysItsFirstAnswer) {
  DatabaseHarness h;
  const Batch batch = WithRequest("id-1", "body", {Create("a"), Set("a", "p", Value::Int(1))});
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult first, h.Apply(batch));
  EXPECT_FALSE(first.replayed);
  h.MustApply({Set("a", "p", Value::Int(2))});
  for (const bool reopened : {false, true}) {
    if (reopened) h.Reopen();
    RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult again, h.Apply(batch));
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.version, first.version);
    EXPECT_EQ(again.commit_time, first.commit_time);
    ASSERT_EQ(again.items.size(), 2U);
    EXPECT_EQ(again.items[0].entity, first.items[0].entity);
    EXPECT_TRUE(again.items[0].created);
    EXPECT_EQ(again.items[1].facts, first.items[1].facts);
  }
  EXPECT_EQ(h.Latest().version(), CommitVersion(2));
  EXPECT_THAT(h.Texts("a", "p"), testing::ElementsAre("2@../.."));
  EXPECT_THAT(h.Apply(WithRequest("id-1", "another", {Create("b")})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("id-1")));
}

TEST(BatchTest, FailuresAreNotRemembered) {
  DatabaseHarness h;
  const Batch batch = WithRequest("id", "body", {Delete("a")});
  EXPECT_THAT(h.Apply(batch), StatusIs(absl::StatusCode::kNotFound));
  h.MustApply({Create("a")});
  RELATA_EXPECT_OK(h.Apply(batch));
  EXPECT_FALSE(h.Exists("a"));
}

TEST(BatchTest, ARequestIdIsForgottenAfterADay) {
  constexpr int64_t kDayUs = 24LL * 3600 * 1'000'000;
  DatabaseHarness h;
  RELATA_ASSERT_OK(h.Apply(WithRequest("id", "body", {Put("a")})));
  h.clock().AdvanceMicros(kDayUs - 2'000'000);
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult within,
                              h.Apply(WithRequest("id", "body", {Put("a")})));
  EXPECT_TRUE(within.replayed);
  h.clock().AdvanceMicros(2'000'000);
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult after,
                              h.Apply(WithRequest("id", "new", {Put("a")})));
  EXPECT_FALSE(after.replayed);
  // The new answer counts from now on.
  h.clock().AdvanceMicros(kDayUs / 2);
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult again,
                              h.Apply(WithRequest("id", "new", {Put("a")})));
  EXPECT_EQ(again.version, after.version);
  RELATA_ASSERT_OK(h.Apply(WithRequest("other", "body", {Put("a")})));
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult still,
                              h.Apply(WithRequest("id", "new", {Put("a")})));
  EXPECT_TRUE(still.replayed);
}

int StoredAnswers(DatabaseHarness& h) {
  const std::string prefix("\x23");
  int count = 0;
  const auto it = h.kv().NewIterator(KeySpace::kMeta, nullptr, prefix, PrefixEnd(prefix));
  for (it->SeekToFirst(); it->Valid(); it->Next()) ++count;
  return count;
}

TEST(BatchTest, OldAnswersAreRemovedFromTheEngine) {
  DatabaseHarness h;
  for (int i = 0; i < 20; ++i) {
    RELATA_ASSERT_OK(h.Apply(WithRequest(absl::StrCat("old-", i), "b", {})));
  }
  EXPECT_EQ(StoredAnswers(h), 20);
  h.clock().AdvanceMicros(25LL * 3600 * 1'000'000);
  for (int i = 0; i < 3; ++i) {
    RELATA_ASSERT_OK(h.Apply(WithRequest(absl::StrCat("new-", i), "b", {})));
  }
  EXPECT_EQ(StoredAnswers(h), 3);
}

TEST(BatchTest, EachAnswerIsRemovedWhenItsOwnDayIsOver) {
  constexpr int64_t kFiveHoursUs = 5LL * 3600 * 1'000'000;
  DatabaseHarness h;
  std::vector<int> stored;
  for (int i = 0; i < 12; ++i) {
    RELATA_ASSERT_OK(h.Apply(WithRequest(absl::StrCat("id-", i), "b", {})));
    stored.push_back(StoredAnswers(h));
    if (i == 7) h.Reopen();
    h.clock().AdvanceMicros(kFiveHoursUs);
  }
  EXPECT_THAT(stored, testing::ElementsAre(1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5));
}

TEST(BatchTest, ConcurrentCallsWithOneRequestIdWriteOnce) {
  DatabaseHarness h;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::thread> threads;
    std::atomic<int> written{0};
    std::atomic<uint64_t> versions[4] = {};
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        Batch batch = WithRequest(absl::StrCat("r", round), "body", {EntityWrite()});
        const absl::StatusOr<BatchResult> result = h.db().Apply(batch);
        ASSERT_THAT(result, IsOk());
        if (!result->replayed) ++written;
        versions[t] = result->version.value();
        // The answer can be read at its version.
        EXPECT_THAT(h.db().AtVersion(result->version), IsOk());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(written, 1);
    for (const auto& version : versions) EXPECT_EQ(version, versions[0]);
  }
  EXPECT_EQ(h.db().Statistics().entities, 20U);
}

TEST(BatchTest, SystemTimeIsTheCommitsAndReadsBeforeTheFirstSeeNothing) {
  DatabaseHarness h;
  h.MustApply({Create("a")});
  const BatchResult second = h.MustApply({Create("b")});
  EXPECT_THAT(h.At(0).ListEntities(std::nullopt, EntityId(), 10), IsOkAndHolds(testing::IsEmpty()));
  EXPECT_THAT(h.db().AtVersion(CommitVersion(3)), StatusIs(absl::StatusCode::kOutOfRange));
  RELATA_ASSERT_OK_AND_ASSIGN(const Snapshot between, h.db().AtTime(second.commit_time - 1));
  EXPECT_EQ(between.version(), CommitVersion(1));
  EXPECT_THAT(h.db().AtTime(h.clock().NowMicros() + 1),
              StatusIs(absl::StatusCode::kInvalidArgument));
  // A clock that stands still or goes back does not stop commit times from rising.
  h.clock().SetNowMicros(0);
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult third, h.Apply({Create("c")}));
  EXPECT_GT(third.commit_time, second.commit_time);
}

}  // namespace
}  // namespace relata
