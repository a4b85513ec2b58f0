#ifndef RELATA_GRAPH_QUERY_RUNTIME_DATUM_H_
#define RELATA_GRAPH_QUERY_RUNTIME_DATUM_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/store/states.h"
#include "graph/values/value.h"

namespace relata::query {

// Which of a statement's time contexts (graph/query/executor/read_context.h) a node or relationship
// is read in (S11.2). 0 is the statement's own.
using ContextId = uint32_t;

// A node in a query: an identity and the context that its properties are read in.
struct NodeRef {
  EntityId id;
  ContextId context = 0;
};

// A relationship in a query. `fact` is the one that the match saw (one row a fact under a window,
// S1.5).
struct RelationshipRef {
  RelationshipEnds ends;
  FactId fact;
  ContextId context = 0;
};

class Datum;

// A walk: nodes[i] and nodes[i + 1] are the ends of relationships[i], in travel order.
struct PathValue {
  std::vector<NodeRef> nodes;  // never empty
  std::vector<RelationshipRef> relationships;
};

// A value while a query runs: what a Value is, and nodes, relationships, paths, lists and maps of
// them. 16 bytes; what does not fit is shared and immutable, so copies are cheap. Thread-safe as an
// int is.
class Datum {
 public:
  // kScalar: a Value of any other type (decimal, money, bytes, temporal types, durations) and
  // numbers with a qualifier.
  enum class Kind : uint8_t {
    kNull,
    kBool,
    kInt,
    kFloat,
    kString,
    kScalar,
    kList,
    kMap,
    kNode,
    kRelationship,
    kPath,
  };
  using List = std::vector<Datum>;
  using Map = std::vector<std::pair<std::string, Datum>>;  // ascending by name, each name once

