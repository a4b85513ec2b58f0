#ifndef RELATA_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define RELATA_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// gmock matchers for absl::Status and absl::StatusOr<T>.
//
//   EXPECT_THAT(store.Flush(), IsOk());
//   EXPECT_THAT(store.Get(key), IsOkAndHolds(Eq("value")));
//   EXPECT_THAT(store.Get(key), StatusIs(absl::StatusCode::kNotFound, HasSubstr("no entity")));
//   RELATA_ASSERT_OK_AND_ASSIGN(const Record record, store.Get(key));

namespace relata {
namespace status_matchers_internal {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

class IsOkMatcher {
 public:
  using is_gtest_matcher = void;

  template <typename StatusLike>
  bool MatchAndExplain(const StatusLike& actual, std::ostream* out) const {
    const absl::Status& status = StatusOf(actual);
    if (!status.ok() && out != nullptr) *out << "whose status is " << status;
    return status.ok();
  }
  void DescribeTo(std::ostream* out) const { *out << "is OK"; }
  void DescribeNegationTo(std::ostream* out) const { *out << "is not OK"; }
};

template <typename Inner>
class IsOkAndHoldsMatcher {
 public:
  using is_gtest_matcher = void;

  explicit IsOkAndHoldsMatcher(Inner inner) : inner_(std::move(inner)) {}

  template <typename T>
  bool MatchAndExplain(const absl::StatusOr<T>& actual,
                       testing::MatchResultListener* listener) const {
    if (!actual.ok()) {
      *listener << "whose status is " << actual.status();
      return false;
    }
    return testing::ExplainMatchResult(testing::SafeMatcherCast<const T&>(inner_), *actual,
                                       listener);
  }
  void DescribeTo(std::ostream* out) const { *out << "is OK and holds what the matcher wants"; }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "is not OK or does not hold what the matcher wants";
  }

 private:
  Inner inner_;
};

class StatusIsMatcher {
 public:
  using is_gtest_matcher = void;

  StatusIsMatcher(absl::StatusCode code, testing::Matcher<std::string> message)
      : code_(code), message_(std::move(message)) {}

  template <typename StatusLike>
  bool MatchAndExplain(const StatusLike& actual, testing::MatchResultListener* listener) const {
    const absl::Status& status = StatusOf(actual);
    if (status.code() == code_ && message_.Matches(std::string(status.message()))) return true;
    *listener << "whose status is " << status;
    return false;
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has the code " << absl::StatusCodeToString(code_) << " and a message that ";
    message_.DescribeTo(out);
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has not the code " << absl::StatusCodeToString(code_) << " or a message that ";
    message_.DescribeNegationTo(out);
  }

 private:
  absl::StatusCode code_;
  testing::Matcher<std::string> message_;
};

}  // namespace status_matchers_internal

// Matches an OK Status, or a StatusOr with a value.
inline status_matchers_internal::IsOkMatcher IsOk() { return {}; }

// Matches a StatusOr whose value matches `inner`, a matcher or a value to compare with.
template <typename Inner>
auto IsOkAndHolds(Inner&& inner) {
  return status_matchers_internal::IsOkAndHoldsMatcher<std::decay_t<Inner>>(
      std::forward<Inner>(inner));
}

// Matches a Status or StatusOr with this code and a message that matches `message`.
inline status_matchers_internal::StatusIsMatcher StatusIs(
    absl::StatusCode code, testing::Matcher<std::string> message = testing::_) {
  return {code, std::move(message)};
}

}  // namespace relata

#define RELATA_EXPECT_OK(expr) EXPECT_THAT((expr), ::relata::IsOk())
#define RELATA_ASSERT_OK(expr) ASSERT_THAT((expr), ::relata::IsOk())

// Ends the test (the enclosing void function) with a failure unless `expr`, a StatusOr, holds a
// value; moves that value into `lhs` otherwise. Parentheses as in RELATA_ASSIGN_OR_RETURN.
#define RELATA_ASSERT_OK_AND_ASSIGN(lhs, expr) \
  RELATA_ASSERT_OK_AND_ASSIGN_NAMED_(RELATA_CONCAT_(relata_result_, __COUNTER__), lhs, expr)
// NOLINTBEGIN(bugprone-macro-parentheses): `result` is a name to declare, which takes none.
#define RELATA_ASSERT_OK_AND_ASSIGN_NAMED_(result, lhs, expr) \
  auto result = (expr);                                       \
  ASSERT_THAT(result, ::relata::IsOk());                      \
  RELATA_STRIP_PARENTHESES_(lhs) = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // RELATA_TESTS_SUPPORT_STATUS_MATCHERS_H_
