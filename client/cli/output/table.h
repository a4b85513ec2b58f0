#ifndef RELATA_CLIENT_CLI_OUTPUT_TABLE_H_
#define RELATA_CLIENT_CLI_OUTPUT_TABLE_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

// How a cell is marked on a terminal with colour.
enum class CellStyle { kPlain, kDim, kWarning, kBad };

struct Cell {
  // NOLINTNEXTLINE(google-explicit-constructor): a row is written as a list of texts.
  Cell(std::string cell_text, CellStyle cell_style = CellStyle::kPlain)
      : text(std::move(cell_text)), style(cell_style) {}
  // NOLINTNEXTLINE(google-explicit-constructor): likewise.
  Cell(const char* cell_text) : text(cell_text) {}

  std::string text;
  CellStyle style = CellStyle::kPlain;
};

// Rows under headings, for people (aligned by width on the terminal, Chinese too) and as CSV.
// Each row has a cell for each heading. Not thread-safe.
class Table {
 public:
  // `headings` are words in lower case.
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  void AddRow(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  // Lines above the headings; only people get them. May hold line breaks.
  void set_preamble(std::string preamble) { preamble_ = std::move(preamble); }
  // What people read instead of a table without rows.
  void set_when_empty(std::string text) { when_empty_ = std::move(text); }

  size_t size() const { return rows_.size(); }

  // Columns in which no row has a text are left out. With `color`, escape sequences of ECMA-48.
  void Print(std::ostream& out, bool color) const;
  // RFC 4180 with line ends of one character; every column, with a line of headings.
  void PrintCsv(std::ostream& out) const;

 private:
  const std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
  std::string preamble_;
  std::string when_empty_;
};

// `text` as one field of CSV: in quotes, with quotes doubled, where it holds a comma, a quote, a
// line break or a space at an end (RFC 4180, section 2).
std::string CsvField(absl::string_view text);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_TABLE_H_
