#ifndef RELATA_CLIENT_CLI_PAGES_H_
#define RELATA_CLIENT_CLI_PAGES_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "client/cli/command_context.h"

namespace relata {

// Rows that one request asks for; the server may give fewer.
inline constexpr int64_t kRowsOfPage = 1000;

// Appends the repeated fields of `page`, the answer that follows `all`; of other fields `all` keeps
// its own, save for next_page_token.
void AppendPage(const google::protobuf::Message& page, google::protobuf::Message* all);
// Items in the repeated field `items`.
int64_t CountItems(const google::protobuf::Message& message, absl::string_view items);

// Asks page after page until `limit` items are there (0: all of them), and gives them as one answer
// whose next_page_token is not empty where there are more. Tells the user so.
//
// `ask` maps a const Request& to an absl::StatusOr<Response>.
template <typename Response, typename Request, typename Ask>
absl::StatusOr<Response> CollectPages(const CommandContext& context, absl::string_view items,
                                      int64_t limit, Request request, const Ask& ask) {
  const int64_t wanted = limit == 0 ? std::numeric_limits<int64_t>::max() : limit;
  Response all;
  for (bool first = true;; first = false) {
    request.set_page_size(
        static_cast<int32_t>(std::min(kRowsOfPage, wanted - CountItems(all, items))));
    request.set_page_token(all.next_page_token());
    RELATA_ASSIGN_OR_RETURN(Response page, ask(request));
    const bool last = page.next_page_token().empty();
    if (first) {
      all = std::move(page);
    } else {
      AppendPage(page, &all);
    }
    if (last) return all;
    if (CountItems(all, items) >= wanted) {
      context.Note("there are more: --limit N shows more, --limit 0 all");
      return all;
    }
  }
}

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_PAGES_H_
