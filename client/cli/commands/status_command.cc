#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "relata/v1/admin_service.pb.h"

namespace relata {
namespace {

class StatusCommand : public Command {
 public:
  absl::string_view name() const override { return "status"; }
  absl::string_view summary() const override { return "Show how the server and its databases are"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }
  void Declare(Arguments&) override {}

  absl::Status Run(CommandContext& context) override {
    RELATA_ASSIGN_OR_RETURN(const v1::GetStatusResponse response,
                            context.client().GetStatus(v1::GetStatusRequest()));
    Table table({"database", "version", "at", "writes", "cache bytes", "hits", "misses"});
    table.set_preamble(absl::StrCat("relatad ", response.server_version(), ", started ",
                                    response.start_time(), ", up ", response.uptime_seconds(),
                                    " s, ", response.watch_streams(), " of ",
                                    response.max_watch_streams(), " watch streams\n"));
    for (const auto& state : response.databases()) {
      const v1::Database& database = state.database();
      table.AddRow(
          {database.name(), absl::StrCat(database.head_version()), database.head_time(),
           database.read_only_reason().empty()
               ? Cell("allowed")
               : Cell(absl::StrCat("refused: ", database.read_only_reason()), CellStyle::kBad),
           absl::StrCat(state.cache_bytes(), state.cache_filling() ? " (filling)" : ""),
           absl::StrCat(state.cache_hits()), absl::StrCat(state.cache_misses())});
    }
    return context.Print(table, response, "databases");
  }
};

}  // namespace

std::unique_ptr<Command> MakeStatusCommand() { return std::make_unique<StatusCommand>(); }

}  // namespace relata
