#include "server/convert/read_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graph/values/bound.h"
#include "relata/v1/read.pb.h"
#include "tests/server/proto_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::StartsWith;

absl::StatusOr<std::shared_ptr<const BeliefPolicy>> ReadPolicy(const std::string& text) {
  return PolicyFromProto(
      Proto<v1::BeliefPolicy>(text),
      [](const std::string& key) -> absl::StatusOr<EntityId> {
        if (key == "gone") return absl::NotFoundError("gone");
        return EntityId(key.size());
      },
      FieldPath("policy"));
}

TEST(ReadTermsTest, ValidTimesComeBack) {
  for (const std::string text :
       {"instant: \"2026-03-11T10:00:00Z\"", "instant: \"2026-03-11T00:00:00Z\" certainly: true",
        "window { from: \"2026-01-01T00:00:00Z\" to: \"..\" }",
        "window { from: \"..\" to: \"2026-01-01T00:00:00Z\" } certainly: true", "all: true"}) {
    const auto proto = Proto<v1::ValidTimeOption>(text);
    RELATA_ASSERT_OK_AND_ASSIGN(const ValidTime valid,
                                ValidTimeFromProto(proto, FieldPath("valid_time")));
    v1::ValidTimeOption back;
    ValidTimeToProto(valid, &back);
    EXPECT_EQ(back.DebugString(), proto.DebugString());
  }
}

TEST(ReadTermsTest, ADateIsItsFirstInstant) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const ValidTime valid,
      ValidTimeFromProto(Proto<v1::ValidTimeOption>("instant: \"1970-01-02\""),
                         FieldPath("valid_time")));
  EXPECT_EQ(valid.kind, ValidTime::Kind::kInstant);
  EXPECT_EQ(valid.from, int64_t{86'400} * 1'000'000);
}

TEST(ReadTermsTest, WrongValidTimesNameTheField) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"", "v: "},
      {"instant: \"2026\"", "v.instant: "},
      {"window { from: \"2026-01-02\" to: \"2026-01-02\" }", "v.window: "},
      {"window { from: \"2026-01-02\" }", "v.window.to: "},
      {"all: false", "v.all: "}};
  for (const auto& [text, field] : mistakes) {
    EXPECT_THAT(ValidTimeFromProto(Proto<v1::ValidTimeOption>(text), FieldPath("v")).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, StartsWith(field)))
        << text;
  }
}

TEST(ReadTermsTest, APolicyThatAsksForNothingIsTheDefault) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto policy, ReadPolicy(""));
  EXPECT_EQ(policy, DefaultPolicy());
}

TEST(ReadTermsTest, PoliciesAreRead) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto policy, ReadPolicy(R"pb(
                                min_confidence: 0.6
                                min_sources: 2
                                trusted { keys: "a" keys: "bb" }
                                barred { keys: "ccc" }
                                hide_disputed: true
                                reported_until: "2026-06-30")pb"));
  EXPECT_EQ(policy->min_confidence, 0.6);
  EXPECT_EQ(policy->min_sources, 2);
  EXPECT_TRUE(policy->trusted->contains(EntityId(2)));
  EXPECT_TRUE(policy->barred.contains(EntityId(3)));
  EXPECT_FALSE(policy->disputed_in);
  EXPECT_EQ(FormatInstant(*policy->reported_until), "2026-07-01T00:00:00Z");
}

TEST(ReadTermsTest, AnEmptyListOfTrustedSourcesTrustsNone) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto policy, ReadPolicy("trusted {}"));
  ASSERT_TRUE(policy->trusted.has_value());
  EXPECT_TRUE(policy->trusted->empty());
}

TEST(ReadTermsTest, WrongPoliciesNameTheField) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"min_confidence: 1.5", "policy.min_confidence: "},
      {"min_sources: -1", "policy.min_sources: "},
      {"barred { keys: \"\" }", "policy.barred.keys[0]: "},
      {"reported_until: \"2026-06\"", "policy.reported_until: "},
      {"raw: true min_sources: 1", "policy.raw: "}};
  for (const auto& [text, field] : mistakes) {
    EXPECT_THAT(ReadPolicy(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, StartsWith(field)))
        << text;
  }
  EXPECT_THAT(ReadPolicy("trusted { keys: \"gone\" }").status(),
              StatusIs(absl::StatusCode::kNotFound, "gone"));
}

}  // namespace
}  // namespace relata
