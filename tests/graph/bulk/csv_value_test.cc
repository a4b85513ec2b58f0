#include "graph/bulk/csv_value.h"

#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

std::string ReadAs(absl::string_view type, absl::string_view text) {
  const absl::StatusOr<CsvType> parsed = CsvType::Parse(type);
  if (!parsed.ok()) return "no type";
  const absl::StatusOr<Value> value = parsed->Read(text);
  return value.ok() ? value->ToString() : "!";
}

// Whether the short way took the text; what it read is what the long one reads, bit for bit.
bool ReadsPlain(absl::string_view type, absl::string_view text) {
  const absl::StatusOr<CsvType> parsed = CsvType::Parse(type);
  const absl::StatusOr<Value> expected = parsed->Read(text);
  Value value;
  if (!parsed->ReadPlain(text, &value)) return false;
  EXPECT_TRUE(expected.ok()) << type << " " << text;
  if (!expected.ok()) return true;
  EXPECT_TRUE(SameStatement(value, *expected) && value.type() == expected->type()) << text;
  const double* const real = value.get_if<double>();
  if (real != nullptr) {
    EXPECT_EQ(std::bit_cast<uint64_t>(*real), std::bit_cast<uint64_t>(expected->get<double>()))
        << text;
  }
  return true;
}

TEST(CsvValueTest, ReadsPlainTextsTheShortWay) {
  for (const auto& [type, text] : {std::pair{"text", "a b"},
                                   {"int", "-12"},
                                   {"int", "999999999999999999"},
                                   {"float", "0"},
                                   {"float", "-0"},
                                   {"float", "-0.0"},
                                   {"float", "007.50"},
                                   {"float", "999999999999999"},
                                   {"float", "0.99999999999999"},
                                   {"float", "1234567.8901234"},
                                   {"date", "2024-02-29"}}) {
    EXPECT_TRUE(ReadsPlain(type, text)) << type << " " << text;
  }
  for (const auto& [type, text] : {std::pair{"int", ">= 12"},
                                   {"int", "1.5"},
                                   {"int", "-"},
                                   {"int", "9999999999999999999"},
                                   {"float", "1."},
                                   {"float", ".5"},
                                   {"float", "1.2.3"},
                                   {"float", "1e5"},
                                   {"float", "25%"},
                                   {"float", "9007199254740993.0"},
                                   {"date", "2023-02-29"},
                                   {"money", "5 USD"}}) {
    EXPECT_FALSE(ReadsPlain(type, text)) << type << " " << text;
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t digits = random() % 1'000'000'000'000'000;
    const size_t places = random() % 16;
    std::string text = absl::StrCat(absl::Dec(digits, absl::kZeroPad16)).substr(1);
    if (places < text.size()) text.insert(text.size() - places, places == 0 ? "" : ".");
    EXPECT_TRUE(ReadsPlain("float", text) || text[0] == '.') << text;
  }
}

TEST(CsvValueTest, ReadsValuesOfEachType) {
  EXPECT_EQ(ReadAs("text", "a b"), "a b");
  EXPECT_EQ(ReadAs("int", "-12"), "-12");
  EXPECT_EQ(ReadAs("int", ">= 12"), "at least 12");
  EXPECT_EQ(ReadAs("float", "1561.98"), "1561.98");
  EXPECT_EQ(ReadAs("float", "25%"), "0.25");
  EXPECT_EQ(ReadAs("decimal", "12.340"), "12.340");
  EXPECT_EQ(ReadAs("bool", "true"), "true");
  EXPECT_EQ(ReadAs("money", "2.8e9 USD"), "2800000000 USD");
  EXPECT_EQ(ReadAs("money(EUR)", "~5"), "about 5 EUR");
  EXPECT_EQ(ReadAs("date", "2024-02-29"), "2024-02-29");
  EXPECT_EQ(ReadAs("datetime", "2026-03-11T10:30:05Z"), "2026-03-11T10:30:05Z");
  EXPECT_EQ(ReadAs("duration", "P3D"), "P3D");
  for (const auto& [type, text] : {std::pair{"int", "1.5"},
                                   {"int", ""},
                                   {"int", "99999999999999999999"},
                                   {"float", "nan"},
                                   {"float", "0x1"},
                                   {"float", ".5"},
                                   {"decimal", "1,5"},
                                   {"bool", "yes"},
                                   {"money", "5"},
                                   {"date", "2023-02-29"},
                                   {"date", "2023-2-9"},
                                   {"datetime", "2026"}}) {
    EXPECT_EQ(ReadAs(type, text), "!") << type << " " << text;
  }
  EXPECT_THAT(CsvType::Parse("money(usd)"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("localdatetime")));
}

// The shapes that are read without the general parser give what that gives.
TEST(CsvValueTest, BoundsAreWhatTheParserGives) {
  for (const char* text :
       {"2023-06-05", "0001-01-01", "9999-12-31", "2024-02-29", "2023-06-05T21:26:49Z",
        "2023-06-05T21:26:49.746Z", "2023-06-05T21:26:49.000001Z", "1969-12-31T23:59:59.5Z",
        "2023-06-05T21:26:49+08:00", "2023", "2023-06", "2023~", ".."}) {
    RELATA_ASSERT_OK_AND_ASSIGN(const Bound expected, Bound::Parse(text, BoundRole::kFrom));
    EXPECT_THAT(ReadCsvBound(text, BoundRole::kFrom), IsOkAndHolds(expected)) << text;
  }
  EXPECT_THAT(ReadCsvBound("?", BoundRole::kTo), IsOkAndHolds(Bound::Unknown()));
  for (const char* text :
       {"2023-02-29", "2023-06-05T24:00:00Z", "2023-06-05T21:26:60Z", "2023-06-05T21:26:49.Z",
        "2023-06-05T21:26:49.1234567Z", "0000-01-01", "yesterday"}) {
    EXPECT_FALSE(ReadCsvBound(text, BoundRole::kFrom).ok()) << text;
  }
}

TEST(CsvValueTest, BoundsAsNumbers) {
  const auto read = [&](absl::string_view text) {
    return ReadEpochBound(text, /*unit_micros=*/1000, BoundRole::kTo);
  };
  EXPECT_EQ(read("1700000000123").value(), Bound::At(1'700'000'000'123'000));
  EXPECT_EQ(read("-1").value(), Bound::At(-1000));
  EXPECT_EQ(read("..").value(), Bound::Unbounded(BoundRole::kTo));
  EXPECT_EQ(read("?").value(), ReadCsvBound("?", BoundRole::kTo).value());
  EXPECT_EQ(read("253402300799999").value(),
            ReadCsvBound("9999-12-31T23:59:59.999Z", BoundRole::kTo).value());
  for (const char* bad :
       {"-62135596800001", "253402300800000", "99999999999999999999", "1.5", ""}) {
    EXPECT_THAT(read(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no number")))
        << bad;
  }
}

}  // namespace
}  // namespace relata
