#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/pages.h"
#include "relata/v1/admin_service.pb.h"

namespace relata {
namespace {

class DatabasesCommand : public Command {
 public:
  absl::string_view name() const override { return "databases"; }
  absl::string_view summary() const override { return "List, create or delete databases"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("ACTION", &action_, "list (default), create or delete");
    arguments.OptionalWord("NAME", &name_, "name of the database");
    arguments.Footer("`delete` deletes a database with all its history, for good.");
  }

  absl::Status Run(CommandContext& context) override {
    if (action_.empty() || action_ == "list") return List(context);
    if (action_ != "create" && action_ != "delete") {
      return UsageError(absl::StrCat("'", action_, "': say list, create or delete"));
    }
    if (name_.empty()) return UsageError(absl::StrCat("databases ", action_, " needs a name"));
    if (action_ == "delete") return Delete(context);
    v1::CreateDatabaseRequest request;
    request.set_database_id(name_);
    RELATA_ASSIGN_OR_RETURN(const v1::Database database, context.client().CreateDatabase(request));
    Table table = NewTable();
    AddDatabase(database, &table);
    return context.Print(table, database, "");
  }

 private:
  static Table NewTable() { return Table({"name", "version", "at", "uuid"}); }

  static void AddDatabase(const v1::Database& database, Table* table) {
    table->AddRow({database.name(), absl::StrCat(database.head_version()), database.head_time(),
                   database.uuid()});
  }

  absl::Status Delete(const CommandContext& context) const {
    v1::DeleteDatabaseRequest request;
    request.set_name(absl::StrCat("databases/", name_));
    RELATA_RETURN_IF_ERROR(context.client().DeleteDatabase(request));
    context.Note(absl::StrCat("the database '", name_, "' is deleted"));
    return absl::OkStatus();
  }

  static absl::Status List(CommandContext& context) {
    RELATA_ASSIGN_OR_RETURN(
        const v1::ListDatabasesResponse response,
        CollectPages<v1::ListDatabasesResponse>(context, "databases", 0, v1::ListDatabasesRequest(),
                                                [&context](const v1::ListDatabasesRequest& page) {
                                                  return context.client().ListDatabases(page);
                                                }));
    Table table = NewTable();
    for (const v1::Database& database : response.databases()) AddDatabase(database, &table);
    return context.Print(table, response, "databases");
  }

  std::string action_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> MakeDatabasesCommand() { return std::make_unique<DatabasesCommand>(); }

}  // namespace relata
