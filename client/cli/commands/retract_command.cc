#include <memory>
#include <string>

#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/write_options.h"
#include "client/cli/entity_names.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

class RetractCommand : public Command {
 public:
  absl::string_view name() const override { return "retract"; }
  absl::string_view summary() const override { return "Void all citations of a source"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("SOURCE", &source_, "the source: key or #ID");
    arguments.Footer(
        "Facts that no other source asserts are retracted: reads leave them out, save with\n"
        "--policy raw or at an earlier version (--known-at).");
  }

  absl::Status Run(CommandContext& context) override {
    v1::WriteRequest request;
    request.set_database(context.database());
    *request.add_mutations()->mutable_retract_source()->mutable_source() = EntityByKeyOrId(source_);
    return WriteAndPrint(context, request, source_);
  }

 private:
  std::string source_;
};

}  // namespace

std::unique_ptr<Command> MakeRetractCommand() { return std::make_unique<RetractCommand>(); }

}  // namespace relata
