#include "server/database_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "server/data_folder.h"
#include "tests/server/memory_engines.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

std::string FreshFolder(const std::string& name) {
  std::string path = absl::StrCat(::testing::TempDir(), "/registry_", name);
  std::filesystem::remove_all(path);
  return path;
}

absl::StatusOr<std::unique_ptr<DatabaseRegistry>> OpenRegistry(EngineProvider* engines) {
  return DatabaseRegistry::Open(engines, SystemClock(), DatabaseOptions());
}

TEST(DatabaseRegistryTest, MainIsThereFromTheStart) {
  MemoryEngines engines;
  RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(&engines));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto by_default, registry->Find(""));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto by_name, registry->Find("main"));
  EXPECT_EQ(by_default, by_name);
  EXPECT_EQ(by_name->name, "main");
  EXPECT_THAT(registry->Find("other").status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("other")));
}

TEST(DatabaseRegistryTest, CreatesAndDeletes) {
  MemoryEngines engines;
  RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(&engines));
  RELATA_ASSERT_OK_AND_ASSIGN(auto made, registry->Create("test-1", 3));
  EXPECT_EQ(registry->List().size(), 2u);
  EXPECT_THAT(registry->Create("test-1", 3).status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("test-1")));
  EXPECT_THAT(registry->Delete("test-1"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
  made.reset();
  RELATA_EXPECT_OK(registry->Delete("test-1"));
  EXPECT_THAT(registry->Delete("test-1"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("test-1")));
  EXPECT_THAT(registry->Delete("main"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("main")));
}

TEST(DatabaseRegistryTest, RefusesNamesThatAreNone) {
  MemoryEngines engines;
  RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(&engines));
  for (const std::string& name : {std::string(), std::string("../up"), std::string("Main"),
                                  std::string("1st"), std::string("a/b"), std::string(64, 'a')}) {
    EXPECT_THAT(registry->Create(name, 9).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("database_id")))
        << name;
  }
}

TEST(DatabaseRegistryTest, KeepsToTheLimit) {
  MemoryEngines engines;
  RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(&engines));
  RELATA_EXPECT_OK(registry->Create("a", 2).status());
  EXPECT_THAT(registry->Create("b", 2).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("max_databases")));
}

TEST(DataFolderTest, DatabasesAreFoundAgain) {
  const std::string path = FreshFolder("again");
  std::string uuid;
  {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto folder, DataFolder::Open(path, {}));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(folder.get()));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto made, registry->Create("kept", 9));
    uuid = made->graph->uuid();
    RELATA_EXPECT_OK(registry->Create("dropped", 9).status());
    RELATA_EXPECT_OK(registry->Delete("dropped"));
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const auto folder, DataFolder::Open(path, {}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(folder.get()));
  EXPECT_EQ(registry->List().size(), 2u);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto kept, registry->Find("kept"));
  EXPECT_EQ(kept->graph->uuid(), uuid);
}

TEST(DataFolderTest, AFolderThatIsHeldIsRefused) {
  const std::string path = FreshFolder("held");
  RELATA_ASSERT_OK_AND_ASSIGN(const auto folder, DataFolder::Open(path, {}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto registry, OpenRegistry(folder.get()));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto second, DataFolder::Open(path, {}));
  EXPECT_THAT(OpenRegistry(second.get()).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
}

}  // namespace
}  // namespace relata
