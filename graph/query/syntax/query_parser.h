#ifndef RELATA_GRAPH_QUERY_SYNTAX_QUERY_PARSER_H_
#define RELATA_GRAPH_QUERY_SYNTAX_QUERY_PARSER_H_

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/query/syntax/ast.h"
#include "graph/query/syntax/parser.h"
#include "graph/query/syntax/token.h"

namespace relata::query {

// Reads one statement by recursive descent, expressions by precedence climbing. Inner to syntax/:
// everybody else calls Parse. Used once, by one thread; `text` and `tokens` must outlive it. What
// to parse is decided by looking at tokens ahead, never by trying: linear in the text.
//
// Two bounds keep texts from exhausting a stack, both ParserLimits::depth. `depth_` counts what is
// open while parsing (Nesting); `height_` is the height of the tree of the expression that was read
// last, which chains as `a + b + c ...` make tall without nesting; whoever walks the tree recurses
// as deep as that.
//
// The methods are defined by subject: cursor and errors in query_parser.cc, the others in
// parser_<subject>.cc.
class QueryParser {
 public:
  QueryParser(absl::string_view text, const TokenList& tokens, const ParserLimits& limits)
      : text_(text), list_(tokens), tokens_(tokens.tokens), limits_(limits) {}

  absl::StatusOr<ast::Statement> ParseStatement();

 private:
  // Where an expression stands: a pattern may be one only as a condition (openCypher:
  // UnexpectedSyntax elsewhere).
  enum class Place : uint8_t { kValue, kCondition };

  // Counts one open construct while it lives.
  class Nesting {
   public:
    explicit Nesting(QueryParser* parser) : parser_(parser) { ++parser_->depth_; }
    ~Nesting() { --parser_->depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    QueryParser* const parser_;
  };
  // Sets a variable until the end of the scope.
  template <typename T>
  class Scoped {
   public:
    Scoped(T* variable, T value) : variable_(variable), old_(*variable) { *variable = value; }
    ~Scoped() { *variable_ = old_; }
    Scoped(const Scoped&) = delete;
    Scoped& operator=(const Scoped&) = delete;

   private:
    T* const variable_;
    const T old_;
  };

  // --- cursor
  const Token& Peek(size_t ahead = 0) const {
    const size_t index = at_ + ahead;
    return index < tokens_.size() ? tokens_[index] : tokens_.back();
  }
  const Token& TokenAt(size_t index) const {
    return index < tokens_.size() ? tokens_[index] : tokens_.back();
  }
  bool At(TokenKind kind) const { return Peek().kind == kind; }
  bool At(Keyword keyword) const { return Peek().keyword == keyword; }
  // These keywords one after the other.
  bool AtWords(std::initializer_list<Keyword> words) const;
  bool Accept(TokenKind kind);
  bool Accept(Keyword keyword);
  // All of them or none.
  bool AcceptWords(std::initializer_list<Keyword> words);
  absl::Status Expect(TokenKind kind, absl::string_view where);
  absl::Status Expect(Keyword keyword, absl::string_view where);
  absl::string_view TextOf(const Token& token) const {
    return text_.substr(token.span.begin, token.span.end - token.span.begin);
  }
  static bool IsName(const Token& token) {
    return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuoted;
  }
  // Words that never are variables without back-ticks: an expression or clause could not be told
  // from them.
  static bool IsReserved(Keyword keyword);
  // The span from token `first` to the last one that was read.
  Span SpanFrom(size_t first) const;
  std::string TextFrom(size_t first) const;

  // --- errors
  // `unexpected X, expected Y` at the token ahead; where that is a word, the nearest of `words` is
  // suggested.
  absl::Status Unexpected(absl::string_view expected, absl::Span<const Keyword> words = {}) const;
  absl::Status UnexpectedAt(const Token& token, absl::string_view expected,
                            absl::Span<const Keyword> words = {}) const;
  // Called at each construct that can nest: also whether the statement is to end (CompileWatch).
  absl::Status CheckDepth() const;
  absl::Status SetHeight(int height);

