#include <algorithm>
#include <cassert>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "graph/values/iso_text.h"
#include "graph/values/value_codec.h"
#include "storage/codec/ordered_bytes.h"
#include "storage/codec/ordered_number.h"
#include "storage/ordered_kv.h"

namespace relata {
namespace {

// The first byte of a collation, in the order of TotalOrder; on disk. 0x00 ends a list. The gaps
// are for types to come.
enum Family : uint8_t {
  kListEnd = 0x00,
  kListFamily = 0x10,
  kDateTimeFamily = 0x18,
  kLocalDateTimeFamily = 0x20,
  kDateFamily = 0x28,
  kTimeFamily = 0x30,
  kLocalTimeFamily = 0x38,
  kDurationFamily = 0x40,
  kBytesFamily = 0x48,
  kStringFamily = 0x50,
  kBoolFamily = 0x58,
  kNumberFamily = 0x60,
  kMoneyFamily = 0x68,
  kNullFamily = 0x70,
};

constexpr size_t kHashBytes = 8;
// The type, and the scale of a decimal.
constexpr size_t kLongestTieBreak = 2;
constexpr uint32_t kSignBit32 = uint32_t{1} << 31;
constexpr uint64_t kSignBit64 = uint64_t{1} << 63;

void AppendInt32(std::string* out, int32_t value) {
  AppendUint32(out, static_cast<uint32_t>(value) ^ kSignBit32);
}

std::optional<int32_t> ConsumeInt32(absl::string_view* input) {
  const std::optional<uint32_t> bits = ConsumeUint32(input);
  if (!bits.has_value()) return std::nullopt;
  return static_cast<int32_t>(*bits ^ kSignBit32);
}

// ---- Writing ----

// Builds the two halves of a key; one overload for each alternative of Value::Rep.
class KeyBuilder {
 public:
  void Add(const Value& value) { std::visit(*this, value.rep()); }
  const std::string& collation() const { return collation_; }
  const std::string& tie_breaks() const { return tie_breaks_; }

  void operator()(std::monostate) { Start(kNullFamily); }
  void operator()(bool b) {
    Start(kBoolFamily);
    AppendUint8(&collation_, b ? 1 : 0);
  }
  void operator()(int64_t i) {
    Start(kNumberFamily);
    AddNumber(i);
  }
  void operator()(double d) {
    Start(kNumberFamily);
    AddNumber(d);
  }
  void operator()(const Decimal& d) {
    Start(kNumberFamily);
    AddNumber(OrderedDecimal{d.mantissa, d.scale});
  }
  void operator()(const Money& m) {
    Start(kMoneyFamily);
    collation_.append(m.currency.data(), m.currency.size());
    AddNumber(OrderedDecimal{m.amount.mantissa, m.amount.scale});
  }
  void operator()(const std::string& s) {
    Start(kStringFamily);
    AppendOrderedBytes(&collation_, s);
  }
  void operator()(const Bytes& b) {
    Start(kBytesFamily);
    AppendOrderedBytes(&collation_, b.data);
  }
  void operator()(const Date& d) {
    Start(kDateFamily);
    AppendInt64(&collation_, d.days);
  }
  void operator()(const LocalTime& t) {
    Start(kLocalTimeFamily);
    AppendInt64(&collation_, t.nanos);
  }
  void operator()(const Time& t) {
    Start(kTimeFamily);
    AppendInt64(&collation_, t.nanos - t.offset_seconds * kNanosPerSecond);
    AppendInt32(&collation_, t.offset_seconds);
  }
  void operator()(const LocalDateTime& t) {
    Start(kLocalDateTimeFamily);
    AppendInt64(&collation_, t.seconds);
    AppendInt32(&collation_, t.nanos);
  }
  void operator()(const DateTime& t) {
    Start(kDateTimeFamily);
    AppendInt64(&collation_, t.seconds);
    AppendInt32(&collation_, t.nanos);
    AppendInt32(&collation_, t.offset_seconds);
    AppendOrderedBytes(&collation_, t.zone);
  }
  void operator()(const Duration& d) {
    Start(kDurationFamily);
    const absl::int128 length = d.LengthInSeconds();
    AppendUint64(&collation_, static_cast<uint64_t>(absl::Int128High64(length)) ^ kSignBit64);
    AppendUint64(&collation_, absl::Int128Low64(length));
    AppendInt32(&collation_, d.nanos);
    AppendInt64(&collation_, d.months);
    AppendInt64(&collation_, d.days);
  }
  void operator()(const Value::List& list) {
    Start(kListFamily);
    for (const Value& element : list) Add(element);
    AppendUint8(&collation_, kListEnd);
  }
  void operator()(const Value::Map&) { assert(false && "maps have no key"); }

