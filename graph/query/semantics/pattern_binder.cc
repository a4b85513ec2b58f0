#include "graph/query/semantics/pattern_binder.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"

namespace relata::query {
namespace {

BoundPathMode ModeOf(ast::PathMode mode) {
  switch (mode) {
    case ast::PathMode::kWalk:
      return BoundPathMode::kWalk;
    case ast::PathMode::kAcyclic:
      return BoundPathMode::kAcyclic;
    case ast::PathMode::kSimple:
      return BoundPathMode::kSimple;
    default:
      return BoundPathMode::kTrail;
  }
}

EdgeDirection DirectionOf(ast::ArrowDirection direction) {
  switch (direction) {
    case ast::ArrowDirection::kRight:
      return EdgeDirection::kOut;
    case ast::ArrowDirection::kLeft:
      return EdgeDirection::kIn;
    default:
      return EdgeDirection::kEither;
  }
}

void SetRepeat(const ast::Repeat& repeat, int64_t least, BoundEdge& edge) {
  edge.min = repeat.min.value_or(least);
  edge.max = repeat.max.value_or(std::numeric_limits<int64_t>::max());
}

}  // namespace

absl::StatusOr<BoundPattern> PatternBinder::Bind(absl::Span<const ast::PathPattern* const> patterns,
                                                 const std::vector<VariableId>* element_variables) {
  element_variables_ = element_variables;
  for (const ast::PathPattern* pattern : patterns) {
    RELATA_RETURN_IF_ERROR(BindPath(*pattern));
  }
  const ExpressionRules saved = analysis_.rules_;
  analysis_.rules_ = {.aggregates = nullptr,
                      .inside_aggregate = saved.inside_aggregate,
                      .constant = saved.constant,
                      .place = "in a pattern"};
  for (const LateNode& late : late_nodes_) RELATA_RETURN_IF_ERROR(BindNodeConditions(late));
  for (const LateEdge& late : late_edges_) RELATA_RETURN_IF_ERROR(BindEdgeConditions(late));
  for (const ast::Expr* where : late_conditions_) {
    RELATA_RETURN_IF_ERROR(BindCondition(*where, pattern_.conditions));
  }
  analysis_.rules_ = saved;
  return std::move(pattern_);
}

absl::Status PatternBinder::BindPath(const ast::PathPattern& pattern) {
  Walk walk;
  next_element_ = 0;
  RELATA_RETURN_IF_ERROR(BindSelector(pattern, walk.path));
  RELATA_RETURN_IF_ERROR(BindElements(pattern, walk));
  if (walk.edge != kNone) CloseWithAnonymousNode(walk);
  if (!pattern.name.empty()) {
    if (analysis_.Lookup(pattern.name)) {
      return analysis_.AlreadyBound(pattern.name, pattern.name_span,
                                    "a path needs a name of its own");
    }
    walk.path.variable = NewElement(pattern.name, "path", types::kPath, types::kAny);
  }
  pattern_.paths.push_back(std::move(walk.path));
  return absl::OkStatus();
}

absl::Status PatternBinder::BindSelector(const ast::PathPattern& pattern, BoundPath& path) {
  using Kind = ast::PathSelector::Kind;
  path.mode = ModeOf(pattern.mode);
  if (pattern.mode == ast::PathMode::kWalk) pattern_.different_relationships = false;
  switch (pattern.selector.kind) {
    case Kind::kNone:
    case Kind::kAll:
      path.selector = BoundPath::Selector::kAll;
      break;
    case Kind::kAny:
      path.selector = BoundPath::Selector::kAny;
      break;
    case Kind::kAnyShortest:
      path.selector = BoundPath::Selector::kAnyShortest;
      break;
    case Kind::kAllShortest:
      path.selector = BoundPath::Selector::kAllShortest;
      break;
    case Kind::kShortest:
      path.selector = BoundPath::Selector::kShortest;
      break;
    case Kind::kShortestGroups:
      path.selector = BoundPath::Selector::kShortestGroups;
      break;
  }
  if (pattern.selector.count) {
    RELATA_ASSIGN_OR_RETURN(path.count,
                            analysis_.BindRowCount(*pattern.selector.count, "a number of paths"));
  }
  if (pattern.shortest == ast::ShortestFunction::kNone) return absl::OkStatus();
  path.function = true;
  path.selector = pattern.shortest == ast::ShortestFunction::kShortestPath
                      ? BoundPath::Selector::kAnyShortest
                      : BoundPath::Selector::kAllShortest;
  return CheckShortest(pattern);
}

absl::Status PatternBinder::CheckShortest(const ast::PathPattern& pattern) const {
  if (mode_ == Mode::kMerge) {
    return UnexpectedSyntax(pattern.span, "MERGE cannot create a shortest path");
  }
  const bool one_relationship =
      pattern.elements.size() == 3 &&
      std::holds_alternative<ast::RelationshipPattern>(pattern.elements[1]);
  if (one_relationship) return absl::OkStatus();
  return UnexpectedSyntax(pattern.span,
                          "shortestPath() and allShortestPaths() take a pattern of two nodes and "
                          "one relationship, such as `(a)-[:T*]-(b)`");
}

absl::Status PatternBinder::BindElements(const ast::PathPattern& pattern, Walk& walk) {
  for (const ast::PatternElement& element : pattern.elements) {
    RELATA_RETURN_IF_ERROR(
        std::visit([&](const auto& part) { return BindElement(part, walk); }, element));
    ++next_element_;
  }
  return absl::OkStatus();
}

absl::Status PatternBinder::BindElement(const ast::NodePattern& node, Walk& walk) {
  RELATA_ASSIGN_OR_RETURN(const size_t index, NodeOf(node));
  late_nodes_.push_back({index, &node});
  Arrive(index, node.span, walk);
  return absl::OkStatus();
}

// The walk comes to a node: the end of the edge that it is on, or the first one, or (where two
// nodes meet at a parenthesis) the same node again.
void PatternBinder::Arrive(size_t node, Span span, Walk& walk) {
  if (walk.edge != kNone) {
    pattern_.edges[walk.edge].right = node;
    walk.edge = kNone;
    walk.path.nodes.push_back(node);
  } else if (walk.node == kNone) {
    walk.path.nodes.push_back(node);
  } else if (walk.node != node) {
    pattern_.conditions.push_back(
        MakeBinaryExpr(BoundKind::kEqual, analysis_.Use(pattern_.nodes[walk.node].variable, span),
                       analysis_.Use(pattern_.nodes[node].variable, span), span, types::kBool));
    walk.path.nodes.back() = node;
  }
  walk.node = node;
}

void PatternBinder::CloseWithAnonymousNode(Walk& walk) {
  const VariableId variable = NewElement("", "n", types::kNode, types::kAny);
  Arrive(AddNode(variable, false), {}, walk);
}

size_t PatternBinder::StartEdge(Walk& walk) {
  if (walk.edge != kNone || walk.node == kNone) CloseWithAnonymousNode(walk);
  walk.edge = pattern_.edges.size();
  BoundEdge& edge = pattern_.edges.emplace_back();
  edge.left = walk.node;
  walk.path.edges.push_back(walk.edge);
  return walk.edge;
}

absl::Status PatternBinder::BindElement(const ast::RelationshipPattern& relationship, Walk& walk) {
  const size_t index = StartEdge(walk);
  BoundEdge edge = std::move(pattern_.edges[index]);
  edge.direction = DirectionOf(relationship.direction);
  if (relationship.length) {
    edge.kind = BoundEdge::Kind::kRepeated;
    SetRepeat(*relationship.length, 1, edge);
  } else if (relationship.quantifier) {
    edge.kind = BoundEdge::Kind::kRepeated;
    SetRepeat(*relationship.quantifier, 0, edge);
  }
  if (edge.kind == BoundEdge::Kind::kRepeated && mode_ == Mode::kMerge) {
    return SyntaxError("CreatingVarLength", relationship.span,
                       "a relationship that is created cannot have a variable length");
  }
  RELATA_RETURN_IF_ERROR(BindRelationshipVariable(relationship, edge));
  if (edge.kind == BoundEdge::Kind::kRepeated) {
    edge.element = analysis_.NewAnonymous("hop", types::kRelationship);
  }
  pattern_.edges[index] = std::move(edge);
  late_edges_.push_back({index, &relationship});
  return absl::OkStatus();
}

absl::Status PatternBinder::BindElement(const ast::ParenthesizedPath& path, Walk& walk) {
  if (path.quantifier) return BindQuantified(path, walk);
  RELATA_RETURN_IF_ERROR(BindElements(*path.pattern, walk));
  if (path.where) late_conditions_.push_back(path.where.get());
  return absl::OkStatus();
}

absl::Status PatternBinder::BindQuantified(const ast::ParenthesizedPath& path, Walk& walk) {
  if (mode_ == Mode::kMerge || mode_ == Mode::kInner) {
    return UnexpectedSyntax(path.span, mode_ == Mode::kMerge
                                           ? "MERGE cannot create a repeated path"
                                           : "a repeated path cannot stand in another one");
  }
  const size_t index = StartEdge(walk);
  BoundEdge edge = std::move(pattern_.edges[index]);
  edge.kind = BoundEdge::Kind::kQuantified;
  edge.variable = analysis_.NewAnonymous("repeated", types::kList);
  SetRepeat(*path.quantifier, 0, edge);

  Scope inner_scope{.names = {}, .outer = analysis_.scope_};
  Scope* const outer_scope = analysis_.scope_;
  analysis_.scope_ = &inner_scope;
  PatternBinder inner(&analysis_, Mode::kInner, false);
  if (path.where) inner.late_conditions_.push_back(path.where.get());
  const ast::PathPattern* const pattern = path.pattern.get();
  RELATA_ASSIGN_OR_RETURN(BoundPattern bound, inner.Bind({&pattern, 1}));
  analysis_.scope_ = outer_scope;
  if (bound.edges.empty()) {
    return UnexpectedSyntax(path.span, "a repeated path needs a relationship");
  }
  edge.inner = std::make_unique<BoundPattern>(std::move(bound));
  for (const auto& [name, inside] : inner_scope.names) {
    const TypeSet inside_type = analysis_.TypeOf(inside);
    const VariableId outside = NewElement(name, "", types::kList, inside_type);
    edge.groups.push_back({inside, outside});
  }
  pattern_.edges[index] = std::move(edge);
  return absl::OkStatus();
}

VariableId PatternBinder::NewElement(absl::string_view name, absl::string_view stem, TypeSet type,
                                     TypeSet element) {
  const TypeSet with_null = optional_ ? type | types::kNull : type;
  if (name.empty()) {
    if (element_variables_ != nullptr) return (*element_variables_)[next_element_];
    return analysis_.NewAnonymous(stem, with_null);
  }
  const bool of_element = element_variables_ != nullptr && type != types::kPath;
  const VariableId variable = of_element ? (*element_variables_)[next_element_]
                                         : analysis_.NewVariable(name, with_null, element);
  analysis_.Declare(name, variable);
  own_.insert(variable);
  return variable;
}

size_t PatternBinder::AddNode(VariableId variable, bool bound) {
  BoundNode& node = pattern_.nodes.emplace_back();
  node.variable = variable;
  node.bound = bound;
  node_of_[variable] = pattern_.nodes.size() - 1;
  return pattern_.nodes.size() - 1;
}

absl::Status PatternBinder::Conflict(absl::string_view name, Span span, VariableId variable,
                                     absl::string_view wanted) const {
  return SyntaxError("VariableTypeConflict", span,
                     absl::StrCat("the variable `", name, "` is bound to ",
                                  TypeSetName(analysis_.TypeOf(variable) & ~types::kNull),
                                  " and cannot be ", wanted, " here"));
}

absl::StatusOr<size_t> PatternBinder::NodeOf(const ast::NodePattern& node) {
  if (node.name.empty()) return AddNode(NewElement("", "n", types::kNode, types::kAny), false);
  const std::optional<VariableId> known = analysis_.Lookup(node.name);
  if (!known) {
    if (mode_ == Mode::kPredicate) return analysis_.Undefined(node.name, node.name_span);
    return AddNode(NewElement(node.name, "", types::kNode, types::kAny), false);
  }
  if (NeverOf(analysis_.TypeOf(*known), types::kNode)) {
    return Conflict(node.name, node.name_span, *known, "a node");
  }
  if (mode_ == Mode::kInner && !own_.contains(*known)) {
    return analysis_.AlreadyBound(node.name, node.name_span,
                                  "inside a repeated path every name is new");
  }
  if (const auto it = node_of_.find(*known); it != node_of_.end()) return it->second;
  return AddNode(*known, !own_.contains(*known));
}

absl::Status PatternBinder::BindRelationshipVariable(const ast::RelationshipPattern& relationship,
                                                     BoundEdge& edge) {
  const bool list = edge.kind == BoundEdge::Kind::kRepeated;
  const TypeSet type = list ? types::kList : types::kRelationship;
  const TypeSet element = list ? types::kRelationship : types::kAny;
  if (relationship.name.empty()) {
    edge.variable = NewElement("", "r", type, element);
    return absl::OkStatus();
  }
  if (const auto known = analysis_.Lookup(relationship.name)) {
    RELATA_RETURN_IF_ERROR(CheckRelationshipUse(relationship, *known, list));
    edge.variable = *known;
    edge.bound = true;
  } else if (mode_ == Mode::kPredicate) {
    return analysis_.Undefined(relationship.name, relationship.name_span);
  } else {
    edge.variable = NewElement(relationship.name, "", type, element);
  }
  relationships_.insert(edge.variable);
  return absl::OkStatus();
}

absl::Status PatternBinder::CheckRelationshipUse(const ast::RelationshipPattern& relationship,
                                                 VariableId variable, bool list) {
  const Span span = relationship.name_span;
  if (NeverOf(analysis_.TypeOf(variable), list ? types::kList : types::kRelationship)) {
    return Conflict(relationship.name, span, variable,
                    list ? "a list of relationships" : "a relationship");
  }
  if (mode_ == Mode::kMerge || (mode_ == Mode::kInner && !own_.contains(variable))) {
    return analysis_.AlreadyBound(relationship.name, span,
                                  mode_ == Mode::kMerge
                                      ? "a relationship that MERGE makes needs a new name"
                                      : "inside a repeated path every name is new");
  }
  if (!relationships_.contains(variable)) return absl::OkStatus();
  return SyntaxError("RelationshipUniquenessViolation", span,
                     absl::StrCat("the relationship `", relationship.name,
                                  "` stands twice in one pattern, where every relationship is "
                                  "another one"));
}

}  // namespace relata::query
