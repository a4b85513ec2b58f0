#ifndef RELATA_BASE_STATUS_MACROS_H_
#define RELATA_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Both macros may be used inside a lambda that is part of another use's `expr`: every use has local
// names of its own.

// Evaluates `expr`, an absl::Status, once; if it is not OK, returns it from the enclosing function,
// which must return absl::Status or absl::StatusOr<T>.
//
//   RELATA_RETURN_IF_ERROR(store.Flush());
#define RELATA_RETURN_IF_ERROR(expr) \
  RELATA_RETURN_IF_ERROR_NAMED_(RELATA_CONCAT_(relata_status_, __COUNTER__), expr)

// Evaluates `expr`, an absl::StatusOr<T>, once; if it holds an error, returns that from the
// enclosing function, else moves the value into `lhs`, which may declare a variable or name an
// existing one.
//
//   RELATA_ASSIGN_OR_RETURN(const Record record, store.Get(key));
//   RELATA_ASSIGN_OR_RETURN(last_, store.Head());
//
// Expands to several statements, so it needs braces after `if`, `else`, `for` and `while`. A type
// with a comma in `lhs`, and structured bindings, need parentheses around the whole of `lhs`:
//
//   RELATA_ASSIGN_OR_RETURN((const auto [key, value]), scan.Next());
#define RELATA_ASSIGN_OR_RETURN(lhs, expr) \
  RELATA_ASSIGN_OR_RETURN_NAMED_(RELATA_CONCAT_(relata_result_, __COUNTER__), lhs, expr)

// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names to declare, which take none.
#define RELATA_RETURN_IF_ERROR_NAMED_(status, expr)                       \
  do {                                                                    \
    if (absl::Status status = (expr); ABSL_PREDICT_FALSE(!status.ok())) { \
      return status;                                                      \
    }                                                                     \
  } while (false)

#define RELATA_ASSIGN_OR_RETURN_NAMED_(result, lhs, expr) \
  auto result = (expr);                                   \
  if (ABSL_PREDICT_FALSE(!result.ok())) {                 \
    return std::move(result).status();                    \
  }                                                       \
  RELATA_STRIP_PARENTHESES_(lhs) = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)

// Pastes `a` to the first token of what follows, after both are expanded.
#define RELATA_CONCAT_(a, ...) RELATA_CONCAT_EXPANDED_(a, __VA_ARGS__)
#define RELATA_CONCAT_EXPANDED_(a, ...) a##__VA_ARGS__

// Yields `x` without the parentheses around it, or `x` itself where there are none. Either way the
// expansion starts with the marker RELATA_REMOVE_ (left alone without parentheses, put back by the
// macro of that name with them), and the marker is pasted into a macro that is empty.
#define RELATA_STRIP_PARENTHESES_(x) RELATA_CONCAT_(RELATA_DROP_, RELATA_REMOVE_ x)
#define RELATA_REMOVE_(...) RELATA_REMOVE_ __VA_ARGS__
#define RELATA_DROP_RELATA_REMOVE_

#endif  // RELATA_BASE_STATUS_MACROS_H_
