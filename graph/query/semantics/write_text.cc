#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/semantics/bound_text_writer.h"

// The text of clauses that write, call or administer.
namespace relata::query {

void BoundTextWriter::Options(const BoundWriteOptions& options) {
  Optional("portion from", options.portion_from);
  Optional("portion to", options.portion_to);
  Optional("citing", options.citing);
}

void BoundTextWriter::CreateParts(const BoundCreate& create) {
  for (const BoundCreateNode& node : create.nodes) {
    Line(
        absl::StrCat("node ", Name(node.variable),
                     node.labels.empty() ? "" : absl::StrCat(" :", absl::StrJoin(node.labels, ":")),
                     node.properties ? absl::StrCat(" ", Text(*node.properties)) : ""));
    Conditions("label", node.dynamic_labels);
  }
  for (const BoundCreateRelationship& relationship : create.relationships) {
    Line(absl::StrCat(
        "edge ", Name(relationship.variable), " ", Name(relationship.from), "->",
        Name(relationship.to), " :",
        relationship.dynamic_type ? Text(*relationship.dynamic_type) : relationship.type,
        relationship.properties ? absl::StrCat(" ", Text(*relationship.properties)) : ""));
  }
  for (const BoundOutput& path : create.paths) {
    Line(absl::StrCat(Name(path.variable), " = ", Text(*path.expr)));
  }
  Options(create.options);
}

void BoundTextWriter::Clause(const BoundCreate& create) {
  Line("create");
  ++indent_;
  CreateParts(create);
  --indent_;
}

void BoundTextWriter::SetItems(absl::string_view word, const std::vector<BoundSetItem>& items) {
  for (const BoundSetItem& item : items) {
    std::string text = absl::StrCat(word, " ", Text(*item.target));
    switch (item.kind) {
      case BoundSetItem::Kind::kProperty:
        absl::StrAppend(&text, ".", item.property, " = ");
        break;
      case BoundSetItem::Kind::kDynamicProperty:
        absl::StrAppend(&text, "[", Text(*item.key), "] = ");
        break;
      case BoundSetItem::Kind::kReplace:
        text += " = ";
        break;
      case BoundSetItem::Kind::kMerge:
        text += " += ";
        break;
      case BoundSetItem::Kind::kLabels:
        absl::StrAppend(&text, " :", absl::StrJoin(item.labels, ":"));
        break;
    }
    if (item.value) text += Text(*item.value);
    Line(text);
    Conditions("label", item.dynamic_labels);
  }
}

void BoundTextWriter::Clause(const BoundSet& set) {
  SetItems("set", set.items);
  Options(set.options);
}

void BoundTextWriter::Clause(const BoundRemove& remove) {
  for (const BoundRemoveItem& item : remove.items) {
    const std::string what = item.labels_only ? absl::StrCat(" :", absl::StrJoin(item.labels, ":"))
                             : item.key       ? absl::StrCat("[", Text(*item.key), "]")
                                              : absl::StrCat(".", item.property);
    Line(absl::StrCat("remove ", Text(*item.target), what));
    Conditions("label", item.dynamic_labels);
  }
  Options(remove.options);
}

void BoundTextWriter::Clause(const BoundDelete& bound) {
  Line(absl::StrCat(bound.detach ? "detach delete " : "delete ", List(bound.exprs)));
  Options(bound.options);
}

void BoundTextWriter::Clause(const BoundMerge& merge) {
  Line("merge");
  ++indent_;
  Pattern(merge.match);
  Line("else create");
  ++indent_;
  CreateParts(merge.create);
  --indent_;
  SetItems("on create set", merge.on_create);
  SetItems("on match set", merge.on_match);
  Options(merge.options);
  --indent_;
}

void BoundTextWriter::Clause(const BoundForeach& foreach) {
  Line(absl::StrCat("foreach ", Name(foreach.variable), " in ", Text(*foreach.list)));
  ++indent_;
  Clauses(foreach.body);
  --indent_;
}

void BoundTextWriter::Clause(const BoundCall& call) {
  std::vector<std::string> outputs;
  for (const BoundCall::Output& output : call.outputs) {
    outputs.push_back(
        absl::StrCat(call.procedure->outputs[output.field].name, " as ", Name(output.variable)));
  }
  Line(absl::StrCat(call.optional ? "optional call " : "call ", call.procedure->name, "(",
                    List(call.args), ")", outputs.empty() ? "" : " yield ",
                    absl::StrJoin(outputs, ", ")));
  ++indent_;
  Optional("where", call.where);
  --indent_;
}

void BoundTextWriter::Clause(const BoundSubqueryCall& call) {
  Line(absl::StrCat(call.optional ? "optional subquery" : "subquery",
                    call.imports.empty() ? "" : " imports ", Names(call.imports),
                    call.returns ? "" : " unit", call.in_transactions ? " in transactions" : ""));
  ++indent_;
  Optional("rows", call.batch_rows);
  Query(*call.query);
  --indent_;
}

void BoundTextWriter::Clause(const BoundSchemaChange& change) {
  constexpr absl::string_view kKinds[] = {"create index", "drop index", "create constraint",
                                          "drop constraint"};
  constexpr absl::string_view kConstraints[] = {" unique",       " exists", " typed",   " ends",
                                                " one per pair", " inline", " node key"};
  const bool constraint = change.kind == BoundSchemaChange::Kind::kCreateConstraint;
  std::vector<absl::string_view> type_names;
  for (const ValueType type : change.types) type_names.push_back(ValueTypeName(type));
  Line(absl::StrCat(
      kKinds[static_cast<size_t>(change.kind)],
      constraint ? kConstraints[static_cast<size_t>(change.constraint)] : "",
      change.name.empty() ? "" : absl::StrCat(" ", change.name), change.tolerate ? " tolerant" : "",
      change.label.empty()     ? ""
      : change.on_relationship ? " on type "
                               : " on label ",
      change.label, " (", absl::StrJoin(change.properties, ", "), ")",
      type_names.empty() ? "" : " :: ", absl::StrJoin(type_names, " | "),
      change.from_labels.empty() ? "" : " from ", absl::StrJoin(change.from_labels, "|"),
      change.to_labels.empty() ? "" : " to ", absl::StrJoin(change.to_labels, "|")));
}

void BoundTextWriter::Clause(const BoundShow& show) {
  std::vector<std::string> outputs;
  for (const BoundShow::Output& output : show.outputs) {
    outputs.push_back(absl::StrCat(output.field, " as ", Name(output.variable)));
  }
  constexpr absl::string_view kKinds[] = {"indexes", "constraints", "transactions", "procedures",
                                          "functions"};
  Line(absl::StrCat("show ", kKinds[static_cast<size_t>(show.kind)], " ",
                    absl::StrJoin(outputs, ", ")));
  Optional("where", show.where);
}

void BoundTextWriter::Clause(const BoundTerminate& terminate) {
  Line(absl::StrCat("terminate ", List(terminate.ids)));
}

}  // namespace relata::query
