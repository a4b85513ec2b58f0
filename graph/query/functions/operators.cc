#include "graph/query/functions/operators.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

absl::StatusOr<Datum> ElementOfList(const Datum::List& list, const Datum& index) {
  if (index.kind() != Datum::Kind::kInt) {
    return TypeError("ListElementAccessByNonInteger",
                     absl::StrCat("a list is indexed by an Integer, not by ", AType(index)));
  }
  const int64_t at = index.AsInt();
  const auto size = static_cast<int64_t>(list.size());
  if (at >= size || at < -size) return Datum();
  return list[static_cast<size_t>(at < 0 ? at + size : at)];
}

// A bound of a slice as a place in [0, size].
absl::StatusOr<int64_t> SliceBound(const Datum& bound, int64_t size) {
  if (bound.kind() != Datum::Kind::kInt) {
    return ArgumentTypeError(
        absl::StrCat("the bounds of a list's slice are Integers, not ", AType(bound)));
  }
  const int64_t at = bound.AsInt();
  return std::clamp<int64_t>(at < 0 ? at + size : at, 0, size);
}

}  // namespace

Ternary And(Ternary a, Ternary b) {
  if (a == Ternary::kFalse || b == Ternary::kFalse) return Ternary::kFalse;
  if (a == Ternary::kNull || b == Ternary::kNull) return Ternary::kNull;
  return Ternary::kTrue;
}

Ternary Or(Ternary a, Ternary b) {
  if (a == Ternary::kTrue || b == Ternary::kTrue) return Ternary::kTrue;
  if (a == Ternary::kNull || b == Ternary::kNull) return Ternary::kNull;
  return Ternary::kFalse;
}

Ternary Xor(Ternary a, Ternary b) {
  if (a == Ternary::kNull || b == Ternary::kNull) return Ternary::kNull;
  return a != b ? Ternary::kTrue : Ternary::kFalse;
}

Ternary Not(Ternary a) {
  if (a == Ternary::kNull) return a;
  return a == Ternary::kTrue ? Ternary::kFalse : Ternary::kTrue;
}

absl::StatusOr<Ternary> ToTernary(const Datum& d) {
  if (d.is_null()) return Ternary::kNull;
  if (d.kind() == Datum::Kind::kBool) return d.AsBool() ? Ternary::kTrue : Ternary::kFalse;
  return ArgumentTypeError(absl::StrCat("a Boolean is needed here, not ", AType(d)));
}

absl::StatusOr<Datum> In(const Datum& element, const Datum& list) {
  if (list.is_null()) return Datum();
  if (!list.is_list()) {
    return ArgumentTypeError(absl::StrCat("IN needs a List on its right, not ", AType(list)));
  }
  Ternary found = Ternary::kFalse;
  for (const Datum& candidate : list.AsList()) {
    const Ternary equal = Equals(element, candidate);
    if (equal == Ternary::kTrue) return Datum::Bool(true);
    if (equal == Ternary::kNull) found = equal;
  }
  return ToDatum(found);
}

Datum StartsWith(const Datum& a, const Datum& b) {
  if (!a.is_string() || !b.is_string()) return {};
  return Datum::Bool(absl::StartsWith(a.AsString(), b.AsString()));
}

Datum EndsWith(const Datum& a, const Datum& b) {
  if (!a.is_string() || !b.is_string()) return {};
  return Datum::Bool(absl::EndsWith(a.AsString(), b.AsString()));
}

Datum Contains(const Datum& a, const Datum& b) {
  if (!a.is_string() || !b.is_string()) return {};
  return Datum::Bool(absl::StrContains(a.AsString(), b.AsString()));
}

absl::StatusOr<Datum> ElementAt(const Datum& container, const Datum& index) {
  if (container.is_null() || index.is_null()) return Datum();
  if (container.is_list()) return ElementOfList(container.AsList(), index);
  if (!container.is_map()) {
    return TypeError("InvalidElementAccess",
                     absl::StrCat(AType(container), " has no elements to index by ", AType(index),
                                  "; only lists and maps have"));
  }
  if (!index.is_string()) {
    return TypeError("MapElementAccessByNonString",
                     absl::StrCat("a map is indexed by a String, not by ", AType(index)));
  }
  const Datum* value = container.FindKey(index.AsString());
  return value == nullptr ? Datum() : *value;
}

absl::StatusOr<Datum> Slice(const Datum& list, const Datum* from, const Datum* to) {
  if (list.is_null() || (from != nullptr && from->is_null()) || (to != nullptr && to->is_null())) {
    return Datum();
  }
  if (!list.is_list()) {
    return ArgumentTypeError(absl::StrCat("only a List has slices, not ", AType(list)));
  }
  const Datum::List& elements = list.AsList();
  const auto size = static_cast<int64_t>(elements.size());
  int64_t begin = 0;
  int64_t end = size;
  if (from != nullptr) {
    RELATA_ASSIGN_OR_RETURN(begin, SliceBound(*from, size));
  }
  if (to != nullptr) {
    RELATA_ASSIGN_OR_RETURN(end, SliceBound(*to, size));
  }
  if (begin >= end) return Datum::Of(Datum::List());
  return Datum::Of(Datum::List(elements.begin() + begin, elements.begin() + end));
}

}  // namespace relata::query
