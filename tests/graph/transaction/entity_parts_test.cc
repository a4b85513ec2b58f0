// Writers of one entity beside each other: those of different parts do not meet, and whatever they
// write, the outcome is that of their batches one after another.
#include "graph/transaction/entity_parts.h"

#include <atomic>
#include <map>
#include <random>
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

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr PropertyId kP(10);
constexpr PropertyId kQ(11);
constexpr PropertyId kDated(12);

Fact PlainFact(uint64_t id, int64_t value) {
  Fact fact;
  fact.id = FactId(id);
  fact.value = Value::Int(value);
  fact.recorded = CommitVersion(1);
  return fact;
}

TEST(EntityPartsTest, NamesThePartsThatDiffer) {
  EntityState before;
  before.labels = {LabelId(1), LabelId(2)};
  before.properties[kP] = {PlainFact(1, 1)};
  before.properties[kQ] = {PlainFact(2, 1)};
  EntityState after = before;
  EXPECT_THAT(DifferingLabels(before, after), IsEmpty());
  EXPECT_THAT(DifferingProperties(before, after), IsEmpty());
  after.labels = {LabelId(2), LabelId(3)};
  after.properties.erase(kP);
  after.properties[kDated] = {PlainFact(3, 1)};
  EXPECT_THAT(DifferingLabels(before, after), ElementsAre(LabelId(1), LabelId(3)));
  EXPECT_THAT(DifferingProperties(before, after), ElementsAre(kP, kDated));
  // A number of another type is another value, and so is one of another commit.
  after = before;
  after.properties[kP][0].value = Value::Double(1);
  after.properties[kQ][0].recorded = CommitVersion(2);
  EXPECT_THAT(DifferingProperties(before, after), ElementsAre(kP, kQ));
}

TEST(EntityPartsTest, RebaseKeepsWhatOthersWrote) {
  EntityState before;
  before.labels = {LabelId(1), LabelId(2)};
  before.properties[kP] = {PlainFact(1, 1)};
  before.properties[kQ] = {PlainFact(2, 1)};
  before.properties[kDated] = {PlainFact(3, 1), PlainFact(4, 2)};  // under keys of their own
  EntityState after = before;
  after.labels = {LabelId(2), LabelId(3)};
  after.properties[kP] = {PlainFact(9, 7)};
  // Others took the label 2, gave the label 4, removed q and added another property.
  EntityState newest;
  newest.labels = {LabelId(1), LabelId(4)};
  newest.properties[kP] = {PlainFact(1, 1)};
  newest.properties[PropertyId(13)] = {PlainFact(5, 5)};
  newest.source_retracted = 77;
  Rebase(newest, before, after);
  EXPECT_THAT(before.labels, ElementsAre(LabelId(1), LabelId(4)));
  EXPECT_THAT(after.labels, ElementsAre(LabelId(3), LabelId(4)));
  EXPECT_THAT(DifferingProperties(before, after), ElementsAre(kP));
  EXPECT_EQ(after.properties[kP][0].id, FactId(9));
  EXPECT_FALSE(after.properties.contains(kQ));
  EXPECT_THAT(after.properties[kDated], SizeIs(2));
  EXPECT_THAT(after.properties[PropertyId(13)], SizeIs(1));
  EXPECT_EQ(before.source_retracted, 77);
  EXPECT_EQ(after.source_retracted, 77);
}

