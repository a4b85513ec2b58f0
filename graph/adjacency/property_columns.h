#ifndef RELATA_GRAPH_ADJACENCY_PROPERTY_COLUMNS_H_
#define RELATA_GRAPH_ADJACENCY_PROPERTY_COLUMNS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// Values of properties that queries ask for, so that they need no second read of storage: a column
// for each property of entities, for each of relationships' facts, and for each label, in pages of
// 1,024 consecutive ids, nine bytes a value. Kept are numbers, booleans, dates, decimals and money
// of up to 64 bits, short texts that repeat (by number), and that there is no such property. Filled
// as values are read. Pages are made until the budget is used up; none is taken out. Thread-safe;
// readers take no lock.
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
  // unbounded or unknown.
  enum class Owner : uint8_t { kEntity = 0, kFact = 1, kLabel = 2, kFactTime = 3 };
  static constexpr PropertyId kValidFrom{1};
  static constexpr PropertyId kValidTo{2};
  // What kFactTime keeps of a fact's valid time.
  static Value TimeOf(const Interval& valid, PropertyId side);

  explicit PropertyColumns(size_t budget_bytes) : budget_(budget_bytes), last_changed_(kStripes) {}
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
  // The commit `version` changes the owner (kEntity: its labels too; kFact: its times too).
  // Committer's thread, before the version is published.
  void Change(Owner owner, uint64_t id, CommitVersion version);
  // It changes everything.
  void ChangeAll(CommitVersion version);

  size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  size_t budget_bytes() const { return budget_; }

 private:
  static constexpr size_t kStripes = 4096;
  static constexpr size_t kMostColumns = 512;
  Column* Obtain(Owner owner, PropertyId property) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static bool OfFacts(Owner owner) { return owner == Owner::kFact || owner == Owner::kFactTime; }
  static size_t StripeOf(Owner owner, uint64_t id);

  const size_t budget_;
  std::atomic<size_t> bytes_{0};
  // By number, in the order in which they were made.
  std::array<std::atomic<Column*>, kMostColumns> columns_{};
  std::atomic<size_t> count_{0};
  Mutex mutex_;
  std::vector<CommitVersion> last_changed_ ABSL_GUARDED_BY(mutex_);
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
  static constexpr uint64_t kPageRows = 1024;
  static constexpr size_t kMostShapes = 256;
  static constexpr size_t kTextChunk = 256;
  static constexpr size_t kMostTexts = size_t{1} << 16;
  static constexpr size_t kLongestText = 64;

  struct Page {
    std::atomic<uint64_t> since{0};
    std::array<std::atomic<uint64_t>, kPageRows> bits{};
    std::array<std::atomic<uint8_t>, kPageRows> shapes{};
  };
  using Root = std::vector<std::atomic<Page*>>;
  using TextChunk = std::array<std::string, kTextChunk>;
  using Coded = std::pair<Shape, uint64_t>;

  Column(Owner owner, PropertyId property) : owner_(owner), property_(property) {}
  ~Column();

  static Page* PageIn(const Root* root, uint64_t id) {
    const uint64_t page = id / kPageRows;
    return root == nullptr || page >= root->size() ? nullptr
                                                   : (*root)[page].load(std::memory_order_seq_cst);
  }
  Page* FindPage(uint64_t id) const { return PageIn(root_.load(std::memory_order_seq_cst), id); }
  // The shape of a value that is known at `version`, with its bits; else 0.
  static uint8_t Read(const Page* page, uint64_t id, CommitVersion version, uint64_t* bits) {
    if (page == nullptr) return 0;
    const uint8_t shape = page->shapes[id % kPageRows].load(std::memory_order_seq_cst);
    *bits = page->bits[id % kPageRows].load(std::memory_order_seq_cst);
    // After the value: one that was put in since has raised it before.
    return version.value() < page->since.load(std::memory_order_seq_cst) ? uint8_t{0} : shape;
  }
  // The writer's; all return what was added to the bytes.
  size_t ObtainPage(uint64_t id, size_t most_bytes);
  size_t Put(uint64_t id, const Value& value, CommitVersion read_at);
  std::optional<Coded> Encode(const Value& value, size_t* added);
  std::optional<uint64_t> NumberOfText(const std::string& text, size_t* added);
  uint8_t NumberOfShape(const Shape& shape);

  const Owner owner_;
  const PropertyId property_;
  std::atomic<Root*> root_{nullptr};
  std::vector<std::unique_ptr<Root>> roots_;  // all that there were; a reader may hold an older one
  // The newest `since` of a page: raised before that, so a reader that finds it no newer than its
  // version after it has read values need not look at pages.
  std::atomic<uint64_t> newest_since_{0};
  std::array<Shape, kMostShapes> shapes_{};
  size_t shape_count_ = 1;
  std::array<std::atomic<TextChunk*>, kMostTexts / kTextChunk> texts_{};
  absl::flat_hash_map<std::string, uint64_t> text_numbers_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PROPERTY_COLUMNS_H_
