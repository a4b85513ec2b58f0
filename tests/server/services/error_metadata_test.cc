#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Pair;

// What error_reason.proto says of the metadata of errors that come from inside the graph.
class ErrorMetadataTest : public LoopbackTest {
 protected:
  using Metadata = std::map<std::string, std::string>;

  ErrorMetadataTest() {
    Write(
        R"pb(mutations {
               declare_relationship_type { type: "OWNS" one_per_pair: true to_labels: "Company" }
             }
             mutations { declare_property { label: "Company" property: "founded" types: DATE } }
             mutations {
               declare_property { label: "Person" property: "country" types: STRING required: true }
             }
             mutations { create_unique_constraint { label: "Company" property: "code" } }
             mutations { put_entity { key: "source/s" labels: "Source" } }
             mutations {
               put_entity {
                 key: "company/a"
                 labels: "Company"
                 properties {
                   name: "code"
                   fact {
                     value { string_value: "A" }
                     citations { source { key: "source/s" } }
                   }
                 }
               }
             }
             mutations { put_entity { key: "fund/f" } }
             mutations {
               put_relationship {
                 key: "own/1"
                 type: "OWNS"
                 from { key: "fund/f" }
                 to { key: "company/a" }
                 facts {}
               }
             })pb");
  }

  // The reason under "", and what the write's refusal comes with.
  Metadata Refused(const std::string& request) {
    v1::WriteResponse response;
    return MetadataOf(TryWrite(request, &response));
  }
  Metadata Mutation(const std::string& mutation) {
    return Refused(absl::StrCat("mutations { ", mutation, " }"));
  }
  Metadata Query(const std::string& text, const std::string& more = "") {
    v1::RunQueryRequest request = Proto<v1::RunQueryRequest>(more);
    request.set_query(text);
    const auto stub = v1::QueryService::NewStub(server_.channel());
    grpc::ClientContext context;
    const auto reader = stub->RunQuery(&context, request);
    v1::RunQueryResponse part;
    while (reader->Read(&part)) {
    }
    return MetadataOf(reader->Finish());
  }
  static Metadata MetadataOf(const grpc::Status& status) {
    const UnpackedError error = UnpackError(status);
    Metadata all(error.info.metadata().begin(), error.info.metadata().end());
    all.emplace("", error.info.reason());
    return all;
  }
};

TEST_F(ErrorMetadataTest, WhatAWriteDoesNotFindIsNamed) {
  EXPECT_THAT(Mutation("delete_entity { entity { key: 'company/x' } }"),
              ElementsAre(Pair("", "NOT_FOUND_IN_WRITE"), Pair("entity", "company/x"),
                          Pair("mutation", "0")));
  EXPECT_THAT(Mutation("delete_entity { entity { id: 999 } }"),
              IsSupersetOf({Pair("entity", "#999")}));
  EXPECT_THAT(Mutation("delete_relationship { relationship { key: 'own/9' } }"),
              ElementsAre(Pair("", "NOT_FOUND_IN_WRITE"), Pair("mutation", "0"),
                          Pair("relationship", "own/9")));
  EXPECT_THAT(Mutation("delete_relationship { relationship { id: 999 } }"),
              IsSupersetOf({Pair("relationship", "#999")}));
  EXPECT_THAT(Mutation("delete_relationship { relationship { pair { type: 'OWNS' from { key: "
                       "'company/a' } to { key: 'fund/f' } } } }"),
              ElementsAre(Pair("", "NOT_FOUND_IN_WRITE"), Pair("from", "company/a"),
                          Pair("mutation", "0"), Pair("to", "fund/f"), Pair("type", "OWNS")));
  EXPECT_THAT(Mutation("cite { fact { by_id { id: 999 entity { key: 'company/a' } } } "
                       "citation { source { key: 'source/s' } } }"),
              IsSupersetOf({Pair("fact", "999")}));
  EXPECT_THAT(Mutation("remove_names { entity { key: 'company/a' } text: 'Aa' language: 'en' }"),
              IsSupersetOf({Pair("name", "Aa"), Pair("language", "en")}));
  EXPECT_THAT(Mutation("drop_index { label: 'Company' property: 'x' more_properties: 'y' }"),
              IsSupersetOf({Pair("label", "Company"), Pair("properties", "x, y")}));
  EXPECT_THAT(Refused("preconditions { exists { key: 'company/x' } }"),
              ElementsAre(Pair("", "NOT_FOUND_IN_WRITE"), Pair("entity", "company/x"),
                          Pair("precondition", "0")));
}

