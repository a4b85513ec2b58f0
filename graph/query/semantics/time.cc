#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"

// FOR VALID_TIME, FOR SYSTEM_TIME, FOR BELIEF (docs/semantics.md, S11).
namespace relata::query {
namespace {

constexpr size_t kMostContexts = 1000;
constexpr TypeSet kInstants =
    types::kString | types::kDate | types::kLocalDateTime | types::kDateTime;

bool SameOptional(const BoundExprPtr& a, const BoundExprPtr& b) {
  if (!a || !b) return !a && !b;
  return SameExpr(*a, *b);
}

bool SameContext(const BoundTimeContext& a, const BoundTimeContext& b) {
  return a.valid == b.valid && a.certainly == b.certainly && SameOptional(a.from, b.from) &&
         SameOptional(a.to, b.to) && SameOptional(a.system_time, b.system_time) &&
         SameOptional(a.system_version, b.system_version) && SameOptional(a.belief, b.belief);
}

BoundExprPtr CloneOptional(const BoundExprPtr& e) { return e ? CloneExpr(*e) : nullptr; }

}  // namespace

BoundTimeContext Analysis::CopyContext(const BoundTimeContext& context) const {
  BoundTimeContext copy;
  copy.valid = context.valid;
  copy.certainly = context.certainly;
  copy.from = CloneOptional(context.from);
  copy.to = CloneOptional(context.to);
  copy.system_time = CloneOptional(context.system_time);
  copy.system_version = CloneOptional(context.system_version);
  copy.belief = CloneOptional(context.belief);
  return copy;
}

// What is not said here is as in `base`. Equal contexts are one, so that values of them are read
// alike.
absl::StatusOr<ContextId> Analysis::BindTime(const ast::TimeClauses& time, ContextId base) {
  if (!time.any()) return base;
  BoundTimeContext context = CopyContext(statement_.contexts[base]);
  RELATA_RETURN_IF_ERROR(FillTimeContext(time, context));
  for (size_t i = 0; i < statement_.contexts.size(); ++i) {
    if (SameContext(statement_.contexts[i], context)) return static_cast<ContextId>(i);
  }
  if (statement_.contexts.size() >= kMostContexts) {
    return LimitReached("time_clauses", kMostContexts,
                        absl::StrCat("a statement takes at most ", kMostContexts,
                                     " different time clauses; use fewer MATCHes"));
  }
  statement_.contexts.push_back(std::move(context));
  return static_cast<ContextId>(statement_.contexts.size() - 1);
}

absl::Status Analysis::FillTimeContext(const ast::TimeClauses& time, BoundTimeContext& context) {
  if (time.valid) {
    using Kind = ast::ValidTimeClause::Kind;
    const ast::ValidTimeClause& valid = *time.valid;
    context.valid = valid.kind == Kind::kAsOf     ? BoundTimeContext::Valid::kAsOf
                    : valid.kind == Kind::kFromTo ? BoundTimeContext::Valid::kFromTo
                                                  : BoundTimeContext::Valid::kAll;
    context.certainly = valid.certainly;
    context.from = nullptr;
    context.to = nullptr;
    if (valid.from) {
      RELATA_ASSIGN_OR_RETURN(context.from, BindConstant(*valid.from, "FOR VALID_TIME"));
      RELATA_RETURN_IF_ERROR(RequireType(*context.from, kInstants, "FOR VALID_TIME"));
    }
    if (valid.to) {
      RELATA_ASSIGN_OR_RETURN(context.to, BindConstant(*valid.to, "FOR VALID_TIME"));
      RELATA_RETURN_IF_ERROR(RequireType(*context.to, kInstants, "FOR VALID_TIME"));
    }
  }
  if (time.system) {
    system_time_ = time.system->span;
    context.system_time = nullptr;
    context.system_version = nullptr;
    if (time.system->time) {
      RELATA_ASSIGN_OR_RETURN(context.system_time,
                              BindConstant(*time.system->time, "FOR SYSTEM_TIME"));
      RELATA_RETURN_IF_ERROR(RequireType(*context.system_time, kInstants, "FOR SYSTEM_TIME"));
    } else {
      RELATA_ASSIGN_OR_RETURN(context.system_version,
                              BindRowCount(*time.system->version, "FOR SYSTEM_TIME AS OF VERSION"));
    }
  }
  if (time.belief) {
    RELATA_ASSIGN_OR_RETURN(context.belief, BindConstant(*time.belief->policy, "FOR BELIEF"));
    RELATA_RETURN_IF_ERROR(RequireType(*context.belief, types::kMap, "FOR BELIEF"));
  }
  return absl::OkStatus();
}

}  // namespace relata::query
