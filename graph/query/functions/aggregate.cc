#include "graph/query/functions/aggregate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/operators.h"
#include "graph/query/functions/standard_names.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

constexpr TypeSet kSummable = types::kNumber | types::kDuration | types::kMoney;

constexpr AggregateDefinition kAggregates[] = {
    {"count", AggregateKind::kCount, 1, types::kAny, types::kInt, "count(value :: Any) :: Integer",
     "How many values are not null; count(*) counts rows."},
    {"sum", AggregateKind::kSum, 1, kSummable, kSummable, "sum(value :: Number) :: Number",
     "The sum; exact over integers and decimals; of durations and of money too."},
    {"avg", AggregateKind::kAvg, 1, kSummable, kSummable, "avg(value :: Number) :: Number",
     "The mean: of decimals a decimal, of other numbers a float; of durations and of money too."},
    {"min", AggregateKind::kMin, 1, types::kAny, types::kAny, "min(value :: Any) :: Any",
     "The first value in the order of ORDER BY."},
    {"max", AggregateKind::kMax, 1, types::kAny, types::kAny, "max(value :: Any) :: Any",
     "The last value in the order of ORDER BY."},
    {"collect", AggregateKind::kCollect, 1, types::kAny, types::kList,
     "collect(value :: Any) :: List", "All values that are not null."},
    {"stDev", AggregateKind::kStDev, 1, types::kNumber, types::kFloat,
     "stDev(value :: Number) :: Float", "The standard deviation of a sample (n - 1)."},
    {"stDevP", AggregateKind::kStDevP, 1, types::kNumber, types::kFloat,
     "stDevP(value :: Number) :: Float", "The standard deviation of a whole population (n)."},
    {"percentileCont", AggregateKind::kPercentileCont, 2, types::kNumber, types::kFloat,
     "percentileCont(value :: Number, percentile :: Float) :: Float",
     "The value below which that part (0.0 to 1.0) lies, between two values by line."},
    {"percentileDisc", AggregateKind::kPercentileDisc, 2, types::kNumber, types::kNumber,
     "percentileDisc(value :: Number, percentile :: Float) :: Number",
     "The value nearest to that part (0.0 to 1.0) of all."},
};

class CountAccumulator : public Accumulator {
 public:
  explicit CountAccumulator(bool counts_nulls) : counts_nulls_(counts_nulls) {}

  absl::Status Add(const Datum& value, const Datum& /*extra*/) override {
    if (counts_nulls_ || !value.is_null()) ++count_;
    return absl::OkStatus();
  }
  absl::Status Merge(Accumulator& other) override {
    count_ += static_cast<CountAccumulator&>(other).count_;
    return absl::OkStatus();
  }
  absl::StatusOr<Datum> Finish() override { return Datum::Int(count_); }

 private:
  const bool counts_nulls_;
  int64_t count_ = 0;
};

// Sums of numbers by kind, or of durations, or of money.
class Sum {
 public:
  absl::Status Add(absl::string_view function, const Datum& value) {
    ++count_;
    if (value.kind() == Datum::Kind::kInt) {
      AddInt(value.AsInt());
    } else if (value.kind() == Datum::Kind::kFloat) {
      AddFloat(value.AsFloat());
    } else if (value.is_number()) {
      return AddScalarNumber(value);
    } else if (value.value_type() == ValueType::kDuration ||
               value.value_type() == ValueType::kMoney) {
      RELATA_ASSIGN_OR_RETURN(quantity_,
                              quantity_.is_null() ? value : relata::query::Add(quantity_, value));
    } else {
      return ArgumentTypeError(
          absl::StrCat(function, "() takes numbers, durations or money, not ", AType(value)));
    }
    return CheckOneKind(function);
  }

