#include "graph/query/query_error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace relata::query {
namespace {

constexpr absl::string_view kPayloadUrl = "relata.query.QueryErrorInfo";
constexpr size_t kFixedBytes = 11;  // class, phase, has span, begin, end
constexpr int kWindowColumns = 100;

void PutU32(uint32_t v, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<char>(v >> shift));
}

uint32_t GetU32(absl::string_view bytes, size_t at) {
  uint32_t v = 0;
  for (int i = 3; i >= 0; --i) v = v << 8 | static_cast<unsigned char>(bytes[at + i]);
  return v;
}

std::string Encode(const QueryErrorInfo& info) {
  std::string out;
  out.push_back(static_cast<char>(info.error_class));
  out.push_back(static_cast<char>(info.phase));
  out.push_back(info.span.has_value() ? 1 : 0);
  PutU32(info.span ? info.span->begin : 0, &out);
  PutU32(info.span ? info.span->end : 0, &out);
  out += info.detail;
  return out;
}

absl::StatusCode CodeOf(ErrorClass c) {
  switch (c) {
    case ErrorClass::kEntityNotFound:
    case ErrorClass::kPropertyNotFound:
    case ErrorClass::kLabelNotFound:
    case ErrorClass::kProcedure:
      return absl::StatusCode::kNotFound;
    case ErrorClass::kConstraintValidation:
    case ErrorClass::kConstraintVerification:
      return absl::StatusCode::kFailedPrecondition;
    default:
      return absl::StatusCode::kInvalidArgument;
  }
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Code points in `text`, whatever is no UTF-8 counted byte by byte where it begins no sequence.
int CodePoints(absl::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

// The bytes of code points [from, to) of `line`.
absl::string_view CodePointRange(absl::string_view line, int from, int to) {
  size_t begin = line.size();
  size_t end = line.size();
  int index = -1;
  for (size_t i = 0; i < line.size(); ++i) {
    if (IsContinuation(line[i])) continue;
    ++index;
    if (index == from) begin = i;
    if (index == to) {
      end = i;
      break;
    }
  }
  return begin >= end ? absl::string_view() : line.substr(begin, end - begin);
}

// What shows of a line, and where the carets stand under it.
struct CaretView {
  std::string shown;
  int caret = 0;   // columns before the first caret
  int carets = 1;  // how many
};

CaretView ViewOf(absl::string_view line, int caret, int carets) {
  const int columns = CodePoints(line);
  int from = 0;
  int to = columns;
  if (columns > kWindowColumns) {
    from = std::max(0, std::min(caret - kWindowColumns / 3, columns - kWindowColumns));
    to = std::min(columns, from + kWindowColumns);
  }
  CaretView view;
  if (from > 0) view.shown = "...";
  view.caret = caret - from + static_cast<int>(view.shown.size());
  view.carets = std::max(1, std::min(carets, to - caret));
  absl::StrAppend(&view.shown, CodePointRange(line, from, to), to < columns ? "..." : "");
  // A tab or another control character would move the carets away from what they point at.
  std::replace_if(
      view.shown.begin(), view.shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; },
      ' ');
  return view;
}

}  // namespace

absl::string_view ErrorClassName(ErrorClass c) {
  switch (c) {
    case ErrorClass::kSyntax:
      return "SyntaxError";
    case ErrorClass::kSemantic:
      return "SemanticError";
    case ErrorClass::kType:
      return "TypeError";
    case ErrorClass::kArgument:
      return "ArgumentError";
    case ErrorClass::kArithmetic:
      return "ArithmeticError";
    case ErrorClass::kEntityNotFound:
      return "EntityNotFound";
    case ErrorClass::kPropertyNotFound:
      return "PropertyNotFound";
    case ErrorClass::kLabelNotFound:
      return "LabelNotFound";
    case ErrorClass::kParameterMissing:
      return "ParameterMissing";
    case ErrorClass::kProcedure:
      return "ProcedureError";
    case ErrorClass::kConstraintValidation:
      return "ConstraintValidationFailed";
    case ErrorClass::kConstraintVerification:
      return "ConstraintVerificationFailed";
    case ErrorClass::kOther:
      return "Error";
  }
  return "Error";
}

