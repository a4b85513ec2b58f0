#include "graph/adjacency/property_columns.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace relata {
namespace {

// Consecutive ids of one stripe: those of a page.
constexpr uint64_t kStripeIds = ColumnPage::kRows;
// So many things wait to be freed before it is looked whether they can be.
constexpr size_t kRetiredPages = 32;
// Rounds of the clock after which nothing more can be taken out.
constexpr int kMostSweeps = 3;

}  // namespace

Value PropertyColumns::TimeOf(const Interval& valid, PropertyId side) {
  const bool from = side == kValidFrom;
  const Instant earliest = from ? valid.from.earliest : valid.to.earliest;
  const bool nowhere = earliest == kMinusInfinity || earliest == kPlusInfinity;
  return nowhere || (!from && valid.to.unknown) ? Value() : Value::Int(earliest);
}

PropertyColumns::PropertyColumns(size_t budget_bytes, std::function<void()> make_room)
    : budget_(budget_bytes), make_room_(std::move(make_room)), last_changed_(kStripes) {}

PropertyColumns::~PropertyColumns() {
  MutexLock lock(&mutex_);
  for (size_t i = 0; i < count_; ++i) {
    const Column* const column = columns_[i].load();
    for (size_t place = 0; place < column->pages_.places(); ++place) {
      FreePage(column->pages_.At(place));
    }
    delete column;
  }
  for (const Retired& retired : retired_) FreePage(retired.page);
}

const PropertyColumns::Column* PropertyColumns::Find(Owner owner, PropertyId property) const {
  const size_t count = count_.load(std::memory_order_seq_cst);
  for (size_t i = 0; i < count; ++i) {
    const Column* const column = columns_[i].load(std::memory_order_relaxed);
    if (column->owner_ == owner && column->property_ == property) return column;
  }
  return nullptr;
}

PropertyColumns::Column* PropertyColumns::Obtain(Owner owner, PropertyId property) {
  if (const Column* const column = Find(owner, property)) return const_cast<Column*>(column);
  const size_t count = count_.load();
  if (count == kMostColumns || (count + 1) * sizeof(Column) > budget_ / kTextsPart) return nullptr;
  auto* const column = new Column(owner, property, &epochs_);
  bytes_ += sizeof(Column);
  columns_[count].store(column);
  count_.store(count + 1);
  return column;
}

size_t PropertyColumns::StripeOf(Owner owner, uint64_t id) {
  return (2 * (id / kStripeIds) + (OfFacts(owner) ? 1 : 0)) % kStripes;
}

void PropertyColumns::Keep(Owner owner, PropertyId property, CommitVersion read_at,
                           const std::vector<Read>& reads) {
  {
    MutexLock lock(&mutex_);
    Column* const column = Obtain(owner, property);
    if (column == nullptr) return;
    for (const Read& read : reads) {
      if (last_changed_[StripeOf(owner, read.owner)] <= read_at) KeepOne(*column, read, read_at);
    }
    EvictTo(budget_);
  }
  if (make_room_) make_room_();
}

void PropertyColumns::KeepOne(Column& column, const Read& read, CommitVersion read_at) {
  ColumnPage* page = column.FindPage(read.owner);
  const size_t row = read.owner % ColumnPage::kRows;
  if (page != nullptr && page->shapes[row].load() != 0) return;
  const size_t most_texts = budget_ / kTextsPart;
  size_t texts = 0;
  const std::optional<Column::Coded> coded =
      column.Encode(read.value, most_texts - std::min(text_bytes_, most_texts), &texts);
  text_bytes_ += texts;
  bytes_ += texts;
  const uint8_t shape = coded ? column.NumberOfShape(coded->first) : 0;
  if (shape == 0) return;
  if (page == nullptr) page = AddPage(column, read.owner);
  if (page->since() < read_at.value()) {
    page->since_and_used.store(read_at.value() | ColumnPage::kUsed);
  }
  page->bits[row].store(coded->second);
  page->shapes[row].store(shape);
}

ColumnPage* PropertyColumns::AddPage(Column& column, uint64_t id) {
  auto* const page = new (memory_.Allocate(sizeof(ColumnPage))) ColumnPage(id / ColumnPage::kRows);
  page_bytes_ += sizeof(ColumnPage);
  bytes_ += sizeof(ColumnPage);
  const size_t before = column.pages_.table_bytes();
  std::unique_ptr<const ColumnPages::Table> outgrown = column.pages_.Add(page);
  bytes_ += column.pages_.table_bytes() - before;
  if (outgrown != nullptr) Retire({0, nullptr, std::move(outgrown)});
  return page;
}

void PropertyColumns::TakeOut(Column& column, ColumnPage* page) {
  column.pages_.TakeOut(*page);
  bytes_ -= sizeof(ColumnPage);
  page_bytes_ -= sizeof(ColumnPage);
  Retire({0, page, nullptr});
}

