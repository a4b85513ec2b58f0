#include "server/convert/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "relata/v1/read_service.pb.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

constexpr char kDatabase[] = "0123/1";

v1::ListEntitiesRequest Request() {
  v1::ListEntitiesRequest request;
  request.set_label("Company");
  return request;
}

TEST(PageTokenTest, ComesBackForTheSameArguments) {
  const std::string digest = ArgumentsDigest(Request(), kDatabase);
  const std::string text = EncodePageToken({CommitVersion(42), -7, EncodeCursor(99)}, digest);
  v1::ListEntitiesRequest next = Request();
  next.set_page_token(text);
  next.set_page_size(5);
  RELATA_ASSERT_OK_AND_ASSIGN(const PageToken token,
                              DecodePageToken(text, ArgumentsDigest(next, kDatabase)));
  EXPECT_EQ(token.version, CommitVersion(42));
  EXPECT_EQ(token.now, -7);
  EXPECT_THAT(DecodePlace(token.cursor), IsOkAndHolds(99u));
}

TEST(PageTokenTest, IsBoundToArgumentsAndDatabase) {
  const std::string text = EncodePageToken({CommitVersion(42), 0, EncodeCursor(1)},
                                           ArgumentsDigest(Request(), kDatabase));
  v1::ListEntitiesRequest other = Request();
  other.set_label("Model");
  v1::FindEntitiesRequest other_method;
  other_method.set_label("Company");
  for (const std::string& digest :
       {ArgumentsDigest(other, kDatabase), ArgumentsDigest(Request(), "0123/2"),
        ArgumentsDigest(other_method, kDatabase)}) {
    EXPECT_THAT(DecodePageToken(text, digest).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
  }
}

TEST(PageTokenTest, DamageIsSeen) {
  const std::string digest = ArgumentsDigest(Request(), kDatabase);
  const std::string text = EncodePageToken({CommitVersion(42), 5, EncodeCursor(1)}, digest);
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(DecodePageToken(text.substr(0, length), digest).ok()) << length;
  }
  std::mt19937_64 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = text;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    if (damaged == text) continue;
    const auto token = DecodePageToken(damaged, digest);
    // The last character holds bits that carry nothing.
    if (token.ok()) {
      EXPECT_EQ(token->version, CommitVersion(42));
    }
  }
}

TEST(PageTokenTest, NeighbourCursors) {
  const NeighbourCursor cursor{TypeId(3), false, EntityId(17), RelationshipId(4), FactId(1)};
  RELATA_ASSERT_OK_AND_ASSIGN(const NeighbourCursor back,
                              DecodeNeighbourCursor(EncodeCursor(cursor)));
  EXPECT_EQ(back.type, cursor.type);
  EXPECT_EQ(back.outgoing, cursor.outgoing);
  EXPECT_EQ(back.entity, cursor.entity);
  EXPECT_EQ(back.relationship, cursor.relationship);
  EXPECT_EQ(back.fact, cursor.fact);
}

TEST(PageTokenTest, ChainCursors) {
  ChainCursor cursor;
  cursor.share = {0.1 * 0.3, 0.7};
  cursor.least_amount = Range{1e9, std::numeric_limits<double>::infinity()};
  cursor.relationships = {RelationshipId(5), RelationshipId(1)};
  cursor.rank = 12;
  RELATA_ASSERT_OK_AND_ASSIGN(const ChainCursor back, DecodeChainCursor(EncodeCursor(cursor)));
  EXPECT_EQ(back.share, cursor.share);
  EXPECT_EQ(back.least_amount, cursor.least_amount);
  EXPECT_EQ(back.relationships, cursor.relationships);
  EXPECT_EQ(back.rank, cursor.rank);
}

TEST(PageTokenTest, TimelineCursors) {
  TimelineCursor cursor;
  cursor.unknown = true;
  cursor.earliest = kMinusInfinity;
  cursor.latest = kPlusInfinity;
  cursor.subject_key = "a";
  cursor.actor_key = "公司";
  cursor.fact = FactId(8);
  cursor.kind = TimelineKind::kStatus;
  cursor.ordinal = 2;
  RELATA_ASSERT_OK_AND_ASSIGN(const TimelineCursor back,
                              DecodeTimelineCursor(EncodeCursor(cursor)));
  EXPECT_EQ(back.unknown, cursor.unknown);
  EXPECT_EQ(back.earliest, cursor.earliest);
  EXPECT_EQ(back.latest, cursor.latest);
  EXPECT_EQ(back.subject_key, cursor.subject_key);
  EXPECT_EQ(back.actor_key, cursor.actor_key);
  EXPECT_EQ(back.fact, cursor.fact);
  EXPECT_EQ(back.kind, cursor.kind);
  EXPECT_EQ(back.ordinal, cursor.ordinal);
}

TEST(PageTokenTest, CursorsOfAnotherKindAreRefused) {
  EXPECT_FALSE(DecodeChainCursor(EncodeCursor(uint64_t{7})).ok());
  EXPECT_FALSE(DecodePlace("").ok());
}

}  // namespace
}  // namespace relata
