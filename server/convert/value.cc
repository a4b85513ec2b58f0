#include "server/convert/value.h"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/decimal.h"
#include "graph/values/money.h"
#include "graph/values/temporal.h"
#include "relata/v1/value.pb.h"

namespace relata {
namespace {

constexpr int kMaxDepth = 32;

// `T::Parse(text)` as a value.
template <typename T>
absl::StatusOr<Value> Parsed(const std::string& text, const FieldPath& path) {
  RELATA_ASSIGN_OR_RETURN(T parsed, InField(path, T::Parse(text)));
  return Value::Of<T>(std::move(parsed));
}

absl::StatusOr<Value> FromProto(const v1::Value& proto, const FieldPath& path, int depth);

absl::StatusOr<Value> ListFromProto(const v1::ListValue& proto, const FieldPath& path, int depth) {
  if (depth >= kMaxDepth) return path.Error(absl::StrCat("lists nest deeper than ", kMaxDepth));
  Value::List list;
  list.reserve(proto.values_size());
  for (int i = 0; i < proto.values_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(Value item,
                            FromProto(proto.values(i), path.Item("values", i), depth + 1));
    list.push_back(std::move(item));
  }
  return Value::Of<Value::List>(std::move(list));
}

absl::StatusOr<Value> MoneyFromProto(const v1::Money& proto, const FieldPath& path) {
  RELATA_ASSIGN_OR_RETURN(Money money,
                          InField(path, Money::Parse(proto.amount(), proto.currency())));
  return Value::Of<Money>(money);
}

absl::StatusOr<Value> KindFromProto(const v1::Value& proto, const FieldPath& path, int depth) {
  switch (proto.kind_case()) {
    case v1::Value::kNullValue:
      return Value();
    case v1::Value::kBoolValue:
      return Value::Bool(proto.bool_value());
    case v1::Value::kIntValue:
      return Value::Int(proto.int_value());
    case v1::Value::kDoubleValue:
      return Value::Double(proto.double_value());
    case v1::Value::kDecimalValue:
      return Parsed<Decimal>(proto.decimal_value(), path.Field("decimal_value"));
    case v1::Value::kMoneyValue:
      return MoneyFromProto(proto.money_value(), path.Field("money_value"));
    case v1::Value::kStringValue:
      return Value::String(proto.string_value());
    case v1::Value::kBytesValue:
      return Value::Of<Bytes>(Bytes{proto.bytes_value()});
    case v1::Value::kDateValue:
      return Parsed<Date>(proto.date_value(), path.Field("date_value"));
    case v1::Value::kLocalTimeValue:
      return Parsed<LocalTime>(proto.local_time_value(), path.Field("local_time_value"));
    case v1::Value::kTimeValue:
      return Parsed<Time>(proto.time_value(), path.Field("time_value"));
    case v1::Value::kLocalDatetimeValue:
      return Parsed<LocalDateTime>(proto.local_datetime_value(),
                                   path.Field("local_datetime_value"));
    case v1::Value::kDatetimeValue:
      return Parsed<DateTime>(proto.datetime_value(), path.Field("datetime_value"));
    case v1::Value::kDurationValue:
      return Parsed<Duration>(proto.duration_value(), path.Field("duration_value"));
    case v1::Value::kListValue:
      return ListFromProto(proto.list_value(), path.Field("list_value"), depth);
    case v1::Value::kMapValue:
      return path.Error("maps cannot be stored in properties; give each entry a property");
    case v1::Value::KIND_NOT_SET:
      break;
  }
  return path.Error("set one kind of value (null_value for null)");
}

absl::StatusOr<Value> FromProto(const v1::Value& proto, const FieldPath& path, int depth) {
  RELATA_ASSIGN_OR_RETURN(Value value, KindFromProto(proto, path, depth));
  if (proto.qualifier() == v1::QUALIFIER_UNSPECIFIED) return value;
  if (!v1::Qualifier_IsValid(proto.qualifier())) {
    return path.Field("qualifier").Error("this qualifier does not exist");
  }
  if (!value.is_number() && value.type() != ValueType::kMoney) {
    return path.Field("qualifier").Error("only numbers and amounts of money take a qualifier");
  }
  // The numbers of both enums are the same (checked below).
  value.set_qualifier(static_cast<Qualifier>(proto.qualifier()));
  return value;
}

static_assert(static_cast<int>(Qualifier::kAbout) == v1::ABOUT);
static_assert(static_cast<int>(Qualifier::kAtLeast) == v1::AT_LEAST);
static_assert(static_cast<int>(Qualifier::kAtMost) == v1::AT_MOST);
static_assert(static_cast<int>(Qualifier::kMoreThan) == v1::MORE_THAN);
static_assert(static_cast<int>(Qualifier::kLessThan) == v1::LESS_THAN);
static_assert(static_cast<int>(Qualifier::kUpTo) == v1::UP_TO);

// Writes one kind of value.
class KindWriter {
 public:
  explicit KindWriter(v1::Value* proto) : proto_(proto) {}

  void operator()(std::monostate) const { proto_->set_null_value(true); }
  void operator()(bool v) const { proto_->set_bool_value(v); }
  void operator()(int64_t v) const { proto_->set_int_value(v); }
  void operator()(double v) const { proto_->set_double_value(v); }
  void operator()(const Decimal& v) const { proto_->set_decimal_value(v.ToString()); }
  void operator()(const Money& v) const {
    proto_->mutable_money_value()->set_amount(v.amount.ToString());
    proto_->mutable_money_value()->set_currency(std::string(v.currency_code()));
  }
  void operator()(const std::string& v) const { proto_->set_string_value(v); }
  void operator()(const Bytes& v) const { proto_->set_bytes_value(v.data); }
  void operator()(const Date& v) const { proto_->set_date_value(v.ToString()); }
  void operator()(const LocalTime& v) const { proto_->set_local_time_value(v.ToString()); }
  void operator()(const Time& v) const { proto_->set_time_value(v.ToString()); }
  void operator()(const LocalDateTime& v) const { proto_->set_local_datetime_value(v.ToString()); }
  void operator()(const DateTime& v) const { proto_->set_datetime_value(v.ToString()); }
  void operator()(const Duration& v) const { proto_->set_duration_value(v.ToString()); }
  void operator()(const Value::List& v) const {
    v1::ListValue* const list = proto_->mutable_list_value();
    for (const Value& item : v) ValueToProto(item, list->add_values());
  }
  void operator()(const Value::Map& v) const {
    v1::MapValue* const map = proto_->mutable_map_value();
    for (const auto& [name, item] : v) {
      v1::MapEntry* const entry = map->add_entries();
      entry->set_name(name);
      ValueToProto(item, entry->mutable_value());
    }
  }

 private:
  v1::Value* const proto_;
};

}  // namespace

absl::StatusOr<Value> ValueFromProto(const v1::Value& proto, const FieldPath& path) {
  return FromProto(proto, path, 0);
}

void ValueToProto(const Value& value, v1::Value* proto) {
  std::visit(KindWriter(proto), value.rep());
  if (value.qualifier() != Qualifier::kExact) {
    proto->set_qualifier(static_cast<v1::Qualifier>(value.qualifier()));
  }
}

}  // namespace relata
