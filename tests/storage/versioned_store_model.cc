#include "tests/storage/versioned_store_model.h"

#include <algorithm>
#include <set>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/codec/ordered_bytes.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

bool Contains(const KeyRange& range, const std::string& key) {
  return key >= range.start && (range.limit.empty() || key < range.limit);
}

bool HeldAt(const VersionedStoreModel::State& state, uint64_t version) {
  return state.written <= version && (state.ended == 0 || version < state.ended);
}

// Key, version written, record: one row of a scan.
using Row = std::tuple<std::string, uint64_t, std::string>;

std::vector<Row> Rows(const VersionedStoreModel::Visible& visible) {
  std::vector<Row> rows;
  for (const auto& [key, state] : visible) rows.emplace_back(key, state.written, state.record);
  return rows;
}

Row RowOf(const VersionedScan& scan) {
  return {std::string(scan.key()), scan.written().value(), std::string(scan.record())};
}

constexpr auto kForward = VersionedScan::Direction::kForward;
constexpr auto kBackward = VersionedScan::Direction::kBackward;

std::vector<Row> Scanned(const StoreSnapshot& snapshot, const KeyRange& range,
                         VersionedScan::Direction direction) {
  std::vector<Row> rows;
  VersionedScan scan(snapshot, range, direction);
  for (; scan.Valid(); scan.Next()) rows.push_back(RowOf(scan));
  RELATA_EXPECT_OK(scan.status());
  return rows;
}

// Prefix-free keys that share prefixes and are full of the smallest and the largest byte: of one
// length, or of any length with an encoding that ends by itself.
std::vector<std::string> MakeKeys(std::mt19937_64& random) {
  static constexpr char kBytes[] = {'\x00', '\x01', 'a', '\xfe', '\xff'};
  const bool fixed_length = random() % 2 == 0;
  const size_t count = 1 + random() % 16;
  std::set<std::string> keys;
  for (size_t i = 0; i < count; ++i) {
    std::string bytes;
    const size_t length = fixed_length ? 3 : random() % 4;
    for (size_t j = 0; j < length; ++j) bytes.push_back(kBytes[random() % sizeof(kBytes)]);
    if (fixed_length) {
      keys.insert(bytes);
    } else {
      std::string key;
      AppendOrderedBytes(&key, bytes);
      keys.insert(key);
    }
  }
  return {keys.begin(), keys.end()};
}

}  // namespace

bool VersionedStoreModel::IsLive(const std::string& key) const {
  const auto found = states_.find(key);
  return found != states_.end() && !found->second.empty() && found->second.back().ended == 0;
}

void VersionedStoreModel::Delete(uint64_t version, const std::string& key) {
  if (!IsLive(key)) return;
  std::vector<State>& states = states_[key];
  if (states.back().written == version) {
    states.pop_back();
  } else {
    states.back().ended = version;
  }
}

void VersionedStoreModel::Put(uint64_t version, const std::string& key, const std::string& record) {
  Delete(version, key);
  states_[key].push_back({version, 0, record});
}

VersionedStoreModel::Visible VersionedStoreModel::VisibleAt(uint64_t version,
                                                            const KeyRange& range) const {
  Visible visible;
  for (const auto& [key, states] : states_) {
    if (!Contains(range, key)) continue;
    for (const State& state : states) {
      if (HeldAt(state, version)) visible[key] = state;
    }
  }
  return visible;
}

uint64_t VersionedStoreModel::NewestChange(uint64_t version, const KeyRange& range) const {
  uint64_t newest = 0;
  for (const auto& [key, states] : states_) {
    if (!Contains(range, key)) continue;
    for (const State& state : states) {
      if (state.written <= version) newest = std::max(newest, state.written);
      if (state.ended <= version) newest = std::max(newest, state.ended);
    }
  }
  return newest;
}

std::map<std::string, std::vector<VersionedStoreModel::State>> VersionedStoreModel::HistoryAt(
    uint64_t version, const KeyRange& range) const {
  std::map<std::string, std::vector<State>> result;
  for (const auto& [key, states] : states_) {
    if (!Contains(range, key)) continue;
    for (State state : states) {
      if (state.written > version) continue;
      if (state.ended > version) state.ended = 0;
      result[key].push_back(state);
    }
  }
  return result;
}

