#include "storage/rocksdb/rocksdb_status.h"

#include <utility>
#include <vector>

#include "rocksdb/status.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using absl::StatusCode;
using rocksdb::Status;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(RocksDbStatusTest, EachErrorHasItsCode) {
  const std::vector<std::pair<Status, StatusCode>> cases = {
      {Status::OK(), StatusCode::kOk},
      {Status::Corruption("x"), StatusCode::kDataLoss},
      {Status::NoSpace("x"), StatusCode::kResourceExhausted},
      {Status::MemoryLimit("x"), StatusCode::kResourceExhausted},
      {Status::IOError("x"), StatusCode::kUnavailable},
      {Status::ShutdownInProgress("x"), StatusCode::kUnavailable},
      {Status::Aborted("x"), StatusCode::kUnavailable},
      {Status::TimedOut("x"), StatusCode::kUnavailable},
      {Status::PathNotFound("x"), StatusCode::kNotFound},
      {Status::NotFound("x"), StatusCode::kNotFound},
      {Status::Busy("x"), StatusCode::kFailedPrecondition},
      {Status::TryAgain("x"), StatusCode::kFailedPrecondition},
      {Status::NotSupported("x"), StatusCode::kUnimplemented},
      {Status::InvalidArgument("x"), StatusCode::kInternal},
  };
  for (const auto& [status, code] : cases) {
    EXPECT_EQ(FromRocksDb(status, "reading").code(), code) << status.ToString();
  }
}

TEST(RocksDbStatusTest, ALockThatIsHeldSaysWhatToDo) {
  for (const char* text : {"While lock file: /data/LOCK: Resource temporarily unavailable",
                           "lock hold by current process, acquire time 1 acquiring thread 2"}) {
    EXPECT_THAT(FromRocksDb(Status::IOError(text), "opening"),
                StatusIs(StatusCode::kFailedPrecondition,
                         AllOf(HasSubstr("in use by another process"), HasSubstr("--data"))));
  }
}

TEST(RocksDbStatusTest, TheMessageSaysWhatWasDoneButNoPathsOrKeys) {
  EXPECT_THAT(
      FromRocksDb(Status::IOError("/data/000007.sst", "key secret"), "reading the live space"),
      StatusIs(StatusCode::kUnavailable,
               AllOf(HasSubstr("reading the live space"), Not(HasSubstr("000007")),
                     Not(HasSubstr("secret")))));
}

TEST(RocksDbStatusTest, TheLogCanNameTheFile) {
  EXPECT_EQ(FileNamedIn("Corruption: block checksum mismatch: stored = 1, computed = 2  in "
                        "/data/databases/main/000007.sst offset 0 size 4000"),
            "000007.sst");
  EXPECT_EQ(FileNamedIn("IO error: While open a file for reading: /data/MANIFEST-000004: gone"),
            "MANIFEST-000004");
  EXPECT_EQ(FileNamedIn("Corruption: bad block type"), "");
}

}  // namespace
}  // namespace relata
