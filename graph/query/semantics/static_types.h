#ifndef RELATA_GRAPH_QUERY_SEMANTICS_STATIC_TYPES_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_STATIC_TYPES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/function.h"
#include "graph/query/semantics/bound_query.h"

// What can be said of types before a statement runs. Only what is wrong for every value that an
// expression can have is an error here; the rest is left to the values.
namespace relata::query {

namespace types {
inline constexpr TypeSet kEntity = kNode | kRelationship;
inline constexpr TypeSet kBoolOrNull = kBool | kNull;
// What `.name` can be asked of.
inline constexpr TypeSet kHasProperties = kEntity | kMap | kTemporal | kDuration | kMoney;
}  // namespace types

// True where `type` has kinds, but null and those of `allowed` are not among them.
bool NeverOf(TypeSet type, TypeSet allowed);

// SyntaxError InvalidArgumentType where `e` can be none of `allowed`: `<what> needs <expected>, but
// this is <type>`.
absl::Status RequireType(const BoundExpr& e, TypeSet allowed, absl::string_view what);

// The result of an operator of arithmetic (kAdd … kPower, kConcat, kNegate), or the error where the
// operands never go together.
absl::StatusOr<TypeSet> ArithmeticType(BoundKind op, const BoundExpr& left, const BoundExpr& right);

// Whether no value of this type can be kept in a property: maps, entities, paths. `element`: of
// lists, what their elements can be.
bool NeverStorable(TypeSet type, TypeSet element);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_STATIC_TYPES_H_
