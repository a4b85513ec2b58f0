#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// MATCH, UNWIND, FOR, and CALL of procedures and subqueries.
namespace relata::query {

absl::StatusOr<ast::MatchClause> QueryParser::ParseMatch() {
  ast::MatchClause match;
  match.optional = Accept(Keyword::kOptional);
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kMatch, "or CALL after OPTIONAL"));
  RELATA_RETURN_IF_ERROR(ParseMatchBody(&match));
  return match;
}

// [REPEATABLE ELEMENTS | DIFFERENT RELATIONSHIPS] patterns [time clauses] [WHERE condition].
absl::Status QueryParser::ParseMatchBody(ast::MatchClause* match) {
  if (AcceptWords({Keyword::kRepeatable, Keyword::kElements}) ||
      AcceptWords({Keyword::kRepeatable, Keyword::kElement})) {
    match->different_relationships = false;
    Accept(Keyword::kBindings);
  } else if (AcceptWords({Keyword::kDifferent, Keyword::kRelationships}) ||
             AcceptWords({Keyword::kDifferent, Keyword::kRelationship})) {
    Accept(Keyword::kBindings);
  }
  RELATA_ASSIGN_OR_RETURN(match->patterns, ParsePatternList());
  while (AtTimeClause()) {
    RELATA_RETURN_IF_ERROR(ParseTimeClause(&match->time));
  }
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(match->where, ParseExpression(Place::kCondition));
  }
  return absl::OkStatus();
}

absl::StatusOr<ast::UnwindClause> QueryParser::ParseUnwind() {
  ++at_;
  ast::UnwindClause unwind;
  RELATA_ASSIGN_OR_RETURN(unwind.list, ParseExpression());
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kAs, "and a variable after the list of UNWIND"));
  RELATA_ASSIGN_OR_RETURN(unwind.name, ParseName("a variable after AS", &unwind.name_span));
  return unwind;
}

// Ahead is WITH ORDINALITY i or WITH OFFSET i, not a WITH that goes on with a variable `offset`.
bool QueryParser::AtPosition() const {
  if (!AtWords({Keyword::kWith, Keyword::kOrdinality}) &&
      !AtWords({Keyword::kWith, Keyword::kOffset})) {
    return false;
  }
  return IsName(Peek(2)) && !IsReserved(Peek(2).keyword) && !StartsClause(Peek(2).keyword) &&
         Peek(2).keyword != Keyword::kOrder;
}

// FOR x IN list [WITH ORDINALITY i | WITH OFFSET i].
absl::StatusOr<ast::UnwindClause> QueryParser::ParseFor() {
  if (AtTimeClause()) {
    return Unexpected(
        "another clause: a time clause stands before the first clause of a query, or after the "
        "patterns of a MATCH and before its WHERE");
  }
  ++at_;
  ast::UnwindClause unwind;
  RELATA_ASSIGN_OR_RETURN(
      unwind.name, ParseVariable("a variable after FOR, or VALID_TIME, SYSTEM_TIME, BELIEF or "
                                 "PORTION OF VALID_TIME",
                                 &unwind.name_span));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kIn, "and a list after FOR and a variable"));
  RELATA_ASSIGN_OR_RETURN(unwind.list, ParseExpression());
  if (AtPosition()) {
    unwind.from_one = Peek(1).keyword == Keyword::kOrdinality;
    at_ += 2;
    RELATA_ASSIGN_OR_RETURN(unwind.position, ParseName("a variable", &unwind.position_span));
  }
  return unwind;
}

absl::Status QueryParser::ParseCallClause(bool optional, ast::Clause* clause) {
  ++at_;
  if (At(TokenKind::kLeftBrace) || At(TokenKind::kLeftParen)) {
    RELATA_ASSIGN_OR_RETURN(clause->body, ParseSubquery(optional));
  } else {
    RELATA_ASSIGN_OR_RETURN(clause->body, ParseProcedureCall(optional));
  }
  return absl::OkStatus();
}

absl::StatusOr<ast::CallClause> QueryParser::ParseProcedureCall(bool optional) {
  ast::CallClause call;
  call.optional = optional;
  RELATA_ASSIGN_OR_RETURN(
      call.name,
      ParseQualifiedName("the name of a procedure, or `{` and a subquery", &call.name_span));
  call.implicit_arguments = !Accept(TokenKind::kLeftParen);
  if (!call.implicit_arguments && !Accept(TokenKind::kRightParen)) {
    do {
      RELATA_ASSIGN_OR_RETURN(ast::ExprPtr arg, ParseExpression());
      call.args.push_back(std::move(arg));
    } while (Accept(TokenKind::kComma));
    RELATA_RETURN_IF_ERROR(
        Expect(TokenKind::kRightParen, "or `,` in the arguments of a procedure"));
  }
  RELATA_RETURN_IF_ERROR(ParseYield(&call));
  return call;
}

