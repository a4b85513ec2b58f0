#include "graph/adjacency/packed_ends.h"

#include <limits>

namespace relata {

PackedEnds::ValidAt::ValidAt(Instant t) {
  using Class = PackedArray::BoundClass;
  using Unit = PackedArray::Unit;
  constexpr int64_t kNever = std::numeric_limits<int64_t>::min();
  greatest_base_.fill(kNever);
  // A day is certainly begun at its end.
  int64_t day_before = 0;
  const bool has_day_before =
      !__builtin_sub_overflow(t, PackedArray::MicrosOf(Unit::kDays), &day_before);
  for (uint32_t unit = 0; unit < 4; ++unit) {
    const auto place = [&](Class bounds) -> int64_t& {
      return greatest_base_[unit << 2 | static_cast<uint32_t>(bounds)];
    };
    // The base that stands for none is 0.
    place(Class::kUnbounded) = 0;
    place(Class::kInstant) = PackedArray::UnitsBefore(t, static_cast<Unit>(unit));
    if (has_day_before)
      place(Class::kDay) = PackedArray::UnitsBefore(day_before, static_cast<Unit>(unit));
  }
}

}  // namespace relata