  // --- names
  // Any word, keywords too, or a name in back-ticks, which may be empty: keys of maps.
  absl::StatusOr<std::string> ParseKey(absl::string_view what, Span* span = nullptr);
  // The same with a character at least: labels, types, aliases.
  absl::StatusOr<std::string> ParseName(absl::string_view what, Span* span = nullptr);
  // A name that is bound here or used as a variable: words that the grammar needs are refused.
  absl::StatusOr<std::string> ParseVariable(absl::string_view what, Span* span);
  absl::StatusOr<std::string> ParseQualifiedName(absl::string_view what, Span* span);
  bool AtVariableUse() const;
  std::string NameOf(const Token& token) const;

  // --- expressions
  absl::StatusOr<ast::ExprPtr> ParseExpression(Place place = Place::kValue);
  // The same, ended by a `|` that belongs to what is around it (list comprehension, reduce,
  // FOREACH).
  absl::StatusOr<ast::ExprPtr> ParseExpressionBeforeBar(Place place = Place::kValue);
  absl::StatusOr<ast::ExprPtr> ParseWholeExpression(Place place);
  absl::StatusOr<ast::ExprPtr> ParseBinary(int least);
  absl::StatusOr<ast::ExprPtr> ParsePrefix(int least);
  absl::StatusOr<ast::ExprPtr> ParseNot();
  absl::StatusOr<ast::ExprPtr> ParseSign();
  absl::Status ParseLogical(ast::BinaryOp op, int precedence, ast::ExprPtr* left);
  absl::Status ParseComparison(size_t first, ast::ExprPtr* left);
  absl::Status ParsePredicate(size_t first, ast::ExprPtr* left);
  absl::Status ParseIsPredicate(size_t first, ast::ExprPtr* left);
  bool AtLabels() const;
  absl::Status ParseIsNormalized(ast::Expr* expr);
  absl::Status ParseArithmetic(ast::BinaryOp op, int precedence, ast::ExprPtr* left);
  // An operand with `.name`, `[index]` and, where `labels`, `:Label` after it.
  absl::StatusOr<ast::ExprPtr> ParsePostfix(bool labels = true);
  absl::StatusOr<ast::ExprPtr> ParseLabelCheck(size_t first, ast::ExprPtr entity);
  absl::Status ParseSubscript(size_t first, ast::ExprPtr* base);
  absl::Status RefuseBarePattern(const ast::Expr& expr) const;
  // Ahead is a `|` that goes on with a label expression or type, not one that ends the expression.
  bool BarContinues() const;

  // --- atoms
  absl::StatusOr<ast::ExprPtr> ParseAtom();
  absl::StatusOr<ast::ExprPtr> ParseAtomAhead();
  absl::StatusOr<ast::ExprPtr> ParseWordAtom();
  absl::StatusOr<ast::ExprPtr> ParseConstant(Datum value);
  absl::StatusOr<ast::ExprPtr> ParseNumber(bool negative);
  absl::StatusOr<ast::ExprPtr> ParseString();
  absl::StatusOr<ast::ExprPtr> ParseParameter();
  absl::StatusOr<ast::ExprPtr> ParseParentheses();
  absl::StatusOr<ast::ExprPtr> ParseCase();
  absl::StatusOr<ast::ExprPtr> ParseSimpleWhen();
  absl::StatusOr<ast::ExprPtr> ParseWhenAlternative();
  absl::StatusOr<ast::ExprPtr> ParseMap();
  absl::StatusOr<ast::ExprPtr> ParseMapProjection();
  absl::Status ParseMapProjectionItem(ast::Expr* projection);
  absl::StatusOr<ast::ExprPtr> ParseListLike();
  absl::StatusOr<ast::ExprPtr> ParseListComprehension();
  absl::StatusOr<ast::ExprPtr> ParsePatternComprehension();
  absl::StatusOr<ast::ExprPtr> ParseQuantifier(ast::QuantifierKind kind);
  absl::StatusOr<ast::ExprPtr> ParseReduce();
  absl::StatusOr<ast::ExprPtr> ParseCall();
  absl::Status ParseTrimArguments(ast::Expr* call);
  absl::StatusOr<ast::ExprPtr> ParseNormalForm();
  bool AtNormalForm() const;
  bool AtTrimFrom() const;
  absl::StatusOr<ast::ExprPtr> ParsePatternPredicate();
  absl::StatusOr<ast::ExprPtr> ParseExistsFunction();
  absl::StatusOr<ast::ExprPtr> ParseShortestPathExpression();
  absl::StatusOr<ast::ExprPtr> ParseBracedSubquery(ast::ExprKind kind);
  ast::ExprPtr NewExpr(ast::ExprKind kind, size_t first) const;
  bool AtCallName() const;
  // The token `index` opens a bracket with a token `kind` directly in it.
  bool HasInside(size_t index, TokenKind kind) const;

