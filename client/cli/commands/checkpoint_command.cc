#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "relata/v1/admin_service.pb.h"

namespace relata {
namespace {

class CheckpointCommand : public Command {
 public:
  absl::string_view name() const override { return "checkpoint"; }
  absl::string_view summary() const override {
    return "Copy a database into a folder of the server's machine";
  }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }
  bool unlimited_time() const override { return true; }

  void Declare(Arguments& arguments) override {
    arguments.Word("NAME", &directory_,
                   "name of the new folder, below the server's folder for checkpoints");
  }

  absl::Status Run(CommandContext& context) override {
    v1::CreateCheckpointRequest request;
    request.set_database(context.database());
    request.set_directory(directory_);
    RELATA_ASSIGN_OR_RETURN(const v1::CreateCheckpointResponse response,
                            context.client().CreateCheckpoint(request));
    Table table({"folder", "version"});
    table.AddRow({response.path(), absl::StrCat(response.stamp().version())});
    return context.Print(table, response, "");
  }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<Command> MakeCheckpointCommand() { return std::make_unique<CheckpointCommand>(); }

}  // namespace relata
