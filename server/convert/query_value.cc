#include "server/convert/query_value.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/temporal.h"
#include "relata/v1/query_service.pb.h"
#include "server/convert/value.h"

namespace relata {
namespace {

using query::Column;
using query::Datum;

constexpr int kMaxDepth = 32;

absl::StatusOr<Datum> DatumFromProto(const v1::Value& proto, const FieldPath& path, int depth) {
  if (depth > kMaxDepth) return path.Error(absl::StrCat("is nested deeper than ", kMaxDepth));
  if (proto.has_list_value()) {
    const FieldPath list_path = path.Field("list_value");
    Datum::List list;
    for (int i = 0; i < proto.list_value().values_size(); ++i) {
      RELATA_ASSIGN_OR_RETURN(Datum item, DatumFromProto(proto.list_value().values(i),
                                                         list_path.Item("values", i), depth + 1));
      list.push_back(std::move(item));
    }
    return Datum::Of(std::move(list));
  }
  if (proto.has_map_value()) {
    const FieldPath map_path = path.Field("map_value");
    Datum::Map map;
    for (int i = 0; i < proto.map_value().entries_size(); ++i) {
      const v1::MapEntry& entry = proto.map_value().entries(i);
      RELATA_ASSIGN_OR_RETURN(
          Datum value, DatumFromProto(entry.value(), map_path.Item("entries", i), depth + 1));
      map.emplace_back(entry.name(), std::move(value));
    }
    return Datum::SortedMap(std::move(map));
  }
  RELATA_ASSIGN_OR_RETURN(Value value, ValueFromProto(proto, path));
  return Datum::FromValue(std::move(value));
}

// One bit a row; nothing where no row is null.
template <typename IsNull>
void WriteNulls(size_t rows, const IsNull& is_null, v1::QueryColumn* out) {
  std::string bits;
  for (size_t row = 0; row < rows; ++row) {
    if (!is_null(row)) continue;
    if (bits.empty()) bits.resize((rows + 7) / 8);
    bits[row / 8] = static_cast<char>(bits[row / 8] | (1 << (row % 8)));
  }
  out->set_nulls(std::move(bits));
}

// The one kind of all rows that are not null, where that is a kind that can be packed.
std::optional<Datum::Kind> CommonKind(const std::vector<Datum>& data) {
  std::optional<Datum::Kind> common;
  for (const Datum& datum : data) {
    if (datum.is_null()) continue;
    if (common && *common != datum.kind()) return std::nullopt;
    common = datum.kind();
  }
  const bool packs = common == Datum::Kind::kBool || common == Datum::Kind::kInt ||
                     common == Datum::Kind::kFloat || common == Datum::Kind::kString ||
                     common == Datum::Kind::kNode || common == Datum::Kind::kRelationship;
  return packs ? common : std::nullopt;
}

// The first days of the years 1 and 10000, since 1970: a text of what lies between has a year of
// four digits.
constexpr int64_t kFirstPackedDay = -719'162;
constexpr int64_t kEndPackedDay = 2'932'897;

std::optional<int32_t> PackedDate(const Value& value) {
  const auto* const date = value.get_if<Date>();
  if (date == nullptr || date->days < kFirstPackedDay || date->days >= kEndPackedDay) {
    return std::nullopt;
  }
  return static_cast<int32_t>(date->days);
}

std::optional<int64_t> PackedInstant(const Value& value) {
  constexpr int64_t kDay = 86'400;
  const auto* const time = value.get_if<DateTime>();
  if (time == nullptr || time->offset_seconds != 0 || !time->zone.empty() ||
      time->nanos % 1000 != 0 || time->seconds < kFirstPackedDay * kDay ||
      time->seconds >= kEndPackedDay * kDay) {
    return std::nullopt;
  }
  return time->seconds * 1'000'000 + time->nanos / 1000;
}

// Whether all times of a column can be, and one is.
bool ArePackedInstants(const Column& column) {
  constexpr int64_t kDay = int64_t{86'400} * 1'000'000;
  bool any = false;
  for (size_t row = 0; row < column.size(); ++row) {
    if (column.IsNull(row)) continue;
    const Instant micros = column.times()[row].micros;
    if (micros < kFirstPackedDay * kDay || micros >= kEndPackedDay * kDay) return false;
    any = true;
  }
  return any;
}

// Whether `pack` has a number for all that are not null.
template <typename Pack, typename Numbers>
bool PackTimes(const std::vector<Datum>& data, const Pack& pack, Numbers* out) {
  out->Reserve(static_cast<int>(data.size()));
  for (const Datum& datum : data) {
    if (datum.is_null()) {
      out->Add(0);
      continue;
    }
    const auto number =
        datum.kind() == Datum::Kind::kScalar ? pack(datum.AsScalar()) : std::nullopt;
    if (!number) return false;
    out->Add(*number);
  }
  return true;
}

// Writes dates, or instants of UTC. False, and nothing is written, where others are among them.
bool WriteTimes(const std::vector<Datum>& data, v1::QueryColumn* out) {
  const auto first =
      std::find_if(data.begin(), data.end(), [](const Datum& datum) { return !datum.is_null(); });
  if (first == data.end() || first->kind() != Datum::Kind::kScalar) return false;
  const bool packed =
      first->AsScalar().get_if<Date>() != nullptr
          ? PackTimes(data, PackedDate, out->mutable_dates()->mutable_days())
          : PackTimes(data, PackedInstant, out->mutable_instants()->mutable_microseconds());
  if (!packed) out->clear_kind();
  return packed;
}

void WriteStrings(const std::vector<Datum>& data, v1::QueryColumn::StringColumn* out) {
  absl::flat_hash_map<absl::string_view, uint32_t> known;
  for (const Datum& datum : data) {
    if (datum.is_null()) {
      out->add_indexes(0);
      continue;
    }
    const auto [it, added] =
        known.emplace(datum.AsString(), static_cast<uint32_t>(out->dictionary_size()));
    if (added) out->add_dictionary(std::string(datum.AsString()));
    out->add_indexes(it->second);
  }
}

absl::Status WriteProperties(const Datum& entity, query::QueryResult& result,
                             google::protobuf::RepeatedPtrField<v1::Property>* out) {
  RELATA_ASSIGN_OR_RETURN(const Datum properties, result.Properties(entity));
  for (const auto& [name, datum] : properties.AsMap()) {
    RELATA_ASSIGN_OR_RETURN(const Value value, datum.ToValue());
    v1::Property* const property = out->Add();
    property->set_name(name);
    ValueToProto(value, property->mutable_value());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<query::Parameters> ParametersFromProto(
    const google::protobuf::RepeatedPtrField<v1::MapEntry>& proto) {
  query::Parameters parameters;
  for (int i = 0; i < proto.size(); ++i) {
    const FieldPath path = FieldPath::RequestItem("parameters", i);
    if (proto[i].name().empty()) return path.Field("name").Error("must not be empty");
    const FieldPath value_path = path.Field("value");
    RELATA_ASSIGN_OR_RETURN(Datum value, DatumFromProto(proto[i].value(), value_path, 0));
    parameters.emplace_back(proto[i].name(), std::move(value));
  }
  std::sort(parameters.begin(), parameters.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 1; i < parameters.size(); ++i) {
    if (parameters[i].first != parameters[i - 1].first) continue;
    return FieldPath("parameters")
        .Error(absl::StrCat("`", parameters[i].first, "` is there twice"));
  }
  return parameters;
}

absl::Status QueryBatchWriter::Write(const query::Batch& batch, v1::QueryBatch* out) {
  out_ = out;
  nodes_.clear();
  relationships_.clear();
  out->set_rows(batch.rows);
  for (const Column& column : batch.columns) {
    RELATA_RETURN_IF_ERROR(WriteColumn(column, out->add_columns()));
  }
  return absl::OkStatus();
}

absl::Status QueryBatchWriter::WriteColumn(const Column& column, v1::QueryColumn* out) {
  if (column.kind() == Column::Kind::kDatum) return WriteData(column, out);
  if (column.kind() == Column::Kind::kDateTime && !ArePackedInstants(column)) {
    Column data;
    for (size_t row = 0; row < column.size(); ++row) data.Append(column.Get(row));
    return WriteData(data, out);
  }
  const auto is_null = [&](size_t row) { return column.IsNull(row); };
  if (!column.nulls().empty()) WriteNulls(column.size(), is_null, out);
  switch (column.kind()) {
    case Column::Kind::kBool:
      out->mutable_bools()->mutable_values()->Add(column.bools().begin(), column.bools().end());
      break;
    case Column::Kind::kInt:
      out->mutable_ints()->mutable_values()->Add(column.ints().begin(), column.ints().end());
      break;
    case Column::Kind::kFloat:
      out->mutable_doubles()->mutable_values()->Add(column.floats().begin(), column.floats().end());
      break;
    case Column::Kind::kNode:
      out->mutable_nodes();
      for (size_t row = 0; row < column.size(); ++row) {
        uint32_t index = 0;
        if (!is_null(row)) {
          RELATA_ASSIGN_OR_RETURN(index, NodeIndex(column.nodes()[row]));
        }
        out->mutable_nodes()->add_indexes(index);
      }
      break;
    case Column::Kind::kRelationship:
      out->mutable_relationships();
      for (size_t row = 0; row < column.size(); ++row) {
        uint32_t index = 0;
        if (!is_null(row)) {
          RELATA_ASSIGN_OR_RETURN(index, RelationshipIndex(column.relationships()[row]));
        }
        out->mutable_relationships()->add_indexes(index);
      }
      break;
    case Column::Kind::kDateTime: {
      auto* const microseconds = out->mutable_instants()->mutable_microseconds();
      microseconds->Reserve(static_cast<int>(column.size()));
      for (size_t row = 0; row < column.size(); ++row) {
        microseconds->Add(is_null(row) ? 0 : column.times()[row].micros);
      }
      break;
    }
    case Column::Kind::kDatum:
      break;
  }
  return absl::OkStatus();
}

absl::Status QueryBatchWriter::WriteData(const Column& column, v1::QueryColumn* out) {
  const std::vector<Datum>& data = column.data();
  const auto is_null = [&](size_t row) { return data[row].is_null(); };
  if (WriteTimes(data, out)) {
    WriteNulls(data.size(), is_null, out);
    return absl::OkStatus();
  }
  const std::optional<Datum::Kind> kind = CommonKind(data);
  if (!kind) {
    out->mutable_values();
    for (const Datum& datum : data) {
      RELATA_RETURN_IF_ERROR(WriteValue(datum, out->mutable_values()->add_values()));
    }
    return absl::OkStatus();
  }
  WriteNulls(data.size(), is_null, out);
  if (kind == Datum::Kind::kString) {
    WriteStrings(data, out->mutable_strings());
    return absl::OkStatus();
  }
  for (const Datum& datum : data) {
    const bool null = datum.is_null();
    uint32_t index = 0;
    switch (*kind) {
      case Datum::Kind::kBool:
        out->mutable_bools()->add_values(!null && datum.AsBool());
        break;
      case Datum::Kind::kInt:
        out->mutable_ints()->add_values(null ? 0 : datum.AsInt());
        break;
      case Datum::Kind::kFloat:
        out->mutable_doubles()->add_values(null ? 0 : datum.AsFloat());
        break;
      case Datum::Kind::kNode:
        if (!null) {
          RELATA_ASSIGN_OR_RETURN(index, NodeIndex(datum.AsNode()));
        }
        out->mutable_nodes()->add_indexes(index);
        break;
      default:
        if (!null) {
          RELATA_ASSIGN_OR_RETURN(index, RelationshipIndex(datum.AsRelationship()));
        }
        out->mutable_relationships()->add_indexes(index);
    }
  }
  return absl::OkStatus();
}

absl::Status QueryBatchWriter::WriteValue(const Datum& datum, v1::QueryValue* out) {
  switch (datum.kind()) {
    case Datum::Kind::kNode: {
      RELATA_ASSIGN_OR_RETURN(const uint32_t index, NodeIndex(datum.AsNode()));
      out->set_node(index);
      return absl::OkStatus();
    }
    case Datum::Kind::kRelationship: {
      RELATA_ASSIGN_OR_RETURN(const uint32_t index, RelationshipIndex(datum.AsRelationship()));
      out->set_relationship(index);
      return absl::OkStatus();
    }
    case Datum::Kind::kPath:
      return WritePath(datum.AsPath(), out->mutable_path());
    default:
      break;
  }
  const absl::StatusOr<Value> value = datum.ToValue();
  if (value.ok()) {
    ValueToProto(*value, out->mutable_value());
    return absl::OkStatus();
  }
  // A list or a map with something of the graph in it.
  if (datum.is_list()) {
    out->mutable_list();
    for (const Datum& item : datum.AsList()) {
      RELATA_RETURN_IF_ERROR(WriteValue(item, out->mutable_list()->add_values()));
    }
    return absl::OkStatus();
  }
  if (!datum.is_map()) return value.status();
  out->mutable_map();
  for (const auto& [name, item] : datum.AsMap()) {
    v1::QueryMapEntry* const entry = out->mutable_map()->add_entries();
    entry->set_name(name);
    RELATA_RETURN_IF_ERROR(WriteValue(item, entry->mutable_value()));
  }
  return absl::OkStatus();
}

absl::Status QueryBatchWriter::WritePath(const query::PathValue& path, v1::QueryPath* out) {
  for (const query::NodeRef& node : path.nodes) {
    RELATA_ASSIGN_OR_RETURN(const uint32_t index, NodeIndex(node));
    out->add_nodes(index);
  }
  for (const query::RelationshipRef& relationship : path.relationships) {
    RELATA_ASSIGN_OR_RETURN(const uint32_t index, RelationshipIndex(relationship));
    out->add_relationships(index);
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> QueryBatchWriter::NodeIndex(query::NodeRef node) {
  const auto index = static_cast<uint32_t>(out_->nodes_size());
  const auto [it, added] = nodes_.try_emplace({node.id.value(), node.context}, index);
  if (!added) return it->second;
  const Datum datum = Datum::Of(node);
  v1::QueryNode* const out = out_->add_nodes();
  out->set_id(node.id.value());
  RELATA_ASSIGN_OR_RETURN(*out->mutable_key(), result_->Key(datum));
  RELATA_ASSIGN_OR_RETURN(const Datum labels, result_->Labels(datum));
  for (const Datum& label : labels.AsList()) out->add_labels(std::string(label.AsString()));
  std::sort(out->mutable_labels()->begin(), out->mutable_labels()->end());
  RELATA_RETURN_IF_ERROR(WriteProperties(datum, *result_, out->mutable_properties()));
  return index;
}

absl::StatusOr<uint32_t> QueryBatchWriter::RelationshipIndex(
    const query::RelationshipRef& relationship) {
  const auto index = static_cast<uint32_t>(out_->relationships_size());
  const auto [it, added] = relationships_.try_emplace(
      {relationship.ends.id.value(), relationship.fact.value(), relationship.context}, index);
  if (!added) return it->second;
  const Datum datum = Datum::Of(relationship);
  v1::QueryRelationship* const out = out_->add_relationships();
  out->set_id(relationship.ends.id.value());
  RELATA_ASSIGN_OR_RETURN(*out->mutable_key(), result_->Key(datum));
  out->set_type(std::string(result_->TypeOf(relationship)));
  out->set_from_id(relationship.ends.from.value());
  out->set_to_id(relationship.ends.to.value());
  out->set_fact_id(relationship.fact.value());
  RELATA_RETURN_IF_ERROR(WriteProperties(datum, *result_, out->mutable_properties()));
  return index;
}

}  // namespace relata
