#include "graph/adjacency/epochs.h"

#include <algorithm>
#include <thread>

namespace relata {
namespace {

// Where a thread looks for a free place first: mostly no other does.
size_t FirstPlace() {
  static std::atomic<size_t> next{0};
  thread_local const size_t kFirst = next.fetch_add(1, std::memory_order_relaxed);
  return kFirst;
}

}  // namespace

size_t Epochs::Enter() {
  const size_t first = FirstPlace();
  for (size_t i = 0;; ++i) {
    const size_t place = (first + i) % kPlaces;
    uint64_t free = 0;
    if (places_[place].epoch.load(std::memory_order_relaxed) == 0 &&
        places_[place].epoch.compare_exchange_strong(free, epoch_.load(std::memory_order_seq_cst),
                                                     std::memory_order_seq_cst)) {
      return place;
    }
    if (i % kPlaces == kPlaces - 1) std::this_thread::yield();
  }
}

uint64_t Epochs::SafeBelow() const {
  uint64_t safe = epoch_.load(std::memory_order_seq_cst);
  for (const Place& place : places_) {
    const uint64_t epoch = place.epoch.load(std::memory_order_seq_cst);
    if (epoch != 0) safe = std::min(safe, epoch);
  }
  return safe;
}

}  // namespace relata
