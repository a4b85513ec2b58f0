#include "client/cli/output/path_text.h"

#include "absl/strings/str_cat.h"
#include "client/cli/output/fact_text.h"
#include "relata/v1/answer_service.pb.h"

namespace relata {
namespace {

// The from-date and the share of a hop, of which either may be without news.
std::string HopDetails(const v1::FindChainsResponse_Hop& hop) {
  std::string details;
  const v1::Relationship& relationship = hop.edges(0).relationship();
  if (!relationship.facts().empty()) {
    const v1::BoundView& from = relationship.facts(0).valid_from();
    if (!from.unknown() && from.text() != "..") details = BoundText(from);
  }
  const std::string share = ShareText(hop.share());
  if (share != "?") absl::StrAppend(&details, details.empty() ? "" : " ", share);
  if (hop.edges_size() > 1) {
    absl::StrAppend(&details, details.empty() ? "" : " ", "x", hop.edges_size());
  }
  return details;
}

}  // namespace

std::string HopText(absl::string_view type, absl::string_view details, bool outgoing,
                    const v1::EntitySummary& to) {
  return absl::StrCat(outgoing ? " -" : " <-", type, details.empty() ? "" : " ", details,
                      outgoing ? "-> " : "- ", EntityText(to));
}

std::string ChainText(const v1::EntitySummary& start, const v1::FindChainsResponse_Chain& chain) {
  std::string text = EntityText(start);
  for (const v1::FindChainsResponse_Hop& hop : chain.hops()) {
    if (hop.edges().empty()) continue;
    absl::StrAppend(&text, HopText(hop.edges(0).relationship().type(), HopDetails(hop),
                                   hop.outgoing(), hop.to()));
  }
  return text;
}

std::string PathText(const v1::EntitySummary& start,
                     const google::protobuf::RepeatedPtrField<v1::PathHop>& hops) {
  std::string text = EntityText(start);
  for (const v1::PathHop& hop : hops) {
    absl::StrAppend(&text, HopText(hop.relationship().type(), "", hop.outgoing(), hop.to()));
  }
  return text;
}

}  // namespace relata
