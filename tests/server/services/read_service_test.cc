#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

using ::testing::ElementsAre;

constexpr char kGraphToRead[] = R"pb(
  principal: "tester"
  mutations {
    put_entity {
      key: "source/a"
      labels: "Source"
      properties {
        name: "title"
        fact { value { string_value: "Brief A" } }
      }
      properties {
        name: "published"
        fact { value { date_value: "2026-02-01" } }
      }
    }
  }
  mutations { put_entity { key: "source/b" labels: "Source" } }
  mutations {
    put_entity {
      key: "company/alibaba"
      labels: "Company"
      names { text: "Alibaba" language: "en" kind: PREFERRED }
      names { text: "阿里巴巴" language: "zh" kind: PREFERRED }
      properties {
        name: "staff"
        fact {
          value { int_value: 100 }
          valid_to: "2025"
          citations { source { key: "source/a" } }
        }
      }
      properties {
        name: "staff"
        fact {
          value { int_value: 120 }
          valid_from: "2025"
          citations {
            source { key: "source/b" }
            confidence: 0.5
            stance: ASSERTS
          }
          citations {
            source { key: "source/a" }
            stance: DISPUTES
          }
        }
      }
    }
  }
  mutations {
    put_entity {
      key: "company/moonshot"
      labels: "Company"
      names { text: "Moonshot AI" language: "en" kind: PREFERRED }
      properties {
        name: "staff"
        fact { value { int_value: 300 } }
      }
    }
  }
  mutations {
    put_relationship {
      key: "stake/1"
      type: "INVESTED_IN"
      from { key: "company/alibaba" }
      to { key: "company/moonshot" }
      facts {
        properties {
          name: "share"
          value { decimal_value: "0.36" }
        }
        valid_from: "2024-02"
        valid_to: "2024-05"
        citations {
          source { key: "source/a" }
          locator: "item 5"
        }
      }
      facts {
        properties {
          name: "share"
          value { decimal_value: "0.34" }
        }
        valid_from: "2024-05"
      }
    }
  })pb";

class ReadServiceTest : public LoopbackTest {
 protected:
  void SetUp() override { Write(kGraphToRead); }

  template <typename Request, typename Response>
  grpc::Status Read(grpc::Status (ReadStub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                    const std::string& request, Response* response) {
    return Call(*read_, method, Proto<Request>(request), response);
  }
};

TEST_F(ReadServiceTest, AnEntityComesWithAllItsFacts) {
  const v1::GetEntityResponse response = GetEntity("entity { key: \"company/alibaba\" }");
  const v1::Entity& entity = response.entity();
  EXPECT_EQ(entity.display_name(), "Alibaba");
  EXPECT_THAT(entity.labels(), ElementsAre("Company"));
  ASSERT_EQ(entity.names_size(), 2);
  EXPECT_EQ(entity.names(1).text(), "阿里巴巴");
  EXPECT_EQ(entity.names(1).kind(), v1::PREFERRED);
  ASSERT_EQ(entity.properties_size(), 2);  // name, staff
  const v1::PropertyFacts& staff = entity.properties(1);
  ASSERT_EQ(staff.facts_size(), 2);
  const v1::FactView& later = staff.facts(0);
  EXPECT_EQ(later.value().int_value(), 120);
  EXPECT_EQ(later.status(), v1::DISPUTED);
  EXPECT_EQ(later.confidence(), 0.5);
  ASSERT_EQ(later.asserting_size(), 1);
  EXPECT_EQ(later.asserting(0).key(), "source/b");
  ASSERT_EQ(later.disputing_size(), 1);
  EXPECT_EQ(later.disputing(0).title(), "Brief A");
  EXPECT_EQ(later.valid_from().text(), "2025");
  EXPECT_EQ(later.valid_from().earliest(), "2025-01-01T00:00:00Z");
  EXPECT_EQ(later.valid_from().latest(), "2026-01-01T00:00:00Z");
  EXPECT_EQ(later.valid_to().latest(), "+inf");
  EXPECT_EQ(later.recorded_version(), 1u);
  EXPECT_EQ(later.recorded_time(), response.stamp().commit_time());
  const v1::FactView& earlier = staff.facts(1);
  ASSERT_EQ(earlier.citations_size(), 1);
  EXPECT_EQ(earlier.citations(0).reported().text(), "2026-02-01");  // the source's `published`
}

TEST_F(ReadServiceTest, ValidTimeAndPolicyAreTheReaders) {
  const std::string at = R"pb(entity { key: "company/alibaba" }
                              read { valid_time { instant: "2020-01-01" } })pb";
  const v1::GetEntityResponse old = GetEntity(at);
  ASSERT_EQ(old.entity().properties(1).facts_size(), 1);
  EXPECT_EQ(old.entity().properties(1).facts(0).value().int_value(), 100);
  const v1::GetEntityResponse strict = GetEntity(R"pb(
    entity { key: "company/alibaba" }
    read { policy { hide_disputed: true } })pb");
  EXPECT_EQ(strict.entity().properties(1).facts_size(), 1);
  const v1::GetEntityResponse trusted = GetEntity(R"pb(
    entity { key: "company/alibaba" }
    read { policy { trusted { keys: "source/b" } } })pb");
  ASSERT_EQ(trusted.entity().properties_size(), 1);  // the uncited name is hidden
  EXPECT_EQ(trusted.entity().properties(0).facts(0).status(), v1::ASSERTED);
  v1::GetEntityResponse response;
  const grpc::Status status = Read(&ReadStub::GetEntity, R"pb(
                                     entity { key: "company/alibaba" }
                                     read { policy { barred { keys: "source/x" } } })pb",
                                   &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(UnpackError(status).info.reason(), "SOURCE_NOT_FOUND");
}