  absl::Status Merge(absl::string_view function, const Sum& other) {
    count_ += other.count_;
    ints_ += other.ints_;
    floats_.Merge(other.floats_);
    has_int_ = has_int_ || other.has_int_;
    has_float_ = has_float_ || other.has_float_;
    for (const auto& [part, added] :
         {std::pair(&decimal_, &other.decimal_), std::pair(&quantity_, &other.quantity_)}) {
      if (added->is_null()) continue;
      RELATA_ASSIGN_OR_RETURN(*part, part->is_null() ? *added : relata::query::Add(*part, *added));
    }
    return CheckOneKind(function);
  }

  int64_t count() const { return count_; }

  absl::StatusOr<Datum> Total() const {
    if (!quantity_.is_null()) return quantity_;
    if (has_float_) return Datum::Float(AsFloat());
    if (!decimal_.is_null()) {
      if (ints_ == 0) return decimal_;
      RELATA_ASSIGN_OR_RETURN(const Datum ints, IntsAsDecimal());
      return relata::query::Add(decimal_, ints);
    }
    if (ints_ > std::numeric_limits<int64_t>::max() ||
        ints_ < std::numeric_limits<int64_t>::min()) {
      return OverflowError(
          "the sum does not fit a 64-bit integer; add toFloat() or decimal() of the values");
    }
    return Datum::Int(static_cast<int64_t>(ints_));
  }

  // Null where there was none.
  absl::StatusOr<Datum> Mean() const {
    if (count_ == 0) return Datum();
    if (!quantity_.is_null()) return Divide(quantity_, Datum::Int(count_));
    if (has_float_ || decimal_.is_null()) {
      return Datum::Float(AsFloat() / static_cast<double>(count_));
    }
    RELATA_ASSIGN_OR_RETURN(const Datum total, Total());
    return Divide(total, Datum::Int(count_));
  }

 private:
  absl::Status CheckOneKind(absl::string_view function) const {
    if (quantity_.is_null() || (!has_int_ && !has_float_ && decimal_.is_null())) {
      return absl::OkStatus();
    }
    return ArgumentTypeError(
        absl::StrCat(function, "() cannot add ", AType(quantity_), " to numbers"));
  }
  void AddInt(int64_t value) {
    ints_ += value;
    has_int_ = true;
  }
  void AddFloat(double value) {
    floats_.Add(value);
    has_float_ = true;
  }

