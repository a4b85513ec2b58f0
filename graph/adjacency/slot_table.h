#ifndef RELATA_GRAPH_ADJACENCY_SLOT_TABLE_H_
#define RELATA_GRAPH_ADJACENCY_SLOT_TABLE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "graph/adjacency/page_counts.h"
#include "graph/adjacency/page_values.h"

namespace relata {

// A word for each entity id, in pages that are made on need: ids are dense, so finding one is a few
// loads and no hash. Reading is lock-free. One writer at a time makes and takes out pages; what it
// takes out may still be read for a while, so it hands it over to be freed later.
class SlotTable {
 public:
  using Slot = std::atomic<uint64_t>;
  static constexpr uint64_t kPageSlots = 64;
  struct Page {
    std::array<Slot, kPageSlots> slots{};
    std::atomic<bool> used{false};                   // for whoever evicts pages; set by readers
    std::atomic<const PageCounts*> counts{nullptr};  // the page's own; null: not known
    std::atomic<const PageValues*> values{nullptr};  // likewise, a list

    Page() = default;
    ~Page() {
      delete counts.load(std::memory_order_relaxed);
      delete values.load(std::memory_order_relaxed);
    }
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;
  };

  SlotTable() = default;
  // No reader is left.
  ~SlotTable();
  SlotTable(const SlotTable&) = delete;
  SlotTable& operator=(const SlotTable&) = delete;

  // Null where there is none.
  Page* FindPage(uint64_t id) const {
    const Root* const root = root_.load(std::memory_order_seq_cst);
    const uint64_t segment = id / (kPageSlots * kSegmentPages);
    if (root == nullptr || segment >= root->segments.size()) return nullptr;
    const Segment* const pages = root->segments[segment].load(std::memory_order_seq_cst);
    if (pages == nullptr) return nullptr;
    return pages->pages[id / kPageSlots % kSegmentPages].load(std::memory_order_seq_cst);
  }
  Slot* Find(uint64_t id) const {
    Page* const page = FindPage(id);
    return page == nullptr ? nullptr : &page->slots[id % kPageSlots];
  }

  // --- the writer
  // Makes the page where there is none. Null where the table would grow beyond `most_bytes` for it.
  Page* ObtainPage(uint64_t id, size_t most_bytes);
  // Takes the page out; null where there is none. The caller frees it when no reader is left.
  std::unique_ptr<Page> TakePage(uint64_t id);
  // The first id at or after `id` that has a page; UINT64_MAX where there is none.
  uint64_t NextPage(uint64_t id) const;
  // Of pages that are in, and of what leads to them.
  size_t bytes() const { return bytes_; }

 private:
  static constexpr uint64_t kSegmentPages = 64;
  struct Segment {
    std::array<std::atomic<Page*>, kSegmentPages> pages{};
  };
  struct Root {
    explicit Root(size_t count) : segments(count) {}
    std::vector<std::atomic<Segment*>> segments;
  };
  void Grow(uint64_t segments);

  std::atomic<Root*> root_{nullptr};
  // All that there were: the newest is in use, a reader may hold an older one. Each is twice as
  // large as the one before.
  std::vector<std::unique_ptr<Root>> roots_;
  size_t bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_SLOT_TABLE_H_
