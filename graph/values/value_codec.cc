#include "graph/values/value_codec.h"

#include <cassert>
#include <limits>
#include <optional>
#include <utility>

#include "graph/values/iso_text.h"
#include "graph/values/period.h"

namespace relata {
namespace {

constexpr uint8_t kTypeMask = 0x0f;
constexpr int kQualifierShift = 4;

constexpr uint8_t kNarrowMantissa = 0;
constexpr uint8_t kWideMantissa = 1;

constexpr uint8_t kKindMask = 0x0f;
// In the place of a kind: an instant that was written in another zone than Z.
constexpr uint8_t kZonedInstant = 0x0f;
constexpr int64_t kMaxZoneMinutes = kMaxOffsetSeconds / 60;
constexpr uint8_t kAboutFlag = 0x10;
constexpr uint8_t kUnknownFlag = 0x20;
constexpr uint8_t kInstantsFlag = 0x40;
// The whole record of an interval without bounds.
constexpr uint8_t kAlways = 0x80;

bool FitsInt64(absl::int128 value) {
  return value >= std::numeric_limits<int64_t>::min() &&
         value <= std::numeric_limits<int64_t>::max();
}

void WriteDecimal(const Decimal& decimal, RecordWriter& out) {
  out.WriteUint8(decimal.scale);
  if (FitsInt64(decimal.mantissa)) {
    out.WriteUint8(kNarrowMantissa);
    out.WriteZigZag64(static_cast<int64_t>(decimal.mantissa));
  } else {
    out.WriteUint8(kWideMantissa);
    out.WriteFixed64(static_cast<uint64_t>(absl::Int128High64(decimal.mantissa)));
    out.WriteFixed64(absl::Int128Low64(decimal.mantissa));
  }
}

Decimal ReadDecimal(RecordReader& in) {
  Decimal decimal;
  decimal.scale = in.ReadUint8();
  const uint8_t width = in.ReadUint8();
  if (width == kNarrowMantissa) {
    decimal.mantissa = in.ReadZigZag64();
  } else if (width == kWideMantissa) {
    const auto high = static_cast<int64_t>(in.ReadFixed64());
    decimal.mantissa = absl::MakeInt128(high, in.ReadFixed64());
  } else {
    in.MarkDamaged("a decimal has an unknown width");
  }
  if (!decimal.IsValid()) in.MarkDamaged("a decimal is out of range");
  return decimal;
}

// Writes the payload of a value; one overload for each alternative of Value::Rep.
struct PayloadWriter {
  RecordWriter& out;

