#include "client/cli/output/query_value_text.h"

#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/float_text.h"
#include "nlohmann/json.hpp"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

using Json = nlohmann::ordered_json;
using Properties = google::protobuf::RepeatedPtrField<v1::Property>;

absl::string_view QualifierWord(v1::Qualifier qualifier) {
  switch (qualifier) {
    case v1::ABOUT:
      return "about ";
    case v1::AT_LEAST:
      return "at least ";
    case v1::AT_MOST:
      return "at most ";
    case v1::MORE_THAN:
      return "more than ";
    case v1::LESS_THAN:
      return "less than ";
    case v1::UP_TO:
      return "up to ";
    default:
      return "";
  }
}

// Dates, times, durations and decimals travel as texts.
const std::string& TextOf(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kDecimalValue:
      return value.decimal_value();
    case v1::Value::kDateValue:
      return value.date_value();
    case v1::Value::kLocalTimeValue:
      return value.local_time_value();
    case v1::Value::kTimeValue:
      return value.time_value();
    case v1::Value::kLocalDatetimeValue:
      return value.local_datetime_value();
    case v1::Value::kDatetimeValue:
      return value.datetime_value();
    case v1::Value::kDurationValue:
      return value.duration_value();
    default:
      return value.string_value();
  }
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}, {"\n", "\\n"}}),
                      "'");
}

std::string PlainText(const v1::Value& value, bool quote);

std::string ListText(const v1::ListValue& list) {
  return absl::StrCat("[",
                      absl::StrJoin(list.values(), ", ",
                                    [](std::string* out, const v1::Value& item) {
                                      absl::StrAppend(out, PlainText(item, true));
                                    }),
                      "]");
}

// Of a map's entries and of properties.
template <typename Entries>
std::string EntriesText(const Entries& entries) {
  return absl::StrCat("{",
                      absl::StrJoin(entries, ", ",
                                    [](std::string* out, const auto& entry) {
                                      absl::StrAppend(out, entry.name(), ": ",
                                                      PlainText(entry.value(), true));
                                    }),
                      "}");
}

std::string PlainText(const v1::Value& value, bool quote) {
  const absl::string_view qualifier = QualifierWord(value.qualifier());
  switch (value.kind_case()) {
    case v1::Value::KIND_NOT_SET:
    case v1::Value::kNullValue:
      return "null";
    case v1::Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case v1::Value::kIntValue:
      return absl::StrCat(qualifier, value.int_value());
    case v1::Value::kDoubleValue:
      return absl::StrCat(qualifier, FloatText(value.double_value()));
    case v1::Value::kMoneyValue:
      return absl::StrCat(qualifier, value.money_value().amount(), " ",
                          value.money_value().currency());
    case v1::Value::kBytesValue:
      return absl::StrCat("0x", absl::BytesToHexString(value.bytes_value()));
    case v1::Value::kListValue:
      return ListText(value.list_value());
    case v1::Value::kMapValue:
      return EntriesText(value.map_value().entries());
    case v1::Value::kStringValue:
      return quote ? Quoted(value.string_value()) : value.string_value();
    default:
      return absl::StrCat(qualifier, TextOf(value));
  }
}

// `name {…}` as it stands between the brackets of a node or relationship.
std::string Inside(absl::string_view name, const std::string& key, const Properties& properties) {
  Properties shown;
  if (!key.empty()) {
    v1::Property* const property = shown.Add();
    property->set_name("_key");
    property->mutable_value()->set_string_value(key);
  }
  shown.MergeFrom(properties);
  if (shown.empty()) return std::string(name);
  return absl::StrCat(name, name.empty() ? "" : " ", EntriesText(shown));
}

std::string NodeText(const v1::QueryNode& node) {
  std::string labels;
  for (const std::string& label : node.labels()) absl::StrAppend(&labels, ":", label);
  return absl::StrCat("(", Inside(labels, node.key(), node.properties()), ")");
}

std::string RelationshipText(const v1::QueryRelationship& relationship) {
  return absl::StrCat(
      "[",
      Inside(absl::StrCat(":", relationship.type()), relationship.key(), relationship.properties()),
      "]");
}

std::string PathText(const v1::QueryPath& path, const v1::QueryBatch& batch) {
  std::string text;
  for (int i = 0; i < path.nodes_size(); ++i) {
    const v1::QueryNode& node = batch.nodes(static_cast<int>(path.nodes(i)));
    if (i > 0) {
      const v1::QueryRelationship& hop =
          batch.relationships(static_cast<int>(path.relationships(i - 1)));
      const bool backward = hop.from_id() != batch.nodes(static_cast<int>(path.nodes(i - 1))).id();
      absl::StrAppend(&text, backward ? "<-" : "-", RelationshipText(hop), backward ? "-" : "->");
    }
    text += NodeText(node);
  }
  return text;
}

