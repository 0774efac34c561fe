#include "plan/looks.h"

#include <gtest/gtest.h>

#include "fake_bench.h"

namespace mavis::plan {
namespace {

// The fake circuit, its level bent by `curve` times the square of its shift over sigma.
class Bent : public Results {
 public:
  Bent(const Plan& plan, double curve) : plan_(plan), curve_(curve), devices_(fake_devices()) {}
  const Measurement* measurement(const Request& request) const override {
    Measurement& answer = answers_[{request.point, request.draw.kind, request.draw.index}] =
        fake_answer(plan_, request);
    const double z = plan_.draws(request)[0];
    answer["level"].values[0] += curve_ * z * z;
    return &answer;
  }
  const std::vector<spice::Device>* devices(const Request&) const override { return &devices_; }

 private:
  const Plan& plan_;
  double curve_;
  std::vector<spice::Device> devices_;
  mutable std::map<std::tuple<std::size_t, DrawKind, std::uint32_t>, Measurement> answers_;
};

CellSpread spread_of(double curve) {
  Plan plan = fake_plan(4, Responses::all, "sigma=1%,q0.99=2%", 64);
  const Bent results(plan, curve);
  while (!plan.next_round(results).empty()) {
  }
  const Quantity level = fake_bench().quantities(plan.subject())[0];
  return PointSpread(plan, results, 0).at(level, 0).value();
}

double sigma_of_m1() {
  return read_subject(home() / "netlists/bitcells/sram_8t.cir").pdk.parameters(fake_devices())[0].sigma;
}

TEST(Looks, DoubleAndAreFoundAgain) {
  EXPECT_EQ(look_samples(1), 64);
  EXPECT_EQ(look_samples(4), 512);
  EXPECT_EQ(look_of(256), 3);
  EXPECT_EQ(look_of(0), 0);
  EXPECT_EQ(look_of(100), 0);
}

TEST(PointSpread, AStraightResponseIsKnownAtOnce) {
  const CellSpread spread = spread_of(0);
  EXPECT_TRUE(spread.surrogates);
  EXPECT_NE(spread.choice.method, stats::Method::sobol);
  EXPECT_NEAR(spread.sigma.value, sigma_of_m1(), 1e-6 * sigma_of_m1());
  ASSERT_EQ(spread.quantiles.size(), 1u);
  EXPECT_EQ(spread.runs, 64u + 3);  // one active parameter: centre and both sides
}

TEST(PointSpread, ABentResponseTakesTheCurvedSurrogate) {
  const double sigma = sigma_of_m1(), curve = sigma / 2;
  const CellSpread spread = spread_of(curve);
  EXPECT_EQ(spread.choice.method, stats::Method::curved);
  EXPECT_NEAR(spread.sigma.value, std::sqrt(sigma * sigma + 2 * curve * curve), 1e-6 * sigma);
  EXPECT_GT(spread.skew, 1);
}

TEST(PointSpread, ASampleWithoutANumberLeavesNoSpread) {
  Plan plan = fake_plan(4, Responses::all, "sigma=1%", 64);
  const Bent results(plan, 0);
  while (!plan.next_round(results).empty()) {
  }
  class Missing : public Results {
   public:
    explicit Missing(const Results& all) : all_(all) {}
    const Measurement* measurement(const Request& request) const override {
      const bool lost = request.draw.kind == DrawKind::scrambled && request.draw.index == 7;
      return lost ? nullptr : all_.measurement(request);
    }
    const std::vector<spice::Device>* devices(const Request& request) const override {
      return all_.devices(request);
    }

   private:
    const Results& all_;
  };
  const Quantity level = fake_bench().quantities(plan.subject())[0];
  EXPECT_FALSE(PointSpread(plan, Missing(results), 0).at(level, 0));
}

}  // namespace
}  // namespace mavis::plan