void PropertyColumns::Retire(Retired retired) {
  retired.epoch = epochs_.Retire();
  retired_.push_back(std::move(retired));
  if (retired_.size() % kRetiredPages != 0) return;
  const uint64_t safe = epochs_.SafeBelow();
  const auto kept = std::partition(retired_.begin(), retired_.end(),
                                   [&](const Retired& each) { return each.epoch >= safe; });
  for (auto it = kept; it != retired_.end(); ++it) FreePage(it->page);
  retired_.erase(kept, retired_.end());
}

void PropertyColumns::FreePage(ColumnPage* page) {
  if (page != nullptr) memory_.Free(reinterpret_cast<uint8_t*>(page), sizeof(ColumnPage));
}

void PropertyColumns::Shrink(size_t most_bytes) {
  MutexLock lock(&mutex_);
  EvictTo(most_bytes);
}

void PropertyColumns::EvictTo(size_t most_bytes) {
  for (int rounds = 0; bytes_ > most_bytes && rounds < kMostSweeps;) {
    if (hand_column_ >= count_) {
      hand_column_ = 0;
      ++rounds;
      continue;
    }
    Column& column = *columns_[hand_column_].load();
    if (hand_place_ >= column.pages_.places()) {
      ++hand_column_;
      hand_place_ = 0;
      continue;
    }
    ColumnPage* const page = column.pages_.At(hand_place_++);
    if (page == nullptr) continue;
    const uint64_t before = page->since_and_used.fetch_and(~ColumnPage::kUsed);
    if ((before & ColumnPage::kUsed) != 0) continue;
    TakeOut(column, page);
    ++evictions_;
  }
}

size_t PropertyColumns::held_bytes() const {
  MutexLock lock(&mutex_);
  return bytes_ - page_bytes_ + memory_.held_bytes();
}

void PropertyColumns::Change(Owner owner, uint64_t id, CommitVersion version) {
  MutexLock lock(&mutex_);
  CommitVersion& last_changed = last_changed_[StripeOf(owner, id)];
  last_changed = std::max(last_changed, version);
  for (size_t i = 0; i < count_; ++i) {
    const Column* const column = columns_[i].load();
    if (OfFacts(column->owner_) != OfFacts(owner)) continue;
    if (ColumnPage* const page = column->FindPage(id)) {
      page->shapes[id % ColumnPage::kRows].store(0);
    }
  }
}

void PropertyColumns::ChangeRange(Owner owner, uint64_t first, uint64_t last,
                                  CommitVersion version) {
  MutexLock lock(&mutex_);
  const uint64_t end = last / kStripeIds;
  for (uint64_t part = first / kStripeIds; part <= end; ++part) {
    CommitVersion& last_changed = last_changed_[StripeOf(owner, part * kStripeIds)];
    last_changed = std::max(last_changed, version);
    for (size_t i = 0; i < count_; ++i) {
      Column& column = *columns_[i].load();
      if (OfFacts(column.owner_) != OfFacts(owner)) continue;
      if (ColumnPage* const page = column.FindPage(part * kStripeIds)) TakeOut(column, page);
    }
  }
}

void PropertyColumns::ChangeAll(CommitVersion version) {
  MutexLock lock(&mutex_);
  std::fill(last_changed_.begin(), last_changed_.end(), version);
  for (size_t i = 0; i < count_; ++i) {
    Column& column = *columns_[i].load();
    for (size_t place = 0; place < column.pages_.places(); ++place) {
      if (ColumnPage* const page = column.pages_.At(place)) TakeOut(column, page);
    }
  }
}

PropertyColumns::Column::~Column() {
  for (const std::atomic<TextChunk*>& chunk : texts_) delete chunk.load();
}

bool PropertyColumns::Column::Get(uint64_t id, CommitVersion version, Value* value) const {
  uint64_t bits = 0;
  const size_t place = epochs_.Enter();
  const uint8_t shape = Read(FindPage(id), id, version, &bits);
  epochs_.Leave(place);
  if (shape == 0) return false;
  *value = Decode(shape, bits);
  return true;
}

bool PropertyColumns::Column::GetCodes(absl::Span<const uint64_t> ids, CommitVersion version,
                                       Codes* codes) const {
  codes->shapes.resize(ids.size());
  codes->bits.resize(ids.size());
  const size_t place = epochs_.Enter();
  bool all = true;
  for (size_t from = 0; all && from < ids.size(); from += kFetchedAtOnce) {
    all = GetSome(ids.subspan(from, kFetchedAtOnce), version, &codes->shapes[from],
                  &codes->bits[from]);
  }
  epochs_.Leave(place);
  return all;
}