std::string ValueText(const v1::QueryValue& value, const v1::QueryBatch& batch, bool quote) {
  switch (value.kind_case()) {
    case v1::QueryValue::kNode:
      return NodeText(batch.nodes(static_cast<int>(value.node())));
    case v1::QueryValue::kRelationship:
      return RelationshipText(batch.relationships(static_cast<int>(value.relationship())));
    case v1::QueryValue::kPath:
      return PathText(value.path(), batch);
    case v1::QueryValue::kList:
      return absl::StrCat("[",
                          absl::StrJoin(value.list().values(), ", ",
                                        [&](std::string* out, const v1::QueryValue& item) {
                                          absl::StrAppend(out, ValueText(item, batch, true));
                                        }),
                          "]");
    case v1::QueryValue::kMap:
      return absl::StrCat("{",
                          absl::StrJoin(value.map().entries(), ", ",
                                        [&](std::string* out, const v1::QueryMapEntry& entry) {
                                          absl::StrAppend(out, entry.name(), ": ",
                                                          ValueText(entry.value(), batch, true));
                                        }),
                          "}");
    default:
      return PlainText(value.value(), quote);
  }
}

Json PlainJson(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::KIND_NOT_SET:
    case v1::Value::kNullValue:
      return nullptr;
    case v1::Value::kBoolValue:
      return value.bool_value();
    case v1::Value::kIntValue:
      return value.int_value();
    case v1::Value::kDoubleValue:
      if (!std::isfinite(value.double_value())) return FloatText(value.double_value());
      return value.double_value();
    case v1::Value::kMoneyValue:
      return {{"amount", value.money_value().amount()},
              {"currency", value.money_value().currency()}};
    case v1::Value::kBytesValue:
      return absl::Base64Escape(value.bytes_value());
    case v1::Value::kListValue: {
      Json list = Json::array();
      for (const v1::Value& item : value.list_value().values()) list.push_back(PlainJson(item));
      return list;
    }
    case v1::Value::kMapValue: {
      Json map = Json::object();
      for (const v1::MapEntry& entry : value.map_value().entries()) {
        map[entry.name()] = PlainJson(entry.value());
      }
      return map;
    }
    default:
      return TextOf(value);
  }
}

Json PropertiesJson(const Properties& properties) {
  Json map = Json::object();
  for (const v1::Property& property : properties) {
    map[property.name()] = PlainJson(property.value());
  }
  return map;
}

Json NodeJson(const v1::QueryNode& node) {
  Json json = {{"id", node.id()}, {"key", node.key()}, {"labels", Json::array()}};
  for (const std::string& label : node.labels()) json["labels"].push_back(label);
  json["properties"] = PropertiesJson(node.properties());
  return json;
}

Json RelationshipJson(const v1::QueryRelationship& relationship) {
  return {{"id", relationship.id()},     {"key", relationship.key()},
          {"type", relationship.type()}, {"from", relationship.from_id()},
          {"to", relationship.to_id()},  {"properties", PropertiesJson(relationship.properties())}};
}

}  // namespace

std::string QueryValueText(const v1::QueryValue& value, const v1::QueryBatch& batch) {
  return ValueText(value, batch, /*quote=*/false);
}

nlohmann::ordered_json QueryValueJson(const v1::QueryValue& value, const v1::QueryBatch& batch) {
  switch (value.kind_case()) {
    case v1::QueryValue::kNode:
      return NodeJson(batch.nodes(static_cast<int>(value.node())));
    case v1::QueryValue::kRelationship:
      return RelationshipJson(batch.relationships(static_cast<int>(value.relationship())));
    case v1::QueryValue::kPath: {
      Json json = {{"nodes", Json::array()}, {"relationships", Json::array()}};
      for (const uint32_t node : value.path().nodes()) {
        json["nodes"].push_back(NodeJson(batch.nodes(static_cast<int>(node))));
      }
      for (const uint32_t hop : value.path().relationships()) {
        json["relationships"].push_back(
            RelationshipJson(batch.relationships(static_cast<int>(hop))));
      }
      return json;
    }
    case v1::QueryValue::kList: {
      Json list = Json::array();
      for (const v1::QueryValue& item : value.list().values()) {
        list.push_back(QueryValueJson(item, batch));
      }
      return list;
    }
    case v1::QueryValue::kMap: {
      Json map = Json::object();
      for (const v1::QueryMapEntry& entry : value.map().entries()) {
        map[entry.name()] = QueryValueJson(entry.value(), batch);
      }
      return map;
    }
    default:
      return PlainJson(value.value());
  }
}

}  // namespace relata
