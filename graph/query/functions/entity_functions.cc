#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/function.h"

namespace relata::query {
namespace {

using Kind = Datum::Kind;

absl::StatusOr<Datum> Id(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() == Kind::kNode) {
    return Datum::Int(static_cast<int64_t>(args[0].AsNode().id.value()));
  }
  if (args[0].kind() == Kind::kRelationship) {
    return Datum::Int(static_cast<int64_t>(args[0].AsRelationship().ends.id.value()));
  }
  return WrongArgument("id", args[0], "a Node or a Relationship");
}

absl::StatusOr<Datum> ElementId(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const Datum id, Id(context, args));
  return Datum::String(absl::StrCat(args[0].kind() == Kind::kNode ? "n" : "r", id.AsInt()));
}

absl::StatusOr<Datum> Labels(CallContext& context, Arguments args) {
  if (args[0].kind() != Kind::kNode) return WrongArgument("labels", args[0], "a Node");
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  RELATA_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, reader->Labels(args[0].AsNode()));
  Datum::List names;
  names.reserve(labels.size());
  for (const LabelId label : labels) names.push_back(Datum::String(reader->names().Name(label)));
  return Datum::Of(std::move(names));
}

absl::StatusOr<Datum> Type(CallContext& context, Arguments args) {
  if (args[0].kind() != Kind::kRelationship) {
    return WrongArgument("type", args[0], "a Relationship");
  }
  RELATA_ASSIGN_OR_RETURN(const GraphReader* reader, context.Reader());
  return Datum::String(reader->names().Name(args[0].AsRelationship().ends.type));
}

absl::StatusOr<Datum> Properties(CallContext& context, Arguments args) {
  if (args[0].is_map()) return args[0];
  if (args[0].kind() != Kind::kNode && args[0].kind() != Kind::kRelationship) {
    return WrongArgument("properties", args[0], "a Node, a Relationship or a Map");
  }
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  RELATA_ASSIGN_OR_RETURN(Datum::Map map, reader->PropertyMap(args[0]));
  return Datum::Of(std::move(map));
}

absl::StatusOr<Datum> Keys(CallContext& context, Arguments args) {
  if (!args[0].is_map() && args[0].kind() != Kind::kNode && args[0].kind() != Kind::kRelationship) {
    return WrongArgument("keys", args[0], "a Node, a Relationship or a Map");
  }
  RELATA_ASSIGN_OR_RETURN(const Datum map, Properties(context, args));
  Datum::List names;
  names.reserve(map.AsMap().size());
  for (const auto& [name, value] : map.AsMap()) names.push_back(Datum::String(name));
  return Datum::Of(std::move(names));
}

absl::StatusOr<Datum> StartNode(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() != Kind::kRelationship) {
    return WrongArgument("startNode", args[0], "a Relationship");
  }
  const RelationshipRef& relationship = args[0].AsRelationship();
  return Datum::Of(NodeRef{relationship.ends.from, relationship.context});
}

absl::StatusOr<Datum> EndNode(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() != Kind::kRelationship) {
    return WrongArgument("endNode", args[0], "a Relationship");
  }
  const RelationshipRef& relationship = args[0].AsRelationship();
  return Datum::Of(NodeRef{relationship.ends.to, relationship.context});
}

absl::StatusOr<Datum> Nodes(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() != Kind::kPath) return WrongArgument("nodes", args[0], "a Path");
  Datum::List nodes;
  for (const NodeRef& node : args[0].AsPath().nodes) nodes.push_back(Datum::Of(node));
  return Datum::Of(std::move(nodes));
}

absl::StatusOr<Datum> Relationships(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() != Kind::kPath) return WrongArgument("relationships", args[0], "a Path");
  Datum::List relationships;
  for (const RelationshipRef& relationship : args[0].AsPath().relationships) {
    relationships.push_back(Datum::Of(relationship));
  }
  return Datum::Of(std::move(relationships));
}

absl::StatusOr<Datum> Length(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() != Kind::kPath) return WrongArgument("length", args[0], "a Path");
  return Datum::Int(static_cast<int64_t>(args[0].AsPath().relationships.size()));
}

FunctionDefinition Row(absl::string_view name, TypeSet parameter, TypeSet result,
                       Volatility volatility, ScalarFunction call, absl::string_view signature,
                       absl::string_view description) {
  return {.name = name,
          .min_args = 1,
          .max_args = 1,
          .parameters = {parameter},
          .result = result,
          .volatility = volatility,
          .call = call,
          .signature = signature,
          .description = description};
}

}  // namespace

std::vector<FunctionDefinition> EntityFunctions() {
  using types::kList;
  using types::kMap;
  using types::kNode;
  using types::kPath;
  using types::kRelationship;
  using types::kString;
  constexpr TypeSet kEntity = kNode | kRelationship;
  return {
      Row("id", kEntity, types::kInt, Volatility::kPure, Id,
          "id(entity :: Node | Relationship) :: Integer",
          "The number of a node or a relationship; never reused."),
      Row("elementId", kEntity, kString, Volatility::kPure, ElementId,
          "elementId(entity :: Node | Relationship) :: String",
          "A text that names a node or a relationship; never reused."),
      Row("labels", kNode, kList, Volatility::kGraph, Labels,
          "labels(node :: Node) :: List<String>", "The labels of a node."),
      Row("type", kRelationship, kString, Volatility::kGraph, Type,
          "type(relationship :: Relationship) :: String", "The type of a relationship."),
      Row("properties", kEntity | kMap, kMap, Volatility::kGraph, Properties,
          "properties(entity :: Node | Relationship | Map) :: Map",
          "All properties, as they are seen."),
      Row("keys", kEntity | kMap, kList, Volatility::kGraph, Keys,
          "keys(entity :: Node | Relationship | Map) :: List<String>",
          "The names of all properties."),
      Row("startNode", kRelationship, kNode, Volatility::kPure, StartNode,
          "startNode(relationship :: Relationship) :: Node", "Where a relationship starts."),
      Row("endNode", kRelationship, kNode, Volatility::kPure, EndNode,
          "endNode(relationship :: Relationship) :: Node", "Where a relationship ends."),
      Row("nodes", kPath, kList, Volatility::kPure, Nodes, "nodes(path :: Path) :: List<Node>",
          "The nodes of a path, in its order."),
      Row("relationships", kPath, kList, Volatility::kPure, Relationships,
          "relationships(path :: Path) :: List<Relationship>",
          "The relationships of a path, in its order."),
      Row("length", kPath, types::kInt, Volatility::kPure, Length,
          "length(path :: Path) :: Integer", "How many relationships a path has."),
  };
}

}  // namespace relata::query
