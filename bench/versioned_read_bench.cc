// The versioned store: point reads and scans of the present and of the past, with 1 and 10 versions
// of every key, beside the engine alone, whose keys were overwritten as often and which keeps no
// versions. The cost of history on current reads is what the lines with versions take more than the
// bare ones.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_format.h"
#include "bench/scratch_engine.h"
#include "storage/versioned_store.h"

namespace relata {
namespace {

int KeysOfEnvironment(int otherwise) {
  const char* const keys = std::getenv("RELATA_BENCH_KEYS");
  return keys == nullptr ? otherwise : std::max(1000, std::atoi(keys) / 1000 * 1000);
}

// RELATA_BENCH_KEYS: fewer, for counting instructions, where filling the stores takes long.
const int kKeys = KeysOfEnvironment(100'000);
constexpr int kRecordBytes = 100;
constexpr int kScanLength = 100;
constexpr int kKeysPerBatch = 1000;

std::string KeyOf(int i) { return absl::StrFormat("k%08d", i); }

// Records that do not compress to nothing, other in each version.
std::string RecordOf(std::mt19937_64& random) {
  std::string record(kRecordBytes, '\0');
  for (char& c : record) c = static_cast<char>('a' + random() % 16);
  return record;
}

// kKeys keys, each written `writes` times, once in each version; `bare`: the engine alone, where a
// write replaces the last one. Keys are written in a shuffled order, as those of a graph are.
struct Store {
  Store(EngineKind kind, bool bare, int writes)
      : engine(kind), newest(static_cast<uint64_t>(writes)) {
    std::mt19937_64 random(42);
    std::vector<int> order(kKeys);
    for (int i = 0; i < kKeys; ++i) order[i] = i;
    for (int version = 1; version <= writes; ++version) {
      std::shuffle(order.begin(), order.end(), random);
      for (int i = 0; i < kKeys; i += kKeysPerBatch) {
        KvBatch batch;
        VersionedBatch versioned(&engine.kv(), &batch);
        versioned.BeginVersion(CommitVersion(static_cast<uint64_t>(version)));
        for (int k = i; k < i + kKeysPerBatch; ++k) {
          if (bare) {
            batch.Put(KeySpace::kLive, KeyOf(order[k]), RecordOf(random));
          } else {
            CheckOk(versioned.Put(KeyOf(order[k]), RecordOf(random), version == 1));
          }
        }
        CheckOk(engine.kv().Write(batch, {}, /*sync=*/false));
      }
    }
  }

  StoreSnapshot At(uint64_t version) {
    return StoreSnapshot(&engine.kv(), engine.kv().NewSnapshot(), CommitVersion(version), 0,
                         version == newest);
  }

  ScratchEngine engine;
  const uint64_t newest;
};

// Filled once and kept: Google Benchmark calls a function several times.
Store& SharedStore(EngineKind kind, bool bare, int writes) {
  static auto* const kStores =
      new std::map<std::tuple<EngineKind, bool, int>, std::unique_ptr<Store>>;
  std::unique_ptr<Store>& store = (*kStores)[{kind, bare, writes}];
  if (store == nullptr) store = std::make_unique<Store>(kind, bare, writes);
  return *store;
}

void NameRun(benchmark::State& state, const char* what) {
  state.SetLabel(absl::StrFormat("%s, %s", state.range(0) == 1 ? "RocksDB" : "memory", what));
}

EngineKind KindOf(const benchmark::State& state) { return static_cast<EngineKind>(state.range(0)); }

void BM_BareGet(benchmark::State& state) {
  NameRun(state, state.range(1) == 1 ? "bare, written once" : "bare, written 10 times");
  Store& store = SharedStore(KindOf(state), /*bare=*/true, static_cast<int>(state.range(1)));
  const auto snapshot = store.engine.kv().NewSnapshot();
  std::mt19937_64 random(7);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ValueOrDie(store.engine.kv().Get(
        KeySpace::kLive, KeyOf(static_cast<int>(random() % kKeys)), snapshot.get())));
  }
}
BENCHMARK(BM_BareGet)->ArgsProduct({{0, 1}, {1, 10}});

void Get(benchmark::State& state, int versions, uint64_t version) {
  Store& store = SharedStore(KindOf(state), /*bare=*/false, versions);
  const StoreSnapshot snapshot = store.At(version);
  std::mt19937_64 random(7);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ValueOrDie(snapshot.Get(KeyOf(static_cast<int>(random() % kKeys)))));
  }
}

