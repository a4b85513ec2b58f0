// WriteService.BulkWrite through the client library.

#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/manual_clock.h"
#include "client/bulk_writer.h"
#include "client/call_error.h"
#include "client/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relata/v1/error_reason.pb.h"
#include "relata/v1/read_service.pb.h"
#include "relata/v1/write_service.pb.h"
#include "tests/server/in_process_server.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

class BulkWriteTest : public testing::Test {
 protected:
  void SetUp() override {
    ClientOptions options;
    options.address = server_.address();
    RELATA_ASSERT_OK_AND_ASSIGN(client_, Client::Connect(options));
  }

  std::unique_ptr<BulkWriter> Begin(bool skip_bad = false, const std::string& request_id = "") {
    v1::BulkWriteRequest::Start start;
    start.set_request_id(request_id);
    start.set_skip_bad(skip_bad);
    start.set_principal("loader");
    absl::StatusOr<std::unique_ptr<BulkWriter>> writer = client_->BeginBulkWrite(start);
    RELATA_EXPECT_OK(writer.status());
    return *std::move(writer);
  }
  // The start must have been sent.
  static void WaitUntilBegun(const BulkWriter& writer) {
    while (!writer.received().has_progress()) absl::SleepFor(absl::Milliseconds(1));
  }
  bool Exists(const std::string& key) {
    v1::GetEntityRequest get;
    get.mutable_entity()->set_key(key);
    const absl::Status status = client_->GetEntity(get).status();
    EXPECT_TRUE(status.ok() || absl::IsNotFound(status)) << status;
    return status.ok();
  }
  static v1::Mutation Entity(const std::string& key) {
    v1::Mutation mutation;
    mutation.mutable_put_entity()->set_key(key);
    mutation.mutable_put_entity()->add_labels("Company");
    return mutation;
  }
  static v1::Mutation Link(const std::string& from, const std::string& to) {
    v1::Mutation mutation;
    auto* const link = mutation.mutable_create_relationship();
    link->set_type("OWNS");
    link->mutable_from()->set_key(from);
    link->mutable_to()->set_key(to);
    link->add_facts();
    return mutation;
  }

