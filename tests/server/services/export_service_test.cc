#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/services/loopback.h"

namespace relata {
namespace {

class ExportServiceTest : public LoopbackTest {
 protected:
  // The JSON lines of an export.
  std::string Export(const std::string& database) {
    grpc::ClientContext context;
    v1::ExportRequest request;
    request.set_database(database);
    const auto reader = export_->Export(&context, request);
    v1::ExportResponse response;
    std::string lines;
    while (reader->Read(&response)) {
      for (const v1::Mutation& mutation : response.mutations()) {
        std::string line;
        EXPECT_TRUE(google::protobuf::util::MessageToJsonString(mutation, &line).ok());
        absl::StrAppend(&lines, line, "\n");
      }
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return lines;
  }
  // Writes them into a new database as one commit.
  void Import(const std::string& database, const std::string& lines) {
    v1::CreateDatabaseRequest create;
    create.set_database_id(database);
    v1::Database made;
    ASSERT_TRUE(Call(*admin_, &AdminStub::CreateDatabase, create, &made).ok());
    v1::WriteRequest write;
    write.set_database(database);
    size_t begin = 0;
    while (begin < lines.size()) {
      const size_t end = lines.find('\n', begin);
      ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(lines.substr(begin, end - begin),
                                                              write.add_mutations())
                      .ok());
      begin = end + 1;
    }
    v1::WriteResponse response;
    const grpc::Status status = Call(*write_, &WriteStub::Write, write, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  void ExpectSameBytesAgain() {
    const std::string first = Export("main");
    EXPECT_FALSE(first.empty());
    Import("copy", first);
    EXPECT_EQ(Export("copy"), first);
  }
};

TEST_F(ExportServiceTest, SchemaEntitiesAndRelationships) {
  Write(R"pb(
    mutations {
      declare_relationship_type { type: "ZED" one_per_pair: true to_labels: "B" to_labels: "A" }
    }
    mutations {
      declare_relationship_type { type: "ACQ" inline_properties: "z" inline_properties: "a" }
    }
    mutations {
      declare_property { label: "A" property: "p" types: STRING types: INT64 unit: "CNY" }
    }
    mutations { create_index { label: "B" property: "q" } }
    mutations { create_unique_constraint { label: "A" property: "p" } }
    mutations { name_schema_rule { kind: INDEX label: "B" property: "q" name: "unique_A_p" } }
    mutations { create_index { relationship_type: "ACQ" property: "n" more_properties: "m" } }
    mutations { create_unique_constraint { label: "A" property: "p" more_properties: "d" } }
    mutations {
      name_schema_rule { kind: UNIQUE label: "A" property: "p" more_properties: "d" name: "both" }
    }
    mutations { name_schema_rule { kind: ONE_PER_PAIR relationship_type: "ZED" name: "z" } }
    mutations { create_entity { handle: "x" labels: "B" labels: "A" } }
    mutations {
      put_entity {
        key: "k"
        labels: "A"
        names { text: "名" language: "zh" valid_from: "2020~" valid_to: "" }
        properties {
          name: "z"
          fact { value { double_value: 0.1 } }
        }
        properties {
          name: "p"
          fact { value { int_value: 5 } }
        }
        properties {
          name: "d"
          fact {
            value { decimal_value: "1.50" }
            valid_from: "2026-21"
          }
        }
        properties {
          name: "d"
          fact {
            value {
              money_value { amount: "2.8e9" currency: "USD" }
              qualifier: ABOUT
            }
          }
        }
      }
    }
    mutations {
      put_relationship {
        type: "ZED"
        from { handle: "x" }
        to { key: "k" }
        facts {}
      }
    }
    mutations {
      create_relationship {
        type: "ACQ"
        from { handle: "x" }
        to { handle: "x" }
        facts {
          properties {
            name: "z"
            value { bool_value: true }
          }
          properties {
            name: "a"
            value { string_value: "t" }
          }
        }
      }
    })pb");
  ExpectSameBytesAgain();
}

TEST_F(ExportServiceTest, CitationsOfSourcesThatComeLater) {
  Write(R"pb(
    mutations {
      put_entity {
        key: "company"
        labels: "C"
        names { text: "Firm" language: "en" kind: PREFERRED }
      }
    }
    mutations { put_entity { key: "s1" labels: "Source" } }
    mutations {
      create_entity {
        handle: "s2"
        labels: "Source"
        properties {
          name: "published"
          fact { value { date_value: "2026-01-05" } }
        }
      }
    }
    mutations {
      add_facts {
        entity { key: "company" }
        property: "staff"
        facts {
          value { int_value: 1 }
          citations {
            source { handle: "s2" }
            reported: ""
          }
          citations {
            source { key: "s1" }
            stance: DISPUTES
            confidence: 0.25
            locator: "p. 3"
          }
        }
      }
    }
    mutations {
      add_facts {
        entity { key: "s1" }
        property: "title"
        facts {
          value { string_value: "T" }
          citations { source { handle: "s2" } }
        }
      }
    }
    mutations {
      add_facts {
        entity { key: "s1" }
        property: "name"
        facts {
          value { string_value: "N" }
          citations { source { handle: "s2" } }
        }
      }
    }
    mutations {
      add_names {
        entity { key: "s1" }
        names {
          text: "M"
          language: "en"
          kind: PREFERRED
          citations { source { key: "s1" } }
        }
      }
    })pb");
  Write("mutations { retract_source { source { key: \"s1\" } } }");
  ExpectSameBytesAgain();
}

TEST_F(ExportServiceTest, CutFactsAndRemovedNames) {
  Write(R"pb(
    mutations {
      put_entity {
        key: "e"
        names { text: "E" language: "en" kind: PREFERRED }
        properties {
          name: "p"
          fact {
            value { int_value: 1 }
            valid_from: "2020"
            valid_to: "2026"
          }
        }
        properties {
          name: "p"
          fact {
            value { int_value: 2 }
            valid_from: ""
          }
        }
      }
    }
    mutations { put_entity { key: "f" } }
    mutations {
      put_relationship {
        key: "r"
        type: "T"
        from { key: "e" }
        to { key: "f" }
        facts { valid_from: "2021" valid_to: "2027" }
        facts { valid_from: "2022-03" }
      }
    })pb");
  Write(R"pb(
    mutations {
      set_property {
        entity { key: "e" }
        property: "p"
        value { int_value: 9 }
        portion { from: "2020-06-01" to: "2026-03-01" }
      }
    }
    mutations {
      delete_relationship {
        relationship { key: "r" }
        portion { from: "2021-05-01" to: "2027-02-01" }
      }
    }
    mutations {
      remove_property {
        entity { key: "e" }
        property: "name"
      }
    })pb");
  ExpectSameBytesAgain();
}

TEST_F(ExportServiceTest, AnOlderVersionCanBeExported) {
  Write("mutations { put_entity { key: \"a\" } }");
  const std::string first = Export("main");
  Write("mutations { put_entity { key: \"b\" } }");
  grpc::ClientContext context;
  const auto reader =
      export_->Export(&context, Proto<v1::ExportRequest>("consistency { exact_version: 1 }"));
  v1::ExportResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.stamp().version(), 1u);
  EXPECT_EQ(response.mutations_size(), 1);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_NE(Export("main"), first);
}

}  // namespace
}  // namespace relata
