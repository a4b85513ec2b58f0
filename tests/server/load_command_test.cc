#include "server/load_command.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "gmock/gmock.h"
#include "graph/database.h"
#include "gtest/gtest.h"
#include "storage/rocksdb/rocksdb_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

class LoadCommandTest : public testing::Test {
 public:
  LoadCommandTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                absl::StrCat("relata-load-", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~LoadCommandTest() override { std::filesystem::remove_all(folder_); }

 protected:
  std::string File(const std::string& name, const std::string& text) {
    std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  int Load(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--data", (folder_ / "data").string()});
    out_.str("");
    err_.str("");
    return LoadMain(arguments, out_, err_);
  }

  const std::filesystem::path folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(LoadCommandTest, LoadsFilesAsOneCommit) {
  const std::string companies = File("c.csv", "id,name,founded\n1,One,1951-10-13\n2,\"T,wo\",\n");
  const std::string links = File("l.csv", "src,dst,usd,date\n1,2,17.5,2023-06-05\n2,1,,\n");
  const std::vector<std::string> words = {
      "--csv",
      "entity label=Company key=c/{id} .name={name} founded:date={founded}",
      companies,
      "--csv",
      "relationship type=OWNS from=c/{src} to=c/{dst} usd:float={usd} valid_from={date}",
      links};
  ASSERT_EQ(Load(words), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("2 entities, 2 relationships, 5 facts: version 1, "));
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto kv, RocksDbKv::Open((folder_ / "data" / "databases" / "main").string(), {}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto db, Database::Open(kv.get(), SystemClock(), {}));
  const Snapshot snapshot = db->Latest();
  RELATA_ASSERT_OK_AND_ASSIGN(const auto one, snapshot.FindEntity("c/1"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto two, snapshot.FindEntity("c/2"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto state, snapshot.GetEntity(*two));
  const PropertyId name = *db->names().FindProperty("name");
  EXPECT_EQ(state->FindProperty(name)->front().value.ToString(), "T,wo");
  EXPECT_EQ(state->properties.size(), 1u);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto pair,
                              snapshot.FindPair(*one, *db->names().FindType("OWNS"), *two));
  ASSERT_EQ(pair.size(), 1u);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto link, snapshot.GetRelationship(pair[0]));
  EXPECT_EQ(link->facts[0].valid.from.ToString(), "2023-06-05");
  EXPECT_EQ(link->facts[0].properties[0].second.ToString(), "17.5");
}

TEST_F(LoadCommandTest, ABadRecordEndsTheLoadAndNamesItsLine) {
  const std::string file = File("c.csv", "key,n:int\na,1\n\nb,x\n");
  EXPECT_EQ(Load({file}), 1);
  EXPECT_THAT(err_.str(), HasSubstr(absl::StrCat(file, ":4: ")));
  EXPECT_THAT(err_.str(), HasSubstr("is no int"));
  EXPECT_EQ(Load({"--skip-bad", file}), 4);
  EXPECT_THAT(out_.str(), HasSubstr("1 entities"));
  EXPECT_THAT(err_.str(), HasSubstr("1 bad records were left out"));
  EXPECT_EQ(Load({file}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("`a` exists"));
}

// Relationships are looked at some dozens at a time; what is refused is named as if they were not.
TEST_F(LoadCommandTest, BadRelationshipsAreLeftOutAmongMany) {
  std::string text = "src,dst,amount,at\n";
  for (int line = 2; line <= 100; ++line) absl::StrAppend(&text, "a,b,", line, ",2023-06-05\n");
  const auto replace = [&](int line, absl::string_view record) {
    const std::string good = absl::StrCat("a,b,", line, ",2023-06-05\n");
    text.replace(text.find(good), good.size(), absl::StrCat(record, "\n"));
  };
  replace(3, "a,nobody,1,2023-06-05");
  replace(40, "a,b,1");
  replace(41, "\"a\",\"b\",1,\"2023-06-05\"");
  replace(42, "\"a\"x,b,1,2023-06-05");
  replace(66, ",b,1,2023-06-05");
  replace(99, "a,b,much,2023-06-05");
  const std::string links = File("links.csv", text);
  const std::string mapping =
      "relationship type=PAID from=n/{src} to=n/{dst} valid_from={at} amount:float={amount}";
  const std::string ends = File("ends.csv", "key\nn/a\nn/b\n");
  EXPECT_EQ(Load({ends, "--csv", mapping, links}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("links.csv:3: there is no entity `n/nobody`"));
  EXPECT_THAT(err_.str(), testing::Not(HasSubstr("links.csv:40: ")));

  EXPECT_EQ(Load({"--skip-bad", ends, "--csv", mapping, links}), 4);
  EXPECT_THAT(out_.str(), HasSubstr("2 entities, 94 relationships, "));
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(err_.str(), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, ": ");
    lines.push_back(parts[0].substr(parts[0].rfind(':') + 1));
  }
  EXPECT_THAT(lines,
              testing::ElementsAre("3", "40", "42", "66", "99", "5 bad records were left out"));
}

// Records that say little go a shorter way; a mapping that could say more, of columns that are
// empty, goes the long one.
TEST_F(LoadCommandTest, TheShortWayWritesTheSameBytes) {
  std::string text = "id,name,founded,since,none\n";
  std::string links = "src,dst,amount,note,at,none\n";
  for (int i = 0; i < 700; ++i) {
    absl::StrAppend(&text, i, ",", i % 3 == 0 ? "" : absl::StrCat("N ", i), ",",
                    i % 5 == 0   ? ""
                    : i % 7 == 0 ? "nonsense"
                                 : "1951-10-13",
                    ",", i % 11 == 0 ? "2020" : "", ",\n");
    absl::StrAppend(&links, i, ",", i * 13 % 700, ",", i % 4 == 0 ? "~5" : absl::StrCat(i, ".25"),
                    ",\"a \"\"", i % 2 == 0 ? "b" : "", "\"\"\",", i % 9 == 0 ? "?" : "2023-06-05",
                    ",\n");
  }
  text += "700,\"quoted, \"\"too\"\"\",,,\n";
  const std::string entities = File("entities.csv", text);
  const std::string relationships = File("relationships.csv", links);
  std::map<std::string, std::map<std::string, std::string>> written;
  for (const std::string more : {"", " source={none}"}) {
    const std::string name = more.empty() ? "short" : "long";
    EXPECT_EQ(
        Load({"--database", name, "--skip-bad", "--csv",
              "entity label=B;A key=n/{id} id:int={id} name:text={name} founded:date={founded} "
              "valid_from={since}" +
                  more,
              entities, "--csv",
              "relationship type=PAID from=n/{src} to=n/{dst} amount:float={amount} note={note} "
              "valid_from={at}" +
                  more,
              relationships}),
        4)
        << err_.str();
    RELATA_ASSERT_OK_AND_ASSIGN(
        const auto kv, RocksDbKv::Open((folder_ / "data" / "databases" / name).string(), {}));
    const auto cursor = kv->NewIterator(KeySpace::kLive, nullptr, "", "");
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
      written[name].emplace(cursor->key(), cursor->value());
    }
  }
  EXPECT_GT(written["short"].size(), 3000u);
  EXPECT_TRUE(written["short"] == written["long"]);
}

TEST_F(LoadCommandTest, StatementsRunFirstAndTheirIndexesAreFilledByTheLoad) {
  const std::string unique = "CREATE CONSTRAINT FOR (n:N) REQUIRE n.id IS UNIQUE";
  const std::string twice = File("twice.csv", "key,id\na,1\nb,2\nc,1\n");
  const std::string mapping = "entity label=N key={key} id:int={id}";
  EXPECT_EQ(Load({"--run", unique, "--csv", mapping, twice}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("twice.csv:4: "));
  EXPECT_THAT(err_.str(), HasSubstr("is unique"));

  ASSERT_EQ(Load({"--run", "CREATE INDEX FOR (n:N) ON (n.name)", "--csv", mapping + " name={name}",
                  File("n.csv", "key,id,name\na,1,x\nb,2,y\n")}),
            0)
      << err_.str();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto kv, RocksDbKv::Open((folder_ / "data" / "databases" / "main").string(), {}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto db, Database::Open(kv.get(), SystemClock(), {}));
  const Snapshot snapshot = db->Latest();
  RELATA_ASSERT_OK_AND_ASSIGN(const auto schema, snapshot.GetSchema());
  std::vector<std::string> held;
  for (const auto& [id, index] : schema->indexes()) {
    const Value value = index.unique ? Value::Int(2) : Value::String("y");
    RELATA_ASSERT_OK_AND_ASSIGN(const auto ids, snapshot.FindByIndex(index, {{value}, {}, {}, {}}));
    ASSERT_EQ(ids.size(), 1u);
    RELATA_ASSERT_OK_AND_ASSIGN(const auto state, snapshot.GetEntity(ids[0]));
    held.push_back(state->key);
  }
  EXPECT_THAT(held, testing::ElementsAre("b", "b"));
}

TEST_F(LoadCommandTest, AWrongStatementEndsTheLoadAndIsShown) {
  EXPECT_EQ(Load({"--run", "CREATE INDX FOR (n:N) ON (n.id)", File("c.csv", "key\na\n")}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--run: "));
  EXPECT_THAT(err_.str(), HasSubstr("INDX"));
  EXPECT_THAT(err_.str(), HasSubstr("^"));
  EXPECT_THAT(err_.str(), HasSubstr("nothing of the files was written"));
  EXPECT_EQ(Load({File("c.csv", "key\na\n")}), 0) << err_.str();
}

TEST_F(LoadCommandTest, WrongWordsAreNamed) {
  EXPECT_EQ(Load({}), 2);
  EXPECT_EQ(Load({"--no-such", "x", "f.csv"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("--no-such"));
  EXPECT_EQ(Load({"--threads", "0", "f.csv"}), 2);
  EXPECT_EQ(Load({"f.csv", "--csv"}), 2);
  EXPECT_EQ(Load({"--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("--csv MAPPING"));
  EXPECT_EQ(Load({(folder_ / "none.csv").string()}), 1);
  EXPECT_EQ(Load({"--csv", "entity label=C", File("c.csv", "a\n1\n")}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("name no key"));
}

}  // namespace
}  // namespace relata
