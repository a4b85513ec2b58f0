#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// Statements, queries, and which clause comes next; reading clauses and projections are in
// parser_reading.cc and parser_projection.cc.
namespace relata::query {

using ast::Clause;
using ast::SingleQuery;

namespace {

// What may follow what a WITH or RETURN has so far, but for what ends it.
absl::string_view TailAfter(const ast::ProjectionClause& projection) {
  if (projection.limit != nullptr) return "an operator, ";
  if (projection.skip != nullptr) return "an operator, LIMIT, ";
  if (!projection.order.empty()) return "an operator, `,`, ASC, DESC, SKIP, LIMIT, ";
  return "an operator, `,`, AS, ORDER BY, SKIP, LIMIT, ";
}

}  // namespace

absl::StatusOr<ast::Statement> QueryParser::ParseStatement() {
  ast::Statement statement;
  if (Accept(Keyword::kExplain)) {
    statement.mode = ast::Statement::Mode::kExplain;
  } else if (Accept(Keyword::kProfile)) {
    statement.mode = ast::Statement::Mode::kProfile;
  }
  if (At(TokenKind::kEnd)) {
    return SyntaxError(
        "UnexpectedSyntax", Peek().span,
        "the query is empty: it begins with a clause such as MATCH, CREATE or RETURN");
  }
  RELATA_ASSIGN_OR_RETURN(statement.query, ParseQuery());
  Accept(TokenKind::kSemicolon);
  if (At(TokenKind::kEnd)) return statement;
  if (TokenAt(at_ - 1).kind == TokenKind::kSemicolon) {
    return Unexpected("the end of the query after `;`: one statement at a time");
  }
  return Unexpected("the end of the query");
}

absl::StatusOr<ast::Query> QueryParser::ParseQuery() {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  const size_t first = at_;
  ast::Query query;
  RELATA_ASSIGN_OR_RETURN(SingleQuery part, ParseSingleQuery());
  query.parts.push_back(std::move(part));
  while (Accept(Keyword::kUnion)) {
    const bool all = Accept(Keyword::kAll);
    if (!all) Accept(Keyword::kDistinct);
    query.union_all.push_back(all);
    RELATA_ASSIGN_OR_RETURN(SingleQuery next, ParseSingleQuery());
    query.parts.push_back(std::move(next));
  }
  query.span = SpanFrom(first);
  const Scoped<int> depth(&depth_, depth_);
  while (At(Keyword::kNext)) {
    RELATA_RETURN_IF_ERROR(ParseNext(&query));
    query.span = SpanFrom(first);
  }
  return query;
}

// NEXT query, after `query`: what comes after it goes on with its rows, as after
// CALL () { query }.
absl::Status QueryParser::ParseNext(ast::Query* query) {
  ++at_;
  ++depth_;  // each one is a query within a query
  RELATA_RETURN_IF_ERROR(CheckDepth());
  RELATA_ASSIGN_OR_RETURN(SingleQuery rest, ParseSingleQuery());
  RELATA_RETURN_IF_ERROR(CheckAfterNext(rest));
  if (query->parts.size() == 1) {  // what stands before the first clause is for all of it
    rest.time = std::exchange(query->parts[0].time, {});
    rest.portion = std::exchange(query->parts[0].portion, std::nullopt);
  }
  ast::SubqueryClause before;
  before.imports.emplace();
  before.import_all = true;
  const Span span = query->span;
  before.query = std::make_unique<ast::Query>(std::move(*query));
  *query = ast::Query();
  rest.clauses.insert(rest.clauses.begin(), Clause{span, std::move(before)});
  query->parts.push_back(std::move(rest));
  return absl::OkStatus();
}

absl::Status QueryParser::CheckAfterNext(const SingleQuery& query) const {
  if (query.time.any() || query.portion) {
    return SyntaxError("UnexpectedSyntax", query.span,
                       "time clauses stand before the first query, or in a MATCH, not after NEXT");
  }
  if (At(Keyword::kUnion)) {
    return SyntaxError("UnexpectedSyntax", Peek().span,
                       "UNION cannot follow NEXT here: put the parts into a CALL { }, or what "
                       "stands before NEXT");
  }
  return absl::OkStatus();
}

absl::StatusOr<SingleQuery> QueryParser::ParseSingleQuery() {
  const size_t first = at_;
  SingleQuery query;
  RELATA_RETURN_IF_ERROR(ParseTimePrefix(&query));
  while (!AtQueryEnd()) {
    const Clause* last = query.clauses.empty() ? nullptr : &query.clauses.back();
    const bool ended =
        last != nullptr && (std::holds_alternative<ast::FinishClause>(last->body) ||
                            (std::holds_alternative<ast::ProjectionClause>(last->body) &&
                             std::get<ast::ProjectionClause>(last->body).is_return));
    if (ended || !AtClauseStart()) return UnexpectedAfter(last);
    RELATA_ASSIGN_OR_RETURN(Clause clause, ParseClause());
    query.clauses.push_back(std::move(clause));
  }
  if (query.clauses.empty()) return UnexpectedAfter(nullptr);
  RELATA_RETURN_IF_ERROR(CheckYieldStar(query));
  EndShow(&query);
  query.span = SpanFrom(first);
  return query;
}

// SHOW … YIELD … ORDER BY … gives what it shows, without RETURN.
void QueryParser::EndShow(SingleQuery* query) {
  auto* page = std::get_if<ast::ProjectionClause>(&query->clauses.back().body);
  if (page != nullptr && page->star && !page->is_let &&
      std::holds_alternative<ast::ShowCommand>(query->clauses.front().body)) {
    page->is_return = true;
  }
}

// openCypher: YIELD * only where the CALL is the whole query.
absl::Status QueryParser::CheckYieldStar(const SingleQuery& query) const {
  if (query.clauses.size() < 2) return absl::OkStatus();
  for (const Clause& clause : query.clauses) {
    const auto* call = std::get_if<ast::CallClause>(&clause.body);
    if (call != nullptr && call->yield_star) {
      return SyntaxError("UnexpectedSyntax", clause.span,
                         "YIELD * may stand only where CALL is the whole query: name the fields");
    }
  }
  return absl::OkStatus();
}

bool QueryParser::AtQueryEnd() const {
  return At(TokenKind::kEnd) || At(TokenKind::kSemicolon) || At(TokenKind::kRightBrace) ||
         At(Keyword::kUnion) || At(Keyword::kNext);
}

bool QueryParser::StartsClause(Keyword keyword) {
  switch (keyword) {
    case Keyword::kCall:
    case Keyword::kDrop:
    case Keyword::kFilter:
    case Keyword::kFinish:
    case Keyword::kFor:
    case Keyword::kLet:
    case Keyword::kLimit:
    case Keyword::kMatch:
    case Keyword::kOffset:
    case Keyword::kOptional:
    case Keyword::kReturn:
    case Keyword::kShow:
    case Keyword::kSkip:
    case Keyword::kTerminate:
    case Keyword::kUnwind:
    case Keyword::kWith:
      return true;
    default:
      return StartsWrite(keyword);
  }
}

bool QueryParser::AtClauseStart() const {
  return StartsClause(Peek().keyword) || AtWords({Keyword::kOrder, Keyword::kBy}) || AtWriteStart();
}

bool QueryParser::AtQueryStart() const {
  return AtClauseStart() && Peek(1).kind != TokenKind::kEqual;
}

// Clauses of other products, where something else does what they do.
absl::Status QueryParser::RefuseForeignClause() const {
  struct Foreign {
    absl::string_view word;
    absl::string_view message;
  };
  static constexpr Foreign kForeign[] = {
      {"CYPHER", "there are no query options: leave CYPHER and what belongs to it out"},
      {"LOAD", "there is no LOAD CSV: `relata import` loads files, or pass rows as a parameter"},
      {"SELECT", "this language has no SELECT: a query ends with RETURN"},
      {"USE", "there is no USE: a call names its database (`--database` of relata)"},
      {"USING", "there are no hints: the planner chooses, EXPLAIN shows what"},
      {"WHEN", "there are no conditional queries: use CASE in an expression, or FILTER and UNION"},
  };
  if (Peek().kind != TokenKind::kWord) return absl::OkStatus();
  for (const Foreign& foreign : kForeign) {
    if (absl::EqualsIgnoreCase(TextOf(Peek()), foreign.word)) {
      return SyntaxError("UnexpectedSyntax", Peek().span, foreign.message);
    }
  }
  return absl::OkStatus();
}

absl::Status QueryParser::UnexpectedAfter(const Clause* last) const {
  static constexpr Keyword kClauses[] = {
      Keyword::kCall,   Keyword::kCreate,    Keyword::kDelete,  Keyword::kDetach,
      Keyword::kDrop,   Keyword::kFinish,    Keyword::kFor,     Keyword::kForeach,
      Keyword::kInsert, Keyword::kMatch,     Keyword::kMerge,   Keyword::kOptional,
      Keyword::kRemove, Keyword::kReturn,    Keyword::kSet,     Keyword::kShow,
      Keyword::kUnion,  Keyword::kTerminate, Keyword::kUnwind,  Keyword::kWith,
      Keyword::kWhere,  Keyword::kExplain,   Keyword::kProfile, Keyword::kYield,
      Keyword::kFilter};
  RELATA_RETURN_IF_ERROR(RefuseForeignClause());
  if (last == nullptr) return Unexpected("a clause such as MATCH, CREATE or RETURN", kClauses);
  if (std::holds_alternative<ast::FinishClause>(last->body)) {
    return Unexpected("the end of the query after FINISH");
  }
  const auto* projection = std::get_if<ast::ProjectionClause>(&last->body);
  if (projection != nullptr) {
    static constexpr Keyword kTail[] = {Keyword::kAs,     Keyword::kOrder, Keyword::kSkip,
                                        Keyword::kOffset, Keyword::kLimit, Keyword::kUnion,
                                        Keyword::kWhere,  Keyword::kMatch, Keyword::kReturn,
                                        Keyword::kWith,   Keyword::kUnwind};
    return Unexpected(
        absl::StrCat(TailAfter(*projection), projection->is_return ? "UNION or the end of the query"
                                                                   : "WHERE or the next clause"),
        kTail);
  }
  if (std::holds_alternative<ast::MatchClause>(last->body)) {
    return Unexpected("`,`, WHERE or the next clause, such as RETURN", kClauses);
  }
  return Unexpected("the next clause, such as RETURN, or the end of the query", kClauses);
}

absl::StatusOr<Clause> QueryParser::ParseClause() {
  RELATA_RETURN_IF_ERROR(CountWork(limits_.watch));
  const size_t first = at_;
  Clause clause;
  RELATA_RETURN_IF_ERROR(ParseClauseBody(&clause));
  clause.span = SpanFrom(first);
  return clause;
}

absl::Status QueryParser::ParseClauseBody(Clause* clause) {
  if (AtSchemaCommand()) {
    RELATA_ASSIGN_OR_RETURN(clause->body, ParseSchemaCommand());
    return absl::OkStatus();
  }
  if (AtWriteStart()) return ParseWrite(clause);
  switch (Peek().keyword) {
    case Keyword::kOptional:
      if (Peek(1).keyword == Keyword::kCall) {
        ++at_;
        return ParseCallClause(/*optional=*/true, clause);
      }
      [[fallthrough]];
    case Keyword::kMatch: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseMatch());
      return absl::OkStatus();
    }
    case Keyword::kCall:
      return ParseCallClause(/*optional=*/false, clause);
    case Keyword::kUnwind: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseUnwind());
      return absl::OkStatus();
    }
    case Keyword::kFor: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseFor());
      return absl::OkStatus();
    }
    case Keyword::kLet: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseLet());
      return absl::OkStatus();
    }
    case Keyword::kFilter: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseFilter());
      return absl::OkStatus();
    }
    case Keyword::kOrder:
    case Keyword::kSkip:
    case Keyword::kOffset:
    case Keyword::kLimit: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParsePage());
      return absl::OkStatus();
    }
    case Keyword::kWith:
    case Keyword::kReturn: {
      const bool is_return = At(Keyword::kReturn);
      ++at_;
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseProjection(is_return));
      return absl::OkStatus();
    }
    case Keyword::kFinish:
      ++at_;
      clause->body = ast::FinishClause();
      return absl::OkStatus();
    case Keyword::kShow: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseShow());
      return absl::OkStatus();
    }
    case Keyword::kTerminate: {
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseTerminate());
      return absl::OkStatus();
    }
    case Keyword::kDrop:
      ++at_;
      return Unexpected("INDEX or CONSTRAINT after DROP", {Keyword::kIndex, Keyword::kConstraint});
    default:
      return UnexpectedAfter(nullptr);
  }
}

}  // namespace relata::query
