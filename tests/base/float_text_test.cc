#include "base/float_text.h"

#include <limits>

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(FloatTextTest, HasAPointAndNoExponentNearOne) {
  EXPECT_EQ(FloatText(0.0), "0.0");
  EXPECT_EQ(FloatText(-0.0), "-0.0");
  EXPECT_EQ(FloatText(1.0), "1.0");
  EXPECT_EQ(FloatText(-12.5), "-12.5");
  EXPECT_EQ(FloatText(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(FloatText(0.001), "0.001");
  EXPECT_EQ(FloatText(9999999.0), "9999999.0");
}

TEST(FloatTextTest, HasAnExponentFarFromOne) {
  EXPECT_EQ(FloatText(1e7), "1.0E7");
  EXPECT_EQ(FloatText(123456789.0), "1.23456789E8");
  EXPECT_EQ(FloatText(-1e20), "-1.0E20");
  EXPECT_EQ(FloatText(1e21), "1.0E21");
  EXPECT_EQ(FloatText(0.0001), "1.0E-4");
  EXPECT_EQ(FloatText(1e-10), "1.0E-10");
  EXPECT_EQ(FloatText(1.5e-300), "1.5E-300");
  EXPECT_EQ(FloatText(2e23), "2.0E23");
}

TEST(FloatTextTest, KnowsTheLimits) {
  using Limits = std::numeric_limits<double>;
  EXPECT_EQ(FloatText(Limits::max()), "1.7976931348623157E308");
  EXPECT_EQ(FloatText(Limits::min()), "2.2250738585072014E-308");
  EXPECT_EQ(FloatText(Limits::denorm_min()), "4.9E-324");
  EXPECT_EQ(FloatText(Limits::infinity()), "Infinity");
  EXPECT_EQ(FloatText(-Limits::infinity()), "-Infinity");
  EXPECT_EQ(FloatText(Limits::quiet_NaN()), "NaN");
}

}  // namespace
}  // namespace relata
