#include "storage/run_sorter.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/codec/ordered_bytes.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

struct Value {
  std::string bytes;
  bool marked = false;
  bool operator==(const Value&) const = default;
};
using Model = std::map<std::string, Value>;

std::vector<std::pair<std::string, Value>> Read(RunSorter& sorter) {
  sorter.Sort();
  std::vector<std::pair<std::string, Value>> entries;
  RunMerge merge(&sorter);
  for (; merge.Valid(); merge.Next()) {
    entries.push_back({std::string(merge.key()), {std::string(merge.value()), merge.marked()}});
  }
  RELATA_EXPECT_OK(merge.status());
  // The parts one behind the other are the same.
  size_t at = 0;
  for (const RunSorter::Part& part : sorter.Parts(300'000)) {
    for (RunMerge some(&sorter, part); some.Valid(); some.Next()) {
      if (at == entries.size() || some.key() != entries[at].first) {
        ADD_FAILURE() << "entry " << at;
        return {};
      }
      ++at;
    }
  }
  EXPECT_EQ(at, entries.size());
  return entries;
}

// Adds the entries of the model in random order, spilling now and then, and reads them back.
void ExpectSorted(const Model& model, int spill_one_in, std::mt19937_64& random) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : model) keys.push_back(key);
  std::shuffle(keys.begin(), keys.end(), random);
  RunSorter sorter(testing::TempDir());
  for (const std::string& key : keys) {
    sorter.Add(key, model.at(key).bytes, model.at(key).marked);
    if (spill_one_in > 0 && random() % spill_one_in == 0) {
      EXPECT_GT(sorter.memory(), 0u);
      RELATA_ASSERT_OK(sorter.Spill());
      EXPECT_EQ(sorter.memory(), 0u);
    }
  }
  EXPECT_EQ(sorter.size(), model.size());
  EXPECT_EQ(Read(sorter), (std::vector<std::pair<std::string, Value>>(model.begin(), model.end())));
}

TEST(RunSorterTest, SortsKeysOfAnyLengthAndBytes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 30; ++round) {
    Model model;
    const size_t longest = 1 + random() % 20;
    for (int i = 0; i < 500; ++i) {
      std::string key(random() % longest, '\0');
      // Few different bytes, so that keys share long beginnings.
      for (char& byte : key) byte = "\0\1\x7f\x80\xff"[random() % 5];
      model[key] = {std::string(random() % 50, 'v'), random() % 2 == 0};
    }
    ExpectSorted(model, round % 3 == 0 ? 0 : 60, random);
  }
}

TEST(RunSorterTest, SortsKeysOfIds) {
  std::mt19937_64 random(2);
  for (const uint64_t base : {uint64_t{0}, uint64_t{1} << 33, ~uint64_t{0} - 100'000}) {
    Model model;
    for (int i = 0; i < 20'000; ++i) {
      std::string key = "\x20";
      AppendUint64(&key, base + random() % 1000);
      AppendUint32(&key, 1 + random() % 3);
      AppendUint64(&key, base + random() % 90'000);
      AppendUint64(&key, base + i);
      model[key] = {absl::StrCat(i), false};
    }
    ExpectSorted(model, 0, random);
    ExpectSorted(model, 3000, random);
  }
}

// More than fits one group: what is sorted moves between blocks, some entries being larger than
// one.
TEST(RunSorterTest, SortsMegabytesOfUnevenEntries) {
  std::mt19937_64 random(4);
  Model model;
  for (int i = 0; i < 60'000; ++i) {
    std::string key = "\x20";
    // Most belong to few ids, as those of a graph's hubs do.
    AppendUint64(&key, random() % 3 == 0 ? random() % 50'000 : random() % 4);
    AppendUint64(&key, i);
    model[key] = {std::string(i % 5000 == 0 ? 100'000 + i : random() % 200, 'v'), i % 11 == 0};
  }
  ExpectSorted(model, 0, random);
  ExpectSorted(model, 25'000, random);
}

TEST(RunSorterTest, HasPartsOfTheSizeAskedFor) {
  for (const bool in_order : {true, false}) {
    for (const bool spilled : {true, false}) {
      RunSorter sorter(testing::TempDir());
      for (int i = 0; i < 60'000; ++i) {
        std::string key;
        AppendUint32(&key, in_order ? i : i * 7919 % 60'000);
        sorter.Add(key, std::string(100, 'v'));
        if (spilled && i % 25'000 == 24'000) {
          RELATA_ASSERT_OK(sorter.Spill());
        }
      }
      sorter.Sort();
      EXPECT_EQ(sorter.Parts(size_t{1} << 30).size(), 1u);
      const size_t parts = sorter.Parts(size_t{1} << 20).size();
      EXPECT_GE(parts, 4u) << in_order << spilled;
      EXPECT_LE(parts, 8u) << in_order << spilled;
    }
  }
}

TEST(RunSorterTest, TakesMoreWhileAnotherThreadSpills) {
  RunSorter sorter(testing::TempDir());
  Model model;
  std::vector<std::thread> spilling;
  for (int i = 0; i < 30'000; ++i) {
    const std::string key = absl::StrCat("key ", i * 7919 % 30'000);
    model[key] = {std::string(i % 40, 'v'), i % 7 == 0};
    sorter.Add(key, model[key].bytes, model[key].marked);
    if (i % 10'000 != 9'000) continue;
    spilling.emplace_back([work = sorter.TakeToSpill()]() mutable { RELATA_EXPECT_OK(work()); });
    EXPECT_EQ(sorter.memory(), 0u);
  }
  for (std::thread& thread : spilling) thread.join();
  EXPECT_EQ(Read(sorter), (std::vector<std::pair<std::string, Value>>(model.begin(), model.end())));
}

TEST(RunSorterTest, KeepsWhatWasAddedInOrder) {
  RunSorter sorter(testing::TempDir());
  Model model;
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = absl::StrCat("key ", 1'000'000 + i);
    model[key] = {std::string(i % 40, 'v'), i % 7 == 0};
    sorter.Add(key, model[key].bytes, model[key].marked);
    if (i == 60'000) {
      RELATA_ASSERT_OK(sorter.Spill());
    }
  }
  EXPECT_EQ(Read(sorter), (std::vector<std::pair<std::string, Value>>(model.begin(), model.end())));
}

TEST(RunSorterTest, ReadsValuesLargerThanItsBuffers) {
  std::mt19937_64 random(3);
  Model model;
  for (int i = 0; i < 8; ++i) {
    model[absl::StrCat("key ", i)] = {std::string(3'000'000 + i, static_cast<char>('a' + i))};
  }
  ExpectSorted(model, 2, random);
}

TEST(RunSorterTest, AnEmptySorterHasNothing) {
  RunSorter sorter(testing::TempDir());
  RELATA_ASSERT_OK(sorter.Spill());
  EXPECT_TRUE(Read(sorter).empty());
}

TEST(RunSorterTest, AScratchFolderThatIsNotThereIsUnavailable) {
  RunSorter sorter(testing::TempDir() + "/no/such/folder");
  sorter.Add("a", "1");
  EXPECT_THAT(sorter.Spill(), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace relata
