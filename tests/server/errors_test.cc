#include "server/errors.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/wrong_field.h"
#include "tests/server/call_error.h"

namespace relata {
namespace {

TEST(ErrorsTest, OkIsOk) { EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok()); }

TEST(ErrorsTest, FieldErrorNamesTheField) {
  const grpc::Status status = ToGrpc(FieldError("mutations[3].cite", "is wrong"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "mutations[3].cite: is wrong");
  const UnpackedError error = UnpackError(status);
  EXPECT_EQ(error.status.code(), static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
  EXPECT_EQ(error.info.reason(), "INVALID_FIELD");
  EXPECT_EQ(error.info.domain(), "relata");
  EXPECT_EQ(error.info.metadata().at("field"), "mutations[3].cite");
  EXPECT_EQ(error.field(), "mutations[3].cite");
  EXPECT_EQ(error.bad.field_violations(0).description(), "is wrong");
}

TEST(ErrorsTest, EveryCodeGetsAReason) {
  for (int code = 1; code <= 16; ++code) {
    const UnpackedError error =
        UnpackError(ToGrpc(absl::Status(static_cast<absl::StatusCode>(code), "text")));
    v1::ErrorReason reason;
    EXPECT_TRUE(v1::ErrorReason_Parse(error.info.reason(), &reason)) << code;
    EXPECT_NE(reason, v1::ERROR_REASON_UNSPECIFIED) << code;
    EXPECT_EQ(error.info.domain(), "relata") << code;
  }
}

TEST(ErrorsTest, AMutationOfTheGraphIsNamed) {
  const UnpackedError error =
      UnpackError(ToGrpc(absl::InvalidArgumentError("mutation 17: the key is too long")));
  EXPECT_EQ(error.info.metadata().at("mutation"), "17");
  EXPECT_EQ(error.field(), "mutations[17]");
  const UnpackedError missing = UnpackError(ToGrpc(absl::NotFoundError("mutation 2: no entity")));
  EXPECT_EQ(missing.info.metadata().at("mutation"), "2");
  EXPECT_EQ(missing.field(), "");
}

TEST(ErrorsTest, APreconditionOfTheGraphIsNamed) {
  const UnpackedError error =
      UnpackError(ToGrpc(absl::InvalidArgumentError("precondition 1: names no entity")));
  EXPECT_EQ(error.info.metadata().at("precondition"), "1");
  EXPECT_EQ(error.field(), "preconditions[1]");
  const UnpackedError other = UnpackError(ToGrpc(absl::AbortedError("preconditions 1: no item")));
  EXPECT_EQ(other.info.metadata().count("precondition"), 0u);
}

TEST(ErrorsTest, ThePartsThatTheGraphNamedAreMetadata) {
  const UnpackedError error = UnpackError(ToGrpc(WithParts(
      absl::NotFoundError("mutation 2: there is no entity `x`"), {{"entity", "company/x"}})));
  EXPECT_EQ(error.info.reason(), "NOT_FOUND_IN_WRITE");
  EXPECT_EQ(error.info.metadata().at("entity"), "company/x");
  EXPECT_EQ(error.info.metadata().at("mutation"), "2");
  const UnpackedError limit = UnpackError(
      ToGrpc(WithReason(LimitReached("max_rows", 7, "too many"), v1::QUERY_ERROR, {{"a", "b"}})));
  EXPECT_EQ(limit.info.reason(), "QUERY_ERROR");
  EXPECT_EQ(limit.info.metadata().at("a"), "b");
  EXPECT_EQ(limit.info.metadata().at("limit"), "max_rows");
  EXPECT_EQ(limit.info.metadata().at("value"), "7");
}

TEST(ErrorsTest, TheFieldThatTheGraphNamedIsNamed) {
  const UnpackedError error =
      UnpackError(ToGrpc(WrongField("damping", "damping must be from 0 to 1")));
  EXPECT_EQ(error.status.message(), "damping must be from 0 to 1");
  EXPECT_EQ(error.info.reason(), "INVALID_FIELD");
  EXPECT_EQ(error.info.metadata().at("field"), "damping");
  EXPECT_EQ(error.field(), "damping");
}

TEST(ErrorsTest, ReasonAndMetadataSurvive) {
  const UnpackedError error = UnpackError(ToGrpc(
      WithReason(absl::NotFoundError("gone"), v1::ENTITY_NOT_FOUND, {{"entity", "company/x"}})));
  EXPECT_EQ(error.info.reason(), "ENTITY_NOT_FOUND");
  EXPECT_EQ(error.info.metadata().at("entity"), "company/x");
  EXPECT_TRUE(WithReason(absl::OkStatus(), v1::CONFLICT, {}).ok());
}

TEST(ErrorsTest, APlaceIsAddedToWhatIsThere) {
  const absl::Status wrong = AtPlace(FieldError("mutation.cite", "is wrong"), "a.csv:3",
                                     {{"file", "a.csv"}, {"line", "3"}});
  EXPECT_EQ(wrong.message(), "a.csv:3: mutation.cite: is wrong");
  EXPECT_EQ(ReasonOf(wrong), v1::INVALID_FIELD);
  const UnpackedError error = UnpackError(ToGrpc(wrong));
  EXPECT_EQ(error.info.reason(), "INVALID_FIELD");
  EXPECT_EQ(error.info.metadata().at("field"), "mutation.cite");
  EXPECT_EQ(error.info.metadata().at("line"), "3");
  EXPECT_EQ(error.field(), "mutation.cite");
  const absl::Status plain = AtPlace(absl::NotFoundError("gone"), "a.csv:4", {{"line", "4"}});
  EXPECT_EQ(ReasonOf(plain), v1::NOT_FOUND_IN_WRITE);
  EXPECT_EQ(UnpackError(ToGrpc(plain)).info.metadata().at("line"), "4");
}

TEST(ErrorsTest, LimitsAreNamedWithTheirValue) {
  const grpc::Status status = ToGrpc(LimitError("30 hops", "max_hops", 20));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const UnpackedError error = UnpackError(status);
  EXPECT_EQ(error.info.metadata().at("limit"), "max_hops");
  EXPECT_EQ(error.info.metadata().at("value"), "20");
}

TEST(ErrorsTest, OnlyWhatMayBeRetriedSaysWhen) {
  EXPECT_TRUE(UnpackError(ToGrpc(absl::AbortedError("x"))).has_retry);
  EXPECT_TRUE(UnpackError(ToGrpc(absl::UnavailableError("x"))).has_retry);
  EXPECT_FALSE(UnpackError(ToGrpc(absl::NotFoundError("x"))).has_retry);
}

}  // namespace
}  // namespace relata