TEST_F(ReadServiceTest, AStampGivesTheSameAnswerAgain) {
  v1::GetEntityRequest request = Proto<v1::GetEntityRequest>(R"pb(
    entity { key: "company/alibaba" }
    read {
      valid_time { instant: "2026-01-01" }
      policy { min_confidence: 0.4 }
    })pb");
  v1::GetEntityResponse first;
  ASSERT_TRUE(Call(*read_, &ReadStub::GetEntity, request, &first).ok());
  Write(R"pb(mutations {
               set_property {
                 entity { key: "company/alibaba" }
                 property: "staff"
                 value { int_value: 7 }
               }
             })pb");
  v1::GetEntityRequest again;
  *again.mutable_entity() = request.entity();
  *again.mutable_read()->mutable_stamp() = first.stamp();
  v1::GetEntityResponse second;
  ASSERT_TRUE(Call(*read_, &ReadStub::GetEntity, again, &second).ok());
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
  again.mutable_read()->mutable_policy();
  EXPECT_EQ(Call(*read_, &ReadStub::GetEntity, again, &second).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  again.mutable_read()->clear_policy();
  again.mutable_read()->mutable_stamp()->set_incarnation(999);
  const grpc::Status other = Call(*read_, &ReadStub::GetEntity, again, &second);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(UnpackError(other).info.reason(), "STAMP_MISMATCH");
}

