#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/syntax/literal_text.h"
#include "graph/query/syntax/query_parser.h"

// Nodes, relationships and paths. Selectors and path modes are in parser_paths.cc.
namespace relata::query {

using ast::ArrowDirection;
using ast::NodePattern;
using ast::PathPattern;
using ast::RelationshipPattern;
using ast::Repeat;

// --- looking ahead

// `(`, then what a node pattern may begin with. `(n)` and `(n:A)` are expressions too; only what
// follows tells.
bool QueryParser::IsNodeAt(size_t index) const {
  if (TokenAt(index).kind != TokenKind::kLeftParen || TokenAt(index).partner == 0) return false;
  const Token& inside = TokenAt(index + 1);
  switch (inside.kind) {
    case TokenKind::kRightParen:
    case TokenKind::kColon:
    case TokenKind::kLeftBrace:
      return true;
    case TokenKind::kWord:
    case TokenKind::kQuoted:
      break;
    default:
      return false;
  }
  const Token& next = TokenAt(index + 2);
  return next.kind == TokenKind::kRightParen || next.kind == TokenKind::kColon ||
         next.kind == TokenKind::kLeftBrace || next.kind == TokenKind::kDollar ||
         next.keyword == Keyword::kWhere || next.keyword == Keyword::kIs ||
         (inside.keyword == Keyword::kIs && IsName(next));
}

// An arrow with what must follow it: `-[...]-`, `--(`, `-->(`, `<--(`, `-->{2}(`, `-->+(`.
bool QueryParser::IsRelationshipAt(size_t index) const {
  size_t i = index;
  if (TokenAt(i).kind == TokenKind::kLess) ++i;
  if (TokenAt(i).kind != TokenKind::kMinus) return false;
  ++i;
  if (TokenAt(i).kind == TokenKind::kLeftBracket) {
    if (TokenAt(i).partner == 0) return false;
    i = After(i);
  }
  if (TokenAt(i).kind != TokenKind::kMinus) return false;
  ++i;
  if (TokenAt(i).kind == TokenKind::kGreater) ++i;
  if (TokenAt(i).kind == TokenKind::kPlus || TokenAt(i).kind == TokenKind::kStar) ++i;
  if (TokenAt(i).kind == TokenKind::kLeftBrace && TokenAt(i).partner != 0) i = After(i);
  return TokenAt(i).kind == TokenKind::kLeftParen;
}

// `((`, `(p = (`: a path in parentheses; any other `(` in a pattern is a node.
bool QueryParser::AtParenthesizedPath() const {
  if (Peek(1).kind == TokenKind::kLeftParen) return true;
  return IsName(Peek(1)) && Peek(2).kind == TokenKind::kEqual;
}

// --- paths

absl::StatusOr<std::vector<PathPattern>> QueryParser::ParsePatternList() {
  std::vector<PathPattern> patterns;
  do {
    RELATA_ASSIGN_OR_RETURN(PathPattern pattern, ParsePathPattern());
    patterns.push_back(std::move(pattern));
  } while (Accept(TokenKind::kComma));
  return patterns;
}

absl::StatusOr<PathPattern> QueryParser::ParsePathPattern() {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  const size_t first = at_;
  PathPattern path;
  if (IsName(Peek()) && Peek(1).kind == TokenKind::kEqual) {
    RELATA_ASSIGN_OR_RETURN(path.name, ParseVariable("a path variable", &path.name_span));
    ++at_;
  }
  RELATA_RETURN_IF_ERROR(ParsePathPrefix(&path));
  if ((At(Keyword::kShortestPath) || At(Keyword::kAllShortestPaths)) &&
      Peek(1).kind == TokenKind::kLeftParen) {
    RELATA_ASSIGN_OR_RETURN(PathPattern inner, ParseShortestFunction());
    path.shortest = inner.shortest;
    path.elements = std::move(inner.elements);
  } else {
    RELATA_RETURN_IF_ERROR(ParseElements(&path));
  }
  path.span = SpanFrom(first);
  return path;
}

// A pattern as an operand: `(a)-[:T]->(b)`, as far as arrows go.
absl::StatusOr<PathPattern> QueryParser::ParseExpressionPattern() {
  const size_t first = at_;
  PathPattern path;
  RELATA_RETURN_IF_ERROR(ParseNodeOrParentheses(&path));
  while (IsRelationshipAt(at_)) {
    RELATA_ASSIGN_OR_RETURN(RelationshipPattern relationship, ParseRelationship());
    path.elements.emplace_back(std::move(relationship));
    RELATA_RETURN_IF_ERROR(ParseNodeOrParentheses(&path));
  }
  path.span = SpanFrom(first);
  return path;
}

absl::Status QueryParser::ParseElements(PathPattern* path) {
  RELATA_RETURN_IF_ERROR(ParseNodeOrParentheses(path));
  while (true) {
    if (At(TokenKind::kMinus) || At(TokenKind::kLess)) {
      RELATA_ASSIGN_OR_RETURN(RelationshipPattern relationship, ParseRelationship());
      path->elements.emplace_back(std::move(relationship));
      RELATA_RETURN_IF_ERROR(ParseNodeOrParentheses(path));
      continue;
    }
    if (!At(TokenKind::kLeftParen)) return absl::OkStatus();
    const bool after_node = std::holds_alternative<NodePattern>(path->elements.back());
    if (after_node && !AtParenthesizedPath()) {
      return Unexpected("`-` or `<-` between two nodes, or `,` between two patterns");
    }
    RELATA_RETURN_IF_ERROR(ParseNodeOrParentheses(path));
  }
}

absl::Status QueryParser::ParseNodeOrParentheses(PathPattern* path) {
  if (!At(TokenKind::kLeftParen)) return Unexpected("a node in parentheses, such as (n:Label)");
  if (AtParenthesizedPath()) {
    RELATA_ASSIGN_OR_RETURN(ast::ParenthesizedPath inner, ParseParenthesizedPath());
    path->elements.emplace_back(std::move(inner));
  } else {
    RELATA_ASSIGN_OR_RETURN(NodePattern node, ParseNode());
    path->elements.emplace_back(std::move(node));
  }
  return absl::OkStatus();
}

absl::StatusOr<ast::ParenthesizedPath> QueryParser::ParseParenthesizedPath() {
  const Scoped<bool> bar(&bar_ends_, false);
  const size_t first = at_;
  ++at_;
  ast::ParenthesizedPath path;
  RELATA_ASSIGN_OR_RETURN(PathPattern pattern, ParsePathPattern());
  path.pattern = std::make_unique<PathPattern>(std::move(pattern));
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(path.where, ParseExpression(Place::kCondition));
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "or WHERE after a path in parentheses"));
  RELATA_RETURN_IF_ERROR(ParseQuantifierSuffix(&path.quantifier));
  path.span = SpanFrom(first);
  return path;
}

