#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

using ::testing::ElementsAre;

class AdminServiceTest : public LoopbackTest {
 protected:
  template <typename Request, typename Response>
  grpc::Status Admin(grpc::Status (AdminStub::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                     const std::string& request, Response* response) {
    return Call(*admin_, method, Proto<Request>(request), response);
  }
};

TEST_F(AdminServiceTest, Databases) {
  v1::Database made;
  ASSERT_TRUE(Admin(&AdminStub::CreateDatabase, "database_id: \"test\"", &made).ok());
  EXPECT_EQ(made.name(), "databases/test");
  EXPECT_EQ(made.uuid().size(), 32u);
  EXPECT_EQ(Admin(&AdminStub::CreateDatabase, "database_id: \"test\"", &made).error_code(),
            grpc::StatusCode::ALREADY_EXISTS);
  Write("database: \"test\" mutations { put_entity { key: \"a\" } }");
  v1::Database got;
  ASSERT_TRUE(Admin(&AdminStub::GetDatabase, "name: \"databases/test\"", &got).ok());
  EXPECT_EQ(got.head_version(), 1u);
  v1::ListDatabasesResponse page;
  ASSERT_TRUE(Admin(&AdminStub::ListDatabases, "page_size: 1", &page).ok());
  ASSERT_EQ(page.databases_size(), 1);
  EXPECT_EQ(page.databases(0).name(), "databases/main");
  ASSERT_TRUE(Admin(&AdminStub::ListDatabases,
                    absl::StrCat("page_token: \"", page.next_page_token(), "\""), &page)
                  .ok());
  ASSERT_EQ(page.databases_size(), 1);
  EXPECT_EQ(page.databases(0).name(), "databases/test");
  EXPECT_EQ(page.next_page_token(), "");
  v1::DeleteDatabaseResponse deleted;
  ASSERT_TRUE(Admin(&AdminStub::DeleteDatabase, "name: \"databases/test\"", &deleted).ok());
  EXPECT_EQ(Admin(&AdminStub::GetDatabase, "name: \"databases/test\"", &got).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Admin(&AdminStub::GetDatabase, "name: \"test\"", &got).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AdminServiceTest, StatisticsSchemaAndStatus) {
  Write(R"pb(
    mutations { declare_relationship_type { type: "T" one_per_pair: true } }
    mutations {
      put_entity {
        key: "a"
        labels: "L"
        properties {
          name: "p"
          fact { value { int_value: 1 } }
        }
      }
    }
    mutations { put_entity { key: "b" labels: "L" labels: "M" } }
    mutations {
      put_relationship {
        type: "T"
        from { key: "a" }
        to { key: "b" }
        facts {}
      }
    })pb");
  v1::GetStatisticsResponse statistics;
  ASSERT_TRUE(Admin(&AdminStub::GetStatistics, "", &statistics).ok());
  EXPECT_EQ(statistics.entities(), 2u);
  EXPECT_EQ(statistics.relationships(), 1u);
  EXPECT_EQ(statistics.facts(), 2u);
  ASSERT_EQ(statistics.entities_by_label_size(), 2);
  EXPECT_EQ(statistics.entities_by_label(0).name(), "L");
  EXPECT_EQ(statistics.entities_by_label(0).count(), 2u);
  v1::GetSchemaResponse schema;
  ASSERT_TRUE(Admin(&AdminStub::GetSchema, "", &schema).ok());
  ASSERT_EQ(schema.relationship_types_size(), 1);
  EXPECT_TRUE(schema.relationship_types(0).one_per_pair());
  EXPECT_THAT(schema.labels_in_use(), ::testing::IsSupersetOf({"L", "M"}));
  EXPECT_THAT(schema.types_in_use(), ElementsAre("T"));
  ASSERT_TRUE(
      Admin(&AdminStub::GetSchema, "read { consistency { exact_version: 0 } }", &schema).ok());
  v1::GetStatusResponse status;
  ASSERT_TRUE(Admin(&AdminStub::GetStatus, "", &status).ok());
  EXPECT_EQ(status.server_version(), "0.1.0");
  ASSERT_EQ(status.databases_size(), 1);
  EXPECT_EQ(status.databases(0).database().head_version(), 1u);
  EXPECT_EQ(status.databases(0).database().read_only_reason(), "");
  EXPECT_FALSE(status.databases(0).cache_filling());
}

TEST_F(AdminServiceTest, CheckpointsHavePlainNames) {
  v1::CreateCheckpointResponse response;
  for (const std::string name : {"", "../x", "/abs", ".hidden", "a/b"}) {
    const grpc::Status status =
        Admin(&AdminStub::CreateCheckpoint, absl::StrCat("directory: \"", name, "\""), &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << name;
    EXPECT_EQ(UnpackError(status).field(), "directory");
  }
  // The engine in memory has no files.
  EXPECT_EQ(Admin(&AdminStub::CreateCheckpoint, "directory: \"x\"", &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace relata
