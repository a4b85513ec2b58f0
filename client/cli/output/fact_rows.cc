#include "client/cli/output/fact_rows.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/output/fact_text.h"
#include "relata/v1/entity.pb.h"

namespace relata {
namespace {

constexpr size_t kFactColumns = 4;

}  // namespace

std::vector<std::string> FactHeadings(std::vector<std::string> leading, const FactDetail& detail) {
  for (const char* const heading : {"value", "valid", "status"}) leading.emplace_back(heading);
  leading.emplace_back(detail.citations ? "citations" : "sources");
  if (detail.ids) {
    leading.emplace_back("fact");
    leading.emplace_back("recorded");
  }
  return leading;
}

void AddFactRows(std::vector<Cell> leading, const v1::FactView& fact, const FactDetail& detail,
                 Table* table) {
  const size_t columns = leading.size() + kFactColumns + (detail.ids ? 2 : 0);
  const size_t source_column = leading.size() + kFactColumns - 1;
  leading.emplace_back(ContentText(fact));
  leading.emplace_back(PeriodText(fact.valid_from(), fact.valid_to()));
  leading.push_back(StatusCell(fact));
  if (!detail.citations) {
    leading.emplace_back(SourcesText(fact));
  } else {
    leading.emplace_back(fact.citations().empty() ? "" : CitationText(fact.citations(0)));
  }
  if (detail.ids) {
    leading.emplace_back(absl::StrCat(fact.id()));
    leading.emplace_back(
        absl::StrCat("version ", fact.recorded_version(), ", ", fact.recorded_time()));
  }
  table->AddRow(std::move(leading));
  for (int i = 1; detail.citations && i < fact.citations_size(); ++i) {
    std::vector<Cell> row(columns, Cell(""));
    row[source_column] = CitationText(fact.citations(i));
    table->AddRow(std::move(row));
  }
}

std::string NameHeading(const v1::NameView& name) {
  return absl::StrCat("name ", name.language(), " ",
                      absl::AsciiStrToLower(v1::NameKind_Name(name.kind())));
}

v1::FactView NameFact(const v1::NameView& name) {
  v1::FactView fact = name.fact();
  fact.mutable_value()->set_string_value(name.text());
  return fact;
}

std::string EntityHeading(const v1::Entity& entity) {
  std::string heading = entity.display_name();
  if (!entity.key().empty()) absl::StrAppend(&heading, heading.empty() ? "" : "  ", entity.key());
  absl::StrAppend(&heading, heading.empty() ? "" : "  ", "#", entity.id());
  if (!entity.labels().empty()) {
    absl::StrAppend(&heading, "  ", absl::StrJoin(entity.labels(), ", "));
  }
  if (!entity.source_retracted_time().empty()) {
    absl::StrAppend(&heading, "  retracted ", entity.source_retracted_time());
  }
  return heading;
}

}  // namespace relata
