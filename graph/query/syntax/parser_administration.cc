#include <utility>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// SHOW and TERMINATE.
namespace relata::query {

absl::StatusOr<ast::ShowCommand> QueryParser::ParseShow() {
  using Kind = ast::ShowCommand::Kind;
  ++at_;
  Accept(Keyword::kAll);
  ast::ShowCommand show;
  switch (Peek().keyword) {
    case Keyword::kIndex:
    case Keyword::kIndexes:
      show.kind = Kind::kIndexes;
      break;
    case Keyword::kConstraint:
    case Keyword::kConstraints:
      show.kind = Kind::kConstraints;
      break;
    case Keyword::kTransaction:
    case Keyword::kTransactions:
      show.kind = Kind::kTransactions;
      break;
    case Keyword::kProcedure:
    case Keyword::kProcedures:
      show.kind = Kind::kProcedures;
      break;
    case Keyword::kFunction:
    case Keyword::kFunctions:
      show.kind = Kind::kFunctions;
      break;
    default:
      return Unexpected("INDEXES, CONSTRAINTS, TRANSACTIONS, PROCEDURES or FUNCTIONS after SHOW",
                        {Keyword::kIndexes, Keyword::kConstraints, Keyword::kTransactions,
                         Keyword::kProcedures, Keyword::kFunctions});
  }
  ++at_;
  RELATA_RETURN_IF_ERROR(ParseYield(&show));
  if (!show.has_yield && Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(show.where, ParseExpression(Place::kCondition));
  }
  return show;
}

// TERMINATE TRANSACTIONS id, ...
absl::StatusOr<ast::TerminateCommand> QueryParser::ParseTerminate() {
  ++at_;
  if (!Accept(Keyword::kTransactions)) {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kTransaction, "or TRANSACTIONS after TERMINATE"));
  }
  ast::TerminateCommand terminate;
  do {
    RELATA_ASSIGN_OR_RETURN(ast::ExprPtr id, ParseExpression());
    terminate.ids.push_back(std::move(id));
  } while (Accept(TokenKind::kComma));
  return terminate;
}

}  // namespace relata::query
