#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/syntax/ast_text.h"
#include "graph/query/syntax/lexer.h"
#include "graph/query/syntax/parser.h"
#include "tests/fuzz/invariant.h"

// Any bytes through the lexer and the parser. Beside not crashing: tokens cover the text in order,
// errors point into the text and can be shown, trees can be printed and freed, and their spans lie
// in the text.
namespace relata::query {
namespace {

void CheckTokens(absl::string_view text) {
  const TokenList list = Tokenize(text);
  FUZZ_CHECK(!list.tokens.empty() && list.tokens.back().kind == TokenKind::kEnd);
  uint32_t end = 0;
  for (size_t i = 0; i < list.tokens.size(); ++i) {
    const Token& token = list.tokens[i];
    FUZZ_CHECK(token.span.begin >= end && token.span.end >= token.span.begin);
    end = token.span.end;
    FUZZ_CHECK(token.partner == 0 || token.partner < i || list.tokens[token.partner].partner == i);
  }
  FUZZ_CHECK(end == text.size());
}

void CheckParse(absl::string_view text) {
  const absl::StatusOr<ast::Statement> statement = Parse(text);
  if (statement.ok()) {
    FUZZ_CHECK(!AstText(*statement).empty());
    FUZZ_CHECK(!statement->query.parts.empty());
    FUZZ_CHECK(statement->query.span.end <= text.size());
    for (const ast::SingleQuery& part : statement->query.parts) FUZZ_CHECK(!part.clauses.empty());
    return;
  }
  FUZZ_CHECK(!statement.status().message().empty());
  const std::optional<QueryErrorInfo> info = GetQueryError(statement.status());
  FUZZ_CHECK(info.has_value() || statement.status().code() == absl::StatusCode::kResourceExhausted);
  if (!info) return;
  FUZZ_CHECK(info->error_class == ErrorClass::kSyntax && info->phase == ErrorPhase::kCompile);
  FUZZ_CHECK(info->span.has_value() && info->span->begin <= info->span->end &&
             info->span->end <= text.size());
  FUZZ_CHECK(!DescribeWithCaret(statement.status(), text).empty());
}

}  // namespace
}  // namespace relata::query

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  relata::query::CheckTokens(text);
  relata::query::CheckParse(text);
  return 0;
}
