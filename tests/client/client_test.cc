#include "client/client.h"

#include <memory>
#include <vector>

#include "client/call_canceller.h"
#include "client/call_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

grpc::Status Unavailable() {
  return RelataError(grpc::StatusCode::UNAVAILABLE, "stopping", "TEMPORARILY_UNAVAILABLE");
}

grpc::Status Aborted() { return RelataError(grpc::StatusCode::ABORTED, "conflict", "CONFLICT"); }

class ClientTest : public testing::Test {
 protected:
  std::unique_ptr<Client> Connect() {
    ClientOptions options;
    options.address = server_.address();
    options.timeout = absl::Seconds(20);
    options.stream_timeout = absl::Seconds(20);
    options.sleep = [](absl::Duration) {};
    return *Client::Connect(options);
  }

  FakeServer server_;
};

TEST_F(ClientTest, RefusesAddressesWithoutPortAndTimeoutsOfNothing) {
  ClientOptions options;
  for (const char* const address : {"localhost", ":7614", "localhost:", "localhost:99999", "a:0"}) {
    options.address = address;
    EXPECT_THAT(Client::Connect(options), StatusIs(absl::StatusCode::kInvalidArgument)) << address;
  }
  options.address = "[::1]:7614";
  RELATA_EXPECT_OK(Client::Connect(options));
  options.timeout = absl::ZeroDuration();
  EXPECT_THAT(Client::Connect(options), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ClientTest, ReadsAreTriedAgain) {
  server_.failures = {Unavailable(), Unavailable()};
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::GetEntityResponse response,
                              Connect()->GetEntity(v1::GetEntityRequest()));
  EXPECT_EQ(response.entity().id(), 7u);
  EXPECT_EQ(server_.gets().size(), 3u);
}

TEST_F(ClientTest, ReadsAreNotTriedAgainAfterOtherErrors) {
  server_.failures = {RelataError(grpc::StatusCode::NOT_FOUND, "no entity", "ENTITY_NOT_FOUND",
                                  {{"entity", "company/x"}})};
  const absl::Status status = Connect()->GetEntity(v1::GetEntityRequest()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "no entity"));
  const CallError error = ReadCallError(status);
  EXPECT_EQ(error.reason, "ENTITY_NOT_FOUND");
  EXPECT_THAT(error.metadata, ElementsAre(Pair("entity", "company/x")));
  EXPECT_EQ(server_.gets().size(), 1u);
}

TEST_F(ClientTest, AWriteKeepsItsGeneratedRequestIdWhenTriedAgain) {
  server_.failures = {Unavailable(), Aborted()};
  RELATA_ASSERT_OK(Connect()->Write(v1::WriteRequest()));
  const std::vector<v1::WriteRequest> writes = server_.writes();
  ASSERT_EQ(writes.size(), 3u);
  EXPECT_EQ(writes[0].request_id().size(), 36u);
  EXPECT_EQ(writes[1].request_id(), writes[0].request_id());
  EXPECT_EQ(writes[2].request_id(), writes[0].request_id());
}

TEST_F(ClientTest, AWriteWithPreconditionsIsNotTriedAgainAfterAConflict) {
  server_.failures = {Unavailable(), Aborted()};
  v1::WriteRequest request;
  request.set_request_id("mine");
  request.add_preconditions()->mutable_exists()->set_key("company/x");
  EXPECT_THAT(Connect()->Write(request), StatusIs(absl::StatusCode::kAborted));
  const std::vector<v1::WriteRequest> writes = server_.writes();
  ASSERT_EQ(writes.size(), 2u);
  EXPECT_EQ(writes[1].request_id(), "mine");
}

TEST_F(ClientTest, NamesTheRefusedMutation) {
  server_.failures = {RelataError(grpc::StatusCode::FAILED_PRECONDITION, "mutation 3: refused",
                                  "DATA_FORBIDS", {{"mutation", "3"}})};
  const absl::Status status = Connect()->Write(v1::WriteRequest()).status();
  EXPECT_EQ(RefusedMutation(status), 3u);
  EXPECT_FALSE(IsUnreachable(status));
  EXPECT_EQ(RefusedMutation(absl::NotFoundError("mutation 3")), std::nullopt);
}

TEST_F(ClientTest, TellsAnUnreachableServerFromOneThatRefuses) {
  ClientOptions options;
  options.address = "127.0.0.1:1";
  options.sleep = [](absl::Duration) {};
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Client> client, Client::Connect(options));
  EXPECT_TRUE(IsUnreachable(client->GetEntity(v1::GetEntityRequest()).status()));
}

