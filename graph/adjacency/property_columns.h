#ifndef RELATA_GRAPH_ADJACENCY_PROPERTY_COLUMNS_H_
#define RELATA_GRAPH_ADJACENCY_PROPERTY_COLUMNS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/adjacency/column_pages.h"
#include "graph/adjacency/epochs.h"
#include "graph/adjacency/slab_memory.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// Values of properties that queries ask for, so that they need no second read of storage: a column
// for each property of entities, for each of relationships' facts, and for each label, in small
// pages of consecutive ids, 11 bytes a value where all of a page are known. Kept are numbers,
// booleans, dates, decimals and money of up to 64 bits, short texts that repeat (by number), and
// that there is no such property. Filled as values are read. Beyond the budget a clock goes round
// through the pages and takes out what was not used since it last came by. Thread-safe; readers
// take no lock.
//
// A value is exact for readers from the version of its page on, up to the commit that changes its
// owner, which takes it out before that version is published. A value that is put in again raises
// the version of the page first, so an older reader that sees the new value sees that it is too
// new. One that was read before such a commit is refused, by the last change of its stripe.
class PropertyColumns {
 public:
  // kLabel: an entity too; the number of a label stands for that of a property, and the value tells
  // whether the entity bears it. kFactTime: a fact too; kValidFrom or kValidTo stands for a
  // property, and the value is the earliest instant of that bound in microseconds, null where it is
  // unbounded or unknown. kKey: an entity too; parts of its key stand for properties (KeyColumns).
  enum class Owner : uint8_t { kEntity = 0, kFact = 1, kLabel = 2, kFactTime = 3, kKey = 4 };
  static constexpr PropertyId kValidFrom{1};
  static constexpr PropertyId kValidTo{2};
  // What kFactTime keeps of a fact's valid time.
  static Value TimeOf(const Interval& valid, PropertyId side);

  // `make_room` (may be null) is called when pages were added, without a lock of this: who shares a
  // budget with others calls Shrink as those need it.
  explicit PropertyColumns(size_t budget_bytes, std::function<void()> make_room = nullptr);
  ~PropertyColumns();
  PropertyColumns(const PropertyColumns&) = delete;
  PropertyColumns& operator=(const PropertyColumns&) = delete;

  // The values of one property. Lives as long as this.
  class Column;
  // Null where nothing of it was kept. PropertyId 0 is free for callers.
  const Column* Find(Owner owner, PropertyId property) const;

  // A value as read at a snapshot of the head: null where the owner does not have the property.
  struct Read {
    uint64_t owner = 0;
    Value value;
  };
  // Keeps what can be kept. `read_at`: the snapshot's version.
  void Keep(Owner owner, PropertyId property, CommitVersion read_at,
            const std::vector<Read>& reads);
  // The commit `version` changes the owner (kEntity: its labels and key too; kFact: its times too).
  // Committer's thread, before the version is published.
  void Change(Owner owner, uint64_t id, CommitVersion version);
  // It changes those of [first, last].
  void ChangeRange(Owner owner, uint64_t first, uint64_t last, CommitVersion version);
  // It changes everything.
  void ChangeAll(CommitVersion version);

  // Takes pages out until so many bytes are left, or nothing more can be taken out.
  void Shrink(size_t most_bytes);

