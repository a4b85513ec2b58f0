#ifndef RELATA_GRAPH_QUERY_SEMANTICS_BOUND_TEXT_WRITER_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_BOUND_TEXT_WRITER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// Writes the text of one statement (bound_text.h). `statement` must outlive it. Used once.
class BoundTextWriter {
 public:
  explicit BoundTextWriter(const BoundStatement& statement) : statement_(statement) {}

  std::string Statement();
  std::string Text(const BoundExpr& e);

 private:
  // expression_text.cc
  std::string Name(VariableId variable) const;
  std::string Names(const std::vector<VariableId>& variables) const;
  std::string List(const std::vector<BoundExprPtr>& expressions);
  std::string Labels(const BoundLabels& labels);
  std::string MapText(const BoundExpr& e);
  std::string SubqueryText(const BoundSubquery& subquery);

  // bound_text.cc
  void Line(absl::string_view text);
  void Conditions(absl::string_view word, const std::vector<BoundExprPtr>& conditions);
  void Optional(absl::string_view word, const BoundExprPtr& e);
  void Query(const BoundQuery& query);
  void Clauses(const std::vector<BoundClause>& clauses);
  void Pattern(const BoundPattern& pattern);
  void Edge(const BoundPattern& pattern, const BoundEdge& edge);
  void Path(const BoundPath& path);
  void SetItems(absl::string_view word, const std::vector<BoundSetItem>& items);
  void CreateParts(const BoundCreate& create);
  void Options(const BoundWriteOptions& options);
  void Clause(const BoundMatch& match);
  void Clause(const BoundUnwind& unwind);
  void Clause(const BoundProjection& projection);
  void Clause(const BoundFinish& finish);
  void Clause(const BoundCreate& create);
  void Clause(const BoundSet& set);
  void Clause(const BoundRemove& remove);
  void Clause(const BoundDelete& bound);
  void Clause(const BoundMerge& merge);
  void Clause(const BoundForeach& foreach);
  void Clause(const BoundCall& call);
  void Clause(const BoundSubqueryCall& call);
  void Clause(const BoundSchemaChange& change);
  void Clause(const BoundShow& show);
  void Clause(const BoundTerminate& terminate);

  const BoundStatement& statement_;
  std::string out_;
  int indent_ = 0;
  std::vector<const BoundQuery*> subqueries_;  // met in expressions, by number
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_BOUND_TEXT_WRITER_H_
