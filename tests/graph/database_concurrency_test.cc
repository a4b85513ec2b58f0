// Writers beside each other: what must conflict does, what must not does not, and no invariant is
// lost between two.
#include <atomic>
#include <functional>
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

using ::testing::IsEmpty;
using ::testing::SizeIs;

void InThreads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int t = 0; t < count; ++t) threads.emplace_back(work, t);
  for (std::thread& thread : threads) thread.join();
}

absl::StatusOr<BatchResult> ApplyTo(Database& db, std::vector<Mutation> mutations) {
  Batch batch;
  batch.mutations = std::move(mutations);
  return db.Apply(batch);
}

TEST(DatabaseConcurrencyTest, NoIncrementIsLostUnderThePreconditionUnchanged) {
  constexpr int kThreads = 4;
  constexpr int kIncrements = 25;
  DatabaseHarness h;
  h.MustApply({Put("counter"), Set("counter", "n", Value::Int(0))});
  const EntityId id = h.IdOf("counter");
  const PropertyId n = *h.db().names().FindProperty("n");
  InThreads(kThreads, [&](int) {
    for (int done = 0; done < kIncrements;) {
      const Snapshot snapshot = h.db().Latest();
      const int64_t now =
          snapshot.GetEntity(id).value()->FindProperty(n)->front().value.get<int64_t>();
      Batch batch;
      batch.preconditions = {{Precondition::Kind::kUnchanged, Key("counter"), snapshot.version()}};
      batch.mutations = {Set("counter", "n", Value::Int(now + 1))};
      const absl::Status status = h.db().Apply(batch).status();
      if (status.ok()) {
        ++done;
      } else {
        ASSERT_THAT(status, StatusIs(absl::StatusCode::kAborted));
      }
    }
  });
  EXPECT_EQ(h.Facts("counter", "n")[0].value.get<int64_t>(), kThreads * kIncrements);
  EXPECT_EQ(h.Latest().version(), CommitVersion(1 + kThreads * kIncrements));
}

TEST(DatabaseConcurrencyTest, FactsAddedToOneEntityAtOnceAreAllKept) {
  DatabaseHarness h;
  h.MustApply({Put("a")});
  InThreads(4, [&](int t) {
    for (int i = 0; i < 15; ++i) {
      RELATA_ASSERT_OK(ApplyTo(h.db(), {Add("a", "p", {Says(Value::Int(100 * t + i))})}));
    }
  });
  EXPECT_THAT(h.Facts("a", "p"), SizeIs(60));
}

TEST(DatabaseConcurrencyTest, EdgesOfAHubDoNotConflict) {
  DatabaseHarness h;
  h.MustApply({Put("hub"), Put("0"), Put("1"), Put("2"), Put("3")});
  InThreads(4, [&](int t) {
    for (int i = 0; i < 50; ++i) {
      const std::string leaf = absl::StrCat(t);
      EXPECT_THAT(
          ApplyTo(h.db(), {i % 2 == 0 ? Link("", "T", "hub", leaf) : Link("", "T", leaf, "hub")}),
          IsOk());
    }
  });
  EXPECT_EQ(h.db().Conflicts(), 0u);
  EXPECT_THAT(h.Latest().RelationshipsOf(h.IdOf("hub")), IsOkAndHolds(SizeIs(200)));
  TextOf(h.Latest(), TextDetail::kAll);
}

TEST(DatabaseConcurrencyTest, DeletingAnEntityNeverLeavesADanglingRelationship) {
  DatabaseHarness h;
  std::atomic<int> refused{0};
  for (int round = 0; round < 30; ++round) {
    const std::string hub = absl::StrCat("hub", round);
    h.MustApply({Put(hub), Put("leaf")});
    InThreads(3, [&](int t) {
      if (t == 0) {
        EXPECT_THAT(ApplyTo(h.db(), {Delete(hub, /*detach=*/round % 2 == 0)}),
                    testing::AnyOf(IsOk(), StatusIs(absl::StatusCode::kFailedPrecondition),
                                   StatusIs(absl::StatusCode::kAborted)));
        return;
      }
      for (int i = 0; i < 3; ++i) {
        const auto result =
            ApplyTo(h.db(), {t == 1 ? Link("", "T", hub, "leaf") : Link("", "T", "leaf", hub)});
        if (!result.ok()) {
          ++refused;
          EXPECT_THAT(result, StatusIs(absl::StatusCode::kNotFound));
        }
      }
    });
    TextOf(h.Latest(), TextDetail::kAll);  // checks that no relationship dangles
  }
  // Read the past too: no version on the way was broken.
  for (uint64_t version = 1; version <= h.Latest().version().value(); version += 7) {
    TextOf(h.At(version), TextDetail::kAll);
  }
}

