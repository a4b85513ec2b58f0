#include "tests/tck/tck_datum.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/query/functions/function.h"

namespace relata {

using query::Datum;

namespace {

// `INTEGER?`, `LIST OF STRING`, …; a `?` allows null.
absl::StatusOr<query::TypeSet> ParseType(absl::string_view text) {
  namespace types = query::types;
  static constexpr std::pair<absl::string_view, query::TypeSet> kTypes[] = {
      {"ANY", types::kAny},
      {"BOOLEAN", types::kBool},
      {"INTEGER", types::kInt},
      {"FLOAT", types::kFloat},
      {"NUMBER", types::kNumber},
      {"STRING", types::kString},
      {"LIST", types::kList},
      {"MAP", types::kMap},
      {"NODE", types::kNode},
      {"RELATIONSHIP", types::kRelationship},
      {"PATH", types::kPath},
      {"DATE", types::kDate},
      {"LOCALTIME", types::kLocalTime},
      {"TIME", types::kTime},
      {"LOCALDATETIME", types::kLocalDateTime},
      {"DATETIME", types::kDateTime},
      {"DURATION", types::kDuration},
  };
  absl::string_view name = text;
  const query::TypeSet null = absl::ConsumeSuffix(&name, "?") ? types::kNull : 0;
  if (absl::StartsWith(name, "LIST")) name = "LIST";
  for (const auto& [known, set] : kTypes) {
    if (known == name) return set | null;
  }
  return absl::InvalidArgumentError(absl::StrCat("the type `", text, "` is not known"));
}

absl::StatusOr<std::vector<query::ProcedureField>> ToFields(
    const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<query::ProcedureField> converted;
  for (const auto& [name, type] : fields) {
    query::ProcedureField field;
    field.name = name;
    field.type_name = type;
    RELATA_ASSIGN_OR_RETURN(field.type, ParseType(type));
    converted.push_back(std::move(field));
  }
  return converted;
}

// Calls of a procedure that is a table.
query::ProcedureCall TableCall(size_t inputs, std::vector<std::vector<Datum>> rows) {
  return [inputs, rows = std::move(rows)](query::ExecutionContext&, absl::Span<const Datum> args,
                                          const query::RowSink& sink) -> absl::Status {
    for (const std::vector<Datum>& row : rows) {
      bool matches = true;
      for (size_t i = 0; i < inputs && matches; ++i) {
        matches = query::EquivalentData(args[i], row[i]);
      }
      if (!matches) continue;
      RELATA_ASSIGN_OR_RETURN(
          const bool more,
          sink(std::vector<Datum>(row.begin() + static_cast<std::ptrdiff_t>(inputs), row.end())));
      if (!more) break;
    }
    return absl::OkStatus();
  };
}

}  // namespace

Datum TckDatum(const TckValue& value) {
  switch (value.kind) {
    case TckValue::Kind::kBool:
      return Datum::Bool(value.boolean);
    case TckValue::Kind::kInt:
      return Datum::Int(value.integer);
    case TckValue::Kind::kFloat:
      return Datum::Float(value.real);
    case TckValue::Kind::kString:
      return Datum::String(value.text);
    case TckValue::Kind::kList: {
      Datum::List list;
      for (const TckValue& item : value.items) list.push_back(TckDatum(item));
      return Datum::Of(std::move(list));
    }
    case TckValue::Kind::kMap: {
      Datum::Map map;
      for (const auto& [key, entry] : value.entries) map.emplace_back(key, TckDatum(entry));
      return Datum::SortedMap(std::move(map));
    }
    default:
      return Datum();
  }
}

absl::StatusOr<TckValue> TckScalar(const Datum& datum) {
  if (datum.value_type() < ValueType::kDate || datum.value_type() > ValueType::kDuration) {
    TckValue value =
        TckValue::String(absl::StrCat(absl::AsciiStrToLower(ValueTypeName(datum.value_type())), "(",
                                      datum.AsScalar().ToString(), ")"));
    value.kind = TckValue::Kind::kOther;
    return value;
  }
  const query::FunctionDefinition* to_string = query::FindFunction("toString");
  if (to_string == nullptr) return absl::InternalError("there is no function toString");
  query::CallContext context;
  RELATA_ASSIGN_OR_RETURN(const Datum text, to_string->call(context, absl::MakeSpan(&datum, 1)));
  return TckValue::String(text.AsString());
}

absl::StatusOr<query::Procedure> TableProcedure(const TckProcedure& table) {
  query::Procedure procedure;
  procedure.name = table.name;
  RELATA_ASSIGN_OR_RETURN(procedure.inputs, ToFields(table.inputs));
  RELATA_ASSIGN_OR_RETURN(procedure.outputs, ToFields(table.outputs));
  std::vector<std::vector<Datum>> rows;
  for (const std::vector<TckValue>& row : table.rows) {
    rows.emplace_back();
    for (const TckValue& value : row) rows.back().push_back(TckDatum(value));
  }
  procedure.description = "A table of a scenario.";
  procedure.call = TableCall(table.inputs.size(), std::move(rows));
  return procedure;
}

}  // namespace relata