absl::Status MakeQueryError(ErrorClass error_class, ErrorPhase phase, absl::string_view detail,
                            std::optional<Span> span, absl::string_view message) {
  absl::Status status(CodeOf(error_class), message);
  status.SetPayload(kPayloadUrl,
                    absl::Cord(Encode({error_class, phase, std::string(detail), span})));
  return status;
}

absl::Status SyntaxError(absl::string_view detail, Span span, absl::string_view message) {
  return MakeQueryError(ErrorClass::kSyntax, ErrorPhase::kCompile, detail, span, message);
}

absl::Status TypeError(absl::string_view detail, absl::string_view message) {
  return MakeQueryError(ErrorClass::kType, ErrorPhase::kRuntime, detail, std::nullopt, message);
}

absl::Status ArgumentError(absl::string_view detail, absl::string_view message) {
  return MakeQueryError(ErrorClass::kArgument, ErrorPhase::kRuntime, detail, std::nullopt, message);
}

absl::Status WithSpan(const absl::Status& status, Span span) {
  std::optional<QueryErrorInfo> info = GetQueryError(status);
  if (!info || info->span) return status;
  info->span = span;
  absl::Status spanned = status;
  spanned.SetPayload(kPayloadUrl, absl::Cord(Encode(*info)));
  return spanned;
}

std::optional<QueryErrorInfo> GetQueryError(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload) return std::nullopt;
  const std::string bytes(*payload);
  if (bytes.size() < kFixedBytes) return std::nullopt;
  QueryErrorInfo info;
  info.error_class = static_cast<ErrorClass>(bytes[0]);
  info.phase = static_cast<ErrorPhase>(bytes[1]);
  if (bytes[2] != 0) info.span = Span{GetU32(bytes, 3), GetU32(bytes, 7)};
  info.detail = bytes.substr(kFixedBytes);
  return info;
}

SourcePosition PositionOf(absl::string_view text, uint32_t offset) {
  const absl::string_view before = text.substr(0, offset);
  SourcePosition position;
  position.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const size_t newline = before.rfind('\n');
  position.column +=
      CodePoints(newline == absl::string_view::npos ? before : before.substr(newline + 1));
  return position;
}

std::string DescribeWithCaret(const absl::Status& status, absl::string_view text) {
  const std::optional<QueryErrorInfo> info = GetQueryError(status);
  if (!info || !info->span) return std::string(status.message());
  const size_t begin = std::min<size_t>(info->span->begin, text.size());
  const size_t end = std::min<size_t>(std::max(info->span->end, info->span->begin), text.size());
  const size_t newline = text.substr(0, begin).rfind('\n');
  const size_t line_begin = newline == absl::string_view::npos ? 0 : newline + 1;
  const size_t line_end = std::min(text.find('\n', begin), text.size());
  absl::string_view line = text.substr(line_begin, line_end - line_begin);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const SourcePosition position = PositionOf(text, static_cast<uint32_t>(begin));
  const absl::string_view marked = text.substr(begin, std::min(end, line_end) - begin);
  const CaretView view = ViewOf(line, position.column - 1, CodePoints(marked));
  return absl::StrCat(status.message(), "\nline ", position.line, ", column ", position.column,
                      ":\n", view.shown, "\n", std::string(view.caret, ' '),
                      std::string(view.carets, '^'));
}

// The optimal string alignment distance: insertions, deletions, replacements and swaps of
// neighbours.
int EditDistance(absl::string_view a, absl::string_view b) {
  const size_t width = b.size() + 1;
  std::array<std::vector<int>, 3> rows;
  for (std::vector<int>& row : rows) row.resize(width);
  for (size_t j = 0; j < width; ++j) rows[0][j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<int>& row = rows[i % 3];
    const std::vector<int>& above = rows[(i + 2) % 3];
    const std::vector<int>& two_above = rows[(i + 1) % 3];
    const char x = absl::ascii_tolower(static_cast<unsigned char>(a[i - 1]));
    const char before = i > 1 ? absl::ascii_tolower(static_cast<unsigned char>(a[i - 2])) : '\0';
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j < width; ++j) {
      const char y = absl::ascii_tolower(static_cast<unsigned char>(b[j - 1]));
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x == y ? 0 : 1)});
      if (i > 1 && j > 1 && before == y &&
          absl::ascii_tolower(static_cast<unsigned char>(b[j - 2])) == x) {
        row[j] = std::min(row[j], two_above[j - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace relata::query
