#include "server/convert/export_writer.h"

#include <google/protobuf/util/json_util.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relata/v1/mutation.pb.h"
#include "server/convert/mutation.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

std::vector<v1::Mutation> Export(const DatabaseHarness& h) {
  std::vector<v1::Mutation> mutations;
  const Snapshot snapshot = h.Latest();
  ExportWriter writer(snapshot, [&](v1::Mutation mutation) {
    mutations.push_back(std::move(mutation));
    return absl::OkStatus();
  });
  RELATA_EXPECT_OK(writer.Run());
  return mutations;
}

std::string LinesOf(const std::vector<v1::Mutation>& mutations) {
  std::string lines;
  for (const v1::Mutation& mutation : mutations) {
    std::string line;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(mutation, &line).ok());
    absl::StrAppend(&lines, line, "\n");
  }
  return lines;
}

absl::Status Import(const std::vector<v1::Mutation>& mutations, DatabaseHarness& h) {
  std::vector<Mutation> converted;
  for (const v1::Mutation& mutation : mutations) {
    RELATA_ASSIGN_OR_RETURN(
        converted.emplace_back(),
        MutationFromProto(mutation, FieldPath::RequestItem("mutations", converted.size())));
  }
  return h.Apply(std::move(converted)).status();
}

void ExpectSameAgain(const DatabaseHarness& h) {
  const std::vector<v1::Mutation> first = Export(h);
  DatabaseHarness copy;
  RELATA_ASSERT_OK(Import(first, copy)) << LinesOf(first);
  EXPECT_EQ(LinesOf(Export(copy)), LinesOf(first));
}

// What is no source any more keeps that it was retracted.
TEST(ExportWriterTest, ARetractedSourceThatLostItsLabel) {
  DatabaseHarness h;
  h.MustApply({Put("s", {"Source", "Report"}), Put("t", {"Source"})});
  h.MustApply({Retract("s"), Retract("t")});
  h.MustApply({Labels("s", {}, {"Source"})});
  ASSERT_TRUE(h.Entity("s").source_retracted.has_value());
  ExpectSameAgain(h);
  DatabaseHarness copy;
  RELATA_ASSERT_OK(Import(Export(h), copy));
  EXPECT_TRUE(copy.Entity("s").source_retracted.has_value());
  EXPECT_FALSE(copy.Entity("s").HasLabel(kSourceLabel));
}

// One mutation of a random kind; some are refused.
class RandomMutations {
 public:
  explicit RandomMutations(uint64_t seed) : random_(seed) {}

  Mutation Next() {
    const std::string label = absl::StrCat("L", random_() % 3);
    switch (random_() % 14) {
      case 0:
      case 1:
        return Put(Entity(), {label}, {{Property(), Cited()}});
      case 2:
        return Put(Source(), {"Source"}, {{"published", Says(Text("2024-05"))}});
      case 3:
        return Set(Entity(), Property(), Number(), During("2020-01-01", "2021-06-01"));
      case 4:
        return Set(Entity(), Property(), random_() % 3 == 0 ? Value() : Number());
      case 5:
        return Add(Entity(), Property(), {Cited()});
      case 6:
        return Labels(Entity(), {}, {label});
      case 7:
        return Labels(Source(), {}, {"Source"});
      case 8:
        return Labels(Source(), {"Source"}, {});
      case 9:
        return Retract(Source());
      case 10:
        return Names(Entity(),
                     {Named(absl::StrCat("n", random_() % 4), "en",
                            random_() % 2 == 0 ? NameKind::kPreferred : NameKind::kAlias)});
      case 11:
        return Link(random_() % 2 == 0 ? absl::StrCat("k", random_() % 5) : "", "T", Entity(),
                    Entity(), {Holds({{"share", Number()}}, "2020", "..", Citations())});
      case 12:
        return Set(Entity(), "name", random_() % 2 == 0 ? Value() : Text("N"));
      default:
        return Delete(random_() % 4 == 0 ? Source() : Entity(), /*detach=*/true);
    }
  }

 private:
  std::string Entity() { return random_() % 6 == 0 ? Source() : absl::StrCat("e", random_() % 5); }
  std::string Source() { return absl::StrCat("s", random_() % 4); }
  std::string Property() { return absl::StrCat("p", random_() % 3); }
  Value Number() { return Value::Int(static_cast<int64_t>(random_() % 4)); }
  std::vector<CitationWrite> Citations() {
    std::vector<CitationWrite> citations;
    for (uint64_t n = random_() % 3; n > 0; --n) {
      citations.push_back(CitedFrom(Source(),
                                    random_() % 3 == 0 ? Stance::kDisputes : Stance::kAsserts,
                                    random_() % 2 == 0 ? "2025-03" : ""));
    }
    return citations;
  }
  FactWrite Cited() {
    return Says(Number(), random_() % 2 == 0 ? "2019" : "..", random_() % 2 == 0 ? "2026" : "..",
                Citations());
  }

  std::mt19937_64 random_;
};

TEST(ExportWriterTest, RandomDatabasesComeBackTheSame) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    DatabaseHarness h;
    RandomMutations random(seed);
    int accepted = 0;
    for (int i = 0; i < 150; ++i) accepted += h.Apply({random.Next()}).ok() ? 1 : 0;
    EXPECT_GT(accepted, 30);
    ExpectSameAgain(h);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace relata
