#include "report/yield_text.h"

#include <gtest/gtest.h>

namespace mavis::report {
namespace {

using stats::FailureResult;

FailureResult found() {
  FailureResult result;
  result.verdict = FailureResult::Verdict::ok;
  result.p = 2e-7;
  result.stderr_of_p = 2e-8;
  result.interval = {1.65e-7, 2.43e-7};
  result.runs = {33, 300, 24, 350, 16};
  result.points = {{{5.0, -0.5}, 5.02, 1.0}};
  result.check = {FailureResult::Check::Method::lines, 2.1e-7, 1e-8};
  return result;
}

TEST(YieldText, SaysWhatWasFoundAndWhatItTook) {
  EXPECT_EQ(yield_text(found(), {"xcell.mst:vth", "xcell.mst:beta"}),
            "probability  p = 2e-07 +- 2e-08, 95 % 1.65e-07 to 2.43e-07\n"
            "runs         723 (screen 33, scouts 300, search 24, sampling 350, check 16), plain Monte Carlo: "
            "5e+08, "
            "6.9e+05 times as many\n"
            "cross-check  2.1e-07 +- 1e-08 by line sampling\n"
            "fails at     5.02 sigma, 100 % of p: xcell.mst:vth +5.00, xcell.mst:beta -0.50\n");
}

TEST(YieldText, MarksWhatCanNotBeTrusted) {
  FailureResult result = found();
  result.verdict = FailureResult::Verdict::inconsistent;
  result.unusable = 3;
  const std::string text = yield_text(result, {"a", "b"});
  EXPECT_NE(text.find("INCONSISTENT"), std::string::npos);
  EXPECT_NE(text.find("UNUSABLE: 3 runs"), std::string::npos);
  result.verdict = FailureResult::Verdict::not_reached;
  EXPECT_NE(yield_text(result, {"a", "b"}).find("NOT REACHED"), std::string::npos);
}

TEST(YieldText, ABoundIsABound) {
  FailureResult result;
  result.verdict = FailureResult::Verdict::bounded;
  result.interval = {0, 3e-10};
  result.notes = {"no failure region found within 8 sigma"};
  EXPECT_EQ(yield_text(result, {}),
            "probability  p < 3e-10, no failure found\n"
            "runs         0 (screen 0, scouts 0, search 0, sampling 0, check 0)\n"
            "no failure region found within 8 sigma\n");
}

}  // namespace
}  // namespace mavis::report
