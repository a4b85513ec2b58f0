#include "client/cli/import/file_import.h"

#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/cli/import/json_lines_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Imports lines of entities into a server that refuses keys that start with "bad", and names the
// mutation where `names_mutation_`.
class FileImportTest : public testing::Test {
 protected:
  FileImportTest() {
    server_.on_write = [this](const v1::WriteRequest& request, v1::WriteResponse* response) {
      for (int i = 0; i < request.mutations_size(); ++i) {
        if (request.mutations(i).put_entity().key().rfind("bad", 0) != 0) continue;
        if (!names_mutation_) {
          return RelataError(grpc::StatusCode::FAILED_PRECONDITION, "broken", "DATA_FORBIDS");
        }
        return RelataError(grpc::StatusCode::FAILED_PRECONDITION,
                           absl::StrCat("mutation ", i, ": broken"), "DATA_FORBIDS",
                           {{"mutation", absl::StrCat(i)}});
      }
      response->set_version(++version_);
      for (const v1::Mutation& mutation : request.mutations()) {
        written_.push_back(mutation.put_entity().key());
        response->add_results()->set_created(true);
      }
      return grpc::Status::OK;
    };
    ClientOptions options;
    options.address = server_.address();
    client_ = *Client::Connect(options);
  }

  absl::Status Import(const FileImportOptions& options, const std::vector<std::string>& keys) {
    std::string text;
    for (const std::string& key : keys) {
      absl::StrAppend(
          &text, key == "?" ? "no json" : absl::StrCat("{\"putEntity\":{\"key\":\"", key, "\"}}"),
          "\n");
    }
    std::istringstream in(text);
    JsonLinesReader reader(&in);
    FileImport import(client_.get(), options, "f.jsonl", [](int64_t, int64_t) {});
    absl::Status status = import.Run(&reader);
    counts_ = import.counts();
    return status;
  }

  std::vector<int64_t> BadLines() const {
    std::vector<int64_t> lines;
    for (const BadLine& bad : counts_.bad_lines) lines.push_back(bad.line);
    return lines;
  }

  FakeServer server_;
  bool names_mutation_ = true;
  uint64_t version_ = 0;
  std::vector<std::string> written_;
  std::unique_ptr<Client> client_;
  ImportCounts counts_;
};

TEST_F(FileImportTest, AFileIsOneWrite) {
  RELATA_ASSERT_OK(Import({}, {"a", "b", "c"}));
  EXPECT_EQ(server_.writes().size(), 1u);
  EXPECT_EQ(counts_.mutations, 3);
  EXPECT_EQ(counts_.entities_created, 3);
  EXPECT_EQ(counts_.version, 1u);
}

TEST_F(FileImportTest, ABadLineStopsTheFileBeforeAnythingIsSent) {
  EXPECT_THAT(Import({}, {"a", "?", "c", "?"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("f.jsonl: 2 bad lines; correct them, or write the others")));
  EXPECT_THAT(BadLines(), ElementsAre(2, 4));
  EXPECT_THAT(Import({}, {"a", "?"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("f.jsonl:2: ")));
  EXPECT_TRUE(server_.writes().empty());
}

TEST_F(FileImportTest, ARefusedLineIsNamed) {
  EXPECT_THAT(Import({}, {"a", "b", "bad"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, "f.jsonl:3: broken"));
  EXPECT_TRUE(written_.empty());
}

TEST_F(FileImportTest, SkipBadWritesTheGoodLines) {
  RELATA_ASSERT_OK(Import({.skip_bad = true}, {"a", "bad1", "?", "b", "bad2"}));
  EXPECT_THAT(written_, ElementsAre("a", "b"));
  EXPECT_THAT(BadLines(), ElementsAre(3, 2, 5));
  EXPECT_EQ(counts_.commits, 1);
}

TEST_F(FileImportTest, SkipBadBisectsWhereTheServerNamesNoLine) {
  names_mutation_ = false;
  RELATA_ASSERT_OK(Import({.skip_bad = true}, {"a", "b", "bad1", "c", "d", "bad2", "e"}));
  EXPECT_THAT(written_, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(BadLines(), ElementsAre(3, 6));
}

TEST_F(FileImportTest, SkipBadManages1000BadLines) {
  std::vector<std::string> keys;
  keys.reserve(2000);
  for (int i = 0; i < 2000; ++i) keys.push_back(absl::StrCat(i % 2 == 0 ? "ok" : "bad", i));
  RELATA_ASSERT_OK(Import({.skip_bad = true}, keys));
  EXPECT_EQ(written_.size(), 1000u);
  EXPECT_EQ(counts_.bad_lines.size(), 1000u);
  EXPECT_LT(server_.writes().size(), 2500u);
}

TEST_F(FileImportTest, ErrorsThatAreAboutNoLineEndTheImport) {
  server_.on_write = [](const v1::WriteRequest&, v1::WriteResponse*) {
    return RelataError(grpc::StatusCode::NOT_FOUND, "no database", "DATABASE_NOT_FOUND");
  };
  EXPECT_THAT(Import({.skip_bad = true}, {"a", "b"}),
              StatusIs(absl::StatusCode::kNotFound, "f.jsonl: no database"));
  EXPECT_EQ(server_.writes().size(), 1u);
}

TEST_F(FileImportTest, BatchesCommitOneAfterTheOther) {
  EXPECT_THAT(Import({.batch = 2}, {"a", "b", "c", "d", "bad", "e"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, "f.jsonl:5: broken"));
  EXPECT_THAT(written_, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(counts_.commits, 2);
  EXPECT_EQ(counts_.version, 2u);
}

TEST_F(FileImportTest, DryRunOnlyValidates) {
  RELATA_ASSERT_OK(Import({.dry_run = true}, {"a"}));
  EXPECT_TRUE(server_.writes().front().validate_only());
  EXPECT_EQ(counts_.commits, 0);
}

}  // namespace
}  // namespace relata
