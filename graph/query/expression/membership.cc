#include "graph/query/expression/membership.h"

#include <cmath>
#include <memory>

#include "base/status_macros.h"
#include "graph/query/functions/operators.h"

namespace relata::query {
namespace {

// Whether two of these are equal exactly where they are equivalent, and never null. Numbers are of
// one kind there whatever their type.
bool IsHashed(const Datum& d) {
  switch (d.kind()) {
    case Datum::Kind::kInt:
    case Datum::Kind::kBool:
    case Datum::Kind::kNode:
    case Datum::Kind::kRelationship:
      return true;
    case Datum::Kind::kFloat:
      return !std::isnan(d.AsFloat());
    default:
      return d.is_string();
  }
}

}  // namespace

MembershipCache::Members::Members(QueryBudget* budget, const Datum::List& list) : hold(budget) {
  hashed.reserve(list.size());
  for (const Datum& member : list) {
    if (IsHashed(member)) {
      hashed.insert(member);
    } else {
      others.push_back(member);
    }
  }
}

absl::StatusOr<Datum> MembershipCache::Test(const Instruction& in, const Datum& element,
                                            const Datum& list) {
  if (!list.is_list() || list.AsList().size() < kLong || !IsHashed(element)) {
    return In(element, list);
  }
  Entry& entry = entries_[&in];
  if (!entry.list.is_list() || &entry.list.AsList() != &list.AsList()) {
    // A list that comes once is not worth it.
    entry = {list, nullptr};
    return In(element, list);
  }
  if (entry.members == nullptr) {
    entry.members = std::make_unique<Members>(budget_, list.AsList());
    RELATA_RETURN_IF_ERROR(entry.members->hold.Set(list.AsList().size() * kMemberBytes));
  }
  const Members& members = *entry.members;
  if (members.hashed.contains(element)) return Datum::Bool(true);
  Ternary found = Ternary::kFalse;
  for (const Datum& member : members.others) {
    const Ternary equal = Equals(element, member);
    if (equal == Ternary::kTrue) return Datum::Bool(true);
    if (equal == Ternary::kNull) found = equal;
  }
  return ToDatum(found);
}

}  // namespace relata::query
