#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// Time and belief: FOR VALID_TIME, FOR SYSTEM_TIME, FOR BELIEF, FOR PORTION OF VALID_TIME. None of
// these words is reserved: what follows them tells the clause from `FOR valid_time IN list`.
namespace relata::query {

bool QueryParser::AtTimeClause() const {
  if (!At(Keyword::kFor)) return false;
  const Token& next = Peek(2);
  switch (Peek(1).keyword) {
    case Keyword::kValidTime:
      return next.keyword == Keyword::kAs || next.keyword == Keyword::kFrom ||
             next.keyword == Keyword::kAll;
    case Keyword::kSystemTime:
      return next.keyword == Keyword::kAs;
    case Keyword::kBelief:
      return next.kind == TokenKind::kLeftBrace || next.kind == TokenKind::kDollar;
    default:
      return false;
  }
}

bool QueryParser::AtPortion() const {
  return AtWords({Keyword::kFor, Keyword::kPortion, Keyword::kOf});
}

// Before the first clause of a query.
absl::Status QueryParser::ParseTimePrefix(ast::SingleQuery* query) {
  while (AtTimeClause() || AtPortion()) {
    const size_t first = at_;
    if (AtTimeClause()) {
      RELATA_RETURN_IF_ERROR(ParseTimeClause(&query->time));
    } else {
      if (query->portion) return Twice(first, "FOR PORTION OF VALID_TIME");
      RELATA_ASSIGN_OR_RETURN(query->portion, ParsePortion());
    }
  }
  return absl::OkStatus();
}

absl::Status QueryParser::Twice(size_t first, absl::string_view what) const {
  const Span span = {TokenAt(first).span.begin, TokenAt(first + 1).span.end};
  return SyntaxError("UnexpectedSyntax", span, absl::StrCat(what, " stands twice here"));
}

absl::Status QueryParser::ParseTimeClause(ast::TimeClauses* time) {
  switch (Peek(1).keyword) {
    case Keyword::kValidTime:
      return ParseValidTime(time);
    case Keyword::kSystemTime:
      return ParseSystemTime(time);
    default:
      return ParseBelief(time);
  }
}

// FOR VALID_TIME AS OF e | FROM a TO b | ALL, then [POSSIBLY | CERTAINLY].
absl::Status QueryParser::ParseValidTime(ast::TimeClauses* time) {
  using Kind = ast::ValidTimeClause::Kind;
  const size_t first = at_;
  if (time->valid) return Twice(first, "FOR VALID_TIME");
  at_ += 2;
  ast::ValidTimeClause& valid = time->valid.emplace();
  if (Accept(Keyword::kAll)) {
    valid.kind = Kind::kAll;
  } else if (Accept(Keyword::kFrom)) {
    valid.kind = Kind::kFromTo;
    RELATA_ASSIGN_OR_RETURN(valid.from, ParseBound());
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kTo, "and an end after FROM and a begin"));
    RELATA_ASSIGN_OR_RETURN(valid.to, ParseBound());
  } else {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kAs, "OF, FROM or ALL after VALID_TIME"));
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kOf, "after AS"));
    RELATA_ASSIGN_OR_RETURN(valid.from, ParseExpression());
  }
  valid.certainly = Accept(Keyword::kCertainly);
  if (!valid.certainly) Accept(Keyword::kPossibly);
  valid.span = SpanFrom(first);
  return absl::OkStatus();
}

// FOR SYSTEM_TIME AS OF e | AS OF VERSION e.
absl::Status QueryParser::ParseSystemTime(ast::TimeClauses* time) {
  const size_t first = at_;
  if (time->system) return Twice(first, "FOR SYSTEM_TIME");
  at_ += 2;
  ast::SystemTimeClause& system = time->system.emplace();
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kAs, "OF after SYSTEM_TIME"));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kOf, "after AS"));
  ast::ExprPtr& operand = Accept(Keyword::kVersion) ? system.version : system.time;
  RELATA_ASSIGN_OR_RETURN(operand, ParseExpression());
  system.span = SpanFrom(first);
  return absl::OkStatus();
}

// FOR BELIEF {...} | $parameter.
absl::Status QueryParser::ParseBelief(ast::TimeClauses* time) {
  const size_t first = at_;
  if (time->belief) return Twice(first, "FOR BELIEF");
  at_ += 2;
  ast::BeliefClause& belief = time->belief.emplace();
  RELATA_ASSIGN_OR_RETURN(belief.policy, ParsePatternProperties());
  belief.span = SpanFrom(first);
  return absl::OkStatus();
}

// FOR PORTION OF VALID_TIME FROM a TO b.
absl::StatusOr<ast::PortionClause> QueryParser::ParsePortion() {
  const size_t first = at_;
  at_ += 3;
  ast::PortionClause portion;
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kValidTime, "after FOR PORTION OF"));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kFrom, "after FOR PORTION OF VALID_TIME"));
  RELATA_ASSIGN_OR_RETURN(portion.from, ParseBound());
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kTo, "and an end after FROM and a begin"));
  RELATA_ASSIGN_OR_RETURN(portion.to, ParseBound());
  portion.span = SpanFrom(first);
  return portion;
}

// An expression, or the two dots of an open bound, quoted or not.
absl::StatusOr<ast::ExprPtr> QueryParser::ParseBound() {
  if (At(TokenKind::kTwoDots)) return ParseConstant(Datum::String(absl::string_view("..")));
  return ParseExpression();
}

}  // namespace relata::query