TEST_F(ClientTest, WatchGoesOnAfterTheLastVersionWhereTheStreamBroke) {
  server_.watch_versions = {{41, 42}, {}, {43}, {44, 45}};
  std::vector<uint64_t> versions;
  RELATA_ASSERT_OK(Connect()->Watch(v1::WatchRequest(), [&](const v1::WatchResponse& event) {
    versions.push_back(event.change().version());
    return versions.size() < 4;
  }));
  EXPECT_THAT(versions, ElementsAre(41, 42, 43, 44));
  std::vector<uint64_t> starts;
  for (const v1::WatchRequest& request : server_.watches()) {
    starts.push_back(request.from_version());
  }
  EXPECT_THAT(starts, ElementsAre(40, 42, 42, 43));
}

TEST_F(ClientTest, AServerThatBreaksCallsOffIsTriedAgain) {
  server_.watch_end = grpc::Status(grpc::StatusCode::CANCELLED, "CANCELLED");
  server_.watch_versions = {{41}, {42}};
  std::vector<uint64_t> versions;
  RELATA_ASSERT_OK(Connect()->Watch(v1::WatchRequest(), [&](const v1::WatchResponse& event) {
    versions.push_back(event.change().version());
    return versions.size() < 2;
  }));
  EXPECT_THAT(versions, ElementsAre(41, 42));
  server_.failures = {server_.watch_end};
  RELATA_EXPECT_OK(Connect()->GetEntity(v1::GetEntityRequest()));
}

TEST_F(ClientTest, WatchStopsWhenTheReceiverSaysSo) {
  server_.watch_versions = {{41, 42, 43}};
  int events = 0;
  v1::WatchRequest request;
  request.set_from_version(3);
  RELATA_ASSERT_OK(
      Connect()->Watch(request, [&](const v1::WatchResponse&) { return ++events < 2; }));
  EXPECT_EQ(events, 2);
  EXPECT_EQ(server_.watches().front().from_version(), 3u);
}

TEST_F(ClientTest, ExportIsTriedAgainOnlyBeforeItsFirstPart) {
  server_.export_parts.resize(2);
  server_.export_parts[0].mutable_stamp()->set_version(9);
  server_.failures = {Unavailable()};
  int parts = 0;
  RELATA_ASSERT_OK(Connect()->Export(v1::ExportRequest(), [&](const v1::ExportResponse&) {
    ++parts;
    return absl::OkStatus();
  }));
  EXPECT_EQ(parts, 2);
  server_.export_end = Unavailable();
  EXPECT_THAT(Connect()->Export(v1::ExportRequest(),
                                [&](const v1::ExportResponse&) {
                                  ++parts;
                                  return absl::OkStatus();
                                }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(parts, 4);
}

TEST_F(ClientTest, ExportEndsWithTheErrorOfTheReceiver) {
  server_.export_parts.resize(3);
  int parts = 0;
  EXPECT_THAT(Connect()->Export(v1::ExportRequest(),
                                [&](const v1::ExportResponse&) {
                                  ++parts;
                                  return absl::FailedPreconditionError("disk full");
                                }),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("disk full")));
  EXPECT_EQ(parts, 1);
}

TEST_F(ClientTest, AStatementIsTriedOnceAndStreamed) {
  server_.query_parts.resize(3);
  int parts = 0;
  const auto count = [&](const v1::RunQueryResponse&) {
    ++parts;
    return absl::OkStatus();
  };
  RELATA_EXPECT_OK(Connect()->RunQuery(v1::RunQueryRequest(), count));
  EXPECT_EQ(parts, 3);
  server_.failures = {Unavailable()};
  EXPECT_THAT(Connect()->RunQuery(v1::RunQueryRequest(), count),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server_.queries().size(), 2u);
}

TEST_F(ClientTest, WhoReceivesMayEndAStatement) {
  server_.query_parts.resize(1);
  server_.query_hangs = true;
  EXPECT_THAT(Connect()->RunQuery(
                  v1::RunQueryRequest(),
                  [](const v1::RunQueryResponse&) { return absl::DataLossError("enough"); }),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(ClientTest, AStatementEndsWhenItIsCancelledBeforeOrWhileItRuns) {
  server_.query_parts.resize(1);
  server_.query_hangs = true;
  CallCanceller canceller;
  const auto cancel = [&](const v1::RunQueryResponse&) {
    canceller.Cancel();
    return absl::OkStatus();
  };
  EXPECT_THAT(Connect()->RunQuery(v1::RunQueryRequest(), cancel, &canceller),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(Connect()->RunQuery(v1::RunQueryRequest(), cancel, &canceller),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(ClientTest, ACommitIsTriedOnce) {
  server_.failures = {Unavailable()};
  v1::CommitTransactionRequest request;
  request.set_transaction_id("t1");
  EXPECT_THAT(Connect()->CommitTransaction(request), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server_.transactions().size(), 1u);
}

}  // namespace
}  // namespace relata
