#include <string>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// WITH and RETURN, and the clauses of GQL that are a WITH *: LET, FILTER, ORDER BY, OFFSET, LIMIT.
namespace relata::query {

// [DISTINCT] items [ORDER BY ...] [SKIP n] [LIMIT n] [WHERE condition], after the word WITH or
// RETURN.
absl::StatusOr<ast::ProjectionClause> QueryParser::ParseProjection(bool is_return) {
  ast::ProjectionClause projection;
  projection.is_return = is_return;
  projection.distinct = Accept(Keyword::kDistinct);
  RELATA_RETURN_IF_ERROR(ParseProjectionItems(&projection));
  RELATA_RETURN_IF_ERROR(ParseProjectionTail(&projection));
  if (!is_return && Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(projection.where, ParseExpression(Place::kCondition));
  }
  return projection;
}

absl::Status QueryParser::ParseProjectionItems(ast::ProjectionClause* projection) {
  projection->star = Accept(TokenKind::kStar);
  if (projection->star && !Accept(TokenKind::kComma)) return absl::OkStatus();
  do {
    RELATA_ASSIGN_OR_RETURN(ast::ProjectionItem item, ParseProjectionItem());
    projection->items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return absl::OkStatus();
}

absl::StatusOr<ast::ProjectionItem> QueryParser::ParseProjectionItem() {
  const size_t first = at_;
  ast::ProjectionItem item;
  RELATA_ASSIGN_OR_RETURN(item.expr, ParseExpression());
  item.text = TextFrom(first);
  if (Accept(Keyword::kAs)) {
    RELATA_ASSIGN_OR_RETURN(item.alias, ParseName("a name after AS", &item.alias_span));
  }
  return item;
}

// LET x = e, y = f: WITH *, e AS x, f AS y.
absl::StatusOr<ast::ProjectionClause> QueryParser::ParseLet() {
  ++at_;
  ast::ProjectionClause let;
  let.is_let = true;
  let.star = true;
  do {
    ast::ProjectionItem item;
    RELATA_ASSIGN_OR_RETURN(item.alias, ParseVariable("a variable after LET", &item.alias_span));
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kEqual, "and a value after LET and a variable"));
    const size_t first = at_;
    RELATA_ASSIGN_OR_RETURN(item.expr, ParseExpression());
    item.text = TextFrom(first);
    let.items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return let;
}

// FILTER [WHERE] condition: WITH * WHERE condition.
absl::StatusOr<ast::ProjectionClause> QueryParser::ParseFilter() {
  ++at_;
  Accept(Keyword::kWhere);
  ast::ProjectionClause filter;
  filter.star = true;
  RELATA_ASSIGN_OR_RETURN(filter.where, ParseExpression(Place::kCondition));
  return filter;
}

// ORDER BY …, OFFSET n, LIMIT n after a clause that is neither WITH nor RETURN: WITH * ORDER BY ….
absl::StatusOr<ast::ProjectionClause> QueryParser::ParsePage() {
  ast::ProjectionClause page;
  page.star = true;
  RELATA_RETURN_IF_ERROR(ParseProjectionTail(&page));
  return page;
}

absl::Status QueryParser::ParseProjectionTail(ast::ProjectionClause* projection) {
  if (Accept(Keyword::kOrder)) {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kBy, "after ORDER"));
    do {
      RELATA_ASSIGN_OR_RETURN(ast::SortItem item, ParseSortItem());
      projection->order.push_back(std::move(item));
    } while (Accept(TokenKind::kComma));
  }
  if (Accept(Keyword::kSkip) || Accept(Keyword::kOffset)) {
    RELATA_ASSIGN_OR_RETURN(projection->skip, ParseExpression());
  }
  if (Accept(Keyword::kLimit)) {
    RELATA_ASSIGN_OR_RETURN(projection->limit, ParseExpression());
  }
  return absl::OkStatus();
}

absl::StatusOr<ast::SortItem> QueryParser::ParseSortItem() {
  ast::SortItem item;
  RELATA_ASSIGN_OR_RETURN(item.expr, ParseExpression());
  if (Accept(Keyword::kDesc) || Accept(Keyword::kDescending)) {
    item.descending = true;
  } else if (!Accept(Keyword::kAsc)) {
    Accept(Keyword::kAscending);
  }
  if (Accept(Keyword::kNulls)) {
    item.nulls_first = Accept(Keyword::kFirst);
    if (!*item.nulls_first) RELATA_RETURN_IF_ERROR(Expect(Keyword::kLast, "or FIRST after NULLS"));
  }
  return item;
}

}  // namespace relata::query