  // --- types
  absl::StatusOr<std::string> ParseTypeText();
  absl::Status AppendTypeText(std::string* text);
  absl::Status AppendTypeWords(std::string* text);

  // --- patterns
  absl::StatusOr<std::vector<ast::PathPattern>> ParsePatternList();
  absl::StatusOr<ast::PathPattern> ParsePathPattern();
  absl::Status ParsePathPrefix(ast::PathPattern* path);
  absl::Status ParseSelector(ast::PathSelector* selector, ast::PathMode* mode);
  absl::Status ParseSelectorCount(ast::PathSelector* selector);
  ast::PathMode AcceptPathMode();
  absl::StatusOr<ast::PathPattern> ParseShortestFunction();
  absl::Status ParseElements(ast::PathPattern* path);
  absl::StatusOr<ast::PathPattern> ParseExpressionPattern();
  absl::Status ParseNodeOrParentheses(ast::PathPattern* path);
  absl::StatusOr<ast::NodePattern> ParseNode();
  absl::StatusOr<ast::ParenthesizedPath> ParseParenthesizedPath();
  absl::StatusOr<ast::RelationshipPattern> ParseRelationship();
  absl::Status ParseRelationshipDetail(ast::RelationshipPattern* relationship);
  absl::StatusOr<ast::Repeat> ParseLength();
  absl::Status ParseQuantifierSuffix(std::optional<ast::Repeat>* repeat);
  absl::StatusOr<ast::ExprPtr> ParsePatternProperties();
  absl::StatusOr<int64_t> ParseCount(absl::string_view what);
  // Looking ahead: what begins at token `index` has the shape of ...
  bool IsNodeAt(size_t index) const;
  bool IsRelationshipAt(size_t index) const;
  bool IsPatternAt(size_t index) const { return IsNodeAt(index) && IsRelationshipAt(After(index)); }
  size_t After(size_t opening) const { return TokenAt(opening).partner + 1; }
  bool AtParenthesizedPath() const;

  // --- labels
  // What follows the `:` (or IS) of a node, a relationship or a condition.
  absl::StatusOr<ast::LabelExprPtr> ParseLabels();
  absl::StatusOr<ast::LabelExprPtr> ParseLabelAnd();
  absl::StatusOr<ast::LabelExprPtr> ParseLabelNot();
  absl::StatusOr<ast::LabelExprPtr> ParseLabelAtom();
  ast::LabelExprPtr NewLabel(ast::LabelExpr::Kind kind, size_t first) const;
  absl::StatusOr<std::vector<ast::LabelExprPtr>> ParseLabelList();

  // --- queries and clauses
  absl::StatusOr<ast::Query> ParseQuery();
  absl::Status ParseNext(ast::Query* query);
  absl::Status CheckAfterNext(const ast::SingleQuery& query) const;
  absl::StatusOr<ast::SingleQuery> ParseSingleQuery();
  absl::StatusOr<ast::Clause> ParseClause();
  absl::Status ParseClauseBody(ast::Clause* clause);
  // The token ahead neither goes on with the clause before it nor begins another; `last` null:
  // there is none before.
  absl::Status UnexpectedAfter(const ast::Clause* last) const;
  absl::Status RefuseForeignClause() const;
  static bool StartsClause(Keyword keyword);
  bool AtClauseStart() const;
  bool AtQueryStart() const;
  bool AtQueryEnd() const;
  absl::StatusOr<ast::MatchClause> ParseMatch();
  absl::Status ParseMatchBody(ast::MatchClause* match);
  absl::StatusOr<ast::UnwindClause> ParseUnwind();
  absl::StatusOr<ast::UnwindClause> ParseFor();
  bool AtPosition() const;
  absl::StatusOr<ast::ProjectionClause> ParseProjection(bool is_return);
  absl::Status ParseProjectionItems(ast::ProjectionClause* projection);
  absl::StatusOr<ast::ProjectionItem> ParseProjectionItem();
  absl::Status ParseProjectionTail(ast::ProjectionClause* projection);
  absl::StatusOr<ast::ProjectionClause> ParseLet();
  absl::StatusOr<ast::ProjectionClause> ParseFilter();
  absl::StatusOr<ast::ProjectionClause> ParsePage();
  absl::StatusOr<ast::SortItem> ParseSortItem();
  absl::StatusOr<ast::CallClause> ParseProcedureCall(bool optional);
  absl::StatusOr<ast::SubqueryClause> ParseSubquery(bool optional);
  absl::Status ParseInTransactions(ast::SubqueryClause* subquery);
  absl::Status ParseConcurrency(ast::SubqueryClause* subquery);
  absl::StatusOr<ast::SubqueryClause::OnError> ParseOnError();
  // YIELD ... [WHERE ...], or nothing. For CallClause and ShowCommand.
  template <typename T>
  absl::Status ParseYield(T* clause);
  absl::Status ParseYieldItems(std::vector<ast::YieldItem>* items);
  absl::Status ParseCallClause(bool optional, ast::Clause* clause);
  absl::Status CheckYieldStar(const ast::SingleQuery& query) const;
  static void EndShow(ast::SingleQuery* query);
  absl::StatusOr<std::vector<std::pair<std::string, Span>>> ParseImports();