// Up to kFetchedAtOnce of them: ids are mostly far from each other, and all wait for memory at
// once.
bool PropertyColumns::Column::GetSome(absl::Span<const uint64_t> ids, CommitVersion version,
                                      uint8_t* shapes, uint64_t* bits) const {
  std::array<ColumnPage*, kFetchedAtOnce> pages;
  for (const uint64_t id : ids) pages_.Prefetch(id / ColumnPage::kRows);
  for (size_t i = 0; i < ids.size(); ++i) {
    const bool as_before = i > 0 && ids[i] / ColumnPage::kRows == ids[i - 1] / ColumnPage::kRows;
    pages[i] = as_before ? pages[i - 1] : pages_.Guess(ids[i] / ColumnPage::kRows);
    if (pages[i] == nullptr) return false;
    __builtin_prefetch(pages[i]);
    __builtin_prefetch(&pages[i]->bits[ids[i] % ColumnPage::kRows]);
  }
  for (size_t i = 0; i < ids.size(); ++i) {
    const bool guessed = pages[i]->number == ids[i] / ColumnPage::kRows;
    shapes[i] = Read(guessed ? pages[i] : FindPage(ids[i]), ids[i], version, &bits[i]);
    if (shapes[i] == 0) return false;
  }
  return true;
}

Value PropertyColumns::Column::Decode(uint8_t number, uint64_t bits) const {
  const Shape& shape = shapes_[number];
  const auto integer = static_cast<int64_t>(bits);
  switch (shape.type) {
    case ValueType::kBool:
      return Value::Bool(bits != 0);
    case ValueType::kInt64:
      return Value::Of<int64_t>(integer, shape.qualifier);
    case ValueType::kFloat64:
      return Value::Of<double>(std::bit_cast<double>(bits), shape.qualifier);
    case ValueType::kDecimal:
      return Value::Of<Decimal>({integer, shape.scale}, shape.qualifier);
    case ValueType::kMoney:
      return Value::Of<Money>({{integer, shape.scale}, shape.currency}, shape.qualifier);
    case ValueType::kDate:
      return Value::Of<Date>({integer});
    case ValueType::kString:
      return Value::String(
          (*texts_[bits / kTextChunk].load(std::memory_order_acquire))[bits % kTextChunk]);
    default:
      return Value();  // the owner does not have the property
  }
}

// nullopt: a value that is not kept.
std::optional<PropertyColumns::Column::Coded> PropertyColumns::Column::Encode(const Value& value,
                                                                              size_t most_texts,
                                                                              size_t* texts) {
  Shape shape;
  shape.type = value.type();
  shape.qualifier = value.qualifier();
  const auto decimal = [&](const Decimal& d) -> std::optional<Coded> {
    const auto mantissa = static_cast<int64_t>(d.mantissa);
    if (absl::int128(mantissa) != d.mantissa) return std::nullopt;
    shape.scale = d.scale;
    return Coded(shape, static_cast<uint64_t>(mantissa));
  };
  switch (value.type()) {
    case ValueType::kNull:
      return Coded(shape, 0);
    case ValueType::kBool:
      return Coded(shape, value.get<bool>() ? 1 : 0);
    case ValueType::kInt64:
      return Coded(shape, static_cast<uint64_t>(value.get<int64_t>()));
    case ValueType::kFloat64:
      return Coded(shape, std::bit_cast<uint64_t>(value.get<double>()));
    case ValueType::kDecimal:
      return decimal(value.get<Decimal>());
    case ValueType::kMoney:
      shape.currency = value.get<Money>().currency;
      return decimal(value.get<Money>().amount);
    case ValueType::kDate:
      return Coded(shape, static_cast<uint64_t>(value.get<Date>().days));
    case ValueType::kString: {
      const std::optional<uint64_t> number =
          NumberOfText(value.get<std::string>(), most_texts, texts);
      if (!number) return std::nullopt;
      return Coded(shape, *number);
    }
    default:
      return std::nullopt;
  }
}

std::optional<uint64_t> PropertyColumns::Column::NumberOfText(const std::string& text,
                                                              size_t most_texts, size_t* texts) {
  const auto found = text_numbers_.find(text);
  if (found != text_numbers_.end()) return found->second;
  const uint64_t number = text_numbers_.size();
  if (number == kMostTexts || text.size() > kLongestText) return std::nullopt;
  std::atomic<TextChunk*>& chunk = texts_[number / kTextChunk];
  const size_t bytes = 2 * (text.size() + 1) + sizeof(std::string) + sizeof(number) +
                       (chunk == nullptr ? sizeof(TextChunk) : 0);
  if (bytes > most_texts) return std::nullopt;
  if (chunk == nullptr) chunk.store(new TextChunk(), std::memory_order_release);
  // No reader has the number before the value that holds it is stored.
  (*chunk.load())[number % kTextChunk] = text;
  text_numbers_.emplace(text, number);
  *texts += bytes;
  return number;
}

// 0 where there are too many.
uint8_t PropertyColumns::Column::NumberOfShape(const Shape& shape) {
  for (size_t i = 1; i < shape_count_; ++i) {
    if (shapes_[i] == shape) return static_cast<uint8_t>(i);
  }
  if (shape_count_ == kMostShapes) return 0;
  shapes_[shape_count_] = shape;
  return static_cast<uint8_t>(shape_count_++);
}

}  // namespace relata
