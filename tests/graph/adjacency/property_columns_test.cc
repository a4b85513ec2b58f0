#include "graph/adjacency/property_columns.h"

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr auto kFact = PropertyColumns::Owner::kFact;
const PropertyId kAmount(7);

class PropertyColumnsTest : public testing::Test {
 protected:
  // nullopt: not known.
  std::optional<Value> Get(uint64_t id, uint64_t version) const {
    const PropertyColumns::Column* const column = columns_.Find(kFact, kAmount);
    Value value;
    if (column == nullptr || !column->Get(id, CommitVersion(version), &value)) return std::nullopt;
    return value;
  }
  void Keep(uint64_t id, Value value, uint64_t version) {
    columns_.Keep(kFact, kAmount, CommitVersion(version), {{id, std::move(value)}});
  }
  PropertyColumns columns_{1 << 20};
};

TEST_F(PropertyColumnsTest, GivesBackWhatWasKept) {
  const std::vector<Value> values = {
      Value(),
      Value::Bool(true),
      Value::Int(-5),
      Value::Of<int64_t>(5, Qualifier::kAtLeast),
      Value::Double(0.25),
      Value::Of(Decimal::Parse("-12.340").value()),
      Value::Of(Money::Parse("28.50", "USD").value(), Qualifier::kAbout),
      Value::Of(Money::Parse("28.5", "EUR").value()),
      Value::Of(Date::Parse("2026-03-11").value()),
      Value::String("warned"),
      Value::String(""),
      Value::String("warned"),
  };
  for (size_t i = 0; i < values.size(); ++i) Keep(1'000 + i * 100, values[i], 3);
  for (size_t i = 0; i < values.size(); ++i) {
    const std::optional<Value> kept = Get(1'000 + i * 100, 3);
    ASSERT_TRUE(kept.has_value()) << i;
    EXPECT_EQ(kept->type(), values[i].type());
    EXPECT_TRUE(SameStatement(*kept, values[i])) << i << ": " << kept->ToString();
    EXPECT_EQ(kept->ToString(), values[i].ToString());
  }
  EXPECT_EQ(Get(1'001, 3), std::nullopt);
  EXPECT_EQ(columns_.Find(kFact, PropertyId(8)), nullptr);
  EXPECT_EQ(columns_.Find(PropertyColumns::Owner::kEntity, kAmount), nullptr);
}

TEST_F(PropertyColumnsTest, LeavesOutWhatDoesNotFit) {
  Keep(1, Value::Of(Value::List{Value::Int(1)}), 3);
  Keep(2, Value::String(std::string(100, 'x')), 3);
  Keep(3, Value::Of(Decimal::Parse("123456789012345678901234567890").value()), 3);
  for (uint64_t id = 1; id <= 3; ++id) EXPECT_EQ(Get(id, 3), std::nullopt);
}

TEST_F(PropertyColumnsTest, OlderReadersAndThoseAfterAChangeDoNotSeeAValue) {
  Keep(1, Value::Int(1), 5);
  Keep(2, Value::Int(2), 5);
  EXPECT_EQ(Get(1, 4), std::nullopt);
  columns_.Change(kFact, 1, CommitVersion(6));
  EXPECT_EQ(Get(1, 6), std::nullopt);
  EXPECT_TRUE(Get(2, 6).has_value());
  Keep(1, Value::Int(1), 5);
  EXPECT_EQ(Get(1, 6), std::nullopt) << "it was read before the change";
  Keep(1, Value::Int(3), 6);
  EXPECT_EQ(Get(1, 6)->get<int64_t>(), 3);
  EXPECT_EQ(Get(1, 5), std::nullopt);
  EXPECT_EQ(Get(2, 5), std::nullopt) << "the version is that of the page";
  columns_.ChangeAll(CommitVersion(7));
  EXPECT_EQ(Get(1, 7), std::nullopt);
  Keep(1, Value::Int(3), 6);
  EXPECT_EQ(Get(1, 7), std::nullopt);
}

TEST_F(PropertyColumnsTest, AChangedRangeLosesItsPagesAndOthersStay) {
  for (const uint64_t id : {1, 1'024, 3'000, 5'000}) Keep(id, Value::Int(1), 5);
  columns_.ChangeRange(PropertyColumns::Owner::kEntity, 1'030, 3'100, CommitVersion(6));
  EXPECT_TRUE(Get(3'000, 6).has_value()) << "it is of a fact, not of an entity";
  columns_.ChangeRange(kFact, 1'030, 3'100, CommitVersion(6));
  EXPECT_TRUE(Get(1, 6).has_value());
  EXPECT_EQ(Get(1'024, 6), std::nullopt) << "of the same page";
  EXPECT_EQ(Get(3'000, 6), std::nullopt);
  EXPECT_TRUE(Get(5'000, 6).has_value());
  Keep(2'100, Value::Int(2), 5);
  EXPECT_EQ(Get(2'100, 6), std::nullopt) << "it was read before the change";
  Keep(2'100, Value::Int(2), 6);
  EXPECT_EQ(Get(2'100, 6)->get<int64_t>(), 2);
}

TEST_F(PropertyColumnsTest, StaysWithinItsBudgetAndKeepsWhatIsUsed) {
  constexpr uint64_t kStep = 1'024;
  constexpr uint64_t kValues = 10'000;
  int lost = 0;
  for (uint64_t i = 0; i < kValues; ++i) {
    Keep(i * kStep, Value::Int(1), 1);
    if (Get(0, 1).has_value()) continue;
    ++lost;
    Keep(0, Value::Int(1), 1);
  }
  // The hand may go round more than once where much room is needed, for a larger table.
  EXPECT_LE(lost, 3);
  EXPECT_LE(columns_.bytes(), size_t{1} << 20);
  EXPECT_GT(columns_.bytes(), size_t{1} << 19);
  EXPECT_GT(columns_.evictions(), 0u);
  EXPECT_TRUE(Get((kValues - 1) * kStep, 1).has_value());
  uint64_t known = 0;
  for (uint64_t i = 0; i < kValues; ++i) known += Get(i * kStep, 1).has_value() ? 1 : 0;
  // Half of them have room.
  EXPECT_LT(known, kValues * 3 / 4);
  EXPECT_GT(known, kValues / 4);
  columns_.Shrink(size_t{1} << 18);
  EXPECT_LE(columns_.bytes(), size_t{1} << 18);
}

TEST_F(PropertyColumnsTest, TextsTakeAPartOfTheBudgetOnly) {
  const auto text_of = [](uint64_t i) {
    return Value::String(absl::StrCat("a name of some length ", i));
  };
  for (uint64_t i = 0; i < 10'000; ++i) Keep(i, text_of(i), 1);
  EXPECT_TRUE(SameStatement(Get(1, 1).value_or(Value()), text_of(1)));
  EXPECT_EQ(Get(9'999, 1), std::nullopt);
  Keep(20'000, text_of(1), 1);
  EXPECT_TRUE(Get(20'000, 1).has_value()) << "a text that it has";
  Keep(20'001, Value::Int(7), 1);
  EXPECT_TRUE(Get(20'001, 1).has_value());
}

// Each value brings a text that is new to the column, now and then a shape, a page or more pages
// than there were.
TEST_F(PropertyColumnsTest, ReadersDecodeWhatIsNewToTheColumn) {
  constexpr uint64_t kValues = 3'000;
  const auto value_of = [](uint64_t i) {
    if (i % 100 != 0) return Value::String(absl::StrCat("text ", i));
    return Value::Of(Money{{i, static_cast<uint8_t>(i / 100)}, {'U', 'S', 'D'}});
  };
  const auto id_of = [](uint64_t i) { return 1 + i * 101; };
  PropertyColumns columns(size_t{8} << 20);
  std::atomic<bool> done{false};
  const auto look = [&] {
    while (!done) {
      const PropertyColumns::Column* const column = columns.Find(kFact, kAmount);
      if (column == nullptr) continue;
      for (uint64_t i = 0; i < kValues; ++i) {
        Value value;
        if (!column->Get(id_of(i), CommitVersion(1), &value)) break;
        ASSERT_TRUE(SameStatement(value, value_of(i))) << i << ": " << value.ToString();
      }
    }
  };
  std::vector<std::thread> readers;
  readers.reserve(2);
  for (int i = 0; i < 2; ++i) readers.emplace_back(look);
  for (uint64_t i = 0; i < kValues; ++i) {
    columns.Keep(kFact, kAmount, CommitVersion(1), {{id_of(i), value_of(i)}});
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  Value last;
  ASSERT_TRUE(columns.Find(kFact, kAmount)->Get(id_of(kValues - 1), CommitVersion(1), &last));
  EXPECT_TRUE(SameStatement(last, value_of(kValues - 1)));
}

// Pages come and go all the time: whoever finds a value finds that of its owner.
TEST_F(PropertyColumnsTest, ReadersFindWhatIsTheirsWhilePagesAreTakenOut) {
  PropertyColumns columns(size_t{64} << 10);
  constexpr uint64_t kOwners = 20'000;
  std::atomic<bool> done{false};
  std::atomic<uint64_t> found{0};
  const auto look = [&](uint64_t seed) {
    PropertyColumns::Column::Codes codes;
    for (uint64_t i = seed; !done; i = i * 5 + 3) {
      const PropertyColumns::Column* const column = columns.Find(kFact, kAmount);
      if (column == nullptr) continue;
      const std::vector<uint64_t> ids = {i % kOwners, i % kOwners / 2};
      if (!column->GetCodes(ids, CommitVersion(1), &codes)) continue;
      ++found;
      for (size_t k = 0; k < ids.size(); ++k) ASSERT_EQ(codes.bits[k], ids[k]);
    }
  };
  std::vector<std::thread> readers;
  for (uint64_t i = 0; i < 2; ++i) readers.emplace_back(look, 7 + i);
  for (uint64_t i = 0; i < 200'000; ++i) {
    const uint64_t id = i * 7919 % kOwners;
    columns.Keep(kFact, kAmount, CommitVersion(1), {{id, Value::Int(static_cast<int64_t>(id))}});
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(found, 0u);
  EXPECT_GT(columns.evictions(), 0u);
  EXPECT_LE(columns.bytes(), size_t{64} << 10);
}

// The value of an owner at version v is v; readers hold some version and look on.
TEST_F(PropertyColumnsTest, ReadersSeeTheirVersionWhileValuesChange) {
  std::atomic<uint64_t> head{1};
  std::atomic<bool> done{false};
  const auto look = [&](bool keeps) {
    while (!done) {
      const uint64_t version = head.load();
      for (int i = 0; i < 20; ++i) {
        const std::optional<Value> value = Get(9, version);
        if (!value) continue;
        ASSERT_EQ(value->get<int64_t>(), static_cast<int64_t>(version));
      }
      if (keeps) Keep(9, Value::Int(static_cast<int64_t>(version)), version);
    }
  };
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int i = 0; i < 3; ++i) readers.emplace_back(look, i < 2);
  for (uint64_t version = 2; version < 20'000; ++version) {
    columns_.Change(kFact, 9, CommitVersion(version));
    head = version;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace relata
