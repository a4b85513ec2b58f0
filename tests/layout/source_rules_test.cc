#include "tests/layout/source_rules.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Including(absl::string_view path, absl::string_view header) {
  return FindViolations(path, absl::StrCat("#include \"", header, "\"\n"));
}

TEST(SourceRulesTest, DownwardIncludesPass) {
  EXPECT_THAT(Including("storage/a.cc", "base/ids.h"), IsEmpty());
  EXPECT_THAT(Including("graph/query/a.cc", "storage/ordered_kv.h"), IsEmpty());
  EXPECT_THAT(Including("server/a.cc", "graph/values/value.h"), IsEmpty());
  EXPECT_THAT(Including("server/a.cc", "relata/v1/value.pb.h"), IsEmpty());
  EXPECT_THAT(Including("client/a.cc", "grpcpp/grpcpp.h"), IsEmpty());
  EXPECT_THAT(Including("tests/a.cc", "server/a.h"), IsEmpty());
  EXPECT_THAT(Including("storage/rocksdb/a.cc", "rocksdb/db.h"), IsEmpty());
  EXPECT_THAT(Including("tests/storage/rocksdb/a.cc", "rocksdb/status.h"), IsEmpty());
  EXPECT_THAT(Including("graph/a.cc", "boost/graph/graph_traits.hpp"), IsEmpty());
}

TEST(SourceRulesTest, UpwardIncludesAreNamedWithTheirLine) {
  EXPECT_THAT(
      FindViolations("base/a.cc", "\n#include \"storage/ordered_kv.h\"\n"),
      ElementsAre("base/a.cc:2: includes storage/ordered_kv.h: base/ may include only base"));
  EXPECT_THAT(Including("storage/a.cc", "graph/values/value.h"),
              ElementsAre(HasSubstr("storage/")));
  EXPECT_THAT(Including("graph/a.cc", "server/a.h"), ElementsAre(HasSubstr("graph/ may include")));
  EXPECT_THAT(Including("client/a.cc", "server/a.h"), ElementsAre(HasSubstr("client/ may")));
  EXPECT_THAT(Including("client/a.cc", "graph/a.h"), ElementsAre(HasSubstr("client/ may")));
  EXPECT_THAT(Including("server/a.cc", "tests/a.h"), ElementsAre(HasSubstr("server/ may")));
  EXPECT_THAT(FindViolations("graph/a.cc", "#include <relata/v1/value.pb.h>\n"),
              ElementsAre(HasSubstr("graph/ may include only base, storage, graph")));
  EXPECT_THAT(Including("graph/a.cc", "google/rpc/status.pb.h"), ElementsAre(HasSubstr("graph/")));
}

TEST(SourceRulesTest, LibrariesStayInTheirPlaces) {
  for (const absl::string_view path : {"storage/a.cc", "graph/a.cc", "server/a.cc", "tests/a.cc"}) {
    EXPECT_THAT(FindViolations(path, "#include <rocksdb/db.h>"),
                ElementsAre(HasSubstr("only storage/rocksdb/ and")));
  }
  for (const absl::string_view header : {"grpcpp/grpcpp.h", "google/protobuf/message.h"}) {
    EXPECT_THAT(Including("storage/a.cc", header), ElementsAre(HasSubstr("stop at server/")));
    EXPECT_THAT(Including("graph/a.cc", header), ElementsAre(HasSubstr("stop at server/")));
  }
  EXPECT_THAT(Including("server/a.cc", "spdlog/spdlog.h"), ElementsAre(HasSubstr("logging.h")));
  EXPECT_THAT(Including("server/a.cc", "absl/log/log.h"), ElementsAre(HasSubstr("logging.h")));
  EXPECT_THAT(Including("graph/values/a.h", "boost/x.hpp"), Contains(HasSubstr("Boost stays")));
}

TEST(SourceRulesTest, QuotedIncludesStartAtTheRoot) {
  EXPECT_THAT(Including("graph/a.cc", "value.h"), ElementsAre(HasSubstr("from the root")));
  EXPECT_THAT(Including("graph/a.cc", "../base/ids.h"), ElementsAre(HasSubstr("from the root")));
}

TEST(SourceRulesTest, ForbiddenNamesAreFoundInCodeOnly) {
  EXPECT_THAT(FindViolations("graph/a.cc", "int x;\nstd::string_view s;"),
              ElementsAre("graph/a.cc:2: uses std::string_view: use absl::string_view"));
  EXPECT_THAT(FindViolations("graph/a.cc", "// std::string_view\nauto s = \"std::string_view\";"),
              IsEmpty());
  EXPECT_THAT(FindViolations("graph/a.cc", "#include <string_view>\n"),
              ElementsAre(HasSubstr("use absl/strings/string_view.h")));
  EXPECT_THAT(FindViolations("graph/a.cc", "absl::MutexLock lock(&m);"),
              ElementsAre(HasSubstr("use Mutex of base/mutex.h")));
  EXPECT_THAT(FindViolations("server/a.cc", "std::chrono::steady_clock::now();"),
              ElementsAre(HasSubstr("ask a Clock")));
  EXPECT_THAT(FindViolations("client/a.cc", "absl::Now();"), ElementsAre(HasSubstr("a Clock")));
}

TEST(SourceRulesTest, HeadersHaveTheGuardOfTheirPath) {
  EXPECT_THAT(FindViolations("graph/query/plan.h",
                             "// Plans.\n#ifndef RELATA_GRAPH_QUERY_PLAN_H_\n"
                             "#define RELATA_GRAPH_QUERY_PLAN_H_\n#endif\n"),
              IsEmpty());
  EXPECT_THAT(FindViolations("graph/query/plan.h", "#ifndef PLAN_H\n#define PLAN_H\n#endif\n"),
              ElementsAre(HasSubstr("must be RELATA_GRAPH_QUERY_PLAN_H_")));
  EXPECT_THAT(FindViolations("graph/query/plan.h", "#pragma once\n"),
              ElementsAre(HasSubstr("include guard")));
}

TEST(SourceRulesTest, FoldersWithoutARuleAreRefused) {
  EXPECT_THAT(FindViolations("misc/a.cc", ""), ElementsAre(HasSubstr("add it to the table")));
}

// The source tree is the working directory of every test.
TEST(SourceTreeTest, EveryFileKeepsTheRules) {
  const std::vector<std::string> sources = ListSources(".");
  EXPECT_THAT(sources, Contains("tests/layout/source_rules_test.cc"));
  EXPECT_THAT(sources, Contains("base/ids.h"));
  for (const std::string& path : sources) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    ASSERT_TRUE(file.good()) << path;
    for (const std::string& violation : FindViolations(path, text.str())) {
      ADD_FAILURE() << violation;
    }
  }
}

}  // namespace
}  // namespace relata