  ManualClock clock_{1'750'000'000'000'000};
  InProcessServer server_{&clock_};
  std::unique_ptr<Client> client_;
};

TEST_F(BulkWriteTest, MutationsAndFilesAreOneCommit) {
  const std::unique_ptr<BulkWriter> writer = Begin();
  for (int i = 0; i < 20'000; ++i) RELATA_ASSERT_OK(writer->Add(Entity("e/" + std::to_string(i))));
  RELATA_ASSERT_OK(writer->Add(Link("e/1", "e/2")));
  RELATA_ASSERT_OK(writer->BeginCsv("l.csv", "relationship type=OWNS from=e/{a} to=e/{b}"));
  RELATA_ASSERT_OK(writer->AddCsv("a,b\n3,"));
  RELATA_ASSERT_OK(writer->AddCsv("4\n5,6"));
  RELATA_ASSERT_OK(writer->EndCsv());
  RELATA_ASSERT_OK(writer->BeginCsv("m.csv", ""));
  RELATA_ASSERT_OK(writer->AddCsv("key,label\nm,Person\n"));
  RELATA_ASSERT_OK(writer->EndCsv());
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BulkWriteResponse response, writer->Commit());
  const v1::BulkWriteResponse::Result& result = response.result();
  EXPECT_EQ(result.version(), 1u);
  EXPECT_EQ(result.entities_created(), 20'001u);
  EXPECT_EQ(result.relationships_created(), 3u);
  EXPECT_EQ(result.facts_created(), 3u);
  EXPECT_EQ(result.bad_items(), 0u);
  EXPECT_FALSE(result.replayed());
  EXPECT_FALSE(result.commit_time().empty());
  EXPECT_EQ(response.progress().phase(), v1::BulkWriteResponse::Progress::COMMITTING);
  EXPECT_EQ(response.progress().items(), 20'004u);
  EXPECT_EQ(response.progress().entities(), 20'001u);
  EXPECT_EQ(response.progress().relationships(), 3u);
  EXPECT_TRUE(Exists("m"));
}

TEST_F(BulkWriteTest, ABadItemEndsItAndNothingIsWritten) {
  {
    const std::unique_ptr<BulkWriter> writer = Begin();
    RELATA_ASSERT_OK(writer->Add(Entity("a")));
    RELATA_ASSERT_OK(writer->Add(Link("a", "nobody")));
    const absl::Status status = writer->Commit().status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("mutation 1: ")));
    EXPECT_EQ(RefusedMutation(status), 1u);
    EXPECT_EQ(ReadCallError(status).reason, "NOT_FOUND_IN_WRITE");
  }
  {
    const std::unique_ptr<BulkWriter> writer = Begin();
    RELATA_ASSERT_OK(writer->BeginCsv("c.csv", ""));
    RELATA_ASSERT_OK(writer->AddCsv("key,n:int\na,1\nb,x\n"));
    // The answer may come with this call or the next.
    absl::Status status = writer->EndCsv();
    if (status.ok()) status = writer->Commit().status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.csv:3: ")));
    const CallError error = ReadCallError(status);
    EXPECT_EQ(error.metadata.at("file"), "c.csv");
    EXPECT_EQ(error.metadata.at("line"), "3");
  }
  EXPECT_FALSE(Exists("a"));
}

TEST_F(BulkWriteTest, SkipBadReportsWhatItLeavesOut) {
  const std::unique_ptr<BulkWriter> writer = Begin(/*skip_bad=*/true);
  RELATA_ASSERT_OK(writer->Add(Entity("a")));
  RELATA_ASSERT_OK(writer->Add(Entity("a")));
  RELATA_ASSERT_OK(writer->Add(v1::Mutation()));
  RELATA_ASSERT_OK(writer->BeginCsv("c.csv", ""));
  RELATA_ASSERT_OK(writer->AddCsv("key\na\nb\n"));
  RELATA_ASSERT_OK(writer->EndCsv());
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BulkWriteResponse response, writer->Commit());
  EXPECT_EQ(response.result().entities_created(), 2u);
  EXPECT_EQ(response.result().bad_items(), 3u);
  EXPECT_EQ(response.progress().bad_items(), 3u);
  ASSERT_EQ(response.errors_size(), 3);
  EXPECT_EQ(response.errors(0).file(), "");
  EXPECT_EQ(response.errors(0).place(), 1);
  EXPECT_EQ(response.errors(0).code(), static_cast<int>(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(response.errors(0).reason(), v1::ALREADY_THERE);
  EXPECT_THAT(response.errors(0).message(), HasSubstr("`a`"));
  EXPECT_EQ(response.errors(1).place(), 2);
  EXPECT_EQ(response.errors(1).code(), static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(response.errors(2).file(), "c.csv");
  EXPECT_EQ(response.errors(2).place(), 2);
}

TEST_F(BulkWriteTest, ErrorsBeyondAThousandAreCountedOnly) {
  const std::unique_ptr<BulkWriter> writer = Begin(/*skip_bad=*/true);
  for (int i = 0; i < 1500; ++i) RELATA_ASSERT_OK(writer->Add(Entity("a")));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BulkWriteResponse response, writer->Commit());
  EXPECT_EQ(response.result().bad_items(), 1499u);
  EXPECT_EQ(response.errors_size(), 1000);
}

TEST_F(BulkWriteTest, WithoutCommitNothingIsWritten) {
  {
    const std::unique_ptr<BulkWriter> writer = Begin();
    for (int i = 0; i < 20'000; ++i) {
      RELATA_ASSERT_OK(writer->Add(Entity("e/" + std::to_string(i))));
    }
  }
  const std::unique_ptr<BulkWriter> writer = Begin();
  RELATA_ASSERT_OK(writer->Add(Entity("e/1")));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BulkWriteResponse response, writer->Commit());
  EXPECT_EQ(response.result().version(), 1u);
  EXPECT_EQ(response.result().entities_created(), 1u);
}

TEST_F(BulkWriteTest, StreamsThatAreNoneAreRefused) {
  v1::BulkWriteRequest::Start start;
  start.set_database("no-such");
  RELATA_ASSERT_OK_AND_ASSIGN(const auto nowhere, client_->BeginBulkWrite(start));
  EXPECT_THAT(nowhere->Commit(), StatusIs(absl::StatusCode::kNotFound));
  const std::unique_ptr<BulkWriter> half = Begin();
  RELATA_ASSERT_OK(half->BeginCsv("c.csv", ""));
  RELATA_ASSERT_OK(half->AddCsv("key\na\n"));
  EXPECT_THAT(half->Commit(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("`ends`")));
  const std::unique_ptr<BulkWriter> headings = Begin();
  RELATA_ASSERT_OK(headings->BeginCsv("h.csv", "entity key={no}"));
  RELATA_ASSERT_OK(headings->AddCsv("key\na\n"));
  RELATA_ASSERT_OK(headings->EndCsv());
  EXPECT_THAT(headings->Commit(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("h.csv: ")));
}

TEST_F(BulkWriteTest, TheSameRequestIdIsAnsweredOnce) {
  const auto load = [this](const std::string& key, size_t cut) {
    const std::unique_ptr<BulkWriter> writer = Begin(/*skip_bad=*/true, "id-1");
    RELATA_EXPECT_OK(writer->Add(Entity(key)));
    RELATA_EXPECT_OK(writer->Add(Entity(key)));
    const std::string text = "key\nb\nc\n";
    RELATA_EXPECT_OK(writer->BeginCsv("c.csv", ""));
    RELATA_EXPECT_OK(writer->AddCsv(text.substr(0, cut)));
    RELATA_EXPECT_OK(writer->AddCsv(text.substr(cut)));
    RELATA_EXPECT_OK(writer->EndCsv());
    return writer->Commit();
  };
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BulkWriteResponse first, load("a", 3));
  EXPECT_FALSE(first.result().replayed());
  EXPECT_EQ(first.result().bad_items(), 1u);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BulkWriteResponse again, load("a", 6));
  EXPECT_TRUE(again.result().replayed());
  EXPECT_EQ(again.result().version(), first.result().version());
  EXPECT_EQ(again.result().commit_time(), first.result().commit_time());
  EXPECT_EQ(again.result().entities_created(), 3u);
  EXPECT_EQ(again.result().bad_items(), 1u);
  const absl::Status other = load("x", 3).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadCallError(other).reason, "REQUEST_ID_REUSED");
  EXPECT_FALSE(Exists("x"));
  // Ordinary writes share the ids.
  v1::WriteRequest write;
  write.set_request_id("id-1");
  *write.add_mutations() = Entity("a");
  EXPECT_EQ(ReadCallError(client_->Write(write).status()).reason, "REQUEST_ID_REUSED");
}