  absl::Status AddScalarNumber(const Datum& number) {
    const Value& value = number.AsScalar();
    if (const auto* i = value.get_if<int64_t>()) {
      AddInt(*i);
    } else if (const auto* real = value.get_if<double>()) {
      AddFloat(*real);
    } else {
      RELATA_ASSIGN_OR_RETURN(decimal_,
                              decimal_.is_null() ? number : relata::query::Add(decimal_, number));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Datum> IntsAsDecimal() const {
    const Decimal ints{ints_, 0};
    if (!ints.IsValid()) return OverflowError("the sum needs more than 38 digits");
    return Datum::FromValue(Value::Of(ints));
  }

  double AsFloat() const {
    FloatSum sum = floats_;
    if (has_int_) sum.Add(static_cast<double>(ints_));
    if (!decimal_.is_null()) sum.Add(decimal_.AsScalar().AsDouble());
    return sum.Get();
  }

  int64_t count_ = 0;
  absl::int128 ints_ = 0;  // 2^64 values of 64 bits fit
  FloatSum floats_;
  Datum decimal_;   // null: none yet
  Datum quantity_;  // durations or money; null: none yet
  bool has_int_ = false;
  bool has_float_ = false;
};

class SumAccumulator : public Accumulator {
 public:
  absl::Status Add(const Datum& value, const Datum& /*extra*/) override {
    return value.is_null() ? absl::OkStatus() : sum_.Add("sum", value);
  }
  absl::Status Merge(Accumulator& other) override {
    return sum_.Merge("sum", static_cast<SumAccumulator&>(other).sum_);
  }
  absl::StatusOr<Datum> Finish() override { return sum_.Total(); }

 private:
  Sum sum_;
};

class MeanAccumulator : public Accumulator {
 public:
  absl::Status Add(const Datum& value, const Datum& /*extra*/) override {
    return value.is_null() ? absl::OkStatus() : sum_.Add("avg", value);
  }
  absl::Status Merge(Accumulator& other) override {
    return sum_.Merge("avg", static_cast<MeanAccumulator&>(other).sum_);
  }
  absl::StatusOr<Datum> Finish() override { return sum_.Mean(); }

 private:
  Sum sum_;
};

// min, max.
class ExtremeAccumulator : public Accumulator {
 public:
  // `sign`: 1 for the largest, -1 for the smallest.
  explicit ExtremeAccumulator(int sign) : sign_(sign) {}

  absl::Status Add(const Datum& value, const Datum& /*extra*/) override {
    if (!value.is_null() && (best_.is_null() || sign_ * CompareOrder(value, best_) > 0)) {
      best_ = value;
    }
    return absl::OkStatus();
  }
  absl::Status Merge(Accumulator& other) override {
    return Add(static_cast<ExtremeAccumulator&>(other).best_, Datum());
  }
  absl::StatusOr<Datum> Finish() override { return best_; }
  size_t Bytes() const override { return best_.HeapBytes(); }

 private:
  const int sign_;
  Datum best_;
};

class CollectAccumulator : public Accumulator {
 public:
  absl::Status Add(const Datum& value, const Datum& /*extra*/) override {
    if (value.is_null()) return absl::OkStatus();
    list_.push_back(value);
    held_ += value.HeapBytes();
    return CheckSize();
  }
  absl::Status Merge(Accumulator& other) override {
    auto& after = static_cast<CollectAccumulator&>(other);
    list_.insert(list_.end(), after.list_.begin(), after.list_.end());
    held_ += after.held_;
    return CheckSize();
  }
  absl::StatusOr<Datum> Finish() override {
    held_ = 0;
    return CheckedList(std::exchange(list_, {}));
  }
  size_t Bytes() const override { return held_ + list_.capacity() * sizeof(Datum); }

 private:
  absl::Status CheckSize() const {
    if (Bytes() <= kLargestDatumBytes) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        absl::StrCat("collect() would make a list of more than ", kLargestDatumBytes, " bytes"));
  }

  Datum::List list_;
  size_t held_ = 0;
};

// Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products",
// Technometrics 4(3), 1962.
class DeviationAccumulator : public Accumulator {
 public:
  explicit DeviationAccumulator(bool of_sample) : of_sample_(of_sample) {}

  absl::Status Add(const Datum& value, const Datum& /*extra*/) override {
    if (value.is_null()) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const double x, FloatArgument(of_sample_ ? "stDev" : "stDevP", value));
    ++count_;
    const double before = x - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (x - mean_);
    return absl::OkStatus();
  }
  // Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
  // Variances", Stanford STAN-CS-79-773, 1979.
  absl::Status Merge(Accumulator& other) override {
    const auto& added = static_cast<DeviationAccumulator&>(other);
    if (added.count_ == 0) return absl::OkStatus();
    const auto ours = static_cast<double>(count_);
    const auto theirs = static_cast<double>(added.count_);
    const double apart = added.mean_ - mean_;
    count_ += added.count_;
    mean_ += apart * theirs / (ours + theirs);
    squares_ += added.squares_ + apart * apart * ours * theirs / (ours + theirs);
    return absl::OkStatus();
  }
  absl::StatusOr<Datum> Finish() override {
    const int64_t degrees = of_sample_ ? count_ - 1 : count_;
    return Datum::Float(degrees > 0 ? std::sqrt(squares_ / static_cast<double>(degrees)) : 0.0);
  }

 private:
  const bool of_sample_;
  int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

class PercentileAccumulator : public Accumulator {
 public:
  explicit PercentileAccumulator(bool continuous) : continuous_(continuous) {}