TEST_F(ReadServiceTest, Consistency) {
  v1::GetEntityResponse response;
  const auto at = [&](const std::string& consistency) {
    return Read(&ReadStub::GetEntity,
                absl::StrCat("entity { key: \"company/alibaba\" } read { consistency { ",
                             consistency, " } }"),
                &response);
  };
  EXPECT_TRUE(at("at_least_version: 1").ok());
  EXPECT_EQ(at("exact_version: 0").error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(at("exact_version: 2").error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(at("exact_time: \"1999-01-01\"").error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(at("exact_time: \"2999-01-01\"").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(at("exact_time: \"yesterday\"").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReadServiceTest, ReferencesAreResolved) {
  v1::GetEntityResponse response;
  const uint64_t id = GetEntity("entity { key: \"company/moonshot\" }").entity().id();
  EXPECT_EQ(GetEntity(absl::StrCat("entity { id: ", id, " }")).entity().key(), "company/moonshot");
  EXPECT_EQ(Read(&ReadStub::GetEntity, "entity { handle: \"h\" }", &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Read(&ReadStub::GetEntity, "", &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  v1::BatchGetEntitiesResponse batch;
  ASSERT_TRUE(Read(&ReadStub::BatchGetEntities,
                   "entities { key: \"none\" } entities { key: \"source/a\" } detail: SUMMARY",
                   &batch)
                  .ok());
  ASSERT_EQ(batch.results_size(), 2);
  EXPECT_FALSE(batch.results(0).has_entity());
  EXPECT_EQ(batch.results(1).entity().key(), "source/a");
  EXPECT_EQ(batch.results(1).entity().properties_size(), 0);
  const grpc::Status wrong =
      Read(&ReadStub::BatchGetEntities, "entities { key: \"source/a\" } detail: 77", &batch);
  EXPECT_EQ(UnpackError(wrong).field(), "detail");
}

TEST_F(ReadServiceTest, FindsByNameInAnyLanguage) {
  const auto find = [&](const std::string& request) {
    v1::FindEntitiesResponse response;
    const grpc::Status status = Read(&ReadStub::FindEntities, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> keys;
    for (const auto& match : response.matches()) keys.push_back(match.entity().key());
    return keys;
  };
  EXPECT_THAT(find("name: \"阿里巴巴\""), ElementsAre("company/alibaba"));
  EXPECT_THAT(find("name: \"ALIBABA\""), ElementsAre("company/alibaba"));
  EXPECT_THAT(find("name: \"moon\" prefix: true"), ElementsAre("company/moonshot"));
  EXPECT_THAT(find("name: \"moon\""), ElementsAre());
  EXPECT_THAT(find("name: \"Alibaba\" label: \"Model\""), ElementsAre());
  EXPECT_THAT(find("label: \"Company\" where { property: \"staff\" op: GREATER value { "
                   "double_value: 110.5 } }"),
              ElementsAre("company/alibaba", "company/moonshot"));
  EXPECT_THAT(find("label: \"Company\" where { property: \"staff\" op: LESS_OR_EQUAL value { "
                   "decimal_value: \"100.0\" } }"),
              ElementsAre("company/alibaba"));
  EXPECT_THAT(find("where { property: \"title\" op: STARTS_WITH value { string_value: \"Bri\" } }"),
              ElementsAre("source/a"));
  EXPECT_THAT(find("where { property: \"title\" op: CONTAINS value { string_value: \"ief\" } }"),
              ElementsAre("source/a"));
  EXPECT_THAT(find("where { property: \"published\" op: EXISTS }"), ElementsAre("source/a"));
  EXPECT_THAT(find("where { property: \"staff\" op: NOT_EQUAL value { int_value: 300 } }"),
              ElementsAre("company/alibaba"));
  EXPECT_THAT(find("where { property: \"staff\" op: LESS value { string_value: \"z\" } }"),
              ElementsAre());
  v1::FindEntitiesResponse response;
  EXPECT_EQ(Read(&ReadStub::FindEntities, "", &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReadServiceTest, AnIndexGivesWhatAScanGives) {
  const std::string request =
      "label: \"Company\" where { property: \"staff\" value { double_value: 300 } }";
  v1::FindEntitiesResponse scanned;
  ASSERT_TRUE(Read(&ReadStub::FindEntities, request, &scanned).ok());
  Write("mutations { create_index { label: \"Company\" property: \"staff\" } }");
  ASSERT_TRUE(server_.server().databases().Find("main").value()->graph->WaitForIndexes().ok());
  v1::ListIndexesResponse indexes;
  ASSERT_TRUE(Call(*admin_, &AdminStub::ListIndexes, v1::ListIndexesRequest(), &indexes).ok());
  ASSERT_EQ(indexes.indexes_size(), 1);
  EXPECT_TRUE(indexes.indexes(0).has_usable_from_version());
  v1::FindEntitiesResponse indexed;
  ASSERT_TRUE(Read(&ReadStub::FindEntities, request, &indexed).ok());
  ASSERT_EQ(indexed.matches_size(), 1);
  EXPECT_EQ(indexed.matches(0).SerializeAsString(), scanned.matches(0).SerializeAsString());
}

TEST_F(ReadServiceTest, IndexesAreListedWithAllThatTheyAreOf) {
  Write(
      "mutations { create_index { label: \"Company\" property: \"staff\" more_properties: \"x\" } "
      "} mutations { create_index { relationship_type: \"OWNS\" property: \"share\" } }");
  v1::ListIndexesResponse indexes;
  ASSERT_TRUE(Call(*admin_, &AdminStub::ListIndexes, v1::ListIndexesRequest(), &indexes).ok());
  ASSERT_EQ(indexes.indexes_size(), 2);
  EXPECT_EQ(indexes.indexes(0).relationship_type(), "OWNS");
  EXPECT_EQ(indexes.indexes(0).label(), "");
  EXPECT_EQ(indexes.indexes(1).label(), "Company");
  EXPECT_EQ(indexes.indexes(1).property(), "staff");
  ASSERT_EQ(indexes.indexes(1).more_properties_size(), 1);
  EXPECT_EQ(indexes.indexes(1).more_properties(0), "x");
  EXPECT_EQ(indexes.indexes(1).name(), "index_Company_staff_x");
}

TEST_F(ReadServiceTest, CursorsSurviveConcurrentWrites) {
  std::set<std::string> keys;
  std::string token;
  int pages = 0;
  do {
    v1::ListEntitiesRequest request;
    request.set_page_size(1);
    request.set_page_token(token);
    v1::ListEntitiesResponse response;
    ASSERT_TRUE(Call(*read_, &ReadStub::ListEntities, request, &response).ok());
    for (const auto& entity : response.entities()) {
      EXPECT_TRUE(keys.insert(entity.key()).second);
    }
    EXPECT_EQ(response.stamp().version(), 1u);
    token = response.next_page_token();
    Write(absl::StrCat("mutations { put_entity { key: \"new/", ++pages, "\" } }"));
  } while (!token.empty());
  EXPECT_THAT(keys, ElementsAre("company/alibaba", "company/moonshot", "source/a", "source/b"));
}

TEST_F(ReadServiceTest, PageTokensOfOtherArgumentsAreRefused) {
  v1::ListEntitiesResponse response;
  ASSERT_TRUE(Read(&ReadStub::ListEntities, "page_size: 1", &response).ok());
  const std::string token = response.next_page_token();
  const grpc::Status status =
      Read(&ReadStub::ListEntities,
           absl::StrCat("page_size: 1 label: \"Company\" page_token: \"", token, "\""), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(UnpackError(status).info.reason(), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(Read(&ReadStub::ListEntities, "page_size: -1", &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReadServiceTest, RelationshipsAndNeighbors) {
  v1::GetRelationshipResponse one;
  ASSERT_TRUE(Read(&ReadStub::GetRelationship, "relationship { key: \"stake/1\" }", &one).ok());
  EXPECT_EQ(one.relationship().type(), "INVESTED_IN");
  EXPECT_EQ(one.relationship().from().display_name(), "Alibaba");
  ASSERT_EQ(one.relationship().facts_size(), 2);
  EXPECT_EQ(one.relationship().facts(0).properties(0).value().decimal_value(), "0.34");
  EXPECT_EQ(one.relationship().facts(1).citations(0).locator(), "item 5");

  v1::ListNeighborsResponse now;
  ASSERT_TRUE(Read(&ReadStub::ListNeighbors, "entity { key: \"company/moonshot\" }", &now).ok());
  ASSERT_EQ(now.neighbors_size(), 1);
  EXPECT_FALSE(now.neighbors(0).outgoing());
  EXPECT_EQ(now.neighbors(0).entity().key(), "company/alibaba");
  EXPECT_EQ(now.neighbors(0).relationship().facts(0).properties(0).value().decimal_value(), "0.34");
  EXPECT_FALSE(now.stamp().valid_time().instant().empty());
  v1::ListNeighborsResponse all;
  ASSERT_TRUE(Read(&ReadStub::ListNeighbors,
                   "entity { key: \"company/alibaba\" } steps { type: \"INVESTED_IN\" } "
                   "read { valid_time { all: true } }",
                   &all)
                  .ok());
  EXPECT_EQ(all.neighbors_size(), 2);
  v1::ListNeighborsResponse none;
  ASSERT_TRUE(Read(&ReadStub::ListNeighbors,
                   "entity { key: \"company/alibaba\" } steps { type: \"NEVER_SEEN\" }", &none)
                  .ok());
  EXPECT_EQ(none.neighbors_size(), 0);
  v1::ListRelationshipsResponse list;
  ASSERT_TRUE(Read(&ReadStub::ListRelationships, "type: \"INVESTED_IN\"", &list).ok());
  EXPECT_EQ(list.relationships_size(), 1);
  EXPECT_EQ(list.next_page_token(), "");
}

TEST_F(ReadServiceTest, ASourceTellsAllThatItSays) {
  v1::GetSourceResponse source;
  ASSERT_TRUE(Read(&ReadStub::GetSource, "source { key: \"source/a\" }", &source).ok());
  ASSERT_EQ(source.facts_size(), 3);
  EXPECT_EQ(source.facts(0).entity().key(), "company/alibaba");
  EXPECT_EQ(source.facts(0).property(), "staff");
  EXPECT_EQ(source.facts(2).relationship().key(), "stake/1");
  v1::GetSourceResponse page;
  ASSERT_TRUE(Read(&ReadStub::GetSource, "source { key: \"source/a\" } page_size: 2", &page).ok());
  EXPECT_EQ(page.facts_size(), 2);
  ASSERT_TRUE(Read(&ReadStub::GetSource,
                   absl::StrCat("source { key: \"source/a\" } page_size: 2 page_token: \"",
                                page.next_page_token(), "\""),
                   &page)
                  .ok());
  EXPECT_EQ(page.facts_size(), 1);
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(ReadServiceTest, HistoryAndChanges) {
  const uint64_t id = GetEntity("entity { key: \"company/moonshot\" }").entity().id();
  Write(R"pb(principal: "editor"
             mutations {
               set_property {
                 entity { key: "company/moonshot" }
                 property: "staff"
                 value { int_value: 7 }
               }
             })pb");
  Write(R"pb(mutations {
               delete_entity {
                 entity { key: "company/moonshot" }
                 detach: true
               }
             })pb");
  v1::GetHistoryResponse history;
  ASSERT_TRUE(Read(&ReadStub::GetHistory, absl::StrCat("entity { id: ", id, " }"), &history).ok());
  ASSERT_EQ(history.states_size(), 3);
  EXPECT_EQ(history.states(0).principal(), "tester");
  EXPECT_EQ(history.states(0).until_version(), 2u);
  EXPECT_EQ(history.states(1).principal(), "editor");
  EXPECT_EQ(history.states(1).entity().key(), "company/moonshot");
  EXPECT_FALSE(history.states(2).has_entity());
  EXPECT_EQ(history.states(2).until_version(), 0u);

  v1::ListChangesResponse changes;
  ASSERT_TRUE(Read(&ReadStub::ListChanges, "from_version: 1 include_states: true", &changes).ok());
  ASSERT_EQ(changes.changes_size(), 2);
  ASSERT_EQ(changes.changes(0).entities_size(), 1);
  EXPECT_EQ(changes.changes(0).entities(0).kind(), v1::Change::UPDATED);
  EXPECT_TRUE(changes.changes(0).entities(0).has_after());
  ASSERT_EQ(changes.changes(1).entities_size(), 1);
  EXPECT_EQ(changes.changes(1).entities(0).kind(), v1::Change::DELETED);
  EXPECT_EQ(changes.changes(1).entities(0).entity().key(), "company/moonshot");
  ASSERT_EQ(changes.changes(1).relationships_size(), 1);
  EXPECT_EQ(changes.changes(1).relationships(0).relationship().key(), "stake/1");
  ASSERT_TRUE(Read(&ReadStub::ListChanges, "page_size: 2", &changes).ok());
  EXPECT_EQ(changes.changes_size(), 2);
  ASSERT_TRUE(Read(&ReadStub::ListChanges,
                   absl::StrCat("page_token: \"", changes.next_page_token(), "\""), &changes)
                  .ok());
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).version(), 3u);
}

}  // namespace
}  // namespace relata
