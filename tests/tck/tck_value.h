#ifndef RELATA_TESTS_TCK_TCK_VALUE_H_
#define RELATA_TESTS_TCK_TCK_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// A value of a result as the TCK tells values apart: nodes and relationships by their labels or
// type and properties only, temporal values by the string that they convert to. A plain type.
struct TckValue {
  enum class Kind : uint8_t {
    kNull,
    kBool,
    kInt,
    kFloat,
    kString,
    kList,
    kMap,
    kNode,
    kRelationship,
    kPath,
    kOther,
  };
  Kind kind = Kind::kNull;
  bool boolean = false;
  int64_t integer = 0;
  double real = 0;
  std::string text;  // kString: the value; kRelationship: the type; kOther: as written
  std::vector<std::string> labels;  // kNode
  std::vector<TckValue> items;      // kList; kPath: node, relationship, node, … in travel order
  std::vector<std::pair<std::string, TckValue>> entries;  // kMap; properties of the others
  bool forward = true;  // kRelationship in a path: travelled from its start to its end

  // Not implicit: clang 14 makes those before a pair with a TckValue is a complete type.
  TckValue();
  TckValue(const TckValue& other);
  TckValue(TckValue&& other) noexcept;
  TckValue& operator=(const TckValue& other);
  TckValue& operator=(TckValue&& other) noexcept;
  ~TckValue();

  static TckValue Bool(bool b);
  static TckValue Int(int64_t i);
  static TckValue Float(double d);
  static TckValue String(absl::string_view s);
};

// The value of a table's cell: `(:A {p: 1})`, `[:T]`, `<(:A)-[:T]->()>`, `'it\'s'`, `-1.5e3`,
// `NaN`, … Values of types that the TCK does not know are a word and their text in parentheses:
// `decimal(1.20)`, `money(5 USD)`. INVALID_ARGUMENT with the cell and the place in it.
absl::StatusOr<TckValue> ParseTckValue(absl::string_view cell);

// The same text for values that the TCK holds to be the same, in its own notation: labels and keys
// ascending, floats in their shortest form with a point. `ignore_list_order`: the elements of lists
// ascending by their texts too.
std::string CanonicalText(const TckValue& value, bool ignore_list_order = false);

}  // namespace relata

#endif  // RELATA_TESTS_TCK_TCK_VALUE_H_
