// Arithmetic and comparison over packed columns: one loop, no boxing.
#include <cmath>
#include <functional>
#include <optional>

#include "graph/query/expression/evaluator.h"

namespace relata::query {
namespace {

using Kind = Column::Kind;

// Integers up to here are floats exactly, so the two compare as floats.
constexpr int64_t kExactInFloat = int64_t{1} << 53;

// The values of an operand, by row.
template <typename T>
struct Lane {
  const T* data;
  size_t stride;
  T operator[](size_t row) const { return data[row * stride]; }
};

Lane<int64_t> Ints(const Values& v) { return {v.column->ints().data(), v.constant ? 0u : 1u}; }
Lane<double> Floats(const Values& v) { return {v.column->floats().data(), v.constant ? 0u : 1u}; }

// An integer or float operand as floats.
struct NumberLane {
  bool is_int;
  Lane<int64_t> ints;
  Lane<double> floats;
  explicit NumberLane(const Values& v)
      : is_int(v.column->kind() == Kind::kInt),
        ints(is_int ? Ints(v) : Lane<int64_t>{nullptr, 0}),
        floats(is_int ? Lane<double>{nullptr, 0} : Floats(v)) {}
  double operator[](size_t row) const {
    return is_int ? static_cast<double>(ints[row]) : floats[row];
  }
};

bool IsNumber(const Values& v) {
  return v.column->kind() == Kind::kInt || v.column->kind() == Kind::kFloat;
}

// Null where either operand is; a null row holds anything.
void CopyNulls(absl::Span<const Values> args, size_t rows, Column* out) {
  for (const Values& v : args) {
    if (v.column->nulls().empty()) continue;
    for (size_t row = 0; row < rows; ++row) {
      if (v.IsNull(row)) out->SetNull(row);
    }
  }
}

bool AnyNull(absl::Span<const Values> args) {
  for (const Values& v : args) {
    if (!v.column->nulls().empty()) return true;
  }
  return false;
}

// False on overflow, division by zero, or where C++ leaves the result open.
bool IntStep(Opcode op, int64_t a, int64_t b, int64_t* result) {
  switch (op) {
    case Opcode::kAdd:
      return !__builtin_add_overflow(a, b, result);
    case Opcode::kSubtract:
      return !__builtin_sub_overflow(a, b, result);
    case Opcode::kMultiply:
      return !__builtin_mul_overflow(a, b, result);
    case Opcode::kDivide:
    case Opcode::kModulo:
      if (b == 0 || b == -1) return false;
      *result = op == Opcode::kDivide ? a / b : a % b;
      return true;
    default:
      return false;
  }
}

bool IntArithmetic(Opcode op, absl::Span<const Values> args, size_t rows, Column* out) {
  const Lane<int64_t> a = Ints(args[0]);
  const Lane<int64_t> b = Ints(args[1]);
  *out = Column(Kind::kInt);
  out->Resize(rows);
  std::vector<int64_t>& results = out->mutable_ints();
  const bool nulls = AnyNull(args);
  for (size_t row = 0; row < rows; ++row) {
    if (nulls && (args[0].IsNull(row) || args[1].IsNull(row))) continue;
    if (!IntStep(op, a[row], b[row], &results[row])) return false;
  }
  CopyNulls(args, rows, out);
  return true;
}

template <typename Step>
void FloatLoop(absl::Span<const Values> args, size_t rows, Step step, Column* out) {
  const NumberLane a(args[0]);
  const NumberLane b(args[1]);
  std::vector<double>& results = out->mutable_floats();
  for (size_t row = 0; row < rows; ++row) results[row] = step(a[row], b[row]);
}

bool FloatArithmetic(Opcode op, absl::Span<const Values> args, size_t rows, Column* out) {
  *out = Column(Kind::kFloat);
  out->Resize(rows);
  switch (op) {
    case Opcode::kAdd:
      FloatLoop(args, rows, std::plus<>(), out);
      break;
    case Opcode::kSubtract:
      FloatLoop(args, rows, std::minus<>(), out);
      break;
    case Opcode::kMultiply:
      FloatLoop(args, rows, std::multiplies<>(), out);
      break;
    case Opcode::kDivide:
      FloatLoop(args, rows, std::divides<>(), out);
      break;
    default:
      return false;
  }
  CopyNulls(args, rows, out);
  return true;
}

template <typename Lanes, typename Compare>
void CompareLoop(const Lanes& a, const Lanes& b, size_t rows, Compare compare, Column* out) {
  std::vector<uint8_t>& results = out->mutable_bools();
  for (size_t row = 0; row < rows; ++row) results[row] = compare(a[row], b[row]);
}

template <typename Lanes>
bool CompareLanes(Opcode op, const Lanes& a, const Lanes& b, size_t rows, Column* out) {
  switch (op) {
    case Opcode::kEqual:
      CompareLoop(a, b, rows, std::equal_to<>(), out);
      return true;
    case Opcode::kNotEqual:
      CompareLoop(a, b, rows, std::not_equal_to<>(), out);
      return true;
    case Opcode::kLess:
      CompareLoop(a, b, rows, std::less<>(), out);
      return true;
    case Opcode::kLessOrEqual:
      CompareLoop(a, b, rows, std::less_equal<>(), out);
      return true;
    case Opcode::kGreater:
      CompareLoop(a, b, rows, std::greater<>(), out);
      return true;
    case Opcode::kGreaterOrEqual:
      CompareLoop(a, b, rows, std::greater_equal<>(), out);
      return true;
    default:
      return false;
  }
}

// Whether every integer of the operand is the same number as a float.
bool ExactAsFloats(const Values& v) {
  if (v.column->kind() != Kind::kInt) return true;
  for (const int64_t i : v.column->ints()) {
    if (i > kExactInFloat || i < -kExactInFloat) return false;
  }
  return true;
}

bool CompareNumbers(Opcode op, absl::Span<const Values> args, size_t rows, Column* out) {
  const bool ints = args[0].column->kind() == Kind::kInt && args[1].column->kind() == Kind::kInt;
  if (!ints && !(ExactAsFloats(args[0]) && ExactAsFloats(args[1]))) return false;
  *out = Column(Kind::kBool);
  out->Resize(rows);
  if (!(ints ? CompareLanes(op, Ints(args[0]), Ints(args[1]), rows, out)
             : CompareLanes(op, NumberLane(args[0]), NumberLane(args[1]), rows, out))) {
    return false;
  }
  CopyNulls(args, rows, out);
  return true;
}

// = and <> of nodes, relationships and booleans, both of one kind.
bool CompareIdentities(Opcode op, absl::Span<const Values> args, size_t rows, Column* out) {
  const bool equal = op == Opcode::kEqual;
  if (!equal && op != Opcode::kNotEqual) return false;
  *out = Column(Kind::kBool);
  out->Resize(rows);
  const Column& a = *args[0].column;
  const Column& b = *args[1].column;
  const auto fill = [&](const auto& same) {
    for (size_t row = 0; row < rows; ++row) {
      out->mutable_bools()[row] = same(args[0].at(row), args[1].at(row)) == equal;
    }
  };
  if (a.kind() == Kind::kNode) {
    fill([&](size_t i, size_t k) { return a.nodes()[i].id == b.nodes()[k].id; });
  } else if (a.kind() == Kind::kRelationship) {
    fill([&](size_t i, size_t k) {
      return a.relationships()[i].ends.id == b.relationships()[k].ends.id;
    });
  } else {
    fill([&](size_t i, size_t k) { return a.bools()[i] == b.bools()[k]; });
  }
  CopyNulls(args, rows, out);
  return true;
}

// The times of an operand.
struct TimeLane {
  Lane<UtcTime> times;
  explicit TimeLane(const Values& v)
      : times{v.column->times().data(), v.constant ? size_t{0} : size_t{1}} {}
  Instant operator[](size_t row) const { return times[row].micros; }
};

bool CompareTimes(Opcode op, absl::Span<const Values> args, size_t rows, Column* out) {
  *out = Column(Kind::kBool);
  out->Resize(rows);
  if (!CompareLanes(op, TimeLane(args[0]), TimeLane(args[1]), rows, out)) return false;
  CopyNulls(args, rows, out);
  return true;
}

}  // namespace

bool RunPacked(const Instruction& in, absl::Span<const Values> args, size_t rows, Column* out) {
  const Kind a = args[0].column->kind();
  const Kind b = args[1].column->kind();
  if (a == Kind::kDatum || b == Kind::kDatum) return false;
  if (a == Kind::kDateTime && b == Kind::kDateTime) return CompareTimes(in.op, args, rows, out);
  if (IsNumber(args[0]) && IsNumber(args[1])) {
    switch (in.op) {
      case Opcode::kAdd:
      case Opcode::kSubtract:
      case Opcode::kMultiply:
      case Opcode::kDivide:
      case Opcode::kModulo:
        return a == Kind::kInt && b == Kind::kInt ? IntArithmetic(in.op, args, rows, out)
                                                  : FloatArithmetic(in.op, args, rows, out);
      default:
        return CompareNumbers(in.op, args, rows, out);
    }
  }
  return a == b && CompareIdentities(in.op, args, rows, out);
}

}  // namespace relata::query
