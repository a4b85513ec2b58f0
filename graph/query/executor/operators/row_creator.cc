#include "graph/query/executor/operators/row_creator.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/write_operator.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

absl::StatusOr<std::optional<Column>> EvaluateIfAny(ExecutionContext& context,
                                                    const Expression& expr, const Batch& batch) {
  if (!expr) return std::nullopt;
  Column column;
  RELATA_RETURN_IF_ERROR(expr.Evaluate(context, batch, &column));
  return column;
}

}  // namespace

absl::Status RowCreator::Begin(ExecutionContext& context, const WriteOptionsPlan& options,
                               const Batch& batch) {
  RELATA_RETURN_IF_ERROR(frames_.Evaluate(context, options, batch));
  node_properties_.clear();
  node_labels_.clear();
  relationship_properties_.clear();
  relationship_types_.clear();
  for (const CreatePlan::Node& node : plan_.nodes) {
    RELATA_ASSIGN_OR_RETURN(auto properties, EvaluateIfAny(context, node.properties, batch));
    node_properties_.push_back(std::move(properties));
    std::vector<Column> labels;
    for (const Expression& label : node.dynamic_labels) {
      RELATA_RETURN_IF_ERROR(label.Evaluate(context, batch, &labels.emplace_back()));
    }
    node_labels_.push_back(std::move(labels));
  }
  for (const CreatePlan::Relationship& relationship : plan_.relationships) {
    RELATA_ASSIGN_OR_RETURN(auto properties,
                            EvaluateIfAny(context, relationship.properties, batch));
    relationship_properties_.push_back(std::move(properties));
    RELATA_ASSIGN_OR_RETURN(auto type, EvaluateIfAny(context, relationship.dynamic_type, batch));
    relationship_types_.push_back(std::move(type));
  }
  return absl::OkStatus();
}

absl::StatusOr<Datum::Map> RowCreator::Properties(const std::optional<Column>& column,
                                                  uint32_t row) const {
  if (!column) return Datum::Map();
  const Datum map = column->Get(row);
  if (map.is_null()) return Datum::Map();
  if (!map.is_map()) {
    return TypeError("InvalidArgumentType",
                     absl::StrCat("properties are given as a Map, not as a ", TypeName(map)));
  }
  if (merge_) {
    for (const auto& [name, value] : map.AsMap()) {
      if (!value.is_null()) continue;
      return MakeQueryError(
          ErrorClass::kSemantic, ErrorPhase::kRuntime, "MergeReadOwnWrites", std::nullopt,
          absl::StrCat("MERGE with a null value for `", name,
                       "` would make a new one each time, since null equals nothing; leave the "
                       "property out, or set it with ON CREATE SET"));
    }
  }
  return map.AsMap();
}

absl::StatusOr<NodeRef> RowCreator::End(size_t column, const Batch& batch, uint32_t row,
                                        const std::vector<NodeRef>& nodes) const {
  if (column >= batch.columns.size()) return nodes[column - batch.columns.size()];
  const Datum end = batch.columns[column].Get(row);
  if (end.kind() == Datum::Kind::kNode) return end.AsNode();
  if (!end.is_null()) {
    return TypeError(
        "InvalidArgumentType",
        absl::StrCat("a relationship goes between Nodes; this end is a ", TypeName(end)));
  }
  return MakeQueryError(ErrorClass::kEntityNotFound, ErrorPhase::kRuntime, "MissingNode",
                        std::nullopt,
                        "a relationship cannot be created: the node at one of its ends is null; "
                        "match it without OPTIONAL, or filter with WHERE … IS NOT NULL");
}

absl::Status RowCreator::Create(ExecutionContext& context, const Batch& batch, uint32_t row,
                                std::vector<Column>* created) {
  WriteFrame frame;
  if (!frames_.plain()) {
    RELATA_ASSIGN_OR_RETURN(frame, frames_.Row(row));
  }
  // All that can be wrong in the row is found before it is written.
  std::vector<Datum::Map> maps;
  for (const auto& column : node_properties_) {
    RELATA_ASSIGN_OR_RETURN(Datum::Map map, Properties(column, row));
    maps.push_back(std::move(map));
  }
  for (const auto& column : relationship_properties_) {
    RELATA_ASSIGN_OR_RETURN(Datum::Map map, Properties(column, row));
    maps.push_back(std::move(map));
  }
  std::vector<NodeRef> nodes;
  size_t next = 0;
  for (size_t i = 0; i < plan_.nodes.size(); ++i) {
    std::vector<std::string> labels = plan_.nodes[i].labels;
    for (const Column& names : node_labels_[i]) {
      RELATA_RETURN_IF_ERROR(AppendNames(names.Get(row), &labels));
    }
    RELATA_ASSIGN_OR_RETURN(const NodeRef node,
                            context.writer->CreateNode(labels, maps[next++], frame));
    nodes.push_back(node);
    (*created)[i].Append(node);
  }
  for (size_t i = 0; i < plan_.relationships.size(); ++i) {
    const CreatePlan::Relationship& relationship = plan_.relationships[i];
    RELATA_ASSIGN_OR_RETURN(const NodeRef from, End(relationship.from, batch, row, nodes));
    RELATA_ASSIGN_OR_RETURN(const NodeRef to, End(relationship.to, batch, row, nodes));
    std::vector<std::string> type = {relationship.type};
    if (relationship_types_[i]) {
      type.clear();
      RELATA_RETURN_IF_ERROR(AppendNames(relationship_types_[i]->Get(row), &type));
      if (type.size() != 1) {
        return TypeError("InvalidArgumentType", "a relationship has exactly one type");
      }
    }
    RELATA_ASSIGN_OR_RETURN(
        const RelationshipRef made,
        context.writer->CreateRelationship(from, to, type.front(), maps[next++], frame));
    (*created)[plan_.nodes.size() + i].Append(made);
  }
  return absl::OkStatus();
}

std::vector<Column> RowCreator::NewColumns() const {
  std::vector<Column> columns;
  for (size_t i = 0; i < plan_.nodes.size(); ++i) columns.emplace_back(Column::Kind::kNode);
  for (size_t i = 0; i < plan_.relationships.size(); ++i) {
    columns.emplace_back(Column::Kind::kRelationship);
  }
  return columns;
}

}  // namespace relata::query
