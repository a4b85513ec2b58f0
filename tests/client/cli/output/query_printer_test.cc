#include "client/cli/output/query_printer.h"

#include <google/protobuf/text_format.h>

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

using testing::HasSubstr;

// Two rows over columns of every kind.
constexpr char kPart[] = R"(
  columns: "b" columns: "i" columns: "d" columns: "s" columns: "n" columns: "r" columns: "v"
  batch {
    rows: 2
    columns { nulls: "\002" bools { values: true values: false } }
    columns { ints { values: 1 values: 9007199254740993 } }
    columns { doubles { values: 1 values: inf } }
    columns { strings { dictionary: "x, \"y\"" dictionary: "\346\267\261" indexes: 0 indexes: 1 } }
    columns { nodes { indexes: 0 indexes: 1 } }
    columns { nulls: "\002" relationships { indexes: 0 indexes: 0 } }
    columns { values {
      values { path { nodes: 1 nodes: 0 relationships: 0 } }
      values { list { values { node: 1 } values { value { list_value { values { string_value: "it's" }
        values { money_value { amount: "2.5" currency: "USD" } } } } } } }
    } }
    nodes { id: 1 key: "c/1" labels: "A" labels: "B"
            properties { name: "p" value { decimal_value: "1.20" } } }
    nodes { id: 2 }
    relationships { id: 3 type: "T" from_id: 1 to_id: 2
                    properties { name: "d" value { date_value: "2026-01-01" } } }
  }
  statistics { rows: 2 run_microseconds: 1500 compile_microseconds: 200
               effects { properties_set: 2 labels_added: 1 } commit_version: 9 }
)";

v1::RunQueryResponse Part(const char* text = kPart) {
  v1::RunQueryResponse part;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &part));
  return part;
}

std::string Print(OutputFormat format, const v1::RunQueryResponse& part) {
  std::ostringstream out;
  QueryPrinter printer(format, false, &out);
  printer.Add(part);
  printer.Finish();
  return out.str();
}

TEST(QueryPrinterTest, TablesShowValuesInTheLanguagesNotation) {
  EXPECT_EQ(Print(OutputFormat::kTable, Part()),
            "b     i                 d         s       n                              "
            "r                     v\n"
            "true  1                 1.0       x, \"y\"  (:A:B {_key: 'c/1', p: 1.20})  "
            "[:T {d: 2026-01-01}]  ()<-[:T {d: 2026-01-01}]-(:A:B {_key: 'c/1', p: 1.20})\n"
            "null  9007199254740993  Infinity  深      ()                             "
            "null                  [(), ['it\\'s', 2.5 USD]]\n");
}

TEST(QueryPrinterTest, JsonLinesHoldOneRowEach) {
  EXPECT_EQ(
      Print(OutputFormat::kJsonLines, Part()),
      R"({"b":true,"i":1,"d":1.0,"s":"x, \"y\"","n":{"id":1,"key":"c/1","labels":["A","B"],"properties":{"p":"1.20"}},"r":{"id":3,"key":"","type":"T","from":1,"to":2,"properties":{"d":"2026-01-01"}},"v":{"nodes":[{"id":2,"key":"","labels":[],"properties":{}},{"id":1,"key":"c/1","labels":["A","B"],"properties":{"p":"1.20"}}],"relationships":[{"id":3,"key":"","type":"T","from":1,"to":2,"properties":{"d":"2026-01-01"}}]}})"
      "\n"
      R"({"b":null,"i":9007199254740993,"d":"Infinity","s":"深","n":{"id":2,"key":"","labels":[],"properties":{}},"r":null,"v":[{"id":2,"key":"","labels":[],"properties":{}},["it's",{"amount":"2.5","currency":"USD"}]]})"
      "\n");
}

TEST(QueryPrinterTest, CsvQuotesWhatNeedsIt) {
  const std::string csv = Print(OutputFormat::kCsv, Part());
  EXPECT_THAT(csv, testing::StartsWith("b,i,d,s,n,r,v\ntrue,1,1.0,\"x, \"\"y\"\"\","));
}

TEST(QueryPrinterTest, JsonIsOneObjectOverAllParts) {
  std::ostringstream out;
  QueryPrinter printer(OutputFormat::kJson, false, &out);
  printer.Add(Part("columns: 'x' batch { rows: 1 columns { ints { values: 1 } } }"));
  printer.Add(Part("batch { rows: 1 columns { ints { values: 2 } } } statistics { rows: 2 }"));
  printer.Finish();
  EXPECT_EQ(out.str(),
            "{\"columns\": [\"x\"], \"rows\": [\n{\"x\":1},\n{\"x\":2}\n], \"statistics\": "
            "{\"rows\":\"2\"}}\n");
  EXPECT_EQ(Print(OutputFormat::kJson, Part("statistics { }")),
            "{\"columns\": [], \"rows\": [], \"statistics\": {}}\n");
}

TEST(QueryPrinterTest, APlanIsPrintedAsItIs) {
  EXPECT_EQ(Print(OutputFormat::kTable, Part("plan: 'Return\\n  Scan' statistics { }")),
            "Return\n  Scan\n");
}

TEST(StatisticsLineTest, NamesWhatWasDoneAndHowLongItTook) {
  EXPECT_EQ(StatisticsLine(Part().statistics()),
            "2 properties set, 1 label added; version 9; 2 rows in 1.5 ms (compiled in 0.2 ms)");
  EXPECT_THAT(StatisticsLine(v1::QueryStatistics()), HasSubstr("0 rows in 0.0 ms"));
}

}  // namespace
}  // namespace relata