TEST_F(BulkWriteTest, AWriteWithTheRequestIdMeanwhileEndsIt) {
  const std::unique_ptr<BulkWriter> writer = Begin(/*skip_bad=*/false, "id-2");
  RELATA_ASSERT_OK(writer->BeginCsv("c.csv", ""));  // sends the start
  RELATA_ASSERT_OK(writer->AddCsv("key\na\n"));
  RELATA_ASSERT_OK(writer->EndCsv());
  // Until the server has begun, the write might come first, which is another error.
  WaitUntilBegun(*writer);
  v1::WriteRequest write;
  write.set_request_id("id-2");
  *write.add_mutations() = Entity("other");
  RELATA_ASSERT_OK(client_->Write(write).status());
  EXPECT_THAT(writer->Commit(), StatusIs(absl::StatusCode::kAborted, HasSubstr("id-2")));
  EXPECT_FALSE(Exists("a"));
}

TEST_F(BulkWriteTest, ProgressIsToldWhileItGoesOn) {
  const std::unique_ptr<BulkWriter> writer = Begin(/*skip_bad=*/true);
  int sent = 0;
  v1::BulkWriteResponse received;
  while (received.progress().items() == 0) {
    RELATA_ASSERT_OK(writer->Add(Entity(std::to_string(sent / 2))));
    ++sent;
    clock_.AdvanceMicros(10'000);
    received = writer->received();
  }
  EXPECT_EQ(received.progress().phase(), v1::BulkWriteResponse::Progress::READING);
  EXPECT_LE(received.progress().items(), static_cast<uint64_t>(sent));
  EXPECT_GT(received.errors_size(), 0);
  EXPECT_FALSE(received.has_result());
  RELATA_ASSERT_OK_AND_ASSIGN(received, writer->Commit());
  EXPECT_EQ(received.progress().items(), static_cast<uint64_t>(sent));
}

TEST_F(BulkWriteTest, OnlySoManyAtATime) {
  const std::unique_ptr<BulkWriter> first = Begin();
  const std::unique_ptr<BulkWriter> second = Begin();
  RELATA_ASSERT_OK(first->BeginCsv("c.csv", ""));
  RELATA_ASSERT_OK(second->BeginCsv("c.csv", ""));
  WaitUntilBegun(*first);
  WaitUntilBegun(*second);
  const absl::Status third = Begin()->Commit().status();
  EXPECT_EQ(third.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadCallError(third).metadata.at("limit"), "max_bulk_writes");
}

TEST_F(BulkWriteTest, ADeadlineDropsWhatWasTakenIn) {
  ClientOptions options;
  options.address = server_.address();
  options.stream_timeout = absl::Milliseconds(200);
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Client> hurried, Client::Connect(options));
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<BulkWriter> writer,
                              hurried->BeginBulkWrite(v1::BulkWriteRequest::Start()));
  absl::Status status;
  for (int i = 0; status.ok(); ++i) status = writer->Add(Entity("e/" + std::to_string(i)));
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(Exists("e/1"));
}

}  // namespace
}  // namespace relata