 private:
  void Start(Family family) { AppendUint8(&collation_, family); }
  void AddNumber(const OrderedNumber& number) {
    std::string both;
    AppendOrderedNumber(&both, number);
    absl::string_view tie_break = both;
    SkipNumberCollation(&tie_break);
    collation_.append(both, 0, both.size() - tie_break.size());
    tie_breaks_.append(tie_break.data(), tie_break.size());
  }

  std::string collation_;
  std::string tie_breaks_;
};

// FNV-1a with the offset basis and the prime of its authors (Fowler, Noll, Vo).
uint64_t StableHash(absl::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

// The collation, cut where it is too long. Returns whether it was.
bool AppendCollation(absl::string_view collation, std::string* out) {
  out->append(collation.data(), std::min(collation.size(), kLongestCollation));
  if (collation.size() <= kLongestCollation) return false;
  AppendUint64(out, StableHash(collation));
  return true;
}

// The family of values that `<` compares with those of this type; nullopt: there is none, or it
// does not compare them in the order of their keys.
std::optional<uint8_t> FamilyInOrder(const Value& value) {
  switch (value.type()) {
    case ValueType::kBool:
      return kBoolFamily;
    case ValueType::kInt64:
    case ValueType::kFloat64:
    case ValueType::kDecimal:
      return kNumberFamily;
    case ValueType::kString:
      return kStringFamily;
    case ValueType::kDate:
      return kDateFamily;
    case ValueType::kLocalTime:
      return kLocalTimeFamily;
    case ValueType::kTime:
      return kTimeFamily;
    case ValueType::kLocalDateTime:
      return kLocalDateTimeFamily;
    case ValueType::kDateTime:
      return kDateTimeFamily;
    default:
      return std::nullopt;
  }
}

// ---- Reading ----

bool SkipBytes(size_t count, absl::string_view* input) {
  if (input->size() < count) return false;
  input->remove_prefix(count);
  return true;
}

bool SkipCollation(int depth, absl::string_view* input);

bool SkipElements(int depth, absl::string_view* input) {
  if (depth == Value::kDeepestList) return false;
  while (!input->empty() && static_cast<uint8_t>(input->front()) != kListEnd) {
    if (!SkipCollation(depth + 1, input)) return false;
  }
  return SkipBytes(1, input);
}

// Moves past one collation; false, with `input` anywhere, where it ends too early or is none.
bool SkipCollation(int depth, absl::string_view* input) {
  const std::optional<uint8_t> family = ConsumeUint8(input);
  if (!family.has_value()) return false;
  switch (*family) {
    case kNullFamily:
      return true;
    case kBoolFamily:
      return SkipBytes(1, input);
    case kDateFamily:
    case kLocalTimeFamily:
      return SkipBytes(8, input);
    case kTimeFamily:
    case kLocalDateTimeFamily:
      return SkipBytes(8 + 4, input);
    case kDateTimeFamily:
      return SkipBytes(8 + 4 + 4, input) && SkipOrderedBytes(input);
    case kDurationFamily:
      return SkipBytes(16 + 4 + 8 + 8, input);
    case kBytesFamily:
    case kStringFamily:
      return SkipOrderedBytes(input);
    case kNumberFamily:
      return SkipNumberCollation(input);
    case kMoneyFamily:
      return SkipBytes(3, input) && SkipNumberCollation(input);
    case kListFamily:
      return SkipElements(depth, input);
    default:
      return false;
  }
}

// Reads values from a collation and, in step with it, from the tie-breaks. nullopt on damage.
class KeyReader {
 public:
  // `collation` holds exactly one; `tie_breaks` may be followed by other bytes.
  KeyReader(absl::string_view collation, absl::string_view tie_breaks)
      : collation_(collation), tie_breaks_(tie_breaks) {}

  absl::string_view rest_of_tie_breaks() const { return tie_breaks_; }

  std::optional<Value> Read() {
    const std::optional<uint8_t> family = ConsumeUint8(&collation_);
    if (!family.has_value()) return std::nullopt;
    switch (*family) {
      case kNullFamily:
        return Value();
      case kBoolFamily:
        return ReadBool();
      case kDateFamily:
        return Checked(Date{ReadInt64()});
      case kLocalTimeFamily:
        return Checked(LocalTime{ReadInt64()});
      case kTimeFamily:
        return ReadTime();
      case kLocalDateTimeFamily:
        return ReadLocalDateTime();
      case kDateTimeFamily:
        return ReadDateTime();
      case kDurationFamily:
        return ReadDuration();
      case kBytesFamily:
        return Value::Of(Bytes{ReadBytes()});
      case kStringFamily:
        return Value::Of(ReadBytes());
      case kNumberFamily:
        return ReadNumber();
      case kMoneyFamily:
        return ReadMoney();
      default:
        return ReadList();
    }
  }

 private:
  // The collation was skipped before, so that each of its parts is known to be there.
  int64_t ReadInt64() { return ConsumeInt64(&collation_).value_or(0); }
  int32_t ReadInt32() { return ConsumeInt32(&collation_).value_or(0); }
  std::string ReadBytes() { return ConsumeOrderedBytes(&collation_).value_or(std::string()); }

  template <typename T>
  static std::optional<Value> Checked(T temporal) {
    if (!temporal.IsValid()) return std::nullopt;
    return Value::Of<T>(std::move(temporal));
  }

  std::optional<Value> ReadBool() {
    const uint8_t byte = ConsumeUint8(&collation_).value_or(0);
    if (byte > 1) return std::nullopt;
    return Value::Bool(byte == 1);
  }

  std::optional<Value> ReadTime() {
    const int64_t utc_nanos = ReadInt64();
    const int32_t offset = ReadInt32();
    int64_t nanos;
    if (__builtin_add_overflow(utc_nanos, offset * kNanosPerSecond, &nanos)) return std::nullopt;
    return Checked(Time{nanos, offset});
  }

  std::optional<Value> ReadLocalDateTime() {
    const int64_t seconds = ReadInt64();
    return Checked(LocalDateTime{seconds, ReadInt32()});
  }

  std::optional<Value> ReadDateTime() {
    DateTime t;
    t.seconds = ReadInt64();
    t.nanos = ReadInt32();
    t.offset_seconds = ReadInt32();
    t.zone = ReadBytes();
    return Checked(std::move(t));
  }

  std::optional<Value> ReadDuration() {
    const uint64_t high = ConsumeUint64(&collation_).value_or(0) ^ kSignBit64;
    const uint64_t low = ConsumeUint64(&collation_).value_or(0);
    Duration d;
    d.nanos = ReadInt32();
    d.months = ReadInt64();
    d.days = ReadInt64();
    const absl::int128 length = absl::MakeInt128(static_cast<int64_t>(high), low);
    // Far from where the subtraction could overflow.
    if (length > std::numeric_limits<absl::int128>::max() / 2 ||
        length < std::numeric_limits<absl::int128>::min() / 2) {
      return std::nullopt;
    }
    const absl::int128 seconds = length - d.LengthInSeconds();
    if (seconds < std::numeric_limits<int64_t>::min() ||
        seconds > std::numeric_limits<int64_t>::max()) {
      return std::nullopt;
    }
    d.seconds = static_cast<int64_t>(seconds);
    return Checked(d);
  }

  // One number's collation and its tie-break, which lie apart.
  std::optional<OrderedNumber> ReadOrderedNumber() {
    absl::string_view rest = collation_;
    if (!SkipNumberCollation(&rest)) return std::nullopt;
    const size_t size = collation_.size() - rest.size();
    std::string both(collation_.substr(0, size));
    both.append(tie_breaks_.data(), std::min(tie_breaks_.size(), kLongestTieBreak));
    absl::string_view unread = both;
    std::optional<OrderedNumber> number = ConsumeOrderedNumber(&unread);
    if (!number.has_value()) return std::nullopt;
    tie_breaks_.remove_prefix(both.size() - unread.size() - size);
    collation_ = rest;
    return number;
  }

  static std::optional<Decimal> ToDecimal(const OrderedNumber& number) {
    const auto* ordered = std::get_if<OrderedDecimal>(&number);
    if (ordered == nullptr) return std::nullopt;
    const Decimal decimal{ordered->mantissa, ordered->scale};
    if (!decimal.IsValid()) return std::nullopt;
    return decimal;
  }

  std::optional<Value> ReadNumber() {
    const std::optional<OrderedNumber> number = ReadOrderedNumber();
    if (!number.has_value()) return std::nullopt;
    if (const auto* i = std::get_if<int64_t>(&*number)) return Value::Int(*i);
    if (const auto* d = std::get_if<double>(&*number)) return Value::Double(*d);
    const std::optional<Decimal> decimal = ToDecimal(*number);
    if (!decimal.has_value()) return std::nullopt;
    return Value::Of(*decimal);
  }

  std::optional<Value> ReadMoney() {
    Money money;
    for (char& letter : money.currency) {
      letter = static_cast<char>(ConsumeUint8(&collation_).value_or(0));
      if (letter < 'A' || letter > 'Z') return std::nullopt;
    }
    const std::optional<OrderedNumber> number = ReadOrderedNumber();
    if (!number.has_value()) return std::nullopt;
    const std::optional<Decimal> amount = ToDecimal(*number);
    if (!amount.has_value()) return std::nullopt;
    money.amount = *amount;
    return Value::Of(money);
  }

  std::optional<Value> ReadList() {
    Value::List list;
    while (true) {
      if (collation_.empty()) return std::nullopt;
      if (static_cast<uint8_t>(collation_.front()) == kListEnd) break;
      std::optional<Value> element = Read();
      if (!element.has_value()) return std::nullopt;
      list.push_back(*std::move(element));
    }
    collation_.remove_prefix(1);
    return Value::Of(std::move(list));
  }

  absl::string_view collation_;
  absl::string_view tie_breaks_;
};

}  // namespace

void AppendValueKey(const Value& value, std::string* out) {
  KeyBuilder key;
  key.Add(value);
  if (!AppendCollation(key.collation(), out)) out->append(key.tie_breaks());
}

std::string ValueKeyPrefix(const Value& value) {
  KeyBuilder key;
  key.Add(value);
  std::string prefix;
  AppendCollation(key.collation(), &prefix);
  return prefix;
}

std::optional<ValueKeyRange> ValuesBetween(const Value* at_least, const Value* at_most) {
  const std::optional<uint8_t> family = FamilyInOrder(at_least != nullptr ? *at_least : *at_most);
  const bool both = at_least != nullptr && at_most != nullptr;
  if (both && FamilyInOrder(*at_most) != family) return std::nullopt;
  if (!family) return ValueKeyRange{std::string(), std::string(1, '\xff')};
  const std::string first(1, static_cast<char>(*family));
  ValueKeyRange range{first, PrefixEnd(first)};
  // A longer value is cut there, so that its hash says nothing of the order.
  const auto bound = [](const Value& value) {
    std::string bytes = ValueKeyPrefix(value);
    bytes.resize(std::min(bytes.size(), kLongestCollation));
    return bytes;
  };
  if (at_least != nullptr) range.start = bound(*at_least);
  if (at_most != nullptr) range.limit = PrefixEnd(bound(*at_most));
  return range;
}

ValueKeyRange StringsStartingWith(absl::string_view text) {
  std::string prefix(1, static_cast<char>(kStringFamily));
  AppendOrderedBytesPrefix(&prefix, text);
  prefix.resize(std::min(prefix.size(), kLongestCollation));
  std::string limit = PrefixEnd(prefix);
  return {std::move(prefix), std::move(limit)};
}

absl::StatusOr<Value> DecodeValueKey(absl::string_view* bytes) {
  const absl::string_view most = bytes->substr(0, kLongestCollation);
  absl::string_view rest = most;
  if (!SkipCollation(/*depth=*/0, &rest)) {
    return absl::DataLossError(bytes->size() >= kLongestCollation + kHashBytes
                                   ? "the key of a value is damaged, or holds only its start "
                                     "because the value is long; read the value itself"
                                   : "the key of a value is damaged");
  }
  const size_t size = most.size() - rest.size();
  KeyReader reader(bytes->substr(0, size), bytes->substr(size));
  std::optional<Value> value = reader.Read();
  if (!value.has_value()) return absl::DataLossError("the key of a value is damaged");
  *bytes = reader.rest_of_tie_breaks();
  return *std::move(value);
}

}  // namespace relata
