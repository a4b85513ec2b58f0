#ifndef RELATA_TESTS_CASES_CASE_TEXTS_H_
#define RELATA_TESTS_CASES_CASE_TEXTS_H_

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "graph/adjacency/adjacency.h"
#include "graph/facts/belief.h"
#include "graph/facts/portion.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// The texts and values of case files, to and from the graph's terms.
absl::StatusOr<Value> ValueFromCase(const nlohmann::json& json);
nlohmann::json ValueToCase(const Value& value);
// [earliest, latest]
nlohmann::json BoundToCase(const Bound& bound);
absl::StatusOr<Interval> IntervalFromCase(const nlohmann::json& fact);
absl::StatusOr<Portion> PortionFromCase(const nlohmann::json& op);
// `valid` and `mode` of an `at`; absent: the instant `now`.
absl::StatusOr<ValidTime> ValidTimeFromCase(const nlohmann::json& at, Instant now);
absl::StatusOr<Stance> StanceFromCase(const std::string& text);
std::string StatusToCase(FactStatus status);
Direction DirectionFromCase(const nlohmann::json& step, Direction otherwise);

}  // namespace relata

#endif  // RELATA_TESTS_CASES_CASE_TEXTS_H_
