#ifndef RELATA_GRAPH_QUERY_SYNTAX_AST_PRINTER_H_
#define RELATA_GRAPH_QUERY_SYNTAX_AST_PRINTER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/query/syntax/ast.h"

namespace relata::query {

// Writes syntax trees as ast_text.h says. Expressions and patterns are in
// ast_printer_expressions.cc, clauses in ast_printer_clauses.cc.
class AstPrinter {
 public:
  void Print(const ast::Statement& statement);
  void Print(const ast::Expr& expr);
  std::string Take() { return std::move(out_); }

 private:
  // Lines.
  void Line(absl::string_view text);
  void ExprLine(absl::string_view word, const ast::ExprPtr& expr);
  void PathLine(absl::string_view word, const ast::PathPattern& path);
  class Indent {
   public:
    explicit Indent(AstPrinter* printer) : printer_(printer) { ++printer_->depth_; }
    ~Indent() { --printer_->depth_; }

   private:
    AstPrinter* const printer_;
  };

  void Add(absl::string_view text) { out_.append(text.data(), text.size()); }
  void PrintArgs(absl::string_view word, const ast::Expr& expr);
  void PrintOptional(const ast::ExprPtr& expr);
  void PrintCase(const ast::Expr& expr);
  void PrintMap(const ast::Expr& expr);
  void PrintProjections(const ast::Expr& expr);
  void PrintSubquery(absl::string_view word, const ast::Query& query);
  void PrintLabels(const ast::LabelExpr& labels);
  void PrintJoined(const ast::LabelExpr& labels, absl::string_view separator);
  void PrintPath(const ast::PathPattern& path);
  void PrintSelector(const ast::PathSelector& selector);
  void PrintElement(const ast::NodePattern& node);
  void PrintElement(const ast::RelationshipPattern& relationship);
  void PrintElement(const ast::ParenthesizedPath& path);
  void PrintDetail(const std::string& name, const ast::LabelExprPtr& labels,
                   const std::optional<ast::Repeat>& length, const ast::ExprPtr& properties,
                   const ast::ExprPtr& where);
  void PrintRepeat(const ast::Repeat& repeat);

  void PrintQuery(const ast::Query& query);
  void PrintSingle(const ast::SingleQuery& query);
  void PrintTime(const ast::TimeClauses& time);
  void PrintPortion(const ast::PortionClause& portion);
  void PrintOptions(const ast::WriteOptions& options);
  void PrintSetItems(absl::string_view word, const std::vector<ast::SetItem>& items);
  void PrintYield(bool star, const std::vector<ast::YieldItem>& items, const ast::ExprPtr& where);
  void PrintLabelList(absl::string_view word, const ast::ExprPtr& target,
                      const std::vector<ast::LabelExprPtr>& labels);
  void PrintClause(const ast::MatchClause& clause);
  void PrintClause(const ast::UnwindClause& clause);
  void PrintClause(const ast::ProjectionClause& clause);
  void PrintClause(const ast::FinishClause& clause);
  void PrintClause(const ast::CreateClause& clause);
  void PrintClause(const ast::SetClause& clause);
  void PrintClause(const ast::RemoveClause& clause);
  void PrintClause(const ast::DeleteClause& clause);
  void PrintClause(const ast::MergeClause& clause);
  void PrintClause(const ast::ForeachClause& clause);
  void PrintClause(const ast::CallClause& clause);
  void PrintClause(const ast::SubqueryClause& clause);
  void PrintClause(const ast::SchemaCommand& clause);
  void PrintClause(const ast::ShowCommand& clause);
  void PrintClause(const ast::TerminateCommand& clause);

  std::string out_;
  int depth_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_AST_PRINTER_H_
