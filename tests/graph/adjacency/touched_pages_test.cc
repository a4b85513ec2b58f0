#include "graph/adjacency/touched_pages.h"

#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using testing::ElementsAre;

TEST(TouchedPagesTest, NamesThePagesOfWhatWasAddedByTypeAndDirection) {
  TouchedPages touched;
  touched.Add(TypeId(3), true, EntityId(64));
  touched.Add(TypeId(3), true, EntityId(127));
  touched.Add(TypeId(3), true, EntityId(63));
  touched.Add(TypeId(1), true, EntityId(200));
  touched.Add(TypeId(1), false, EntityId(128));
  std::vector<std::tuple<TypeId, bool, uint64_t>> pages;
  touched.ForEach([&](TypeId type, bool outgoing, uint64_t first) {
    pages.emplace_back(type, outgoing, first);
  });
  EXPECT_THAT(pages,
              ElementsAre(std::tuple(TypeId(1), false, 128), std::tuple(TypeId(1), true, 192),
                          std::tuple(TypeId(3), true, 0), std::tuple(TypeId(3), true, 64)));
}

}  // namespace
}  // namespace relata
