#ifndef RELATA_GRAPH_ADJACENCY_EPOCHS_H_
#define RELATA_GRAPH_ADJACENCY_EPOCHS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace relata {

// Tells when memory that lock-free readers may still look at can be freed. A reader is inside from
// Enter to Leave. What a writer has taken out of the shared structure (by a sequentially consistent
// store, and readers look by such loads) is freed once no reader is inside that entered at or
// before Retire's answer. Thread-safe.
//
// A reader that reads the epoch, sleeps and enters late holds back more than it must, never less:
// a scan that did not see it came before it entered, so it cannot find what was taken out before
// the scan.
class Epochs {
 public:
  // The reader's place, for Leave. A compare-and-swap of a cache line that is mostly the thread's
  // own; waits only while kPlaces readers are inside.
  size_t Enter();
  void Leave(size_t place) { places_[place].epoch.store(0, std::memory_order_release); }

  // To be called after something was taken out: the number to keep with it.
  uint64_t Retire() { return epoch_.fetch_add(1, std::memory_order_seq_cst); }
  // What was retired with a number below may be freed.
  uint64_t SafeBelow() const;

 private:
  static constexpr size_t kPlaces = 256;
  struct alignas(64) Place {
    std::atomic<uint64_t> epoch{0};  // 0: free
  };
  std::atomic<uint64_t> epoch_{1};
  std::array<Place, kPlaces> places_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_EPOCHS_H_
