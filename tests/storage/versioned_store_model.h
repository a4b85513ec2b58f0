#ifndef RELATA_TESTS_STORAGE_VERSIONED_STORE_MODEL_H_
#define RELATA_TESTS_STORAGE_VERSIONED_STORE_MODEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/ids.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// What the versioned store should hold, as plain maps: key -> its states, oldest first.
class VersionedStoreModel {
 public:
  struct State {
    uint64_t written;
    uint64_t ended;  // 0: live
    std::string record;
  };
  using Visible = std::map<std::string, State>;

  void Put(uint64_t version, const std::string& key, const std::string& record);
  void Delete(uint64_t version, const std::string& key);
  bool IsLive(const std::string& key) const;

  // The keys of [range.start, range.limit) that are there at `version`, with their state.
  Visible VisibleAt(uint64_t version, const KeyRange& range) const;
  uint64_t NewestChange(uint64_t version, const KeyRange& range) const;
  // As ReadHistory gives them.
  std::map<std::string, std::vector<State>> HistoryAt(uint64_t version,
                                                      const KeyRange& range) const;

 private:
  std::map<std::string, std::vector<State>> states_;
};

// A random history, written through VersionedBatch into an engine and into the model side by side.
// Every check is a Google Test expectation. The same seed gives the same history and the same
// checks.
class RandomHistory {
 public:
  // `kv` is empty and outlives this.
  RandomHistory(OrderedKv* kv, uint64_t seed);

  // Writes `groups` batches of one to three commits each, and pins some snapshots of the head
  // meanwhile.
  void Grow(int groups);
  // Compares everything that can be read: at the head, at every version, and through the pinned
  // snapshots.
  void CheckAll();

 private:
  void WriteGroup();
  void CommitOnce(VersionedBatch& batch);
  void Check(const StoreSnapshot& snapshot);
  void CheckPoints(const StoreSnapshot& snapshot);
  void CheckScan(const StoreSnapshot& snapshot, const KeyRange& range);
  void CheckContinuation(const StoreSnapshot& snapshot, const KeyRange& range);
  void CheckSkips(const StoreSnapshot& snapshot, const KeyRange& range);
  void CheckHistory(const StoreSnapshot& snapshot, const KeyRange& range);

  uint64_t Below(uint64_t limit) { return random_() % limit; }
  std::string RandomKey() { return keys_[Below(keys_.size())]; }
  // A bound of a range: a key, a prefix of one, an extension of one, or any bytes.
  std::string RandomBound();
  KeyRange RandomRange();

  OrderedKv* const kv_;
  std::mt19937_64 random_;
  std::vector<std::string> keys_;
  VersionedStoreModel model_;
  uint64_t head_ = 0;
  std::vector<std::shared_ptr<const StoreSnapshot>> pinned_;
};

}  // namespace relata

#endif  // RELATA_TESTS_STORAGE_VERSIONED_STORE_MODEL_H_
