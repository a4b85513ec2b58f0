#include "client/cli/output/path_text.h"

#include "gtest/gtest.h"
#include "relata/v1/answer_service.pb.h"

namespace relata {
namespace {

void AddHop(const std::string& type, const std::string& from, double low, double high,
            bool outgoing, const std::string& to, v1::FindChainsResponse::Chain* chain) {
  auto* const hop = chain->add_hops();
  hop->mutable_to()->set_display_name(to);
  hop->set_outgoing(outgoing);
  hop->mutable_share()->set_low(low);
  hop->mutable_share()->set_high(high);
  auto* const relationship = hop->add_edges()->mutable_relationship();
  relationship->set_type(type);
  relationship->add_facts()->mutable_valid_from()->set_text(from);
}

TEST(PathTextTest, ShowsChainsWithDatesAndShares) {
  v1::EntitySummary start;
  start.set_display_name("Alibaba");
  v1::FindChainsResponse::Chain chain;
  AddHop("INVESTED_IN", "2026-07-03", 0.2, 0.2, true, "Kling AI", &chain);
  AddHop("DEVELOPED", "..", 0, 1, true, "Kling", &chain);
  AddHop("APPLIES_TO", "2023", 0, 1, false, "Measures", &chain);
  EXPECT_EQ(ChainText(start, chain),
            "Alibaba -INVESTED_IN 2026-07-03 20%-> Kling AI -DEVELOPED-> Kling "
            "<-APPLIES_TO 2023- Measures");
}

TEST(PathTextTest, ShowsPathsAndTheEmptyOne) {
  v1::EntitySummary start;
  start.set_id(17);
  v1::FindPathResponse path;
  EXPECT_EQ(PathText(start, path.hops()), "#17");
  auto* const hop = path.add_hops();
  hop->mutable_relationship()->set_type("OWNS");
  hop->mutable_to()->set_key("company/x");
  EXPECT_EQ(PathText(start, path.hops()), "#17 <-OWNS- company/x");
}

}  // namespace
}  // namespace relata
