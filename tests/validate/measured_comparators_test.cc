#include "validate/measured_comparators.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace mavis::validate {
namespace {

TEST(MeasuredComparators, CommonModesAscendWithinTheSupply) {
  const std::vector<double> nodes = threshold_common_modes();
  EXPECT_TRUE(std::is_sorted(nodes.begin(), nodes.end(), std::less_equal<>()));
  EXPECT_GE(nodes.front(), 0.05);
  EXPECT_LE(nodes.back(), 1);
}

struct OneAnswer : plan::Results {
  plan::Measurement answer;
  const plan::Measurement* measurement(const plan::Request&) const override { return &answer; }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return nullptr; }
};

TEST(MeasuredComparators, AThresholdThatWasNotFoundIsThatBetweenItsNeighbours) {
  Question question{.pvt = {"tt", 1.0, 27}, .common_modes = {0.2, 0.4, 0.8}};
  question.chips.emplace_back(1, 0);
  question.calibrations = {{Calibration{}}};
  const ValidationPlan plan(plan::read_subject("mf_8x30"), question, "");
  OneAnswer results;
  results.answer["threshold"].values = {0.002, 0, 0.005};
  results.answer["threshold"].status = {tables::Status::ok, tables::Status::censored, tables::Status::ok};
  const macro::Curve curve = measured_thresholds(plan, results, 0, 0);
  EXPECT_EQ(curve.x, question.common_modes);
  EXPECT_NEAR(curve.y[1], 0.003, 1e-12);
  results.answer["threshold"].status.assign(3, tables::Status::censored);
  EXPECT_TRUE(measured_thresholds(plan, results, 0, 0).x.empty());
}

}  // namespace
}  // namespace mavis::validate