  absl::Status Add(const Datum& value, const Datum& extra) override {
    if (value.is_null()) return absl::OkStatus();
    const absl::string_view name = continuous_ ? "percentileCont" : "percentileDisc";
    if (!value.is_number()) return WrongArgument(name, value, "numbers");
    RELATA_ASSIGN_OR_RETURN(percentile_, FloatArgument(name, extra));
    if (!(percentile_ >= 0 && percentile_ <= 1)) {
      return ArgumentError("NumberOutOfRange",
                           absl::StrCat("the percentile of ", name, "() must be 0.0 to 1.0, not ",
                                        extra.ToString()));
    }
    values_.push_back(value);
    held_ += value.HeapBytes();
    return absl::OkStatus();
  }

  absl::Status Merge(Accumulator& other) override {
    const auto& after = static_cast<PercentileAccumulator&>(other);
    if (after.values_.empty()) return absl::OkStatus();
    // The last one given counts.
    percentile_ = after.percentile_;
    values_.insert(values_.end(), after.values_.begin(), after.values_.end());
    held_ += after.held_;
    return absl::OkStatus();
  }

  absl::StatusOr<Datum> Finish() override {
    if (values_.empty()) return Datum();
    std::sort(values_.begin(), values_.end(),
              [](const Datum& a, const Datum& b) { return CompareOrder(a, b) < 0; });
    const auto count = static_cast<double>(values_.size());
    if (!continuous_) {
      const auto rank = static_cast<size_t>(std::ceil(percentile_ * count));
      return values_[rank == 0 ? 0 : rank - 1];
    }
    const double place = percentile_ * (count - 1);
    const auto below = static_cast<size_t>(place);
    const auto above = std::min(below + 1, values_.size() - 1);
    const double part = place - static_cast<double>(below);
    RELATA_ASSIGN_OR_RETURN(const double low, FloatArgument("percentileCont", values_[below]));
    RELATA_ASSIGN_OR_RETURN(const double high, FloatArgument("percentileCont", values_[above]));
    return Datum::Float(part == 0 ? low : low * (1 - part) + high * part);
  }

  size_t Bytes() const override { return held_ + values_.capacity() * sizeof(Datum); }

 private:
  const bool continuous_;
  double percentile_ = 0;
  std::vector<Datum> values_;
  size_t held_ = 0;
};

}  // namespace

const AggregateDefinition* FindAggregate(absl::string_view name) {
  name = FunctionOfStandardName(name);
  for (const AggregateDefinition& aggregate : kAggregates) {
    if (absl::EqualsIgnoreCase(aggregate.name, name)) return &aggregate;
  }
  return nullptr;
}

absl::Span<const AggregateDefinition> AllAggregates() { return kAggregates; }

std::unique_ptr<Accumulator> MakeAccumulator(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::kCountStar:
      return std::make_unique<CountAccumulator>(/*counts_nulls=*/true);
    case AggregateKind::kCount:
      return std::make_unique<CountAccumulator>(/*counts_nulls=*/false);
    case AggregateKind::kSum:
      return std::make_unique<SumAccumulator>();
    case AggregateKind::kAvg:
      return std::make_unique<MeanAccumulator>();
    case AggregateKind::kMin:
      return std::make_unique<ExtremeAccumulator>(-1);
    case AggregateKind::kMax:
      return std::make_unique<ExtremeAccumulator>(1);
    case AggregateKind::kCollect:
      return std::make_unique<CollectAccumulator>();
    case AggregateKind::kStDev:
      return std::make_unique<DeviationAccumulator>(/*of_sample=*/true);
    case AggregateKind::kStDevP:
      return std::make_unique<DeviationAccumulator>(/*of_sample=*/false);
    case AggregateKind::kPercentileCont:
      return std::make_unique<PercentileAccumulator>(/*continuous=*/true);
    case AggregateKind::kPercentileDisc:
      return std::make_unique<PercentileAccumulator>(/*continuous=*/false);
  }
  return nullptr;
}

}  // namespace relata::query