TEST(DatabaseConcurrencyTest, ASourceIsNotDeletedWhileItIsCited) {
  DatabaseHarness h;
  for (int round = 0; round < 20; ++round) {
    const std::string source = absl::StrCat("s", round);
    h.MustApply({Put(source, {"Source"}), Put("a")});
    InThreads(2, [&](int t) {
      if (t == 0) {
        (void)ApplyTo(h.db(), {Delete(source)});
      } else {
        (void)ApplyTo(h.db(),
                      {Add("a", "p", {Says(Value::Int(round), "..", "..", {CitedFrom(source)})})});
      }
    });
    bool cited = false;
    for (const Fact& fact : h.Facts("a", "p")) {
      for (const Citation& c : fact.citations) {
        EXPECT_THAT(h.Latest().EntityExists(c.source), IsOkAndHolds(true));
        cited = cited || fact.value.get<int64_t>() == round;
      }
    }
    EXPECT_EQ(cited, h.Exists(source)) << "one of the two went through, and not both";
  }
}

TEST(DatabaseConcurrencyTest, RetractionReachesCitationsWrittenBesideIt) {
  DatabaseHarness h;
  for (int round = 0; round < 20; ++round) {
    const std::string source = absl::StrCat("s", round);
    const std::string entity = absl::StrCat("e", round);
    h.MustApply({Put(source, {"Source"}), Put(entity)});
    InThreads(3, [&](int t) {
      const auto result =
          t == 0
              ? ApplyTo(h.db(), {Retract(source)})
              : ApplyTo(h.db(),
                        {Add(entity, "p", {Says(Value::Int(t), "..", "..", {CitedFrom(source)})})});
      EXPECT_THAT(result, IsOk());
    });
    ASSERT_THAT(h.Facts(entity, "p"), SizeIs(2));
    for (const Fact& fact : h.Facts(entity, "p")) {
      EXPECT_TRUE(fact.citations[0].source_retracted.has_value());
    }
  }
}

TEST(DatabaseConcurrencyTest, UniqueValuesStayUnique) {
  DatabaseHarness h;
  h.MustApply({Unique("C", "code")});
  std::atomic<int> written{0};
  InThreads(4, [&](int t) {
    for (int i = 0; i < 25; ++i) {
      const std::string key = absl::StrCat(t, "/", i);
      // The value comes with the entity, with a label, or by a change.
      std::vector<Mutation> batch = {Put(key, {"C"}, {{"code", Says(Value::Int(i))}})};
      if (t == 1) batch = {Put(key, {}, {{"code", Says(Value::Int(i))}}), Labels(key, {"C"}, {})};
      if (t == 2) batch = {Put(key, {"C"}), Set(key, "code", Value::Double(i))};
      absl::Status status = absl::AbortedError("");
      while (absl::IsAborted(status)) status = ApplyTo(h.db(), batch).status();
      if (status.ok()) {
        ++written;
      } else {
        EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
      }
    }
  });
  EXPECT_EQ(written, 25);
  EXPECT_EQ(h.db().Statistics().entities, 25U);
}

TEST(DatabaseConcurrencyTest, AConstraintDeclaredBesideWritesHoldsAfterwards) {
  for (int round = 0; round < 15; ++round) {
    DatabaseHarness h;
    h.MustApply({Put("x", {"C"}, {{"code", Says(Value::Int(0))}})});
    std::atomic<bool> declared{false};
    InThreads(2, [&](int t) {
      if (t == 0) {
        declared = ApplyTo(h.db(), {Unique("C", "code")}).ok();
      } else {
        for (int i = 0; i < 5; ++i) {
          (void)ApplyTo(h.db(),
                        {Put(absl::StrCat("e", i), {"C"}, {{"code", Says(Value::Int(0))}})});
        }
      }
    });
    if (declared) {
      EXPECT_EQ(h.db().Statistics().entities, 1U);
    } else {
      EXPECT_GT(h.db().Statistics().entities, 1U);
    }
  }
}

