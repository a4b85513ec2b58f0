// Properties, labels and paths: what may read the graph.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/functions/operators.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

bool IsEntity(const Datum& d) {
  return d.kind() == Datum::Kind::kNode || d.kind() == Datum::Kind::kRelationship;
}

bool IsEntityColumn(const Column& column) {
  return column.kind() == Column::Kind::kNode || column.kind() == Column::Kind::kRelationship;
}

absl::StatusOr<GraphReader*> Reader(Frame& frame) {
  if (frame.context().reader != nullptr) return frame.context().reader;
  return ArgumentError("NonConstantExpression",
                       "nothing can be read of the graph here: give a constant or a parameter");
}

// The nodes and relationships of a column of data; the others null.
Column EntitiesOf(const Column& column, bool* any_other) {
  Column entities;
  entities.Resize(column.size());
  for (size_t row = 0; row < column.size(); ++row) {
    const Datum& d = column.data()[row];
    if (IsEntity(d)) {
      entities.mutable_data()[row] = d;
    } else if (!d.is_null()) {
      *any_other = true;
    }
  }
  return entities;
}

absl::StatusOr<Column> PropertiesOf(Frame& frame, const Values& values, absl::string_view name) {
  const Column& column = *values.column;
  Column out;
  if (IsEntityColumn(column)) {
    RELATA_ASSIGN_OR_RETURN(GraphReader* const reader, Reader(frame));
    RELATA_RETURN_IF_ERROR(reader->Properties(column, name, &out));
    return out;
  }
  bool others = column.kind() != Column::Kind::kDatum;
  bool entities = false;
  if (!others) {
    for (const Datum& d : column.data()) {
      entities |= IsEntity(d);
      others |= !IsEntity(d) && !d.is_null();
    }
  }
  if (entities) {
    bool any_other = false;
    const Column of_graph = others ? EntitiesOf(column, &any_other) : Column();
    RELATA_ASSIGN_OR_RETURN(GraphReader* const reader, Reader(frame));
    RELATA_RETURN_IF_ERROR(reader->Properties(others ? of_graph : column, name, &out));
    if (!others) return out;
  }
  std::vector<Datum> results(column.size());
  for (size_t row = 0; row < results.size(); ++row) {
    const Datum value = column.Get(row);
    if (value.is_null()) continue;
    if (IsEntity(value)) {
      results[row] = out.Get(row);
    } else {
      RELATA_ASSIGN_OR_RETURN(results[row], PropertyOf(value, name));
    }
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Datum> ElementOf(Frame& frame, const Datum& container, const Datum& index) {
  if (!IsEntity(container)) return ElementAt(container, index);
  if (index.is_null()) return Datum();
  if (!index.is_string()) {
    return TypeError("MapElementAccessByNonString",
                     absl::StrCat("a property of a ", TypeName(container),
                                  " is named by a String, not by a ", TypeName(index)));
  }
  RELATA_ASSIGN_OR_RETURN(GraphReader* const reader, Reader(frame));
  return reader->Property(container, index.AsString());
}

absl::StatusOr<Column> RunElement(Frame& frame, const Instruction& in) {
  const Values containers = frame.Get(in.args[0]);
  const Values indexes = frame.Get(in.args[1]);
  if (indexes.constant && !containers.constant && IsEntityColumn(*containers.column)) {
    const Datum index = indexes.Get(0);
    if (index.is_string()) return PropertiesOf(frame, containers, index.AsString());
  }
  std::vector<Datum> results(frame.rows());
  Datum scratch_container;
  Datum scratch_index;
  for (size_t row = 0; row < results.size(); ++row) {
    RELATA_ASSIGN_OR_RETURN(results[row], ElementOf(frame, containers.Peek(row, &scratch_container),
                                                    indexes.Peek(row, &scratch_index)));
  }
  return PackColumn(std::move(results));
}

absl::Status CheckEntities(const Column& column) {
  if (IsEntityColumn(column)) return absl::OkStatus();
  for (size_t row = 0; row < column.size(); ++row) {
    const Datum d = column.Get(row);
    if (d.is_null() || IsEntity(d)) continue;
    return TypeError(
        "InvalidArgumentType",
        absl::StrCat("only a Node or a Relationship has labels or a type, not a ", TypeName(d)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Column> RunHasLabel(Frame& frame, const Instruction& in) {
  const Values entities = frame.Get(in.args[0]);
  RELATA_RETURN_IF_ERROR(CheckEntities(*entities.column));
  RELATA_ASSIGN_OR_RETURN(GraphReader* const reader, Reader(frame));
  Column out;
  RELATA_RETURN_IF_ERROR(reader->HasLabel(*entities.column, in.name, &out));
  return out;
}

absl::StatusOr<Column> RunHasAnyLabel(Frame& frame, const Instruction& in) {
  const Values entities = frame.Get(in.args[0]);
  RELATA_RETURN_IF_ERROR(CheckEntities(*entities.column));
  RELATA_ASSIGN_OR_RETURN(GraphReader* const reader, Reader(frame));
  std::vector<Ternary> truths(frame.rows(), Ternary::kNull);
  for (size_t row = 0; row < truths.size(); ++row) {
    const Datum d = entities.Get(row);
    if (d.is_null()) continue;
    truths[row] = Ternary::kTrue;
    if (d.kind() != Datum::Kind::kNode) continue;
    RELATA_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, reader->Labels(d.AsNode()));
    if (labels.empty()) truths[row] = Ternary::kFalse;
  }
  return TernaryColumn(truths);
}

// A string or a list of strings.
absl::StatusOr<std::vector<std::string>> LabelNames(const Datum& names) {
  const auto bad = [](const Datum& d) {
    return TypeError("InvalidArgumentType",
                     absl::StrCat("a label or type computed in a query must be a String or a list "
                                  "of Strings, not a ",
                                  TypeName(d)));
  };
  if (names.is_string()) return std::vector<std::string>{std::string(names.AsString())};
  if (!names.is_list()) return bad(names);
  std::vector<std::string> texts;
  for (const Datum& name : names.AsList()) {
    if (!name.is_string()) return bad(name);
    texts.emplace_back(name.AsString());
  }
  return texts;
}

absl::StatusOr<Column> RunHasDynamicLabels(Frame& frame, const Instruction& in) {
  const Values entities = frame.Get(in.args[0]);
  const Values names = frame.Get(in.args[1]);
  RELATA_RETURN_IF_ERROR(CheckEntities(*entities.column));
  RELATA_ASSIGN_OR_RETURN(GraphReader* const reader, Reader(frame));
  std::vector<Ternary> truths(frame.rows(), Ternary::kNull);
  for (size_t row = 0; row < truths.size(); ++row) {
    const Datum wanted = names.Get(row);
    if (entities.IsNull(row) || wanted.is_null()) continue;
    RELATA_ASSIGN_OR_RETURN(const std::vector<std::string> labels, LabelNames(wanted));
    Column one;
    one.Append(entities.Get(row));
    const bool any = (in.flags & kAnyLabel) != 0 && wanted.is_list();
    size_t found = 0;
    for (const std::string& label : labels) {
      Column has;
      RELATA_RETURN_IF_ERROR(reader->HasLabel(one, label, &has));
      if (has.Get(0).is_true()) ++found;
    }
    const bool has = any ? found > 0 : found == labels.size();
    truths[row] = has ? Ternary::kTrue : Ternary::kFalse;
  }
  return TernaryColumn(truths);
}

absl::Status BadPath(const Datum& d) {
  return TypeError(
      "InvalidArgumentType",
      absl::StrCat("a path is made of Nodes and Relationships, not of a ", TypeName(d)));
}

// Goes on over one relationship, to the end at which the walk does not stand.
void WalkOver(const RelationshipRef& relationship, PathValue& path) {
  const EntityId here = path.nodes.back().id;
  const RelationshipEnds& ends = relationship.ends;
  path.relationships.push_back(relationship);
  path.nodes.push_back({ends.from == here ? ends.to : ends.from, relationship.context});
}

// Elements of a path value: node, relationship or list of relationships, node, …; null where one of
// them is.
absl::StatusOr<Datum> MakePath(absl::Span<const Datum> elements) {
  PathValue path;
  for (const Datum& element : elements) {
    if (element.is_null()) return Datum();
    if (path.nodes.empty()) {
      if (element.kind() != Datum::Kind::kNode) return BadPath(element);
      path.nodes.push_back(element.AsNode());
      continue;
    }
    switch (element.kind()) {
      case Datum::Kind::kNode:
        // The walk stands there already; the node keeps the context that it was bound in.
        path.nodes.back() = element.AsNode();
        break;
      case Datum::Kind::kRelationship:
        WalkOver(element.AsRelationship(), path);
        break;
      case Datum::Kind::kList:
        for (const Datum& step : element.AsList()) {
          if (step.kind() != Datum::Kind::kRelationship) return BadPath(step);
          WalkOver(step.AsRelationship(), path);
        }
        break;
      default:
        return BadPath(element);
    }
  }
  return Datum::Of(std::move(path));
}

absl::StatusOr<Column> RunPath(Frame& frame, const Instruction& in) {
  std::vector<Datum> results(frame.rows());
  std::vector<Datum> elements(in.args.size());
  for (size_t row = 0; row < results.size(); ++row) {
    for (size_t i = 0; i < elements.size(); ++i) elements[i] = frame.Get(in.args[i]).Get(row);
    RELATA_ASSIGN_OR_RETURN(results[row], MakePath(elements));
  }
  return PackColumn(std::move(results));
}

}  // namespace

absl::StatusOr<Column> RunEntityInstruction(Frame& frame, const Instruction& in) {
  switch (in.op) {
    case Opcode::kProperty:
      return PropertiesOf(frame, frame.Get(in.args[0]), in.name);
    case Opcode::kElement:
      return RunElement(frame, in);
    case Opcode::kHasLabel:
      return RunHasLabel(frame, in);
    case Opcode::kHasAnyLabel:
      return RunHasAnyLabel(frame, in);
    case Opcode::kHasDynamicLabels:
      return RunHasDynamicLabels(frame, in);
    default:
      return RunPath(frame, in);
  }
}

}  // namespace relata::query
