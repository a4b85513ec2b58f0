#ifndef RELATA_GRAPH_QUERY_QUERY_ERROR_H_
#define RELATA_GRAPH_QUERY_QUERY_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata::query {

// Bytes [begin, end) of a query's text.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

// The classes of errors that openCypher tells apart.
enum class ErrorClass : uint8_t {
  kSyntax,
  kSemantic,
  kType,
  kArgument,
  kArithmetic,
  kEntityNotFound,
  kPropertyNotFound,
  kLabelNotFound,
  kParameterMissing,
  kProcedure,
  kConstraintValidation,    // a constraint's definition
  kConstraintVerification,  // data against a constraint
  kOther,
};
// `SyntaxError`, `TypeError`, … as openCypher writes them.
absl::string_view ErrorClassName(ErrorClass c);

enum class ErrorPhase : uint8_t { kCompile, kRuntime };

// What a query did wrong. Travels as a payload of the absl::Status, next to a message that says
// what was wrong and what to do, without position.
struct QueryErrorInfo {
  ErrorClass error_class = ErrorClass::kOther;
  ErrorPhase phase = ErrorPhase::kRuntime;
  // The finer class in openCypher's words: `UndefinedVariable`, `InvalidArgumentType`, …
  std::string detail;
  std::optional<Span> span;
};

// An error of that kind. The code follows from the class: INVALID_ARGUMENT for what is wrong
// whatever the data (all compile-time errors, types, arguments, arithmetic), NOT_FOUND for missing
// entities and procedures, FAILED_PRECONDITION for constraints.
absl::Status MakeQueryError(ErrorClass error_class, ErrorPhase phase, absl::string_view detail,
                            std::optional<Span> span, absl::string_view message);
// The two most used, at compile time: a SyntaxError, and the same with a span.
absl::Status SyntaxError(absl::string_view detail, Span span, absl::string_view message);
// At runtime, without a span.
absl::Status TypeError(absl::string_view detail, absl::string_view message);
absl::Status ArgumentError(absl::string_view detail, absl::string_view message);
// The same error with this span, where it has none yet (the evaluator knows where an expression
// stood).
absl::Status WithSpan(const absl::Status& status, Span span);

// nullopt where the status carries none.
std::optional<QueryErrorInfo> GetQueryError(const absl::Status& status);

// Where a span begins, for messages. Line and column count from 1; columns count code points.
struct SourcePosition {
  int line = 1;
  int column = 1;
};
SourcePosition PositionOf(absl::string_view text, uint32_t offset);
// The message, then `line 1, column 8:`, the line of text (cut to a window of about 100 columns
// around the span where it is longer) and a line with carets under the span; the message alone
// where the status carries no span.
std::string DescribeWithCaret(const absl::Status& status, absl::string_view text);

// The name out of `candidates` nearest to `name` (Damerau-Levenshtein, case folded), where it is
// near enough to be what was meant; empty otherwise.
template <typename Range>
std::string NearestName(absl::string_view name, const Range& candidates);
// Edits between two words, case folded for ASCII.
int EditDistance(absl::string_view a, absl::string_view b);

template <typename Range>
std::string NearestName(absl::string_view name, const Range& candidates) {
  const int limit = name.size() <= 3 ? 1 : name.size() <= 6 ? 2 : 3;
  int best = limit + 1;
  std::string nearest;
  for (const auto& candidate : candidates) {
    const int distance = EditDistance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = std::string(candidate);
    }
  }
  return nearest;
}

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_QUERY_ERROR_H_