absl::StatusOr<NodePattern> QueryParser::ParseNode() {
  const Scoped<bool> bar(&bar_ends_, false);
  const size_t first = at_;
  ++at_;
  NodePattern node;
  // WHERE and IS may be names as any word: `(where)`, `(is:A)`.
  const TokenKind next = Peek(1).kind;
  const bool name_ends = next == TokenKind::kRightParen || next == TokenKind::kColon;
  if (IsName(Peek()) && (name_ends || (!At(Keyword::kWhere) && !At(Keyword::kIs)))) {
    RELATA_ASSIGN_OR_RETURN(node.name, ParseVariable("a variable", &node.name_span));
  }
  if (Accept(TokenKind::kColon) || Accept(Keyword::kIs)) {
    RELATA_ASSIGN_OR_RETURN(node.labels, ParseLabels());
  }
  RELATA_ASSIGN_OR_RETURN(node.properties, ParsePatternProperties());
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(node.where, ParseExpression(Place::kCondition));
  }
  if (!Accept(TokenKind::kRightParen)) {
    return Unexpected(
        "`)` at the end of a node: it is (variable:Label {key: value} WHERE condition)",
        {Keyword::kWhere});
  }
  node.span = SpanFrom(first);
  return node;
}

// {key: value} or $parameter, or nothing.
absl::StatusOr<ast::ExprPtr> QueryParser::ParsePatternProperties() {
  if (At(TokenKind::kLeftBrace)) {
    const int outer = std::exchange(children_height_, 0);
    RELATA_ASSIGN_OR_RETURN(ast::ExprPtr map, ParseMap());
    RELATA_RETURN_IF_ERROR(SetHeight(children_height_ + 1));
    children_height_ = std::max(outer, height_);
    return map;
  }
  if (At(TokenKind::kDollar)) return ParseParameter();
  return ast::ExprPtr();
}

// --- relationships

absl::StatusOr<RelationshipPattern> QueryParser::ParseRelationship() {
  const size_t first = at_;
  RelationshipPattern relationship;
  const bool left = Accept(TokenKind::kLess);
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kMinus, "of a relationship"));
  if (At(TokenKind::kLeftBracket)) {
    RELATA_RETURN_IF_ERROR(ParseRelationshipDetail(&relationship));
  }
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kMinus, "of a relationship, such as -[r:TYPE]->"));
  const bool right = Accept(TokenKind::kGreater);
  relationship.direction = left == right ? ArrowDirection::kBoth
                           : left        ? ArrowDirection::kLeft
                                         : ArrowDirection::kRight;
  RELATA_RETURN_IF_ERROR(ParseQuantifierSuffix(&relationship.quantifier));
  relationship.span = SpanFrom(first);
  return relationship;
}