RandomHistory::RandomHistory(OrderedKv* kv, uint64_t seed)
    : kv_(kv), random_(seed), keys_(MakeKeys(random_)) {}

void RandomHistory::Grow(int groups) {
  for (int i = 0; i < groups; ++i) WriteGroup();
}

void RandomHistory::WriteGroup() {
  KvBatch batch;
  VersionedBatch writes(kv_, &batch);
  for (uint64_t commits = 1 + Below(3); commits > 0; --commits) CommitOnce(writes);
  RELATA_ASSERT_OK(kv_->Write(batch, {}, /*sync=*/false));
  if (Below(4) == 0) {
    pinned_.push_back(std::make_shared<const StoreSnapshot>(kv_, kv_->NewSnapshot(),
                                                            CommitVersion(head_), 0, true));
  }
}

void RandomHistory::CommitOnce(VersionedBatch& batch) {
  ++head_;
  batch.BeginVersion(CommitVersion(head_));
  // A few keys get most of the writes, so that some have long histories.
  for (uint64_t writes = Below(6); writes > 0; --writes) {
    const std::string key = Below(3) == 0 ? keys_.front() : RandomKey();
    if (Below(4) == 0) {
      RELATA_ASSERT_OK(batch.Delete(key));
      model_.Delete(head_, key);
      continue;
    }
    const std::string record(Below(4) * 7, static_cast<char>(Below(256)));
    const bool known_new = model_.HistoryAt(head_, {key, key + '\0'}).empty();
    RELATA_ASSERT_OK(batch.Put(key, record, known_new));
    model_.Put(head_, key, record);
  }
}

std::string RandomHistory::RandomBound() {
  std::string bound = RandomKey();
  switch (Below(4)) {
    case 0:
      return bound;
    case 1:
      return bound.substr(0, Below(bound.size() + 1));
    case 2:
      return bound + std::string(1 + Below(3), Below(2) == 0 ? '\0' : '\xff');
    default:
      return std::string(1 + Below(2), static_cast<char>(Below(256)));
  }
}

KeyRange RandomHistory::RandomRange() {
  switch (Below(4)) {
    case 0:
      return {};
    case 1:
      return KeyRange::Prefix(RandomBound());
    case 2: {
      const std::string key = RandomKey();
      return {key, key + '\0'};
    }
    default: {
      KeyRange range{RandomBound(), Below(4) == 0 ? std::string() : RandomBound()};
      if (!range.limit.empty() && range.limit < range.start) std::swap(range.start, range.limit);
      return range;
    }
  }
}

void RandomHistory::CheckAll() {
  const std::shared_ptr<const KvSnapshot> engine = kv_->NewSnapshot();
  Check(StoreSnapshot(kv_, engine, CommitVersion(head_), 0, /*at_head=*/true));
  for (uint64_t version = 0; version <= head_; ++version) {
    Check(StoreSnapshot(kv_, engine, CommitVersion(version), 0, /*at_head=*/false));
  }
  for (const auto& snapshot : pinned_) Check(*snapshot);
}

void RandomHistory::Check(const StoreSnapshot& snapshot) {
  CheckPoints(snapshot);
  CheckScan(snapshot, {});
  for (int i = 0; i < 3; ++i) {
    const KeyRange range = RandomRange();
    SCOPED_TRACE("version " + std::to_string(snapshot.version().value()) + ", range [" +
                 testing::PrintToString(range.start) + ", " + testing::PrintToString(range.limit) +
                 ")");
    CheckScan(snapshot, range);
    CheckContinuation(snapshot, range);
    CheckSkips(snapshot, range);
    CheckHistory(snapshot, range);
  }
}