  Datum() = default;  // null
  Datum(const Datum& other) : kind_(other.kind_), context_(other.context_), bits_(other.bits_) {
    Ref();
  }
  Datum(Datum&& other) noexcept : kind_(other.kind_), context_(other.context_), bits_(other.bits_) {
    other.kind_ = Kind::kNull;
  }
  Datum& operator=(const Datum& other) {
    if (this != &other) {
      Datum copy(other);
      swap(copy);
    }
    return *this;
  }
  Datum& operator=(Datum&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Datum() { Unref(); }
  void swap(Datum& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(context_, other.context_);
    std::swap(bits_, other.bits_);
  }

  static Datum Bool(bool b);
  static Datum Int(int64_t i);
  static Datum Float(double d);
  static Datum String(absl::string_view s);
  static Datum String(std::string&& s);
  static Datum String(const char* s) { return String(absl::string_view(s)); }
  static Datum Of(List list);
  // Precondition: ascending by name, each once. SortedMap makes it so, the last of equal names
  // counts.
  static Datum Of(Map map);
  static Datum SortedMap(Map map);
  static Datum Of(NodeRef node);
  static Datum Of(RelationshipRef relationship);
  static Datum Of(PathValue path);
  // Any value; numbers with a qualifier keep it.
  static Datum FromValue(const Value& value);
  static Datum FromValue(Value&& value);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_true() const { return kind_ == Kind::kBool && bits_.boolean; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_map() const { return kind_ == Kind::kMap; }
  // kInt, kFloat, or a kScalar that is a number (decimal, or a number with a qualifier).
  bool is_number() const;
  // What a Value of it would be; kNull for nodes, relationships and paths.
  ValueType value_type() const;

  // Precondition of each: that kind.
  bool AsBool() const { return bits_.boolean; }
  int64_t AsInt() const { return bits_.integer; }
  double AsFloat() const { return bits_.real; }
  absl::string_view AsString() const;
  const Value& AsScalar() const;
  const List& AsList() const;
  const Map& AsMap() const;
  NodeRef AsNode() const { return {EntityId(static_cast<uint64_t>(bits_.integer)), context_}; }
  const RelationshipRef& AsRelationship() const;
  const PathValue& AsPath() const;

  // Null where the map has no such key. Precondition: kMap.
  const Datum* FindKey(absl::string_view name) const;

  // The same as a Value; INVALID_ARGUMENT where a node, relationship or path is in it.
  absl::StatusOr<Value> ToValue() const;
  // For messages: as Value::ToString; nodes `(#7)`, relationships `[#9]`.
  std::string ToString() const;
  // About how many bytes it holds beyond its own 16, shared ones counted whole, so [a, a] counts a
  // twice. Constant time.
  size_t HeapBytes() const;
  // How deep lists and maps are nested in it: 0 for what is neither, 1 for [1]. Constant time.
  uint32_t Depth() const;

 private:
  struct Cell {  // the shared part; the payload follows in a subclass of datum.cc
    std::atomic<uint32_t> references{1};
    uint32_t depth = 0;
    size_t heap_bytes = 0;  // of what is reached from here, this cell included; saturates
  };
  union Bits {
    int64_t integer = 0;
    double real;
    bool boolean;
    Cell* cell;
  };
  template <typename T>
  struct CellOf;
  template <typename T>
  static Datum Share(Kind kind, T&& payload);
  template <typename T>
  const T& payload() const;
  bool shared() const { return kind_ >= Kind::kString && kind_ != Kind::kNode; }
  void Ref() const {
    if (shared()) bits_.cell->references.fetch_add(1, std::memory_order_relaxed);
  }
  void Unref() {
    if (shared() && bits_.cell->references.fetch_sub(1, std::memory_order_acq_rel) == 1) Destroy();
  }
  void Destroy();

  Kind kind_ = Kind::kNull;
  ContextId context_ = 0;  // of kNode
  Bits bits_;
};

// Lists and maps nested deeper than this, or larger in all (HeapBytes), are not made: the functions
// of this module walk them recursively, and a few steps of `[x, x]` would make a value that takes
// for ever to compare.
inline constexpr uint32_t kDeepestNesting = 1000;
inline constexpr size_t kLargestDatumBytes = size_t{256} << 20;
// RESOURCE_EXHAUSTED where a value passes one of the two. Whoever puts values into a list or map
// (literals, collect, `+`, comprehensions) asks it of the result. Constant time.
absl::Status CheckNesting(const Datum& d);

// `Integer`, `String`, `Node`, `LocalDateTime`, … as openCypher's messages say.
absl::string_view TypeName(const Datum& d);

// --- comparison (openCypher 9, "Comparability and equality", "Orderability and equivalence"; S7)
// Three-valued logic.
enum class Ternary : uint8_t { kFalse = 0, kTrue = 1, kNull = 2 };
inline Datum ToDatum(Ternary t) {
  return t == Ternary::kNull ? Datum() : Datum::Bool(t == Ternary::kTrue);
}

// `=`: null with null in it is null; numbers by value; different types are not equal; nodes and
// relationships by identity, paths by their elements.
Ternary Equals(const Datum& a, const Datum& b);
// `<`: nullopt-like kNull between incomparable types, with NaN false.
Ternary LessThan(const Datum& a, const Datum& b);
Ternary LessOrEqual(const Datum& a, const Datum& b);
// For grouping, DISTINCT and IN-free sets: null equals null, NaN equals NaN. Agrees with
// CompareOrder == 0 and HashDatum.
bool EquivalentData(const Datum& a, const Datum& b);
// The order of ORDER BY, ascending, over all types: map, node, relationship, list, path, then
// values as TotalOrder of value.h (which ends with null).
int CompareOrder(const Datum& a, const Datum& b);
size_t HashDatum(const Datum& d);

struct DatumHash {
  size_t operator()(const Datum& d) const { return HashDatum(d); }
};
struct DatumEquivalent {
  bool operator()(const Datum& a, const Datum& b) const { return EquivalentData(a, b); }
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_RUNTIME_DATUM_H_