// Changes of the schema that look at all data, each while others write without a pause.
TEST(DatabaseConcurrencyTest, SchemaChangesFinishBesideConstantWrites) {
  DatabaseHarness h;
  std::vector<Mutation> data;
  for (int i = 0; i < 1500; ++i) {
    data.push_back(Put(absl::StrCat("c", i), {"C"}, {{"code", Says(Value::Int(i))}}));
    if (i > 0) data.push_back(Link("", "T", absl::StrCat("c", i), "c0"));
  }
  h.MustApply(std::move(data));
  std::atomic<bool> done{false};
  std::atomic<int> written{0};
  InThreads(3, [&](int t) {
    if (t > 0) {
      for (int i = 0; !done; ++i, ++written) {
        RELATA_ASSERT_OK(ApplyTo(h.db(), {Set("c0", absl::StrCat("n", t), Value::Int(i))}));
      }
      return;
    }
    while (written < 10) std::this_thread::yield();
    EXPECT_THAT(ApplyTo(h.db(), {Property("C", "code", {ValueType::kInt64})}), IsOk());
    EXPECT_THAT(ApplyTo(h.db(), {Unique("C", "code")}), IsOk());
    EXPECT_THAT(ApplyTo(h.db(), {DeclareRelationshipType{"T", false, {"C"}, {"C"}, {}}}), IsOk());
    EXPECT_THAT(ApplyTo(h.db(), {Property("C", "code", {ValueType::kString})}),
                StatusIs(absl::StatusCode::kFailedPrecondition));
    done = true;
  });
  EXPECT_GT(h.db().Conflicts(), 0u);  // else this showed nothing
  EXPECT_THAT(h.Apply({Set("c0", "code", Text("a"))}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(h.Apply({Set("c0", "code", Value::Int(1))}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(DatabaseConcurrencyTest, OnePerPairHoldsBetweenWriters) {
  DatabaseHarness h;
  h.MustApply({DeclareRelationshipType{"OWNS", true, {}, {}, {}}, Put("a"), Put("b")});
  InThreads(4, [&](int t) {
    for (int i = 0; i < 10;) {
      const auto result =
          ApplyTo(h.db(), {Link("", "OWNS", "a", "b", {Holds({{"n", Value::Int(10 * t + i)}})})});
      if (result.ok()) ++i;
    }
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const auto ends, h.Latest().RelationshipsOf(h.IdOf("a")));
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_THAT(h.Latest().GetRelationship(ends[0].id).value()->facts, SizeIs(40));
}

TEST(DatabaseConcurrencyTest, OneKeyIsOneEntity) {
  DatabaseHarness h;
  std::atomic<int> created{0};
  InThreads(4, [&](int) {
    for (int i = 0; i < 20; ++i) {
      const auto result = ApplyTo(h.db(), {Put(absl::StrCat("k", i))});
      ASSERT_THAT(result, IsOk());
      if (result->items[0].created) ++created;
    }
  });
  EXPECT_EQ(created, 20);
  EXPECT_EQ(h.db().Statistics().entities, 20U);
}

TEST(DatabaseConcurrencyTest, ReadersSeeWholeCommitsWhileWritersRun) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Set("a", "n", Value::Int(0)), Set("b", "n", Value::Int(0))});
  const EntityId a = h.IdOf("a");
  const EntityId b = h.IdOf("b");
  const PropertyId n = *h.db().names().FindProperty("n");
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 1; i <= 200; ++i) {
      EXPECT_THAT(ApplyTo(h.db(), {Set("a", "n", Value::Int(i)), Set("b", "n", Value::Int(i))}),
                  IsOk());
    }
    stop = true;
  });
  while (!stop) {
    const Snapshot snapshot = h.db().Latest();
    const Value of_a = snapshot.GetEntity(a).value()->FindProperty(n)->front().value;
    const Value of_b = snapshot.GetEntity(b).value()->FindProperty(n)->front().value;
    ASSERT_TRUE(Equivalent(of_a, of_b));
    ASSERT_EQ(of_a.get<int64_t>() + 1, static_cast<int64_t>(snapshot.version().value()));
  }
  writer.join();
}

}  // namespace
}  // namespace relata
