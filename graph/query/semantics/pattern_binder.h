#ifndef RELATA_GRAPH_QUERY_SEMANTICS_PATTERN_BINDER_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_PATTERN_BINDER_H_

#include <limits>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/query/semantics/analysis.h"

namespace relata::query {

// Binds the path patterns of one MATCH, MERGE, predicate or comprehension to a graph of nodes and
// edges. New variables are declared in the analysis' current scope; conditions are bound once all
// of them are known, since they may look forward. Used once.
class PatternBinder {
 public:
  enum class Mode : uint8_t {
    kMatch,
    kMerge,
    kPredicate,  // may not introduce variables
    kInner,      // of a quantified path: names around it may not be used again
  };
  // `analysis` must outlive it. `optional`: new variables can be null.
  PatternBinder(Analysis* analysis, Mode mode, bool optional)
      : analysis_(*analysis), mode_(mode), optional_(optional) {}

  // `element_variables`, of MERGE: the variable of each element of the only pattern, where it is
  // new.
  absl::StatusOr<BoundPattern> Bind(absl::Span<const ast::PathPattern* const> patterns,
                                    const std::vector<VariableId>* element_variables = nullptr);

 private:
  static constexpr size_t kNone = std::numeric_limits<size_t>::max();

  // What is bound once all variables are known.
  struct LateNode {
    size_t node;
    const ast::NodePattern* pattern;
  };
  struct LateEdge {
    size_t edge;
    const ast::RelationshipPattern* pattern;
  };
  // A path while its elements are read.
  struct Walk {
    BoundPath path;
    size_t node = kNone;  // where it stands
    size_t edge = kNone;  // that leads on from there and has no right end yet
  };

  absl::Status BindPath(const ast::PathPattern& pattern);
  absl::Status BindSelector(const ast::PathPattern& pattern, BoundPath& path);
  absl::Status CheckShortest(const ast::PathPattern& pattern) const;
  absl::Status BindElements(const ast::PathPattern& pattern, Walk& walk);
  absl::Status BindElement(const ast::NodePattern& node, Walk& walk);
  absl::Status BindElement(const ast::RelationshipPattern& relationship, Walk& walk);
  absl::Status BindElement(const ast::ParenthesizedPath& path, Walk& walk);
  absl::Status BindQuantified(const ast::ParenthesizedPath& path, Walk& walk);
  void CloseWithAnonymousNode(Walk& walk);
  void Arrive(size_t node, Span span, Walk& walk);
  size_t StartEdge(Walk& walk);

  absl::StatusOr<size_t> NodeOf(const ast::NodePattern& node);
  size_t AddNode(VariableId variable, bool bound);
  absl::Status BindRelationshipVariable(const ast::RelationshipPattern& relationship,
                                        BoundEdge& edge);
  absl::Status CheckRelationshipUse(const ast::RelationshipPattern& relationship,
                                    VariableId variable, bool list);
  VariableId NewElement(absl::string_view name, absl::string_view stem, TypeSet type,
                        TypeSet element);
  absl::Status Conflict(absl::string_view name, Span span, VariableId variable,
                        absl::string_view wanted) const;

  absl::Status BindNodeConditions(const LateNode& late);
  absl::Status BindEdgeConditions(const LateEdge& late);
  void AddLabelCondition(BoundLabels labels, VariableId entity, Span span,
                         std::vector<BoundExprPtr>& conditions);
  absl::Status BindTypes(const ast::LabelExpr& types, BoundEdge& edge);
  absl::Status BindProperties(const ast::Expr& properties, VariableId variable,
                              std::vector<BoundExprPtr>& conditions);
  absl::Status BindCondition(const ast::Expr& where, std::vector<BoundExprPtr>& conditions);
  // The same, where `name` stands for one relationship of a repeated edge.
  absl::Status BindElementCondition(const ast::RelationshipPattern& relationship, BoundEdge& edge);

  Analysis& analysis_;
  const Mode mode_;
  const bool optional_;
  const std::vector<VariableId>* element_variables_ = nullptr;
  size_t next_element_ = 0;
  BoundPattern pattern_;
  std::map<VariableId, size_t> node_of_;
  std::set<VariableId> own_;            // declared by this pattern
  std::set<VariableId> relationships_;  // used by this pattern
  std::vector<LateNode> late_nodes_;
  std::vector<LateEdge> late_edges_;
  std::vector<const ast::Expr*> late_conditions_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_PATTERN_BINDER_H_