void BM_GetNow(benchmark::State& state) {
  NameRun(state, state.range(1) == 1 ? "1 version" : "10 versions");
  Get(state, static_cast<int>(state.range(1)), static_cast<uint64_t>(state.range(1)));
}
BENCHMARK(BM_GetNow)->ArgsProduct({{0, 1}, {1, 10}});

void BM_GetPast(benchmark::State& state) {
  NameRun(state, "version 3 of 10");
  Get(state, 10, 3);
}
BENCHMARK(BM_GetPast)->Arg(0)->Arg(1);

// A range of kScanLength keys.
KeyRange SomeRange(std::mt19937_64& random) {
  const int first = static_cast<int>(random() % (kKeys - kScanLength));
  return {KeyOf(first), KeyOf(first + kScanLength)};
}

void BM_BareScan(benchmark::State& state) {
  NameRun(state, state.range(1) == 1 ? "bare, written once, 100 keys"
                                     : "bare, written 10 times, 100 keys");
  Store& store = SharedStore(KindOf(state), /*bare=*/true, static_cast<int>(state.range(1)));
  const auto snapshot = store.engine.kv().NewSnapshot();
  std::mt19937_64 random(7);
  for (auto _ : state) {
    const KeyRange range = SomeRange(random);
    const auto cursor =
        store.engine.kv().NewIterator(KeySpace::kLive, snapshot.get(), range.start, range.limit);
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
      benchmark::DoNotOptimize(cursor->value().data());
    }
    CheckOk(cursor->status());
  }
}
BENCHMARK(BM_BareScan)->ArgsProduct({{0, 1}, {1, 10}});

// The first kScanLength keys of a range: of one of that length, or of one without end, as a page of
// a long list is read.
void Scan(benchmark::State& state, int versions, uint64_t version, bool endless) {
  Store& store = SharedStore(KindOf(state), /*bare=*/false, versions);
  const StoreSnapshot snapshot = store.At(version);
  std::mt19937_64 random(7);
  for (auto _ : state) {
    KeyRange range = SomeRange(random);
    if (endless) range.limit.clear();
    VersionedScan scan(snapshot, range);
    for (int seen = 0; scan.Valid() && seen < kScanLength; scan.Next(), ++seen) {
      benchmark::DoNotOptimize(scan.record().data());
    }
    CheckOk(scan.status());
  }
}

void BM_ScanNow(benchmark::State& state) {
  NameRun(state, state.range(1) == 1 ? "1 version, 100 keys" : "10 versions, 100 keys");
  Scan(state, static_cast<int>(state.range(1)), static_cast<uint64_t>(state.range(1)),
       /*endless=*/false);
}
BENCHMARK(BM_ScanNow)->ArgsProduct({{0, 1}, {1, 10}});

void BM_ScanPast(benchmark::State& state) {
  NameRun(state, "version 3 of 10, 100 keys");
  Scan(state, 10, 3, /*endless=*/false);
}
BENCHMARK(BM_ScanPast)->Arg(0)->Arg(1);

void BM_PageNow(benchmark::State& state) {
  NameRun(state, "10 versions, first 100 keys of a long range");
  Scan(state, 10, 10, /*endless=*/true);
}
BENCHMARK(BM_PageNow)->Arg(0)->Arg(1);

void BM_PagePast(benchmark::State& state) {
  NameRun(state, "version 3 of 10, first 100 keys of a long range");
  Scan(state, 10, 3, /*endless=*/true);
}
BENCHMARK(BM_PagePast)->Arg(0)->Arg(1);

}  // namespace
}  // namespace relata
