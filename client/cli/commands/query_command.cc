#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/literal.h"
#include "client/cli/output/query_printer.h"
#include "client/cli/shell/statement_splitter.h"
#include "client/cli/utf8.h"
#include "relata/v1/mutation.pb.h"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

class QueryCommand : public Command {
 public:
  absl::string_view name() const override { return "query"; }
  absl::string_view summary() const override { return "Run statements of the query language"; }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("STATEMENT", &statement_, "what to run; `;` parts several");
    arguments.Text("--file", "FILE", &file_,
                   "read the statements from a file; - is standard input");
    arguments.Texts("-p,--param", "NAME=VALUE", &parameters_,
                    "a value for $NAME: 'limit=10', 'since=2026-01-01', 'key:text=17'");
    arguments.Flag("--read-only", &read_only_, "refuse statements that write");
    arguments.Text("--request-id", "ID", &request_id_,
                   "makes one statement that writes safe to run again: the same id writes once");
    arguments.Footer(
        "Without a statement and --file they are read from the standard input. Each statement is "
        "a\n"
        "transaction of its own. --as-of, --known-at and --policy are for what a statement does "
        "not\n"
        "say itself. docs/query-language.md describes the language.");
  }

  absl::Status Run(CommandContext& context) override {
    RELATA_ASSIGN_OR_RETURN(v1::RunQueryRequest request, MakeRequest(context));
    RELATA_ASSIGN_OR_RETURN(const std::string text, ReadText(context));
    if (!IsWellFormedUtf8(text)) {
      return UsageError("the statements are not UTF-8: save the text as UTF-8");
    }
    StatementSplitter splitter;
    splitter.Add(text);
    std::vector<std::string> statements;
    while (std::optional<std::string> statement = splitter.Next()) {
      statements.push_back(*std::move(statement));
    }
    std::string rest = splitter.TakeRest();
    if (!rest.empty()) statements.push_back(std::move(rest));
    if (statements.empty()) return UsageError("there is no statement to run");
    if (!request_id_.empty() && statements.size() > 1) {
      return UsageError("--request-id is for one statement; run each with an id of its own");
    }
    for (std::string& statement : statements) {
      RELATA_RETURN_IF_ERROR(RunOne(context, request, std::move(statement)));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<v1::RunQueryRequest> MakeRequest(const CommandContext& context) const {
    v1::RunQueryRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    request.set_read_only(read_only_);
    request.set_request_id(request_id_);
    for (const std::string& text : parameters_) {
      const auto property = ParseProperty(text);
      if (!property.ok()) return UsageError(absl::StrCat("-p: ", property.status().message()));
      v1::MapEntry* const parameter = request.add_parameters();
      parameter->set_name(property->name());
      *parameter->mutable_value() = property->value();
    }
    return request;
  }

  absl::StatusOr<std::string> ReadText(const CommandContext& context) const {
    if (!statement_.empty() && !file_.empty()) {
      return UsageError("give a statement or --file, not both");
    }
    if (!statement_.empty()) return statement_;
    if (!file_.empty() && file_ != "-") {
      std::ifstream stream(file_, std::ios::binary);
      if (!stream.is_open()) {
        return UsageError(absl::StrCat("the file '", file_, "' cannot be read"));
      }
      return std::string(std::istreambuf_iterator<char>(stream), {});
    }
    return std::string(std::istreambuf_iterator<char>(context.in()), {});
  }

  static absl::Status RunOne(CommandContext& context, v1::RunQueryRequest& request,
                             std::string statement) {
    request.set_query(std::move(statement));
    QueryPrinter printer(context.format(), context.color(), &context.out());
    std::string statistics;
    RELATA_RETURN_IF_ERROR(
        context.client().RunQuery(request, [&](const v1::RunQueryResponse& part) -> absl::Status {
          printer.Add(part);
          if (part.has_statistics()) statistics = StatisticsLine(part.statistics());
          return absl::OkStatus();
        }));
    printer.Finish();
    context.out().flush();
    if (context.format() == OutputFormat::kTable) context.err() << statistics << '\n';
    return absl::OkStatus();
  }

  std::string statement_;
  std::string file_;
  std::vector<std::string> parameters_;
  std::string request_id_;
  bool read_only_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeQueryCommand() { return std::make_unique<QueryCommand>(); }

}  // namespace relata