TEST_F(ErrorMetadataTest, WhatIsThereAlreadyIsNamed) {
  EXPECT_THAT(
      Mutation("create_entity { key: 'company/a' }"),
      ElementsAre(Pair("", "ALREADY_THERE"), Pair("entity", "company/a"), Pair("mutation", "0")));
  EXPECT_THAT(
      Mutation("create_relationship { key: 'own/1' type: 'OWNS' from { key: 'fund/f' } "
               "to { key: 'company/a' } facts {} }"),
      ElementsAre(Pair("", "ALREADY_THERE"), Pair("mutation", "0"), Pair("relationship", "own/1")));
  EXPECT_THAT(Refused("preconditions { absent { key: 'fund/f' } }"),
              IsSupersetOf({Pair("", "ALREADY_THERE"), Pair("entity", "fund/f")}));
}

TEST_F(ErrorMetadataTest, WhatTheDataForbidsIsNamed) {
  EXPECT_THAT(Mutation("put_entity { key: 'company/b' labels: 'Company' properties { name: "
                       "'founded' fact { value { int_value: 1999 } } } }"),
              IsSupersetOf({Pair("", "DATA_FORBIDS"), Pair("property", "founded"),
                            Pair("value_type", "INT64"), Pair("allowed", "DATE")}));
  EXPECT_THAT(Mutation("put_entity { key: 'person/p' labels: 'Person' }"),
              IsSupersetOf({Pair("", "DATA_FORBIDS"), Pair("property", "country")}));
  const std::string twice =
      "put_entity { key: 'company/b' labels: 'Company' properties { name: 'code' fact { value { "
      "string_value: 'A' } } } }";
  EXPECT_THAT(Mutation(twice), IsSupersetOf({Pair("label", "Company"), Pair("properties", "code"),
                                             Pair("value", "A")}));
  EXPECT_THAT(Mutation("put_relationship { type: 'OWNS' from { key: 'company/a' } to { key: "
                       "'fund/f' } facts {} }"),
              IsSupersetOf({Pair("", "DATA_FORBIDS"), Pair("type", "OWNS"),
                            Pair("labels", "Company"), Pair("entity", "fund/f")}));
  EXPECT_THAT(
      Mutation("delete_entity { entity { key: 'company/a' } }"),
      ElementsAre(Pair("", "DATA_FORBIDS"), Pair("mutation", "0"), Pair("relationships", "1")));
  EXPECT_THAT(Mutation("delete_entity { entity { key: 'source/s' } }"),
              IsSupersetOf({Pair("", "DATA_FORBIDS"), Pair("facts", "1")}));
  // The same from a statement.
  EXPECT_THAT(Query("CREATE (:Company {_key: 'company/b', code: 'A'})"),
              IsSupersetOf({Pair("", "QUERY_ERROR"), Pair("detail", "ConstraintViolation"),
                            Pair("properties", "code"), Pair("value", "A")}));
}

TEST_F(ErrorMetadataTest, AConflictWithAPreconditionIsNamed) {
  const uint64_t before =
      Write("mutations { put_entity { key: 'company/a' labels: 'Listed' } }").version() - 1;
  EXPECT_THAT(Refused(absl::StrCat("preconditions { unchanged { entity { key: 'company/a' } ",
                                   "since_version: ", before, " } }")),
              ElementsAre(Pair("", "CONFLICT"), Pair("changed_version", absl::StrCat(before + 1)),
                          Pair("entity", "company/a"), Pair("precondition", "0"),
                          Pair("version", absl::StrCat(before))));
}

TEST_F(ErrorMetadataTest, ALimitComesWithItsNameAndValue) {
  EXPECT_THAT(
      Query("UNWIND range(1, 20) AS x RETURN x", "budget { max_rows: 10 }"),
      ElementsAre(Pair("", "LIMIT_EXCEEDED"), Pair("limit", "max_rows"), Pair("value", "10")));
  EXPECT_THAT(Query("UNWIND range(1, 1000000) AS x WITH collect(x) AS l RETURN size(l) AS n",
                    "budget { max_memory_bytes: 100000 }"),
              ElementsAre(Pair("", "LIMIT_EXCEEDED"), Pair("limit", "max_memory_bytes"),
                          Pair("value", "100000")));
  EXPECT_THAT(
      Query("MATCH (a)-[*1..3]-(b) RETURN count(*) AS n", "budget { max_expansions: 1 }"),
      ElementsAre(Pair("", "LIMIT_EXCEEDED"), Pair("limit", "max_expansions"), Pair("value", "1")));
  const std::string deep = absl::StrCat(std::string(5000, '('), "1", std::string(5000, ')'));
  EXPECT_THAT(Query(absl::StrCat("RETURN ", deep, " AS x")),
              IsSupersetOf({Pair("", "LIMIT_EXCEEDED"), Pair("limit", "query_depth")}));
}

}  // namespace
}  // namespace relata
