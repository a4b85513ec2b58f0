#ifndef RELATA_GRAPH_ADJACENCY_COLUMN_PAGES_H_
#define RELATA_GRAPH_ADJACENCY_COLUMN_PAGES_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace relata {

// Values of a column for 16 consecutive ids: 64 bits of each, and the number of its shape, 0 where
// the value is not known. So few since what is asked for together seldom has ids that lie together
// (relationships have the order of their files): a page holds what one value of it is worth.
struct ColumnPage {
  static constexpr uint64_t kRows = 16;
  explicit ColumnPage(uint64_t page_number) : number(page_number) {}

  const uint64_t number;  // id / kRows
  // The version from which on the values hold, with a mark that the clock takes off again.
  std::atomic<uint64_t> since_and_used{kUsed};
  std::array<std::atomic<uint8_t>, kRows> shapes{};
  std::array<std::atomic<uint64_t>, kRows> bits{};

  static constexpr uint64_t kUsed = uint64_t{1} << 63;
  uint64_t since() const { return since_and_used.load(std::memory_order_seq_cst) & ~kUsed; }
};

// The pages of a column by number: a hash table with open addressing, so that what is not there
// takes nothing. Readers take no lock; one writer at a time. Pages belong to whoever adds them;
// what the writer takes out, pages and outgrown tables, readers may still look at for a while.
class ColumnPages {
 public:
  // Places of pages: the address, null where there was none yet.
  struct Table {
    explicit Table(size_t size) : places(size) {}
    std::vector<std::atomic<ColumnPage*>> places;  // a power of two
  };

  ColumnPages() = default;
  // No reader is left.
  ~ColumnPages() { delete table_.load(std::memory_order_relaxed); }
  ColumnPages(const ColumnPages&) = delete;
  ColumnPages& operator=(const ColumnPages&) = delete;

  // Null where there is none.
  ColumnPage* Find(uint64_t number) const {
    const Table* const table = table_.load(std::memory_order_seq_cst);
    if (table == nullptr) return nullptr;
    for (size_t place = PlaceOf(*table, number);; place = (place + 1) & (size_of(*table) - 1)) {
      ColumnPage* const page = table->places[place].load(std::memory_order_seq_cst);
      if (page == nullptr || page->number == number) return page;
    }
  }
  // Fetches what Find reads first.
  void Prefetch(uint64_t number) const {
    const Table* const table = table_.load(std::memory_order_seq_cst);  // its size is read
    if (table != nullptr) __builtin_prefetch(&table->places[PlaceOf(*table, number)]);
  }
  // The page that Find looks at first, without a look at it: it may be of another number. Null
  // where there is none of this number.
  ColumnPage* Guess(uint64_t number) const {
    const Table* const table = table_.load(std::memory_order_seq_cst);
    if (table == nullptr) return nullptr;
    return table->places[PlaceOf(*table, number)].load(std::memory_order_seq_cst);
  }

  // --- the writer
  // Precondition: there is none of its number. Returns the table that it has outgrown, or null.
  std::unique_ptr<const Table> Add(ColumnPage* page);
  // Precondition: it is here.
  void TakeOut(const ColumnPage& page);
  // The page at a place below places(); null where there is none.
  ColumnPage* At(size_t place) const;
  size_t places() const;
  size_t table_bytes() const { return places() * sizeof(std::atomic<ColumnPage*>); }

 private:
  static size_t size_of(const Table& table) { return table.places.size(); }
  // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): numbers that follow one
  // another get places far apart, at even distances, so that few meet. That matters: each page that
  // Find passes waits for memory.
  static size_t PlaceOf(const Table& table, uint64_t number) {
    constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;
    return (number * kGolden) >> (std::countl_zero(size_of(table)) + 1);
  }
  static ColumnPage* Gone();
  static void Put(Table& table, ColumnPage* page);

  std::atomic<Table*> table_{nullptr};
  size_t live_ = 0;  // pages
  size_t used_ = 0;  // places that are not null
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_COLUMN_PAGES_H_
