#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/schema_columns.h"
#include "graph/query/semantics/static_types.h"
#include "graph/query/semantics/type_names.h"

// CREATE and DROP of indexes and constraints, SHOW, TERMINATE.
namespace relata::query {

absl::Span<const ShowColumn> ShowColumns(BoundShow::Kind kind) {
  static constexpr ShowColumn kIndexes[] = {
      {"name", types::kString},        {"entityType", types::kString},
      {"labelsOrTypes", types::kList}, {"properties", types::kList},
      {"state", types::kString},       {"owningConstraint", types::kString | types::kNull}};
  static constexpr ShowColumn kConstraints[] = {
      {"name", types::kString},       {"type", types::kString},
      {"entityType", types::kString}, {"labelsOrTypes", types::kList},
      {"properties", types::kList},   {"propertyType", types::kString | types::kNull}};
  static constexpr ShowColumn kTransactions[] = {{"transactionId", types::kString},
                                                 {"principal", types::kString},
                                                 {"startTime", types::kDateTime},
                                                 {"elapsedTime", types::kDuration},
                                                 {"status", types::kString},
                                                 {"currentQuery", types::kString | types::kNull},
                                                 {"steps", types::kInt}};
  static constexpr ShowColumn kProcedures[] = {{"name", types::kString},
                                               {"description", types::kString},
                                               {"mode", types::kString},
                                               {"signature", types::kString}};
  static constexpr ShowColumn kFunctions[] = {{"name", types::kString},
                                              {"category", types::kString},
                                              {"description", types::kString},
                                              {"signature", types::kString},
                                              {"aggregating", types::kBool}};
  switch (kind) {
    case BoundShow::Kind::kIndexes:
      return kIndexes;
    case BoundShow::Kind::kConstraints:
      return kConstraints;
    case BoundShow::Kind::kTransactions:
      return kTransactions;
    case BoundShow::Kind::kProcedures:
      return kProcedures;
    case BoundShow::Kind::kFunctions:
      break;
  }
  return kFunctions;
}

absl::StatusOr<BoundClause> Analysis::BindSchemaCommand(const ast::SchemaCommand& command,
                                                        Span span) {
  RELATA_RETURN_IF_ERROR(NoteWrite(span));
  statement_.changes_schema = true;
  BoundSchemaChange bound;
  bound.kind = static_cast<BoundSchemaChange::Kind>(command.kind);
  bound.constraint = static_cast<BoundSchemaChange::Constraint>(command.constraint);
  bound.name = command.name;
  bound.tolerate = command.if_exists || command.if_not_exists;
  bound.on_relationship = command.on_relationship;
  bound.label = command.label;
  bound.properties = command.properties;
  bound.from_labels = command.from_labels;
  bound.to_labels = command.to_labels;
  for (const std::string& type : command.types) {
    RELATA_ASSIGN_OR_RETURN(const ValueType value_type, PropertyTypeOf(type, span));
    bound.types.push_back(value_type);
  }
  const bool of_relationships = bound.kind == BoundSchemaChange::Kind::kCreateConstraint &&
                                (bound.constraint == BoundSchemaChange::Constraint::kEnds ||
                                 bound.constraint == BoundSchemaChange::Constraint::kOnePerPair ||
                                 bound.constraint == BoundSchemaChange::Constraint::kInline);
  if (of_relationships && !bound.on_relationship) {
    return UnexpectedSyntax(span, "this constraint is for relationships: FOR ()-[r:TYPE]-()");
  }
  return BoundClause{span, std::move(bound)};
}

absl::StatusOr<BoundClause> Analysis::BindShow(const ast::ShowCommand& command, Span span) {
  BoundShow bound;
  bound.kind = static_cast<BoundShow::Kind>(command.kind);
  const absl::Span<const ShowColumn> columns = ShowColumns(bound.kind);
  std::vector<ast::YieldItem> items = command.yield;
  if (!command.has_yield || command.yield_star) {
    items.clear();
    for (const ShowColumn& column : columns) items.push_back({std::string(column.name), "", span});
  }
  for (const ast::YieldItem& item : items) {
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&item](const auto& c) { return c.name == item.field; });
    if (column == columns.end()) {
      std::vector<absl::string_view> names;
      for (const ShowColumn& c : columns) names.push_back(c.name);
      const std::string near = NearestName(item.field, names);
      return SyntaxError(
          "UndefinedVariable", item.span,
          absl::StrCat("SHOW has no column `", item.field, "`",
                       near.empty() ? "" : absl::StrCat("; did you mean `", near, "`?")));
    }
    const std::string& name = item.alias.empty() ? item.field : item.alias;
    if (scope_->Find(name)) return AlreadyBound(name, item.span, "give the column another name");
    const VariableId variable = NewVariable(name, column->type);
    Declare(name, variable);
    bound.outputs.push_back({item.field, variable});
    last_outputs_.push_back(variable);
  }
  if (command.where) {
    rules_.place = "in WHERE";
    RELATA_ASSIGN_OR_RETURN(bound.where, BindPredicate(*command.where, "WHERE"));
    rules_ = {};
  }
  return BoundClause{span, std::move(bound)};
}

absl::StatusOr<BoundClause> Analysis::BindTerminate(const ast::TerminateCommand& command,
                                                    Span span) {
  BoundTerminate bound;
  for (const ast::ExprPtr& id : command.ids) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr value, BindConstant(*id, "TERMINATE TRANSACTIONS"));
    RELATA_RETURN_IF_ERROR(
        RequireType(*value, types::kString | types::kList, "TERMINATE TRANSACTIONS"));
    bound.ids.push_back(std::move(value));
  }
  bound.id_output = NewVariable("transactionId", types::kString);
  bound.message_output = NewVariable("message", types::kString);
  last_outputs_ = {bound.id_output, bound.message_output};
  return BoundClause{span, std::move(bound)};
}

}  // namespace relata::query