  void operator()(std::monostate) const {}
  void operator()(bool b) const { out.WriteBool(b); }
  void operator()(int64_t i) const { out.WriteZigZag64(i); }
  void operator()(double d) const { out.WriteDouble(d); }
  void operator()(const Decimal& d) const { WriteDecimal(d, out); }
  void operator()(const Money& m) const {
    for (const char letter : m.currency) out.WriteUint8(static_cast<uint8_t>(letter));
    WriteDecimal(m.amount, out);
  }
  void operator()(const std::string& s) const { out.WriteBytes(s); }
  void operator()(const Bytes& b) const { out.WriteBytes(b.data); }
  void operator()(const Date& d) const { out.WriteZigZag64(d.days); }
  void operator()(const LocalTime& t) const { out.WriteZigZag64(t.nanos); }
  void operator()(const Time& t) const {
    out.WriteZigZag64(t.nanos);
    out.WriteZigZag64(t.offset_seconds);
  }
  void operator()(const LocalDateTime& t) const {
    out.WriteZigZag64(t.seconds);
    out.WriteZigZag64(t.nanos);
  }
  void operator()(const DateTime& t) const {
    out.WriteZigZag64(t.seconds);
    out.WriteZigZag64(t.nanos);
    out.WriteZigZag64(t.offset_seconds);
    out.WriteBytes(t.zone);
  }
  void operator()(const Duration& d) const {
    out.WriteZigZag64(d.months);
    out.WriteZigZag64(d.days);
    out.WriteZigZag64(d.seconds);
    out.WriteZigZag64(d.nanos);
  }
  void operator()(const Value::List& list) const {
    out.WriteVarint64(list.size());
    for (const Value& element : list) WriteValue(element, out);
  }
  void operator()(const Value::Map&) const { assert(false && "maps are not stored"); }
};

int32_t ReadInt32(RecordReader& in) {
  const int64_t number = in.ReadZigZag64();
  if (number != static_cast<int32_t>(number)) {
    in.MarkDamaged("a number does not fit 32 bits");
  }
  return static_cast<int32_t>(number);
}

Money ReadMoney(RecordReader& in) {
  Money money;
  for (char& letter : money.currency) {
    letter = static_cast<char>(in.ReadUint8());
    if (letter < 'A' || letter > 'Z') in.MarkDamaged("a currency is not of capital letters");
  }
  money.amount = ReadDecimal(in);
  return money;
}

// `temporal` as a value, unless one of its fields is out of range.
template <typename T>
Value CheckedTemporal(T temporal, RecordReader& in) {
  if (!temporal.IsValid()) in.MarkDamaged("a date or time is out of range");
  return Value::Of<T>(std::move(temporal));
}

Value ReadDateTime(RecordReader& in) {
  DateTime t;
  t.seconds = in.ReadZigZag64();
  t.nanos = ReadInt32(in);
  t.offset_seconds = ReadInt32(in);
  t.zone = std::string(in.ReadBytes());
  return CheckedTemporal(std::move(t), in);
}

Value ReadDuration(RecordReader& in) {
  Duration d;
  d.months = in.ReadZigZag64();
  d.days = in.ReadZigZag64();
  d.seconds = in.ReadZigZag64();
  d.nanos = ReadInt32(in);
  return CheckedTemporal(d, in);
}

Value ReadNested(int depth, RecordReader& in);

Value ReadList(int depth, RecordReader& in) {
  if (depth == Value::kDeepestList) {
    in.MarkDamaged("lists are nested too deep");
    return Value();
  }
  Value::List list;
  const size_t count = in.ReadCount(/*least_bytes_each=*/1);
  for (size_t i = 0; i < count && in.ok(); ++i) list.push_back(ReadNested(depth + 1, in));
  return Value::Of(std::move(list));
}

Value ReadPayload(ValueType type, int depth, RecordReader& in) {
  switch (type) {
    case ValueType::kNull:
      return Value();
    case ValueType::kBool:
      return Value::Bool(in.ReadBool());
    case ValueType::kInt64:
      return Value::Int(in.ReadZigZag64());
    case ValueType::kFloat64:
      return Value::Double(in.ReadDouble());
    case ValueType::kDecimal:
      return Value::Of(ReadDecimal(in));
    case ValueType::kMoney:
      return Value::Of(ReadMoney(in));
    case ValueType::kString:
      return Value::String(in.ReadBytes());
    case ValueType::kBytes:
      return Value::Of(Bytes{std::string(in.ReadBytes())});
    case ValueType::kDate:
      return CheckedTemporal(Date{in.ReadZigZag64()}, in);
    case ValueType::kLocalTime:
      return CheckedTemporal(LocalTime{in.ReadZigZag64()}, in);
    case ValueType::kTime: {
      const int64_t nanos = in.ReadZigZag64();
      return CheckedTemporal(Time{nanos, ReadInt32(in)}, in);
    }
    case ValueType::kLocalDateTime: {
      const int64_t seconds = in.ReadZigZag64();
      return CheckedTemporal(LocalDateTime{seconds, ReadInt32(in)}, in);
    }
    case ValueType::kDateTime:
      return ReadDateTime(in);
    case ValueType::kDuration:
      return ReadDuration(in);
    case ValueType::kList:
      return ReadList(depth, in);
    case ValueType::kMap:
      break;
  }
  in.MarkDamaged("a value has a type that is never stored");
  return Value();
}

// `depth`: how many lists are around the value.
Value ReadNested(int depth, RecordReader& in) {
  const uint8_t tag = in.ReadUint8();
  const int qualifier = tag >> kQualifierShift;
  if (qualifier > static_cast<int>(Qualifier::kUpTo)) {
    in.MarkDamaged("a value has an unknown qualifier");
    return Value();
  }
  Value value = ReadPayload(static_cast<ValueType>(tag & kTypeMask), depth, in);
  value.set_qualifier(static_cast<Qualifier>(qualifier));
  return value;
}

bool IsInfinite(Instant t) { return t == kMinusInfinity || t == kPlusInfinity; }

// The role for which Bound::Unbounded gives a bound that ends there.
BoundRole RoleOfInfinity(Instant t) {
  return t == kPlusInfinity ? BoundRole::kTo : BoundRole::kFrom;
}

// The bound that its kind and at most one number give; nullopt where these do not give one.
std::optional<Bound> Implied(const Bound& bound) {
  if (bound.kind == BoundKind::kUnbounded) return Bound::Unbounded(RoleOfInfinity(bound.latest));
  if (bound.kind == BoundKind::kUnknown) return Bound::Unknown();
  if (IsInfinite(bound.earliest)) return std::nullopt;
  if (bound.kind == BoundKind::kInstant) return Bound::At(bound.earliest);
  if (!IsPeriod(bound.kind)) return std::nullopt;
  const Period period = PeriodAt(bound.kind, bound.earliest);
  if (!InRange(period)) return std::nullopt;
  return BoundOf(period);
}

// Whether the instants of the bound need not be written.
bool IsImplied(const Bound& bound) {
  const std::optional<Bound> implied = Implied(bound);
  return implied.has_value() && bound.earliest == implied->earliest &&
         bound.latest == implied->latest;
}

Bound ReadImplied(BoundKind kind, BoundRole role, RecordReader& in) {
  if (kind == BoundKind::kUnbounded) return Bound::Unbounded(role);
  if (kind == BoundKind::kUnknown) return Bound::Unknown();
  const int64_t number = in.ReadZigZag64();
  if (kind == BoundKind::kInstant) return Bound::At(number);
  const Period period{kind, number};
  if (IsPeriod(kind) && InRange(period)) return BoundOf(period);
  in.MarkDamaged("a bound of a valid time is out of range");
  return Bound::Unbounded(role);
}

Bound ReadZonedInstant(RecordReader& in) {
  Bound bound = Bound::At(in.ReadZigZag64());
  const int64_t minutes = in.ReadZigZag64();
  if (minutes < -kMaxZoneMinutes || minutes > kMaxZoneMinutes ||
      !InRange(PeriodAt(BoundKind::kDay, bound.earliest))) {
    in.MarkDamaged("a bound of a valid time is out of range");
    return bound;
  }
  bound.zone_minutes = static_cast<int16_t>(minutes);
  return bound;
}

Bound ReadTaggedBound(uint8_t tag, BoundRole role, RecordReader& in) {
  const bool zoned = (tag & ~(kAboutFlag | kUnknownFlag)) == kZonedInstant;
  const auto kind = zoned ? BoundKind::kInstant : static_cast<BoundKind>(tag & kKindMask);
  if (kind > BoundKind::kCut || (tag & kAlways) != 0) {
    in.MarkDamaged("a bound of a valid time is of an unknown kind");
    return Bound::Unbounded(role);
  }
  Bound bound;
  if (zoned) {
    bound = ReadZonedInstant(in);
  } else if ((tag & kInstantsFlag) != 0) {
    bound.earliest = in.ReadZigZag64();
    bound.latest = in.ReadZigZag64();
  } else {
    bound = ReadImplied(kind, role, in);
  }
  bound.kind = kind;
  bound.about = (tag & kAboutFlag) != 0;
  bound.unknown = (tag & kUnknownFlag) != 0;
  return bound;
}

}  // namespace

void WriteValue(const Value& value, RecordWriter& out) {
  out.WriteUint8(static_cast<uint8_t>(static_cast<int>(value.type()) |
                                      static_cast<int>(value.qualifier()) << kQualifierShift));
  std::visit(PayloadWriter{out}, value.rep());
}

Value ReadValue(RecordReader& in) { return ReadNested(/*depth=*/0, in); }

void WriteBound(const Bound& bound, RecordWriter& out) {
  const bool implied = IsImplied(bound);
  const bool zoned = implied && bound.kind == BoundKind::kInstant && bound.zone_minutes != 0;
  const int kind = zoned ? kZonedInstant : static_cast<int>(bound.kind);
  out.WriteUint8(static_cast<uint8_t>(kind | (bound.about ? kAboutFlag : 0) |
                                      (bound.unknown ? kUnknownFlag : 0) |
                                      (implied ? 0 : kInstantsFlag)));
  if (!implied) {
    out.WriteZigZag64(bound.earliest);
    out.WriteZigZag64(bound.latest);
  } else if (bound.kind == BoundKind::kInstant) {
    out.WriteZigZag64(bound.earliest);
    if (zoned) out.WriteZigZag64(bound.zone_minutes);
  } else if (IsPeriod(bound.kind)) {
    out.WriteZigZag64(PeriodAt(bound.kind, bound.earliest).number);
  }
}

Bound ReadBound(BoundRole role, RecordReader& in) {
  return ReadTaggedBound(in.ReadUint8(), role, in);
}

void WriteInterval(const Interval& interval, RecordWriter& out) {
  if (interval == Interval{}) {
    out.WriteUint8(kAlways);
    return;
  }
  WriteBound(interval.from, out);
  WriteBound(interval.to, out);
}

Interval ReadInterval(RecordReader& in) {
  const uint8_t tag = in.ReadUint8();
  if (tag == kAlways) return Interval{};
  const Bound from = ReadTaggedBound(tag, BoundRole::kFrom, in);
  return Interval{from, ReadBound(BoundRole::kTo, in)};
}

}  // namespace relata