TEST(EntityPartsTest, WritersOfDifferentPartsDoNotMeet) {
  constexpr int kRounds = 60;
  DatabaseHarness h;
  h.MustApply({Index("L0", "p0"), Put("e", {"Company"}), Put("s", {"Source"})});
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&h, t] {
      const std::string property = absl::StrCat("p", t);
      for (int i = 0; i < kRounds; ++i) {
        Batch batch;
        // Plain, then dated, so that the property moves out of the record and back.
        batch.mutations.push_back(Set("e", property, Value::Int(i)));
        if (i % 3 == 1) {
          batch.mutations.push_back(
              Add("e", property, {Says(Value::Int(-i), "2020", "..", {CitedFrom("s")})}));
        }
        if (t > 0 && i % 5 == 2) {
          const std::string label = absl::StrCat("L", t);
          batch.mutations.push_back(i % 2 == 0 ? Labels("e", {label}, {})
                                               : Labels("e", {}, {label}));
        }
        EXPECT_THAT(h.db().Apply(batch), IsOk());
      }
    });
  }
  threads.emplace_back([&h] {
    for (int i = 0; i < kRounds; ++i) {
      Batch batch;
      batch.mutations = {Set("s", "title", Value::Int(i))};
      EXPECT_THAT(h.db().Apply(batch), IsOk());
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(h.db().Conflicts(), 0u);
  for (int t = 0; t < 4; ++t) {
    EXPECT_EQ(h.Texts("e", absl::StrCat("p", t)).front(), absl::StrCat(kRounds - 1, "@../.."));
  }
  for (uint64_t version = 1; version <= h.Latest().version().value(); version += 11) {
    TextOf(h.At(version), TextDetail::kAll);  // checks that indexes, labels and records agree
  }
}

// Random batches from several threads on two entities and what hangs on them: applied again in the
// order of their versions, one after another, all are accepted and lead to the same database.
class RandomBatches {
 public:
  explicit RandomBatches(uint64_t seed) : random_(seed) {}

  std::vector<Mutation> Next() {
    std::vector<Mutation> batch;
    for (uint64_t n = 1 + random_() % 2; n > 0; --n) batch.push_back(NextMutation());
    return batch;
  }

 private:
  std::string Entity() { return random_() % 2 == 0 ? "a" : "b"; }
  std::string Property() { return absl::StrCat("p", random_() % 4); }
  Value Number() {
    const auto n = static_cast<int64_t>(random_() % 5);
    return random_() % 4 == 0 ? Text("text") : Value::Int(n);
  }
  Mutation NextMutation() {
    const std::string label = absl::StrCat("L", random_() % 3);
    switch (random_() % 12) {
      case 0:
      case 1:
      case 2:
        return Set(Entity(), Property(), Number());
      case 3:
        return Set(Entity(), Property(), Value());
      case 4:
        return Set(Entity(), Property(), Number(), During("2020-01-01", "2021-01-01"));
      case 5:
        return Add(Entity(), Property(), {Says(Number(), "2019", "..", {CitedFrom("s")})});
      case 6:
        return Labels(Entity(), {label}, {});
      case 7:
        return Labels(Entity(), {}, {label});
      case 8:
        return Names(Entity(), {Named(absl::StrCat("n", random_() % 3), "en")});
      case 9:
        return SetProperties{Key(Entity()), {{Property(), Number()}}, random_() % 3 == 0};
      case 10:
        return Link("", "T", Entity(), Entity());
      default:
        return Set("s", "published", Text(random_() % 2 == 0 ? "2020" : "2021"));
    }
  }

  std::mt19937_64 random_;
};

void Declare(DatabaseHarness& h) {
  h.MustApply({Index("L0", "p0"), Unique("L1", "p1"), Property("L2", "p2", {ValueType::kInt64}),
               DeclareRelationshipType{"T", true, {"L0"}, {}, {}}, Put("a", {"L0"}), Put("b"),
               Put("s", {"Source"})});
  RELATA_EXPECT_OK(h.db().WaitForIndexes());
}

TEST(EntityPartsTest, TheOutcomeIsThatOfOneAfterAnother) {
  uint64_t conflicts = 0;
  size_t accepted = 0;
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    DatabaseHarness beside;
    Declare(beside);
    std::vector<std::map<uint64_t, std::vector<Mutation>>> done(4);
    std::vector<std::thread> threads;
    for (size_t t = 0; t < done.size(); ++t) {
      threads.emplace_back([&, t] {
        RandomBatches random(seed * 100 + t);
        for (int i = 0; i < 40; ++i) {
          Batch batch;
          batch.mutations = random.Next();
          const absl::StatusOr<BatchResult> result = beside.db().Apply(batch);
          if (result.ok()) {
            done[t][result->version.value()] = batch.mutations;
          } else {
            EXPECT_THAT(result, StatusIs(absl::StatusCode::kFailedPrecondition));
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    conflicts += beside.db().Conflicts();
    std::map<uint64_t, std::vector<Mutation>> in_order;
    for (const auto& of_thread : done) in_order.insert(of_thread.begin(), of_thread.end());
    accepted += in_order.size();
    DatabaseHarness serial;
    Declare(serial);
    for (const auto& [version, mutations] : in_order) {
      RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult result, serial.Apply(mutations));
      ASSERT_EQ(result.version.value(), version);
    }
    for (uint64_t version = 1; version <= serial.Latest().version().value(); version += 9) {
      ASSERT_EQ(TextOf(beside.At(version), TextDetail::kStatements),
                TextOf(serial.At(version), TextDetail::kStatements))
          << "version " << version;
    }
    ASSERT_EQ(TextOf(beside.Latest(), TextDetail::kStatements),
              TextOf(serial.Latest(), TextDetail::kStatements));
    TextOf(beside.Latest(), TextDetail::kAll);
  }
  EXPECT_GT(accepted, 1000u);
  EXPECT_GT(conflicts, 0u);
}

}  // namespace
}  // namespace relata
