#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// CREATE, INSERT, MERGE, SET, REMOVE, DELETE, FOREACH.
namespace relata::query {

using ast::ExprKind;
using ast::SetItem;

bool QueryParser::StartsWrite(Keyword keyword) {
  switch (keyword) {
    case Keyword::kCreate:
    case Keyword::kDelete:
    case Keyword::kDetach:
    case Keyword::kForeach:
    case Keyword::kInsert:
    case Keyword::kMerge:
    case Keyword::kNodetach:
    case Keyword::kRemove:
    case Keyword::kSet:
      return true;
    default:
      return false;
  }
}

bool QueryParser::AtWriteStart() const { return StartsWrite(Peek().keyword) || AtPortion(); }

// [FOR PORTION OF VALID_TIME ...] clause.
absl::Status QueryParser::ParseWrite(ast::Clause* clause) {
  std::optional<ast::PortionClause> portion;
  if (AtPortion()) {
    RELATA_ASSIGN_OR_RETURN(portion, ParsePortion());
  }
  const auto set_body = [&](auto parsed) {
    if (!parsed.ok()) return std::move(parsed).status();
    parsed->options.portion = std::move(portion);
    clause->body = *std::move(parsed);
    return absl::OkStatus();
  };
  switch (Peek().keyword) {
    case Keyword::kCreate:
    case Keyword::kInsert:
      return set_body(ParseCreate());
    case Keyword::kMerge:
      return set_body(ParseMerge());
    case Keyword::kSet:
      return set_body(ParseSet());
    case Keyword::kRemove:
      return set_body(ParseRemove());
    case Keyword::kDelete:
    case Keyword::kDetach:
    case Keyword::kNodetach:
      return set_body(ParseDelete());
    case Keyword::kForeach: {
      if (portion) break;
      RELATA_ASSIGN_OR_RETURN(clause->body, ParseForeach());
      return absl::OkStatus();
    }
    default:
      break;
  }
  return Unexpected("CREATE, INSERT, MERGE, SET, REMOVE or DELETE after FOR PORTION OF VALID_TIME",
                    {Keyword::kCreate, Keyword::kInsert, Keyword::kMerge, Keyword::kSet,
                     Keyword::kRemove, Keyword::kDelete, Keyword::kDetach});
}

absl::StatusOr<ast::CreateClause> QueryParser::ParseCreate() {
  ++at_;
  ast::CreateClause create;
  RELATA_ASSIGN_OR_RETURN(create.patterns, ParsePatternList());
  RELATA_RETURN_IF_ERROR(ParseCiting(&create.options));
  return create;
}

absl::StatusOr<ast::MergeClause> QueryParser::ParseMerge() {
  ++at_;
  ast::MergeClause merge;
  RELATA_ASSIGN_OR_RETURN(merge.pattern, ParsePathPattern());
  RELATA_RETURN_IF_ERROR(ParseCiting(&merge.options));
  while (Accept(Keyword::kOn)) {
    const bool create = Accept(Keyword::kCreate);
    if (!create) RELATA_RETURN_IF_ERROR(Expect(Keyword::kMatch, "or CREATE after ON"));
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kSet, "after ON CREATE or ON MATCH"));
    RELATA_ASSIGN_OR_RETURN(std::vector<SetItem> items, ParseSetItems());
    std::vector<SetItem>& all = create ? merge.on_create : merge.on_match;
    for (SetItem& item : items) all.push_back(std::move(item));
  }
  if (merge.options.citing == nullptr) RELATA_RETURN_IF_ERROR(ParseCiting(&merge.options));
  return merge;
}

absl::Status QueryParser::ParseCiting(ast::WriteOptions* options) {
  if (!Accept(Keyword::kCiting)) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(options->citing, ParseExpression());
  return absl::OkStatus();
}

absl::StatusOr<ast::SetClause> QueryParser::ParseSet() {
  ++at_;
  ast::SetClause set;
  RELATA_ASSIGN_OR_RETURN(set.items, ParseSetItems());
  RELATA_RETURN_IF_ERROR(ParseCiting(&set.options));
  return set;
}

