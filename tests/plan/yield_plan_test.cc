#include "plan/yield_plan.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "fake_bench.h"

namespace mavis::plan {
namespace {

using Verdict = stats::FailureResult::Verdict;

class Answers : public Results {
 public:
  Answers(const YieldPlan& plan, std::vector<spice::Device> devices)
      : plan_(plan), devices_(std::move(devices)) {}
  const Measurement* measurement(const Request& request) const override {
    if (failing_ && request.draw.index % 50 == 7) return nullptr;
    return &(answers_[request.draw.index] = fake_answer(plan_, request));
  }
  const std::vector<spice::Device>* devices(const Request&) const override { return &devices_; }
  bool failed(const Request&) const override { return failing_; }
  bool failing_ = false;

 private:
  const YieldPlan& plan_;
  std::vector<spice::Device> devices_;
  mutable std::map<std::uint32_t, Measurement> answers_;
};

double sigma_of_m1() {
  return read_subject(home() / "netlists/bitcells/sram_8t.cir").pdk.parameters(fake_devices())[0].sigma;
}

// level/left = 1.0 + 0.6 V and the shift of m1; fails above `sigmas` of its sigma.
YieldPlan make(double sigmas) {
  fake_bench();
  Subject subject = read_subject(home() / "netlists/bitcells/sram_8t.cir");
  Limit limit;
  limit.bench = &fake_bench();
  limit.quantity = fake_bench().quantities(subject)[0];
  limit.conditions = fake_bench().conditions(subject);
  limit.condition = {{"hold_voltage", 0.6}, {"stored_bit", 1}};
  limit.value = 1.6 + sigmas * sigma_of_m1();
  return YieldPlan(std::move(subject), {.limit = limit, .pvt = {"tt", 1.0, 27}, .options = {}}, "ptm45hp");
}

stats::FailureResult run(YieldPlan& plan, const Results& results) {
  while (!plan.next_round(results).empty()) {
  }
  return plan.result();
}

TEST(YieldPlan, FindsAProbabilityThatIsKnown) {
  YieldPlan plan = make(4.5);
  const auto result = run(plan, Answers(plan, fake_devices()));
  EXPECT_EQ(result.verdict, Verdict::ok);
  const double truth = std::erfc(4.5 / std::sqrt(2.0)) / 2;
  EXPECT_NEAR(result.p, truth, 4 * result.stderr_of_p);
  ASSERT_FALSE(result.points.empty());
  EXPECT_NEAR(result.points[0].beta, 4.5, 0.1);
  EXPECT_EQ(result.points[0].z.size(), plan.parameters().size());
  EXPECT_EQ(plan.run_count(), result.runs.total());
}

TEST(YieldPlan, ALimitThatIsNeverMetGivesABound) {
  YieldPlan plan = make(100);
  const auto result = run(plan, Answers(plan, fake_devices()));
  EXPECT_EQ(result.verdict, Verdict::bounded);
  EXPECT_LT(result.interval.high, 0.1);
  EXPECT_GT(result.interval.high, 0);
}

TEST(YieldPlan, ACircuitWithoutMismatchIsCertain) {
  for (double sigmas : {1.0, -1.0}) {
    YieldPlan plan = make(sigmas);
    std::vector<spice::Device> resistor = {{.name = "r1", .model = "", .nodes = {}, .w = 0, .l = 0}};
    class Certain : public Results {
     public:
      explicit Certain(std::vector<spice::Device> devices) : devices_(std::move(devices)) {
        measurement_["level"].values = {1.6, 1.6};
      }
      const Measurement* measurement(const Request&) const override { return &measurement_; }
      const std::vector<spice::Device>* devices(const Request&) const override { return &devices_; }

     private:
      Measurement measurement_;
      std::vector<spice::Device> devices_;
    };
    const auto result = run(plan, Certain(resistor));
    EXPECT_EQ(result.p, sigmas > 0 ? 0 : 1);
    EXPECT_EQ(result.runs.total(), 1u);
  }
}

TEST(YieldPlan, RunsThatFailAreCountedAndUnfinishedOnesStopIt) {
  YieldPlan plan = make(4.5);
  Answers answers(plan, fake_devices());
  answers.failing_ = true;
  EXPECT_GT(run(plan, answers).unusable, 0u);

  class Nothing : public Results {
   public:
    const Measurement* measurement(const Request&) const override { return nullptr; }
    const std::vector<spice::Device>* devices(const Request&) const override { return &devices_; }

   private:
    std::vector<spice::Device> devices_ = fake_devices();
  };
  YieldPlan second = make(4.5);
  const Nothing nothing;
  second.next_round(nothing);
  second.next_round(nothing);
  EXPECT_THROW(second.next_round(nothing), MachineError);
}

TEST(YieldPlan, ItsCampaignNamesWhatDecidesTheAnswer) {
  const std::string text = make(4).campaign_text();
  for (const char* part :
       {"limit = fake/level > ", "hold_voltage 600 mV", "pvt = tt 1 27", "method = importance", "seed = 1"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
}

}  // namespace
}  // namespace mavis::plan