// field [AS alias], ...; `-` stands for none.
absl::Status QueryParser::ParseYieldItems(std::vector<ast::YieldItem>* items) {
  if (Accept(TokenKind::kMinus)) return absl::OkStatus();
  do {
    const size_t first = at_;
    ast::YieldItem item;
    RELATA_ASSIGN_OR_RETURN(item.field, ParseName("the name of a field after YIELD"));
    if (Accept(Keyword::kAs)) {
      RELATA_ASSIGN_OR_RETURN(item.alias, ParseName("a variable after AS"));
    }
    item.span = SpanFrom(first);
    items->push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return absl::OkStatus();
}

template <typename T>
absl::Status QueryParser::ParseYield(T* clause) {
  if (!Accept(Keyword::kYield)) return absl::OkStatus();
  clause->has_yield = true;
  clause->yield_star = Accept(TokenKind::kStar);
  if (!clause->yield_star) RELATA_RETURN_IF_ERROR(ParseYieldItems(&clause->yield));
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(clause->where, ParseExpression(Place::kCondition));
  }
  return absl::OkStatus();
}

template absl::Status QueryParser::ParseYield(ast::CallClause* clause);
template absl::Status QueryParser::ParseYield(ast::ShowCommand* clause);

// [(imports)] { query } [IN TRANSACTIONS ...].
absl::StatusOr<ast::SubqueryClause> QueryParser::ParseSubquery(bool optional) {
  ast::SubqueryClause subquery;
  subquery.optional = optional;
  if (Accept(TokenKind::kLeftParen)) {
    subquery.imports.emplace();
    subquery.import_all = Accept(TokenKind::kStar);
    if (!subquery.import_all) {
      RELATA_ASSIGN_OR_RETURN(subquery.imports, ParseImports());
    }
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "after the variables that CALL imports"));
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftBrace, "and a subquery after CALL"));
  RELATA_ASSIGN_OR_RETURN(ast::Query query, ParseQuery());
  subquery.query = std::make_unique<ast::Query>(std::move(query));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBrace, "at the end of a subquery"));
  if (Accept(Keyword::kIn)) RELATA_RETURN_IF_ERROR(ParseInTransactions(&subquery));
  return subquery;
}

absl::StatusOr<std::vector<std::pair<std::string, Span>>> QueryParser::ParseImports() {
  std::vector<std::pair<std::string, Span>> imports;
  if (At(TokenKind::kRightParen)) return imports;
  do {
    Span span;
    RELATA_ASSIGN_OR_RETURN(std::string name, ParseVariable("a variable to import", &span));
    imports.emplace_back(std::move(name), span);
  } while (Accept(TokenKind::kComma));
  return imports;
}

// [n] CONCURRENT, or nothing, before TRANSACTIONS.
absl::Status QueryParser::ParseConcurrency(ast::SubqueryClause* subquery) {
  if (At(Keyword::kTransactions) || At(Keyword::kTransaction)) return absl::OkStatus();
  if (!At(Keyword::kConcurrent)) {
    RELATA_ASSIGN_OR_RETURN(subquery->concurrency, ParseExpression());
  }
  return Expect(Keyword::kConcurrent, "or TRANSACTIONS after IN");
}

// [n CONCURRENT] TRANSACTIONS, then in any order [OF n ROWS] [ON ERROR FAIL | CONTINUE | BREAK]
// [REPORT STATUS AS s].
absl::Status QueryParser::ParseInTransactions(ast::SubqueryClause* subquery) {
  RELATA_RETURN_IF_ERROR(ParseConcurrency(subquery));
  if (!Accept(Keyword::kTransactions)) {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kTransaction, "or TRANSACTIONS after IN"));
  }
  subquery->in_transactions = true;
  bool on_error = false;
  while (true) {
    if (subquery->batch_rows == nullptr && Accept(Keyword::kOf)) {
      RELATA_ASSIGN_OR_RETURN(subquery->batch_rows, ParseExpression());
      if (!Accept(Keyword::kRows)) RELATA_RETURN_IF_ERROR(Expect(Keyword::kRow, "or ROWS"));
    } else if (!on_error && Accept(Keyword::kOn)) {
      on_error = true;
      RELATA_ASSIGN_OR_RETURN(subquery->on_error, ParseOnError());
    } else if (subquery->report_status_as.empty() && Accept(Keyword::kReport)) {
      RELATA_RETURN_IF_ERROR(Expect(Keyword::kStatus, "after REPORT"));
      RELATA_RETURN_IF_ERROR(Expect(Keyword::kAs, "after REPORT STATUS"));
      RELATA_ASSIGN_OR_RETURN(subquery->report_status_as, ParseName("a variable after AS"));
    } else {
      return absl::OkStatus();
    }
  }
}

absl::StatusOr<ast::SubqueryClause::OnError> QueryParser::ParseOnError() {
  using OnError = ast::SubqueryClause::OnError;
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kError, "after ON"));
  if (Accept(Keyword::kContinue)) return OnError::kContinue;
  if (Accept(Keyword::kBreak)) return OnError::kBreak;
  if (Accept(Keyword::kFail)) return OnError::kFail;
  if (absl::EqualsIgnoreCase(TextOf(Peek()), "RETRY")) {
    return SyntaxError("UnexpectedSyntax", Peek().span,
                       "there is no ON ERROR RETRY: write FAIL, CONTINUE or BREAK, and run what "
                       "met a conflict again");
  }
  return Unexpected("FAIL, CONTINUE or BREAK after ON ERROR",
                    {Keyword::kFail, Keyword::kContinue, Keyword::kBreak});
}

}  // namespace relata::query
