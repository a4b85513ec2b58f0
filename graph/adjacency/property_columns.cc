#include "graph/adjacency/property_columns.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace relata {

Value PropertyColumns::TimeOf(const Interval& valid, PropertyId side) {
  const bool from = side == kValidFrom;
  const Instant earliest = from ? valid.from.earliest : valid.to.earliest;
  const bool nowhere = earliest == kMinusInfinity || earliest == kPlusInfinity;
  return nowhere || (!from && valid.to.unknown) ? Value() : Value::Int(earliest);
}

PropertyColumns::~PropertyColumns() {
  for (size_t i = 0; i < count_; ++i) delete columns_[i].load();
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
  if (count == kMostColumns || bytes_ + sizeof(Column) > budget_) return nullptr;
  auto* const column = new Column(owner, property);
  bytes_ += sizeof(Column);
  columns_[count].store(column);
  count_.store(count + 1);
  return column;
}

size_t PropertyColumns::StripeOf(Owner owner, uint64_t id) {
  return (2 * (id / Column::kPageRows) + (OfFacts(owner) ? 1 : 0)) % kStripes;
}

void PropertyColumns::Keep(Owner owner, PropertyId property, CommitVersion read_at,
                           const std::vector<Read>& reads) {
  MutexLock lock(&mutex_);
  Column* const column = Obtain(owner, property);
  if (column == nullptr) return;
  for (const Read& read : reads) {
    if (last_changed_[StripeOf(owner, read.owner)] > read_at) continue;
    const size_t used = bytes_.load(std::memory_order_relaxed);
    bytes_ += column->ObtainPage(read.owner, budget_ - std::min(used, budget_));
    bytes_ += column->Put(read.owner, read.value, read_at);
  }
}

void PropertyColumns::Change(Owner owner, uint64_t id, CommitVersion version) {
  MutexLock lock(&mutex_);
  CommitVersion& last_changed = last_changed_[StripeOf(owner, id)];
  last_changed = std::max(last_changed, version);
  for (size_t i = 0; i < count_; ++i) {
    const Column* const column = columns_[i].load();
    if (OfFacts(column->owner_) != OfFacts(owner)) continue;
    if (Column::Page* const page = column->FindPage(id)) {
      page->shapes[id % Column::kPageRows].store(0);
    }
  }
}

void PropertyColumns::ChangeAll(CommitVersion version) {
  MutexLock lock(&mutex_);
  std::fill(last_changed_.begin(), last_changed_.end(), version);
  for (size_t i = 0; i < count_; ++i) {
    const Column* const column = columns_[i].load();
    if (column->roots_.empty()) continue;
    for (const std::atomic<Column::Page*>& page : *column->roots_.back()) {
      if (page == nullptr) continue;
      for (std::atomic<uint8_t>& shape : page.load()->shapes) shape.store(0);
    }
  }
}

PropertyColumns::Column::~Column() {
  if (!roots_.empty()) {
    for (const std::atomic<Page*>& page : *roots_.back()) delete page.load();
  }
  for (const std::atomic<TextChunk*>& chunk : texts_) delete chunk.load();
}

bool PropertyColumns::Column::Get(uint64_t id, CommitVersion version, Value* value) const {
  uint64_t bits = 0;
  const uint8_t shape = Read(FindPage(id), id, version, &bits);
  if (shape == 0) return false;
  *value = Decode(shape, bits);
  return true;
}

bool PropertyColumns::Column::GetCodes(absl::Span<const uint64_t> ids, CommitVersion version,
                                       Codes* codes) const {
  codes->shapes.resize(ids.size());
  codes->bits.resize(ids.size());
  uint8_t* const shapes = codes->shapes.data();
  uint64_t* const bits = codes->bits.data();
  const Root* const root = root_.load(std::memory_order_seq_cst);
  for (size_t i = 0; i < ids.size(); ++i) {
    const Page* const page = PageIn(root, ids[i]);
    if (page == nullptr) return false;
    shapes[i] = page->shapes[ids[i] % kPageRows].load(std::memory_order_seq_cst);
    bits[i] = page->bits[ids[i] % kPageRows].load(std::memory_order_seq_cst);
    if (shapes[i] == 0) return false;
  }
  // After the values: one that was put in since has raised it before, and that of its page too.
  if (newest_since_.load(std::memory_order_seq_cst) <= version.value()) return true;
  return std::all_of(ids.begin(), ids.end(), [&](uint64_t id) {
    return PageIn(root, id)->since.load(std::memory_order_seq_cst) <= version.value();
  });
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

size_t PropertyColumns::Column::ObtainPage(uint64_t id, size_t most_bytes) {
  if (FindPage(id) != nullptr) return 0;
  const uint64_t page = id / kPageRows;
  const size_t known = roots_.empty() ? 0 : roots_.back()->size();
  const uint64_t wanted = page < known ? known : std::max<uint64_t>(page + 1, 2 * known);
  const uint64_t growth = wanted == known ? 0 : wanted;
  if (growth > most_bytes / sizeof(Root::value_type)) return 0;
  const size_t added = growth * sizeof(Root::value_type) + sizeof(Page);
  if (added > most_bytes) return 0;
  if (growth > 0) {
    auto root = std::make_unique<Root>(wanted);
    for (size_t i = 0; i < known; ++i) (*root)[i].store((*roots_.back())[i].load());
    root_.store(root.get());
    roots_.push_back(std::move(root));
  }
  (*roots_.back())[page].store(new Page());
  return added;
}

size_t PropertyColumns::Column::Put(uint64_t id, const Value& value, CommitVersion read_at) {
  Page* const page = FindPage(id);
  if (page == nullptr || page->shapes[id % kPageRows].load() != 0) return 0;
  size_t added = 0;
  const std::optional<Coded> coded = Encode(value, &added);
  const uint8_t shape = coded ? NumberOfShape(coded->first) : 0;
  if (shape == 0) return added;
  if (newest_since_.load() < read_at.value()) newest_since_.store(read_at.value());
  if (page->since.load() < read_at.value()) page->since.store(read_at.value());
  page->bits[id % kPageRows].store(coded->second);
  page->shapes[id % kPageRows].store(shape);
  return added;
}

// nullopt: a value that is not kept.
std::optional<PropertyColumns::Column::Coded> PropertyColumns::Column::Encode(const Value& value,
                                                                              size_t* added) {
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
      const std::optional<uint64_t> number = NumberOfText(value.get<std::string>(), added);
      if (!number) return std::nullopt;
      return Coded(shape, *number);
    }
    default:
      return std::nullopt;
  }
}

std::optional<uint64_t> PropertyColumns::Column::NumberOfText(const std::string& text,
                                                              size_t* added) {
  const auto found = text_numbers_.find(text);
  if (found != text_numbers_.end()) return found->second;
  const uint64_t number = text_numbers_.size();
  if (number == kMostTexts || text.size() > kLongestText) return std::nullopt;
  std::atomic<TextChunk*>& chunk = texts_[number / kTextChunk];
  if (chunk == nullptr) {
    chunk.store(new TextChunk(), std::memory_order_release);
    *added += sizeof(TextChunk);
  }
  // No reader has the number before the value that holds it is stored.
  (*chunk.load())[number % kTextChunk] = text;
  text_numbers_.emplace(text, number);
  *added += 2 * (text.size() + 1) + sizeof(std::string) + sizeof(number);
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
