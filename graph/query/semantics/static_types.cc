#include "graph/query/semantics/static_types.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace relata::query {
namespace {

constexpr TypeSet kAddable = types::kNumber | types::kString | types::kList | types::kTemporal |
                             types::kDuration | types::kMoney | types::kBytes;
constexpr TypeSet kSubtractable =
    types::kNumber | types::kTemporal | types::kDuration | types::kMoney;
constexpr TypeSet kMultipliable = types::kNumber | types::kDuration | types::kMoney;

absl::string_view OperatorText(BoundKind op) {
  switch (op) {
    case BoundKind::kAdd:
      return "`+`";
    case BoundKind::kSubtract:
      return "`-`";
    case BoundKind::kMultiply:
      return "`*`";
    case BoundKind::kDivide:
      return "`/`";
    case BoundKind::kModulo:
      return "`%`";
    case BoundKind::kPower:
      return "`^`";
    default:
      return "`||`";
  }
}

TypeSet Operands(BoundKind op) {
  switch (op) {
    case BoundKind::kAdd:
      return kAddable;
    case BoundKind::kSubtract:
      return kSubtractable;
    case BoundKind::kMultiply:
    case BoundKind::kDivide:
      return kMultipliable;
    case BoundKind::kModulo:
    case BoundKind::kPower:
      return types::kNumber;
    default:
      return types::kString | types::kList | types::kBytes;
  }
}

bool Within(TypeSet type, TypeSet of) { return (type & ~of) == 0; }

}  // namespace

bool NeverOf(TypeSet type, TypeSet allowed) {
  const TypeSet kinds = type & ~types::kNull;
  return kinds != 0 && (kinds & allowed) == 0;
}

absl::Status RequireType(const BoundExpr& e, TypeSet allowed, absl::string_view what) {
  if (!NeverOf(e.type, allowed)) return absl::OkStatus();
  return SyntaxError("InvalidArgumentType", e.span,
                     absl::StrCat(what, " needs ", TypeSetName(allowed & ~types::kNull),
                                  ", but this is ", TypeSetName(e.type & ~types::kNull)));
}

absl::StatusOr<TypeSet> ArithmeticType(BoundKind op, const BoundExpr& left,
                                       const BoundExpr& right) {
  const TypeSet both = left.type | right.type;
  // A list or a text takes anything beside it: an element, or the text of a value.
  const bool takes_all = op == BoundKind::kAdd && (both & (types::kList | types::kString)) != 0;
  if (!takes_all) {
    if (absl::Status s = RequireType(left, Operands(op), OperatorText(op)); !s.ok()) return s;
    if (absl::Status s = RequireType(right, Operands(op), OperatorText(op)); !s.ok()) return s;
  }
  const TypeSet null = both & types::kNull;
  if (both == types::kNull) return types::kNull;
  if (op == BoundKind::kPower) return types::kFloat | types::kNull;
  if (Within(both, types::kInt | types::kNull)) return types::kInt | null;
  if (Within(both, types::kNumber | types::kNull)) return types::kNumber | null;
  if (op == BoundKind::kAdd || op == BoundKind::kConcat) {
    if (Within(both, types::kString | types::kNull)) return types::kString | null;
    if (left.type == types::kList || right.type == types::kList) {
      return types::kList | types::kNull;
    }
  }
  return types::kAny;
}

bool NeverStorable(TypeSet type, TypeSet element) {
  constexpr TypeSet kStorable = types::kAny & ~(types::kMap | types::kEntity | types::kPath);
  if (NeverOf(type, kStorable)) return true;
  return (type & ~types::kNull) == types::kList && NeverOf(element, kStorable);
}

}  // namespace relata::query
