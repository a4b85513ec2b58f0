#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "relata/v1/admin_service.pb.h"

namespace relata {
namespace {

class StatsCommand : public Command {
 public:
  absl::string_view name() const override { return "stats"; }
  absl::string_view summary() const override { return "Count what a database holds"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }
  void Declare(Arguments&) override {}

  absl::Status Run(CommandContext& context) override {
    v1::GetStatisticsRequest request;
    request.set_database(context.database());
    RELATA_ASSIGN_OR_RETURN(const v1::GetStatisticsResponse response,
                            context.client().GetStatistics(request));
    Table table({"what", "name", "count"});
    const auto add = [&table](const char* what, const std::string& name, uint64_t count) {
      table.AddRow({what, name, absl::StrCat(count)});
    };
    add("version", "", response.stamp().version());
    add("entities", "", response.entities());
    for (const auto& label : response.entities_by_label())
      add("label", label.name(), label.count());
    add("relationships", "", response.relationships());
    for (const auto& type : response.relationships_by_type())
      add("type", type.name(), type.count());
    add("facts", "", response.facts());
    add("citations", "", response.citations());
    add("bytes, about", "live", response.bytes_live());
    add("bytes, about", "history", response.bytes_history());
    add("bytes, about", "log", response.bytes_log());
    return context.Print(table, response, "");
  }
};

}  // namespace

std::unique_ptr<Command> MakeStatsCommand() { return std::make_unique<StatsCommand>(); }

}  // namespace relata
