#include "graph/bulk/key_table.h"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(KeyTableTest, IsAMap) {
  std::mt19937_64 random(1);
  KeyTable table;
  std::map<std::string, uint64_t> model;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = absl::StrCat("key/", random() % 15'000);
    if (i % 1000 == 0) text = std::string(random() % 500'000, 'x');
    ASSERT_EQ(table.Insert(text, i), model.emplace(text, i).second) << text;
  }
  EXPECT_EQ(table.size(), model.size());
  for (const auto& [text, number] : model) ASSERT_EQ(table.Find(text), number) << text;
  EXPECT_EQ(table.Find("key/x"), std::nullopt);
  EXPECT_EQ(table.Find("key/15000"), std::nullopt);
}

TEST(KeyTableTest, FindsManyAsItFindsOne) {
  KeyTable table;
  for (int i = 0; i < 3000; ++i) table.Insert(absl::StrCat("key/", 2 * i), i);
  std::vector<std::string> texts = {"", "key/4", "key/4"};
  for (int i = 0; i < 200; ++i) texts.push_back(absl::StrCat("key/", i * 37));
  std::vector<std::optional<uint64_t>> expected;
  expected.reserve(texts.size());
  for (const std::string& text : texts) expected.push_back(table.Find(text));
  std::vector<std::optional<uint64_t>> found = {7};  // replaced
  table.FindAll(std::vector<absl::string_view>(texts.begin(), texts.end()), &found);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(found[1], 2u);
  EXPECT_EQ(found[4], std::nullopt);
}

TEST(KeyTableTest, HoldsTheEmptyTextAndZeros) {
  KeyTable table;
  EXPECT_EQ(table.Find(""), std::nullopt);
  EXPECT_TRUE(table.Insert("", 0));
  EXPECT_TRUE(table.Insert(std::string(1, '\0'), 1));
  EXPECT_FALSE(table.Insert("", 2));
  EXPECT_EQ(table.Find(""), 0u);
  EXPECT_EQ(table.Find(std::string(1, '\0')), 1u);
}

TEST(KeyTableTest, TakesLittleMemory) {
  KeyTable table;
  for (int i = 0; i < 100'000; ++i) table.Insert(absl::StrCat("company/", i), i);
  EXPECT_LT(table.memory(), 100'000 * 70u);
}

}  // namespace
}  // namespace relata