  // --- writing clauses
  static bool StartsWrite(Keyword keyword);
  bool AtWriteStart() const;
  absl::Status ParseWrite(ast::Clause* clause);
  absl::StatusOr<ast::CreateClause> ParseCreate();
  absl::StatusOr<ast::MergeClause> ParseMerge();
  absl::StatusOr<ast::SetClause> ParseSet();
  absl::StatusOr<std::vector<ast::SetItem>> ParseSetItems();
  absl::StatusOr<ast::SetItem> ParseSetItem();
  absl::StatusOr<ast::RemoveClause> ParseRemove();
  absl::StatusOr<ast::RemoveItem> ParseRemoveItem();
  absl::StatusOr<ast::DeleteClause> ParseDelete();
  absl::StatusOr<ast::ForeachClause> ParseForeach();
  absl::Status ParseCiting(ast::WriteOptions* options);

  // --- time
  bool AtTimeClause() const;
  bool AtPortion() const;
  absl::Status ParseTimeClause(ast::TimeClauses* time);
  absl::Status ParseTimePrefix(ast::SingleQuery* query);
  absl::Status ParseValidTime(ast::TimeClauses* time);
  absl::Status ParseSystemTime(ast::TimeClauses* time);
  absl::Status ParseBelief(ast::TimeClauses* time);
  absl::Status Twice(size_t first, absl::string_view what) const;
  absl::StatusOr<ast::PortionClause> ParsePortion();
  absl::StatusOr<ast::ExprPtr> ParseBound();

  // --- schema and administration
  bool AtSchemaCommand() const;
  absl::StatusOr<ast::SchemaCommand> ParseSchemaCommand();
  absl::Status ParseCreateIndex(ast::SchemaCommand* command);
  absl::Status ParseCreateConstraint(ast::SchemaCommand* command);
  absl::Status ParseDropSchema(ast::SchemaCommand* command);
  absl::Status ParseSchemaName(ast::SchemaCommand* command);
  absl::Status ParseOldIndexTarget(ast::SchemaCommand* command);
  absl::Status ParseSchemaTarget(ast::SchemaCommand* command, std::string* variable);
  absl::Status ParseSchemaProperties(ast::SchemaCommand* command, const std::string& variable);
  absl::Status ParseSchemaProperty(ast::SchemaCommand* command, const std::string& variable);
  absl::Status ParseSchemaVariable(const std::string& variable);
  absl::Status ParseRequirement(ast::SchemaCommand* command, const std::string& variable);
  absl::Status ParsePropertyRequirement(ast::SchemaCommand* command);
  absl::StatusOr<std::vector<std::string>> ParseParenthesizedLabels();
  absl::StatusOr<ast::ShowCommand> ParseShow();
  absl::StatusOr<ast::TerminateCommand> ParseTerminate();

  const absl::string_view text_;
  const TokenList& list_;
  const std::vector<Token>& tokens_;
  const ParserLimits limits_;
  size_t at_ = 0;
  int depth_ = 0;
  int height_ = 0;
  int children_height_ =
      0;                   // the largest of the expressions read inside the construct that is open
  bool bar_ends_ = false;  // a `|` ahead may end the expression that is being read
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_QUERY_PARSER_H_