absl::StatusOr<std::vector<SetItem>> QueryParser::ParseSetItems() {
  std::vector<SetItem> items;
  do {
    RELATA_ASSIGN_OR_RETURN(SetItem item, ParseSetItem());
    items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return items;
}

// n.key = value, n[expr] = value, n = value, n += value, n:Label.
absl::StatusOr<SetItem> QueryParser::ParseSetItem() {
  const size_t first = at_;
  SetItem item;
  RELATA_ASSIGN_OR_RETURN(item.target, ParsePostfix(/*labels=*/false));
  const bool parenthesized = item.target->parenthesized;
  if (At(TokenKind::kColon) || At(Keyword::kIs)) {
    item.kind = SetItem::Kind::kLabels;
    RELATA_ASSIGN_OR_RETURN(item.labels, ParseLabelList());
  } else {
    if (item.target->kind == ExprKind::kProperty && !parenthesized) {
      item.kind = SetItem::Kind::kProperty;
    } else if (item.target->kind == ExprKind::kDynamicProperty && !parenthesized) {
      item.kind = SetItem::Kind::kDynamicProperty;
    } else {
      item.kind = At(TokenKind::kPlusEqual) ? SetItem::Kind::kMerge : SetItem::Kind::kReplace;
    }
    if (item.kind == SetItem::Kind::kMerge) {
      ++at_;
    } else if (!Accept(TokenKind::kEqual)) {
      return Unexpected("`=`, `+=` or `:Label` in SET");
    }
    RELATA_ASSIGN_OR_RETURN(item.value, ParseExpression());
  }
  item.span = SpanFrom(first);
  return item;
}

absl::StatusOr<ast::RemoveClause> QueryParser::ParseRemove() {
  ++at_;
  ast::RemoveClause remove;
  do {
    RELATA_ASSIGN_OR_RETURN(ast::RemoveItem item, ParseRemoveItem());
    remove.items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return remove;
}

absl::StatusOr<ast::RemoveItem> QueryParser::ParseRemoveItem() {
  const size_t first = at_;
  ast::RemoveItem item;
  RELATA_ASSIGN_OR_RETURN(item.target, ParsePostfix(/*labels=*/false));
  if (At(TokenKind::kColon) || At(Keyword::kIs)) {
    item.kind = ast::RemoveItem::Kind::kLabels;
    RELATA_ASSIGN_OR_RETURN(item.labels, ParseLabelList());
  } else if (item.target->kind != ExprKind::kProperty &&
             item.target->kind != ExprKind::kDynamicProperty) {
    return Unexpected("`.key` or `:Label` in REMOVE");
  }
  item.span = SpanFrom(first);
  return item;
}

absl::StatusOr<ast::DeleteClause> QueryParser::ParseDelete() {
  ast::DeleteClause erase;
  erase.detach = Accept(Keyword::kDetach);
  if (!erase.detach) Accept(Keyword::kNodetach);
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kDelete, "after DETACH"));
  do {
    RELATA_ASSIGN_OR_RETURN(ast::ExprPtr expr, ParseExpression());
    erase.exprs.push_back(std::move(expr));
  } while (Accept(TokenKind::kComma));
  return erase;
}

// FOREACH (x IN list | writing clauses).
absl::StatusOr<ast::ForeachClause> QueryParser::ParseForeach() {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  ++at_;
  ast::ForeachClause loop;
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftParen, "after FOREACH"));
  RELATA_ASSIGN_OR_RETURN(loop.name, ParseVariable("a variable", &loop.name_span));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kIn, "after the variable of FOREACH"));
  RELATA_ASSIGN_OR_RETURN(loop.list, ParseExpressionBeforeBar());
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kBar, "after the list of FOREACH"));
  do {
    if (!AtWriteStart()) {
      return Unexpected(
          "a clause that writes: CREATE, INSERT, MERGE, SET, REMOVE, DELETE or FOREACH",
          {Keyword::kCreate, Keyword::kInsert, Keyword::kMerge, Keyword::kSet, Keyword::kRemove,
           Keyword::kDelete, Keyword::kDetach, Keyword::kForeach});
    }
    const size_t first = at_;
    auto clause = std::make_unique<ast::Clause>();
    RELATA_RETURN_IF_ERROR(ParseWrite(clause.get()));
    clause->span = SpanFrom(first);
    loop.body.push_back(std::move(clause));
  } while (!Accept(TokenKind::kRightParen));
  return loop;
}

}  // namespace relata::query
