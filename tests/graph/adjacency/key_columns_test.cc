#include "graph/adjacency/key_columns.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tests/graph/answers/test_graph.h"

namespace relata {
namespace {

class KeyColumnsTest : public testing::Test {
 protected:
  static std::optional<std::string> Known(const Snapshot& snapshot, EntityId id) {
    std::string key = "something";
    if (!KeyColumns(snapshot).Get(id, &key)) return std::nullopt;
    return key;
  }

  TestGraph graph_;
};

TEST_F(KeyColumnsTest, KeepsKeysOfEveryLengthItHasRoomFor) {
  for (size_t size = 1; size <= 25; ++size) graph_.Entity(std::string(size, 'k'));
  graph_.Commit();
  const Snapshot snapshot = graph_.Latest();
  for (size_t size = 1; size <= 25; ++size) {
    const std::string key(size, 'k');
    const EntityId id = graph_.IdOf(key);
    EXPECT_EQ(Known(snapshot, id), std::nullopt);
    KeyColumns(snapshot).Keep({{id, key}});
    EXPECT_EQ(Known(snapshot, id), size <= 23 ? std::optional(key) : std::nullopt);
  }
}

TEST_F(KeyColumnsTest, KeepsBytesAsTheyAreAndThatThereIsNoKey) {
  graph_.Entity("a");
  graph_.Entity("b");
  graph_.Commit();
  const Snapshot snapshot = graph_.Latest();
  const std::string bytes("\xFF\0\x80 \xE7\x81\xAB\0", 8);
  KeyColumns(snapshot).Keep({{graph_.IdOf("a"), ""}, {graph_.IdOf("b"), bytes}});
  EXPECT_EQ(Known(snapshot, graph_.IdOf("a")), "");
  EXPECT_EQ(Known(snapshot, graph_.IdOf("b")), bytes);
}

TEST_F(KeyColumnsTest, AChangedEntityIsReadAgain) {
  graph_.Entity("a/long-enough-for-parts");
  graph_.Entity("b");
  graph_.Commit();
  const EntityId id = graph_.IdOf("a/long-enough-for-parts");
  KeyColumns(graph_.Latest()).Keep({{id, "a/long-enough-for-parts"}});
  const Snapshot before = graph_.Latest();
  ASSERT_TRUE(Known(before, id));
  EntityWrite change;
  change.put = true;
  change.key = "a/long-enough-for-parts";
  change.labels = {"Company"};
  graph_.Stage(change);
  graph_.Commit();
  EXPECT_EQ(Known(graph_.Latest(), id), std::nullopt);
}

}  // namespace
}  // namespace relata
