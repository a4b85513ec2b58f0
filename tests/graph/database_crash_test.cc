// A fixed scenario in which each write of the engine fails in turn: what was acknowledged is there
// after the crash, what was not is there whole or not at all, statistics are right and ids are not
// given again.
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/logging.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

std::vector<std::vector<Mutation>> Scenario() {
  std::vector<std::vector<Mutation>> batches = {
      {Put("s", {"Source"}), Put("a", {"C"}), Put("b", {"C"})},
      {Unique("C", "code"), Set("a", "code", Value::Int(1))},
      {Link("l", "OWNS", "a", "b",
            {Holds({{"p", Value::Int(1)}}, "2024", "..", {CitedFrom("s")})})},
      {Set("a", "new property", Value::Int(1)), Labels("b", {"NewLabel"}, {})},
      {SetLink("l", "p", Value::Int(2), During("2025-01-01", "2026-01-01"))},
      {Retract("s")},
      {Delete("b", /*detach=*/true)},
      {Create("b"), Names("b", {Named("Beta", "en")})}};
  for (int i = 0; i < 6; ++i) {
    batches.push_back({Put(absl::StrCat("e", i), {"C"}, {{"code", Says(Value::Int(100 + i))}}),
                       Link("", "OWNS", "a", absl::StrCat("e", i))});
  }
  return batches;
}

// Texts of all versions where nothing fails.
std::vector<std::string> ExpectedTexts() {
  DatabaseHarness h;
  std::vector<std::string> texts = {TextOf(h.Latest(), TextDetail::kStatements)};
  for (const auto& batch : Scenario()) {
    h.MustApply(batch);
    texts.push_back(TextOf(h.Latest(), TextDetail::kStatements));
  }
  return texts;
}

struct FoundParts {
  uint64_t entities = 0;
  uint64_t relationships = 0;
  uint64_t facts = 0;
};
FoundParts PartsOf(const Snapshot& snapshot) {
  FoundParts counts;
  for (const EntityId id : Must(snapshot.ListEntities(std::nullopt, EntityId(), SIZE_MAX))) {
    ++counts.entities;
    const EntityState state = Must(snapshot.GetEntity(id)).value();
    for (const auto& [property, facts] : state.properties) {
      counts.facts += facts.size();
    }
  }
  for (const auto& ends : Must(snapshot.ListRelationships(RelationshipId(), SIZE_MAX))) {
    ++counts.relationships;
    counts.facts += snapshot.GetRelationship(ends.id).value()->facts.size();
  }
  return counts;
}

// All ids of entities that any version ever had.
std::set<EntityId> EverSeen(DatabaseHarness& h) {
  std::set<EntityId> ids;
  for (uint64_t v = 0; v <= h.Latest().version().value(); ++v) {
    for (const EntityId id : Must(h.At(v).ListEntities(std::nullopt, EntityId(), SIZE_MAX))) {
      ids.insert(id);
    }
  }
  return ids;
}

void CheckAfterCrash(DatabaseHarness& h, size_t acknowledged, size_t attempted,
                     const std::vector<std::string>& expected) {
  const uint64_t head = h.Latest().version().value();
  ASSERT_GE(head, acknowledged);
  ASSERT_LE(head, attempted);
  for (uint64_t v = 0; v <= head; ++v) {
    EXPECT_EQ(TextOf(h.At(v), TextDetail::kStatements), expected[v]) << "version " << v;
  }
  const FoundParts counts = PartsOf(h.Latest());
  EXPECT_EQ(h.db().Statistics().entities, counts.entities);
  EXPECT_EQ(h.db().Statistics().relationships, counts.relationships);
  EXPECT_EQ(h.db().Statistics().facts, counts.facts);
}