absl::Status QueryParser::ParseRelationshipDetail(RelationshipPattern* relationship) {
  const Scoped<bool> bar(&bar_ends_, false);
  ++at_;
  const TokenKind next = Peek(1).kind;
  const bool name_ends = next == TokenKind::kRightBracket || next == TokenKind::kColon;
  if (IsName(Peek()) && (name_ends || (!At(Keyword::kWhere) && !At(Keyword::kIs)))) {
    RELATA_ASSIGN_OR_RETURN(relationship->name,
                            ParseVariable("a variable", &relationship->name_span));
  }
  if (Accept(TokenKind::kColon) || Accept(Keyword::kIs)) {
    RELATA_ASSIGN_OR_RETURN(relationship->types, ParseLabels());
  }
  if (At(TokenKind::kStar)) {
    RELATA_ASSIGN_OR_RETURN(relationship->length, ParseLength());
  } else if (At(TokenKind::kTwoDots) || At(TokenKind::kNumber)) {
    return SyntaxError("InvalidRelationshipPattern", Peek().span,
                       "the length of a path begins with `*`, as in [:TYPE*1..3]");
  }
  RELATA_ASSIGN_OR_RETURN(relationship->properties, ParsePatternProperties());
  if (Accept(Keyword::kWhere)) {
    RELATA_ASSIGN_OR_RETURN(relationship->where, ParseExpression(Place::kCondition));
  }
  if (Accept(TokenKind::kRightBracket)) return absl::OkStatus();
  return Unexpected(
      "`]` at the end of a relationship: it is [variable:TYPE*1..3 {key: value} WHERE condition]",
      {Keyword::kWhere});
}

// `*`, `*2`, `*2..`, `*..3`, `*2..3`.
absl::StatusOr<Repeat> QueryParser::ParseLength() {
  const size_t first = at_;
  ++at_;
  Repeat length;
  if (At(TokenKind::kMinus)) {
    return SyntaxError("InvalidRelationshipPattern", Peek().span,
                       "the length of a path is not negative");
  }
  if (At(TokenKind::kNumber)) {
    RELATA_ASSIGN_OR_RETURN(length.min, ParseCount("the length of a path"));
  }
  if (!Accept(TokenKind::kTwoDots)) {
    length.max = length.min;
  } else if (At(TokenKind::kNumber)) {
    RELATA_ASSIGN_OR_RETURN(length.max, ParseCount("the length of a path"));
  } else if (At(TokenKind::kMinus)) {
    return SyntaxError("InvalidRelationshipPattern", Peek().span,
                       "the length of a path is not negative");
  }
  length.span = SpanFrom(first);
  return length;
}

// `+`, `*`, `{3}`, `{2,5}`, `{2,}`, `{,5}`, or nothing.
absl::Status QueryParser::ParseQuantifierSuffix(std::optional<Repeat>* repeat) {
  const size_t first = at_;
  Repeat found;
  if (Accept(TokenKind::kPlus)) {
    found.min = 1;
  } else if (Accept(TokenKind::kStar)) {
    found.min = 0;
  } else if (Accept(TokenKind::kLeftBrace)) {
    found.min = 0;
    if (At(TokenKind::kNumber)) {
      RELATA_ASSIGN_OR_RETURN(found.min, ParseCount("how often a pattern repeats"));
    }
    if (!Accept(TokenKind::kComma)) {
      found.max = found.min;
      if (TokenAt(first + 1).kind != TokenKind::kNumber) {
        return Unexpected("how often the pattern repeats: {3}, {2,5}, {2,} or {,5}");
      }
    } else if (At(TokenKind::kNumber)) {
      RELATA_ASSIGN_OR_RETURN(found.max, ParseCount("how often a pattern repeats"));
    }
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBrace, "after how often the pattern repeats"));
  } else {
    return absl::OkStatus();
  }
  found.span = SpanFrom(first);
  *repeat = found;
  return absl::OkStatus();
}

absl::StatusOr<int64_t> QueryParser::ParseCount(absl::string_view what) {
  const Token& token = Peek();
  if (token.kind != TokenKind::kNumber) return Unexpected(absl::StrCat("an integer: ", what));
  RELATA_ASSIGN_OR_RETURN(const Datum value,
                          ReadNumberLiteral(TextOf(token), /*negative=*/false, token.span));
  if (value.kind() != Datum::Kind::kInt) return Unexpected(absl::StrCat("an integer: ", what));
  ++at_;
  return value.AsInt();
}

}  // namespace relata::query
