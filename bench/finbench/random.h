#ifndef RELATA_BENCH_FINBENCH_RANDOM_H_
#define RELATA_BENCH_FINBENCH_RANDOM_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace relata::finbench {

// The generator's draws: the same everywhere, which the distributions of <random> are not. Each
// subject has a stream of its own, so that more of one leaves the others as they are.
class Random {
 public:
  Random(uint64_t seed, uint64_t subject) : bits_(seed * 1'000'003 + subject) {}

  // In [0, 1).
  double Unit() { return static_cast<double>(bits_() >> 11) * 0x1.0p-53; }
  bool Chance(double share) { return Unit() < share; }
  // In [0, n).
  int64_t Below(int64_t n) { return static_cast<int64_t>(Unit() * static_cast<double>(n)); }
  // Uniform in 0 .. most, but at least 1.
  int64_t AtLeastOne(int64_t most) { return std::max<int64_t>(1, Below(most + 1)); }
  // In (0, most], with two decimals.
  double Money(double most) { return std::max(1.0, std::round(Unit() * most * 100.0)) / 100.0; }
  // By the power law of exponent `b` between 1 and `most`, by inversion, floored.
  int64_t Power(double b, double most) {
    const double high = std::pow(most, b + 1.0);
    return static_cast<int64_t>(std::pow((high - 1.0) * Unit() + 1.0, 1.0 / (b + 1.0)));
  }
  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<size_t>(Below(static_cast<int64_t>(i)))]);
    }
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace relata::finbench

#endif  // RELATA_BENCH_FINBENCH_RANDOM_H_