// Runs the scenario with the fault armed, crashes where a batch fails (or at the end), checks, and
// goes on to the end. Returns whether the fault came.
bool RunWithFault(const FaultPlan& plan, const std::vector<std::string>& expected) {
  const auto scenario = Scenario();
  DatabaseHarness h;
  h.kv().Arm(plan);
  size_t done = 0;
  for (; done < scenario.size(); ++done) {
    const absl::Status status = h.Apply(scenario[done]).status();
    if (status.ok()) continue;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
    // From then on it takes no writes and says why; what was there can be read.
    EXPECT_TRUE(h.db().ReadOnlyReason().has_value());
    EXPECT_THAT(h.Apply({Put("x")}), StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(TextOf(h.Latest(), TextDetail::kStatements), expected[done]);
    EXPECT_THAT(h.db().AtVersion(CommitVersion(done + 1)), StatusIs(absl::StatusCode::kOutOfRange));
    break;
  }
  const bool failed = done < scenario.size();
  h.CrashAndReopen();
  CheckAfterCrash(h, done, failed ? done + 1 : done, expected);
  const std::set<EntityId> seen = EverSeen(h);
  for (size_t i = h.Latest().version().value(); i < scenario.size(); ++i) {
    const absl::StatusOr<BatchResult> result = h.Apply(scenario[i]);
    EXPECT_THAT(result, IsOk());
    if (!result.ok()) return failed;
    for (const BatchResult::Item& item : result->items) {
      if (item.created && item.entity) {
        EXPECT_FALSE(seen.contains(*item.entity));
      }
    }
  }
  EXPECT_EQ(TextOf(h.Latest(), TextDetail::kStatements), expected.back());
  CheckAfterCrash(h, scenario.size(), scenario.size(), expected);
  return failed;
}

class DatabaseCrashTest : public testing::Test {
 protected:
  // Each fault would be logged.
  void SetUp() override { ConfigureLogging({LogLevel::kOff, LogFormat::kText}); }
  void TearDown() override { ConfigureLogging({}); }

  // `arm` makes a plan for the n-th write and a seed.
  void Run(const std::function<FaultPlan(uint64_t, uint64_t)>& arm) {
    const std::vector<std::string> expected = ExpectedTexts();
    size_t faults = 0;
    for (uint64_t n = 1; n <= Scenario().size() && !HasFailure(); ++n) {
      for (uint64_t seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(absl::StrCat("write ", n, ", seed ", seed));
        if (RunWithFault(arm(n, seed), expected)) ++faults;
      }
    }
    EXPECT_EQ(faults, Scenario().size() * 4) << "each batch is one write, so each fault comes";
  }
};

TEST_F(DatabaseCrashTest, AWriteThatFails) {
  Run([](uint64_t n, uint64_t seed) { return FaultPlan{.seed = seed, .fail_write_at = n}; });
}

TEST_F(DatabaseCrashTest, AWriteThatIsTorn) {
  Run([](uint64_t n, uint64_t seed) { return FaultPlan{.seed = seed, .tear_write_at = n}; });
}

TEST_F(DatabaseCrashTest, ASyncThatFails) {
  Run([](uint64_t n, uint64_t seed) { return FaultPlan{.seed = seed, .fail_sync_at = n}; });
}

TEST_F(DatabaseCrashTest, NoFaultAtAll) {
  EXPECT_FALSE(RunWithFault(FaultPlan(), ExpectedTexts()));
}

TEST_F(DatabaseCrashTest, ReadsThatComeBackDamagedAreErrorsAndNeverMore) {
  size_t errors = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    DatabaseHarness h;
    for (const auto& batch : Scenario()) h.MustApply(batch);
    const std::vector<EntityId> ids =
        h.Latest().ListEntities(std::nullopt, EntityId(), SIZE_MAX).value();
    const Snapshot head = h.Latest();
    const Snapshot past = h.At(3);
    h.kv().Arm(FaultPlan{.seed = seed, .corrupt_reads = 0.5});
    for (const EntityId id : ids) {
      const std::vector<absl::Status> statuses = {
          head.GetEntity(id).status(), past.GetEntity(id).status(), head.EntityHistory(id).status(),
          head.RelationshipsOf(id).status(), head.FindByName("Beta", true, 10).status()};
      for (const absl::Status& status : statuses) {
        if (status.ok()) continue;
        ++errors;
        EXPECT_TRUE(absl::IsDataLoss(status) || absl::IsFailedPrecondition(status)) << status;
      }
    }
    h.kv().Arm(FaultPlan());
  }
  EXPECT_GT(errors, 100U);
}

}  // namespace
}  // namespace relata
