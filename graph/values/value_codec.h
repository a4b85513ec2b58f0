#ifndef RELATA_GRAPH_VALUES_VALUE_CODEC_H_
#define RELATA_GRAPH_VALUES_VALUE_CODEC_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"
#include "storage/codec/record_codec.h"

namespace relata {

// The bytes of values and valid times on disk.

// ---- In records: compact, not ordered ----
//
// value    = tag payload, tag = type | qualifier << 4 (the numbers of ValueType and Qualifier)
//   bool: one byte; int64: zigzag; float64: eight bytes; decimal: scale, then 0 zigzag or 1 and two
//   fixed64, the high half first; money: three letters, decimal; string, bytes: length, bytes;
//   dates and times: zigzag numbers, field by field; list: count, values
// bound    = tag payload, tag = kind | 0x10 about | 0x20 unknown | 0x40 both instants given
//   unbounded, unknown: nothing; instant: zigzag; kind 15: an instant written in another zone than
//   Z: zigzag, zone in minutes as zigzag; a period: its number (period.h) as zigzag; cut, and
//   whatever differs from what its kind implies: earliest, latest as zigzag
// interval = 0x80 without bounds, else bound bound

// Every storable value (CheckStorable), and null, comes back the same, bit for bit. Precondition:
// no map in it.
void WriteValue(const Value& value, RecordWriter& out);
// Damage goes to the reader's status (DATA_LOSS): also fields out of their ranges and lists nested
// deeper than Value::kDeepestList. The result is then without meaning.
Value ReadValue(RecordReader& in);

// Any bound comes back the same, read in the role that it was written in.
void WriteBound(const Bound& bound, RecordWriter& out);
Bound ReadBound(BoundRole role, RecordReader& in);
// One byte for an interval without bounds.
void WriteInterval(const Interval& interval, RecordWriter& out);
Interval ReadInterval(RecordReader& in);

// ---- In keys: order-preserving ----
//
// key       = collation tie-breaks | the first kLongestCollation bytes of a longer collation, hash8
// collation = family payload; families are numbered in the order of TotalOrder, numbers are one.
//             Lists: the collations of the elements, 0x00.
// tie-breaks = for each number and amount, in order, what storage/codec/ordered_number.h puts
//             behind its collation: the type, and the scale of decimals. After the collation, so
//             that they matter between Equivalent values only.
// hash8     = FNV-1a, 64 bits, big-endian, of the whole collation

inline constexpr size_t kLongestCollation = 1024;

// Self-delimiting (no key is a prefix of another), byte order = TotalOrder, with the types as the
// tie-break among Equivalent values; qualifiers are left out. Long values are cut: those that share
// the first kLongestCollation bytes sort by their hash, so look-ups and range scans that meet such
// a key must compare the value itself again. Precondition: no map in the value.
void AppendValueKey(const Value& value, std::string* out);
// What the keys of all values Equivalent to this one start with, and of no others (but for equal
// hashes of cut ones): for look-ups by equality.
std::string ValueKeyPrefix(const Value& value);
// Bytes that the keys of some values lie between: [start, limit).
struct ValueKeyRange {
  std::string start;
  std::string limit;
};
// Of all values that are at least the one and at most the other as `<=` compares, and perhaps of
// others. Null: no bound on that side; one is given. nullopt: no value is, since the bounds do not
// compare with each other.
std::optional<ValueKeyRange> ValuesBetween(const Value* at_least, const Value* at_most);
// Of all strings that start with the text.
ValueKeyRange StringsStartingWith(absl::string_view text);
// Takes one key from the front of `bytes` and gives its value back: exact, without qualifiers, -0.0
// as 0.0. DATA_LOSS, and `bytes` as they were, where they are damaged or the key was cut.
absl::StatusOr<Value> DecodeValueKey(absl::string_view* bytes);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_VALUE_CODEC_H_