void RandomHistory::CheckPoints(const StoreSnapshot& snapshot) {
  const VersionedStoreModel::Visible expected = model_.VisibleAt(snapshot.version().value(), {});
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<std::optional<VersionedRecord>> many,
                              snapshot.MultiGet(keys_));
  ASSERT_EQ(many.size(), keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) {
    RELATA_ASSERT_OK_AND_ASSIGN(const std::optional<VersionedRecord> one, snapshot.Get(keys_[i]));
    const auto found = expected.find(keys_[i]);
    ASSERT_EQ(one.has_value(), found != expected.end());
    ASSERT_EQ(many[i].has_value(), one.has_value());
    if (!one.has_value()) continue;
    EXPECT_EQ(one->written.value(), found->second.written);
    EXPECT_EQ(one->record, found->second.record);
    EXPECT_EQ(many[i]->written, one->written);
    EXPECT_EQ(many[i]->record, one->record);
  }
}

void RandomHistory::CheckScan(const StoreSnapshot& snapshot, const KeyRange& range) {
  std::vector<Row> expected = Rows(model_.VisibleAt(snapshot.version().value(), range));
  EXPECT_EQ(Scanned(snapshot, range, kForward), expected);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(Scanned(snapshot, range, kBackward), expected);
}

// Reads page by page, each with a new scan from the last key of the page before.
void RandomHistory::CheckContinuation(const StoreSnapshot& snapshot, const KeyRange& range) {
  std::vector<Row> expected = Rows(model_.VisibleAt(snapshot.version().value(), range));
  const size_t page_size = 1 + Below(3);
  for (const VersionedScan::Direction direction : {kForward, kBackward}) {
    std::vector<Row> rows;
    KeyRange rest = range;
    while (true) {
      VersionedScan scan(snapshot, rest, direction);
      const size_t page_end = rows.size() + page_size;
      for (; scan.Valid() && rows.size() < page_end; scan.Next()) rows.push_back(RowOf(scan));
      RELATA_ASSERT_OK(scan.status());
      if (rows.size() < page_end) break;
      const std::string& last = std::get<0>(rows.back());
      if (direction == kForward) {
        rest.start = last + '\0';
      } else {
        rest.limit = last;
      }
    }
    EXPECT_EQ(rows, expected);
    std::reverse(expected.begin(), expected.end());
  }
}

void RandomHistory::CheckSkips(const StoreSnapshot& snapshot, const KeyRange& range) {
  const VersionedStoreModel::Visible visible = model_.VisibleAt(snapshot.version().value(), range);
  VersionedScan forward(snapshot, range, kForward);
  VersionedScan backward(snapshot, range, kBackward);
  for (int i = 0; i < 3; ++i) {
    const std::string target = RandomBound();
    const auto above = visible.upper_bound(target);
    const auto at_or_above = visible.lower_bound(target);
    forward.SkipTo(target);
    RELATA_ASSERT_OK(forward.status());
    ASSERT_EQ(forward.Valid(), at_or_above != visible.end());
    if (forward.Valid()) {
      EXPECT_EQ(forward.key(), absl::string_view(at_or_above->first));
    }
    backward.SkipTo(target);
    RELATA_ASSERT_OK(backward.status());
    ASSERT_EQ(backward.Valid(), above != visible.begin());
    if (backward.Valid()) {
      EXPECT_EQ(backward.key(), absl::string_view(std::prev(above)->first));
    }
  }
}

void RandomHistory::CheckHistory(const StoreSnapshot& snapshot, const KeyRange& range) {
  const uint64_t version = snapshot.version().value();
  EXPECT_THAT(snapshot.NewestChange(range),
              IsOkAndHolds(CommitVersion(model_.NewestChange(version, range))));
  using States = std::vector<std::tuple<std::string, uint64_t, uint64_t, std::string>>;
  States expected;
  for (const auto& [key, states] : model_.HistoryAt(version, range)) {
    for (const VersionedStoreModel::State& state : states) {
      expected.emplace_back(key, state.written, state.ended, state.record);
    }
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<KeyHistory> read, ReadHistory(snapshot, range));
  States found;
  for (const KeyHistory& history : read) {
    EXPECT_FALSE(history.versions.empty());
    for (const RecordVersion& state : history.versions) {
      found.emplace_back(history.key, state.written.value(), state.ended.value(), state.record);
    }
  }
  EXPECT_EQ(found, expected);
}

}  // namespace relata
