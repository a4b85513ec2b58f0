#include <gtest/gtest.h>

#include <string>

#include "tests/server/services/loopback.h"

namespace relata {
namespace {

class WriteServiceTest : public LoopbackTest {};

constexpr char kDeepSeek[] = R"pb(
  mutations {
    put_entity {
      key: "company/deepseek"
      labels: "Company"
      names { text: "DeepSeek" language: "en" kind: PREFERRED }
      names { text: "深度求索" language: "zh" kind: PREFERRED }
    }
  })pb";

TEST_F(WriteServiceTest, GivesIdsAndVersions) {
  const v1::WriteResponse first = Write(kDeepSeek);
  EXPECT_EQ(first.version(), 1u);
  EXPECT_FALSE(first.commit_time().empty());
  ASSERT_EQ(first.results_size(), 1);
  EXPECT_TRUE(first.results(0).created());
  EXPECT_NE(first.results(0).entity_id(), 0u);
  EXPECT_EQ(first.results(0).fact_ids_size(), 2);
  const v1::WriteResponse second = Write(kDeepSeek);
  EXPECT_EQ(second.version(), 2u);
  EXPECT_FALSE(second.results(0).created());
  EXPECT_EQ(second.results(0).entity_id(), first.results(0).entity_id());
  EXPECT_EQ(second.database_uuid(), first.database_uuid());
}

TEST_F(WriteServiceTest, ARequestIdIsAnsweredOnce) {
  const std::string request = std::string("request_id: \"one\"") + kDeepSeek;
  const v1::WriteResponse first = Write(request);
  const v1::WriteResponse again = Write(request);
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.version(), first.version());
  EXPECT_EQ(again.results(0).entity_id(), first.results(0).entity_id());
  v1::WriteResponse response;
  const grpc::Status other =
      TryWrite("request_id: \"one\" mutations { put_entity { key: \"other\" } }", &response);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(UnpackError(other).info.reason(), "REQUEST_ID_REUSED");
}

TEST_F(WriteServiceTest, ARefusedBatchLeavesNothing) {
  v1::WriteResponse response;
  const grpc::Status wrong = TryWrite(R"pb(
                                        mutations { put_entity { key: "a" } }
                                        mutations {
                                          put_entity {
                                            key: "b"
                                            names { text: "b" language: "?" }
                                          }
                                        })pb",
                                      &response);
  EXPECT_EQ(wrong.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const UnpackedError error = UnpackError(wrong);
  EXPECT_EQ(error.info.reason(), "INVALID_FIELD");
  EXPECT_EQ(error.field(), "mutations[1].put_entity.names[0].language");
  const grpc::Status missing =
      TryWrite(R"pb(
                 mutations { put_entity { key: "a" } }
                 mutations { delete_entity { entity { key: "none" } } })pb",
               &response);
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(UnpackError(missing).info.metadata().at("mutation"), "1");
  // Neither took a version, and `a` is not there.
  EXPECT_EQ(Write("").version(), 1u);
  v1::GetEntityResponse entity;
  EXPECT_EQ(Call(*read_, &ReadStub::GetEntity, Proto<v1::GetEntityRequest>("entity { key: \"a\" }"),
                 &entity)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(WriteServiceTest, ValidateOnlyWritesNothing) {
  const v1::WriteResponse response = Write(std::string("validate_only: true") + kDeepSeek);
  EXPECT_EQ(response.version(), 0u);
  EXPECT_EQ(response.results_size(), 0);
  EXPECT_EQ(Write("").version(), 1u);
}

TEST_F(WriteServiceTest, Preconditions) {
  const v1::WriteResponse first = Write(kDeepSeek);
  v1::WriteResponse response;
  EXPECT_EQ(
      TryWrite("preconditions { absent { key: \"company/deepseek\" } }", &response).error_code(),
      grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(TryWrite("preconditions { exists { key: \"nobody\" } }", &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  const std::string unchanged =
      "preconditions { unchanged { entity { key: \"company/deepseek\" } since_version: " +
      std::to_string(first.version()) + " } }";
  Write(unchanged);
  Write(R"pb(mutations {
               set_property {
                 entity { key: "company/deepseek" }
                 property: "p"
                 value { int_value: 1 }
               }
             })pb");
  const grpc::Status changed = TryWrite(unchanged, &response);
  EXPECT_EQ(changed.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_TRUE(UnpackError(changed).has_retry);
}

TEST_F(WriteServiceTest, AnUnknownDatabaseIsNamed) {
  v1::WriteResponse response;
  const grpc::Status status = TryWrite("database: \"nowhere\"", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(UnpackError(status).info.reason(), "DATABASE_NOT_FOUND");
  EXPECT_EQ(UnpackError(status).info.metadata().at("database"), "nowhere");
}

class WriteLimitTest : public LoopbackTest {
 protected:
  static Limits Few() {
    Limits limits;
    limits.max_mutations = 2;
    limits.max_message_bytes = 1 << 20;
    return limits;
  }
  WriteLimitTest() : LoopbackTest(Few()) {}
};

TEST_F(WriteLimitTest, TooManyMutationsNameTheLimit) {
  v1::WriteResponse response;
  const std::string one = "mutations { create_entity {} }";
  Write(one + one);
  const grpc::Status status = TryWrite(one + one + one, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(UnpackError(status).info.metadata().at("limit"), "max_mutations");
}

TEST_F(WriteLimitTest, ATooLargeMessageIsRefused) {
  v1::WriteRequest request;
  request.add_mutations()->mutable_create_entity()->add_labels(std::string(2 << 20, 'x'));
  v1::WriteResponse response;
  EXPECT_EQ(Call(*write_, &WriteStub::Write, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace relata
