#include "client/cli/output/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cli/output/text_width.h"

namespace relata {
namespace {

constexpr size_t kBetweenColumns = 2;
constexpr absl::string_view kReset = "\x1b[0m";
constexpr absl::string_view kHeading = "\x1b[1m";

absl::string_view Escape(CellStyle style) {
  switch (style) {
    case CellStyle::kDim:
      return "\x1b[2m";
    case CellStyle::kWarning:
      return "\x1b[33m";
    case CellStyle::kBad:
      return "\x1b[31m";
    case CellStyle::kPlain:
      break;
  }
  return "";
}

// A cell on one line; control characters of data never reach the terminal.
std::string WithoutControls(absl::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return absl::ascii_iscntrl(c); }, ' ');
  return line;
}

}  // namespace

void Table::Print(std::ostream& out, bool color) const {
  out << preamble_;
  if (rows_.empty()) {
    out << when_empty_ << (when_empty_.empty() ? "" : "\n");
    return;
  }
  std::vector<size_t> widths(headings_.size(), 0);
  for (const std::vector<Cell>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], TextWidth(WithoutControls(row[i].text)));
    }
  }
  std::vector<size_t> shown;
  for (size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0) continue;
    shown.push_back(i);
    widths[i] = std::max(widths[i], TextWidth(headings_[i]));
  }
  const auto print_line = [&](const auto& text_of, const auto& escape_of) {
    std::string line;
    size_t padding = 0;
    for (const size_t i : shown) {
      const std::string text = WithoutControls(text_of(i));
      const absl::string_view escape = color ? escape_of(i) : absl::string_view();
      if (!text.empty()) {
        absl::StrAppend(&line, std::string(std::exchange(padding, 0), ' '), escape, text,
                        escape.empty() ? absl::string_view() : kReset);
      }
      padding += widths[i] - TextWidth(text) + kBetweenColumns;
    }
    out << line << '\n';
  };
  print_line([&](size_t i) { return headings_[i]; }, [](size_t) { return kHeading; });
  for (const std::vector<Cell>& row : rows_) {
    print_line([&](size_t i) { return row[i].text; },
               [&](size_t i) { return Escape(row[i].style); });
  }
}

void Table::PrintCsv(std::ostream& out) const {
  for (size_t i = 0; i < headings_.size(); ++i)
    out << (i == 0 ? "" : ",") << CsvField(headings_[i]);
  out << '\n';
  for (const std::vector<Cell>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) out << (i == 0 ? "" : ",") << CsvField(row[i].text);
    out << '\n';
  }
}

std::string CsvField(absl::string_view text) {
  const bool quoted = text.find_first_of(",\"\r\n") != absl::string_view::npos ||
                      (!text.empty() && (text.front() == ' ' || text.back() == ' '));
  if (!quoted) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace relata