  // In use: pages, what leads to them, texts.
  size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  // With what lies free or waits to be freed.
  size_t held_bytes() const;
  // Pages taken out to make room.
  uint64_t evictions() const { return evictions_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kStripes = 4096;
  static constexpr size_t kMostColumns = 512;
  // Texts, and columns without pages, stay; each takes no more than this part of the budget.
  static constexpr size_t kTextsPart = 8;

  // Something taken out, until no reader is left that may look at it.
  struct Retired {
    uint64_t epoch = 0;
    ColumnPage* page = nullptr;
    std::unique_ptr<const ColumnPages::Table> table;
  };

  Column* Obtain(Owner owner, PropertyId property) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void KeepOne(Column& column, const Read& read, CommitVersion read_at)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ColumnPage* AddPage(Column& column, uint64_t id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOut(Column& column, ColumnPage* page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EvictTo(size_t most_bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Retire(Retired retired) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FreePage(ColumnPage* page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static bool OfFacts(Owner owner) { return owner == Owner::kFact || owner == Owner::kFactTime; }
  static size_t StripeOf(Owner owner, uint64_t id);

  const size_t budget_;
  const std::function<void()> make_room_;
  std::atomic<size_t> bytes_{0};
  std::atomic<uint64_t> evictions_{0};
  // Readers are inside while they look at pages.
  mutable Epochs epochs_;
  // By number, in the order in which they were made.
  std::array<std::atomic<Column*>, kMostColumns> columns_{};
  std::atomic<size_t> count_{0};
  mutable Mutex mutex_;
  std::vector<CommitVersion> last_changed_ ABSL_GUARDED_BY(mutex_);
  SlabMemory memory_ ABSL_GUARDED_BY(mutex_);
  std::vector<Retired> retired_ ABSL_GUARDED_BY(mutex_);
  size_t text_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t page_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // The clock's hand: a column, and a place of its table.
  size_t hand_column_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t hand_place_ ABSL_GUARDED_BY(mutex_) = 0;
};

class PropertyColumns::Column {
 public:
  // What values have in common beside 64 bits of their own.
  struct Shape {
    ValueType type = ValueType::kNull;
    Qualifier qualifier = Qualifier::kExact;
    uint8_t scale = 0;
    std::array<char, 3> currency{};
    bool operator==(const Shape&) const = default;
  };
  // Values as they lie, by owner: the number of the shape, never 0, and the bits: of an integer,
  // a double, a bool, a mantissa, days, or the number of a text. The same code is the same value.
  struct Codes {
    std::vector<uint8_t> shapes;
    std::vector<uint64_t> bits;
  };

  // Whether the value of `id` is known for readers at `version`; then `value` gets it, null where
  // the owner does not have the property.
  bool Get(uint64_t id, CommitVersion version, Value* value) const;
  // The codes of many owners. False: one of them at least is not known, and `codes` holds anything.
  bool GetCodes(absl::Span<const uint64_t> ids, CommitVersion version, Codes* codes) const;
  const Shape& ShapeOf(uint8_t shape) const { return shapes_[shape]; }
  Value Decode(uint8_t shape, uint64_t bits) const;

 private:
  friend class PropertyColumns;
  static constexpr size_t kMostShapes = 256;
  static constexpr size_t kTextChunk = 256;
  static constexpr size_t kMostTexts = size_t{1} << 16;
  static constexpr size_t kLongestText = 64;
  // Owners whose pages GetCodes fetches at once.
  static constexpr size_t kFetchedAtOnce = 64;

  using TextChunk = std::array<std::string, kTextChunk>;
  using Coded = std::pair<Shape, uint64_t>;

  Column(Owner owner, PropertyId property, Epochs* epochs)
      : owner_(owner), property_(property), epochs_(*epochs) {}
  ~Column();

  ColumnPage* FindPage(uint64_t id) const { return pages_.Find(id / ColumnPage::kRows); }
  bool GetSome(absl::Span<const uint64_t> ids, CommitVersion version, uint8_t* shapes,
               uint64_t* bits) const;
  // The shape of a value that is known at `version`, with its bits; else 0.
  static uint8_t Read(ColumnPage* page, uint64_t id, CommitVersion version, uint64_t* bits) {
    if (page == nullptr) return 0;
    const size_t row = id % ColumnPage::kRows;
    const uint8_t shape = page->shapes[row].load(std::memory_order_seq_cst);
    *bits = page->bits[row].load(std::memory_order_seq_cst);
    // After the value: one that was put in since has raised it before.
    const uint64_t since = page->since_and_used.load(std::memory_order_seq_cst);
    if ((since & ColumnPage::kUsed) == 0) page->since_and_used.fetch_or(ColumnPage::kUsed);
    return version.value() < (since & ~ColumnPage::kUsed) ? uint8_t{0} : shape;
  }
  // The writer's. `texts` gets what was added for texts, of which `most_texts` bytes may be.
  std::optional<Coded> Encode(const Value& value, size_t most_texts, size_t* texts);
  std::optional<uint64_t> NumberOfText(const std::string& text, size_t most_texts, size_t* texts);
  uint8_t NumberOfShape(const Shape& shape);

  const Owner owner_;
  const PropertyId property_;
  Epochs& epochs_;
  ColumnPages pages_;
  std::array<Shape, kMostShapes> shapes_{};
  size_t shape_count_ = 1;
  std::array<std::atomic<TextChunk*>, kMostTexts / kTextChunk> texts_{};
  absl::flat_hash_map<std::string, uint64_t> text_numbers_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PROPERTY_COLUMNS_H_
