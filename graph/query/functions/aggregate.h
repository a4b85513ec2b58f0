#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_AGGREGATE_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_AGGREGATE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/function.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

enum class AggregateKind : uint8_t {
  kCountStar,
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kCollect,
  kStDev,
  kStDevP,
  kPercentileCont,
  kPercentileDisc,
};

struct AggregateDefinition {
  absl::string_view name;
  AggregateKind kind;
  int args = 1;  // percentiles take two
  TypeSet parameter = types::kAny;
  TypeSet result = types::kAny;
  absl::string_view signature;
  absl::string_view description;
};
// Null where `name` (without case) is no aggregate. count(*) is kCountStar and has no name here.
const AggregateDefinition* FindAggregate(absl::string_view name);
absl::Span<const AggregateDefinition> AllAggregates();

// The running state of one aggregate in one group. DISTINCT is done around it (executor). Used by
// one thread.
class Accumulator {
 public:
  virtual ~Accumulator() = default;
  // `value`: the first argument (kCountStar: anything); nulls are skipped, but for kCountStar.
  // `extra`: the second argument. Runtime errors as openCypher says.
  virtual absl::Status Add(const Datum& value, const Datum& extra) = 0;
  // Adds what another one of the same kind was given, as if it had come after all that this one
  // was given (floats: as the sum of the two sums). The other is used up.
  virtual absl::Status Merge(Accumulator& other) = 0;
  virtual absl::StatusOr<Datum> Finish() = 0;
  // Bytes that it holds beyond a small constant.
  virtual size_t Bytes() const { return 0; }
};
std::unique_ptr<Accumulator> MakeAccumulator(AggregateKind kind);

// The sum of floats with the low-order bits that single additions lose (Neumaier, "Rundungsfehler-
// analyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974).
class FloatSum {
 public:
  void Add(double x) {
    const double sum = sum_ + x;
    if (std::fabs(sum_) >= std::fabs(x)) {
      lost_ += (sum_ - sum) + x;
    } else {
      lost_ += (x - sum) + sum_;
    }
    sum_ = sum;
  }
  void Merge(const FloatSum& other) {
    Add(other.sum_);
    lost_ += other.lost_;
  }
  // With an infinity or NaN in it, what is lost is no number.
  double lost() const { return std::isfinite(sum_) ? lost_ : 0; }
  double rounded() const { return sum_; }
  double Get() const { return rounded() + lost(); }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_AGGREGATE_H_
