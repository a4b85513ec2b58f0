#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

class WatchServiceTest : public LoopbackTest {
 protected:
  static Limits TwoWatchers() {
    Limits limits;
    limits.max_watch_streams = 2;
    return limits;
  }
  WatchServiceTest() : LoopbackTest(TwoWatchers()) {}

  // A stream that ends after 30 s.
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> reader;

    // The next commit, past checkpoints. Version 0: the stream ended.
    v1::Change NextChange() {
      v1::WatchResponse response;
      while (reader->Read(&response)) {
        if (response.has_change()) return response.change();
      }
      return {};
    }
  };
  std::unique_ptr<Stream> Watch(const std::string& request) {
    auto stream = std::make_unique<Stream>();
    stream->context.set_deadline(
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(30, GPR_TIMESPAN)));
    stream->reader = watch_->Watch(&stream->context, Proto<v1::WatchRequest>(request));
    return stream;
  }
  void Put(const std::string& key, const std::string& label) {
    Write(absl::StrCat("mutations { put_entity { key: \"", key, "\" labels: \"", label, "\" } }"));
  }
};

TEST_F(WatchServiceTest, GivesEveryCommitOnceAndInOrder) {
  Put("a", "A");
  const auto stream = Watch("from_version: 0 include_states: true");
  EXPECT_EQ(stream->NextChange().version(), 1u);
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) Put(absl::StrCat("n", i), "N");
  });
  for (uint64_t version = 2; version <= 21; ++version) {
    const v1::Change change = stream->NextChange();
    EXPECT_EQ(change.version(), version);
    ASSERT_EQ(change.entities_size(), 1);
    EXPECT_EQ(change.entities(0).kind(), v1::Change::CREATED);
    EXPECT_EQ(change.entities(0).after().key(), absl::StrCat("n", version - 2));
  }
  writer.join();
}

TEST_F(WatchServiceTest, StartsWithACheckpointAndBeats) {
  Put("a", "A");
  const auto stream = Watch("heartbeat_milliseconds: 100");
  for (int i = 0; i < 3; ++i) {
    v1::WatchResponse response;
    ASSERT_TRUE(stream->reader->Read(&response));
    EXPECT_EQ(response.checkpoint().version(), 1u);
  }
}

TEST_F(WatchServiceTest, FiltersByLabelTypeAndEntity) {
  Put("a", "A");
  const auto stream = Watch("from_version: 1 labels: \"B\" types: \"T\" entities { key: \"a\" }");
  Put("c", "C");
  Put("b", "B");
  EXPECT_EQ(stream->NextChange().version(), 3u);
  Write(R"pb(mutations {
               put_relationship {
                 key: "r"
                 type: "T"
                 from { key: "b" }
                 to { key: "c" }
                 facts {}
               }
             })pb");
  const v1::Change with_type = stream->NextChange();
  EXPECT_EQ(with_type.version(), 4u);
  EXPECT_EQ(with_type.relationships(0).relationship().key(), "r");
  Write("");
  Put("a", "Z");
  EXPECT_EQ(stream->NextChange().version(), 6u);
}

TEST_F(WatchServiceTest, ResumesWhereItWas) {
  for (int i = 0; i < 4; ++i) Put(absl::StrCat("n", i), "N");
  const auto stream = Watch("from_version: 2");
  EXPECT_EQ(stream->NextChange().version(), 3u);
  EXPECT_EQ(stream->NextChange().version(), 4u);
}

TEST_F(WatchServiceTest, RefusesWhatCannotBe) {
  v1::WatchResponse response;
  const auto beyond = Watch("from_version: 7");
  EXPECT_FALSE(beyond->reader->Read(&response));
  EXPECT_EQ(beyond->reader->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  const auto beat = Watch("heartbeat_milliseconds: 1");
  EXPECT_FALSE(beat->reader->Read(&response));
  EXPECT_EQ(UnpackError(beat->reader->Finish()).field(), "heartbeat_milliseconds");
}

TEST_F(WatchServiceTest, TooManyStreamsAreRefusedUntilOneEnds) {
  v1::WatchResponse response;
  auto first = Watch("");
  auto second = Watch("");
  ASSERT_TRUE(first->reader->Read(&response));
  ASSERT_TRUE(second->reader->Read(&response));
  const auto third = Watch("");
  EXPECT_FALSE(third->reader->Read(&response));
  const grpc::Status status = third->reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(UnpackError(status).info.metadata().at("limit"), "max_watch_streams");
  first->context.TryCancel();
  EXPECT_EQ(first->reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  for (int i = 0; i < 100; ++i) {
    const auto again = Watch("");
    if (again->reader->Read(&response)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  FAIL() << "the place of a cancelled stream was never given back";
}

TEST_F(WatchServiceTest, EndsWhenTheServerStops) {
  v1::WatchResponse response;
  const auto stream = Watch("");
  ASSERT_TRUE(stream->reader->Read(&response));
  server_.server().Stop(absl::Seconds(20));
  while (stream->reader->Read(&response)) {
  }
  EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

// Who watches again at once when its stream ends meets a server that takes no calls, as the last
// stream did: never one that breaks the new call off without a word.
TEST(WatchServiceStopTest, WatchingAgainAtOnceIsUnavailable) {
  for (int round = 0; round < 10; ++round) {
    InProcessServer server;
    const auto stub = v1::WatchService::NewStub(server.channel());
    std::vector<grpc::StatusCode> ends;
    std::atomic<bool> watching{false};
    std::thread watcher([&] {
      for (int i = 0; i < 5; ++i) {
        grpc::ClientContext context;
        context.set_deadline(
            gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(30, GPR_TIMESPAN)));
        const auto reader = stub->Watch(&context, v1::WatchRequest());
        v1::WatchResponse response;
        while (reader->Read(&response)) watching = true;
        ends.push_back(reader->Finish().error_code());
      }
    });
    while (!watching) std::this_thread::yield();
    server.server().Stop(absl::Seconds(20));
    watcher.join();
    EXPECT_THAT(ends, testing::Each(grpc::StatusCode::UNAVAILABLE)) << "round " << round;
  }
}

}  // namespace
}  // namespace relata
