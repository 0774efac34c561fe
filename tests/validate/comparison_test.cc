#include "validate/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "macro/sample_macro.h"
#include "report/validation_text.h"

namespace mavis::validate {
namespace {

constexpr int kBits = 4;  // mf_8x30

// Answers as ngspice would, of our own making.
struct FakeResults : plan::Results {
  std::vector<spice::Device> circuit;
  std::map<std::pair<std::size_t, std::uint32_t>, plan::Measurement> answers;
  const plan::Measurement* measurement(const plan::Request& request) const override {
    const auto found = answers.find({request.point, request.draw.index});
    return found == answers.end() ? nullptr : &found->second;
  }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return &circuit; }
};

spice::Device transistor(const std::string& name) {
  return {.name = name, .model = "nch", .letter = 'm', .nodes = {}, .w = 90e-9, .l = 45e-9};
}

class Compared : public testing::Test {
 protected:
  Compared()
      : library_(macro::sample_library({.adc_bits = kBits})),
        model_(macro::PointTables(library_, macro::kTypical), macro::read_spec(library_)) {
    question_.pvt = {"tt", 1.0, 27};
    question_.vectors = random_vectors(1, 6, 15);
    for (std::uint32_t i : {0u, 1u}) {
      question_.chips.emplace_back(5, i);
      comparators_.push_back({macro::Comparator(model_.comparator, question_.chips.back(), 0)});
      question_.calibrations.push_back({Calibration{}});
    }
    results_.circuit = {transistor("m.xl3.xline.xcell.mrl"), transistor("m.xr4.xline.mpd"),
                        transistor("m.xcomp.mn_in_l")};
  }

  ValidationPlan plan() {
    ValidationPlan plan(plan::read_subject("mf_8x30"), question_, "");
    EXPECT_EQ(plan.next_round(results_).size(), question_.common_modes.empty() ? 1u : 2u);
    return plan;
  }

  // What the macro simulator gives, with `error` V on the signal and energies `factor` times as high.
  void answer(const ValidationPlan& plan, double error, double factor) {
    const macro::Noise quiet(std::nullopt, 0, 0);
    for (std::size_t c = 0; c < question_.chips.size(); ++c)
      for (std::size_t v = 0; v < question_.vectors.size(); ++v) {
        const Vector& vector = question_.vectors[v];
        const macro::HalfRow left(model_.responses, model_.levels, question_.chips[c], 0, macro::Half::left,
                                  0, vector.stored),
            right(model_.responses, model_.levels, question_.chips[c], 0, macro::Half::right, 0,
                  vector.dac_stored);
        macro::Ledger energy;
        std::vector<macro::Cycle> cycles;
        macro::convert(model_, left, right, vector.input, comparators_[c][0], quiet, 0, energy, &cycles);
        plan::Measurement measurement;
        for (const macro::Cycle& cycle : cycles) {
          measurement["signal"].values.push_back(cycle.inp - error);
          measurement["reference"].values.push_back(cycle.inn);
          measurement["decision"].values.push_back(cycle.inp - cycle.inn > cycle.threshold ? 1 : 0);
          measurement["delay"].values.push_back(1e-10);
        }
        for (macro::Phase phase : {macro::Phase::mav, macro::Phase::conversion})
          for (std::size_t d = 0; d < kDrivers.size(); ++d)
            measurement["energy"].values.push_back(factor * energy.of(phase, static_cast<macro::Part>(d)));
        measurement["comparator_energy"].values = {factor * energy.of(macro::Part::comparator)};
        const plan::Request request = plan.vector_request(c, v);
        results_.answers[{request.point, request.draw.index}] = measurement;
      }
  }

  tables::Library library_;
  macro::MacroModel model_;
  Question question_;
  std::vector<std::vector<macro::Comparator>> comparators_;
  FakeResults results_;
};

TEST_F(Compared, FindsTheErrorsThatAreThere) {
  ValidationPlan plan = this->plan();
  EXPECT_EQ(plan.next_round(results_).size(), 12u);
  answer(plan, 0.5e-3, 1.25);
  const Comparison comparison = compare(model_, comparators_, plan, results_);
  ASSERT_EQ(comparison.pairs.size(), 12u);
  EXPECT_EQ(comparison.missing, 0u);
  EXPECT_NEAR(comparison.lsb, macro::sample_step({.adc_bits = kBits}), 1e-12);
  EXPECT_NEAR(comparison.level.rms, 0.5e-3, 1e-9);
  EXPECT_NEAR(comparison.level.largest, 0.5e-3, 1e-9);
  EXPECT_NEAR(comparison.level.mean, 0.5e-3, 1e-9);
  EXPECT_NEAR(comparison.reference.rms, 0, 1e-12);
  EXPECT_EQ(comparison.reference.n, 12u * kBits);
  EXPECT_EQ(comparison.disagreements.size(), 0u);
  EXPECT_NEAR(comparison.total.error(), 1 / 1.25 - 1, 1e-9);
  EXPECT_NEAR(comparison.mav[1].error(), 1 / 1.25 - 1, 1e-9);
  EXPECT_NEAR(comparison.comparator.error(), 1 / 1.25 - 1, 1e-9);
  const std::string text = report::validation_text(comparison, {}, 2.5, {"a note"});
  for (const char* part : {"0.5 mV rms", "100 % of 12 equal", "-20.00 %", "times", "a note"})
    EXPECT_NE(text.find(part), text.npos) << part << " in\n" << text;
}

TEST_F(Compared, ADisagreementHasItsOverdrive) {
  ValidationPlan plan = this->plan();
  answer(plan, 0, 1);
  // Chip 1, vector 2: ngspice decides cycle 1 otherwise, by a threshold of its own.
  const plan::Request request = plan.vector_request(1, 2);
  plan::Measurement& changed = results_.answers.at({request.point, request.draw.index});
  changed["decision"].values[1] = 1 - changed["decision"].values[1];
  const double difference = changed["signal"].values[1] - changed["reference"].values[1];
  const Comparison comparison = compare(model_, comparators_, plan, results_);
  ASSERT_EQ(comparison.disagreements.size(), 1u);
  const Disagreement& other = comparison.disagreements.front();
  EXPECT_EQ(comparison.pairs[other.pair].chip, 1u);
  EXPECT_EQ(comparison.pairs[other.pair].vector, 2u);
  EXPECT_EQ(other.cycle, 1u);
  EXPECT_NEAR(other.overdrive(), difference, 1e-12) << "the sample's comparators have no threshold";
  EXPECT_EQ(comparison.worst, other.pair);
  EXPECT_EQ(comparison.reference.n, 12u * kBits - 2) << "trials after it differ";
}

// The tables say 0; 40 mV as measured, more than a step, moves every code, as in ngspice here.
TEST_F(Compared, ComparatorsHaveTheThresholdsThatWereMeasured) {
  question_.common_modes = {0.1, 0.9};
  ValidationPlan plan = this->plan();
  const std::vector<std::vector<macro::Comparator>> by_tables = comparators_;
  const macro::Curve measured{{0.1, 0.9}, {0.06, 0.06}};
  for (auto& chip : comparators_)
    for (macro::Comparator& comparator : chip) comparator = comparator.measured(measured);
  answer(plan, 0, 1);
  for (std::size_t c : {0, 1}) {
    const plan::Request request = plan.threshold_request(c, 0);
    results_.answers[{request.point, request.draw.index}]["threshold"].values = {0.06, 0.06};
  }
  const Comparison comparison = compare(model_, by_tables, plan, results_);
  EXPECT_TRUE(comparison.measured_comparators);
  EXPECT_EQ(comparison.disagreements.size(), 0u);
  EXPECT_LT(comparison.equal_by_tables, 3u);
  EXPECT_NEAR(comparison.threshold.rms, 0.06, 1e-12);
}

TEST_F(Compared, AVectorWithoutResultIsMissing) {
  ValidationPlan plan = this->plan();
  answer(plan, 0, 1);
  results_.answers.erase(results_.answers.begin());
  const Comparison comparison = compare(model_, comparators_, plan, results_);
  EXPECT_EQ(comparison.missing, 1u);
  EXPECT_EQ(comparison.pairs.size(), 11u);
}

// A job's values are the chip's draws at the vector's place.
TEST_F(Compared, DrawsAreThoseOfTheChip) {
  question_.vectors.resize(1);
  question_.vectors[0].array = 1;
  question_.vectors[0].row = 6;
  question_.vectors[0].half = macro::Half::right;
  question_.arrays = 2;
  question_.calibrations = {{Calibration{}, Calibration::of("n_left_2", "p_right_3")},
                            {Calibration{}, Calibration{}}};
  question_.common_modes = {0.25, 0.75};
  ValidationPlan plan = this->plan();
  EXPECT_EQ(plan.next_round(results_).size(), 2u * (1 + 2));
  const plan::Job job = plan.job(plan.vector_request(0, 0));
  const auto z = [&](const std::string& device) {
    for (const plan::Assignment& a : job.assignments)
      if (a.device == device && a.parameter == "delvto") return a.value;
    return std::nan("");
  };
  const double sigma =
      z("m.xl3.xline.xcell.mrl") / question_.chips[0].draw("u1.right.c3.r6", "xcell.mrl:vth");
  EXPECT_NEAR(z("m.xr4.xline.mpd"), sigma * question_.chips[0].draw("u1.left.c4", "mpd:vth"), 1e-12);
  EXPECT_NEAR(z("m.xcomp.mn_in_l"), sigma * question_.chips[0].draw("u1.comparator", "mn_in_l:vth"), 1e-12);
  EXPECT_EQ(job.settings.at("calibration.n_left"), 2);
  EXPECT_EQ(job.settings.at("calibration.p_right"), 3);
  EXPECT_EQ(job.settings.at("calibration.n_right"), 0);
  const plan::Job thresholds = plan.job(plan.threshold_request(0, 1));
  EXPECT_EQ(thresholds.settings.at("common_mode.1"), 0.75);
  EXPECT_EQ(thresholds.settings.at("calibration.n_left"), 2);
}

TEST(Calibration, IsReadFromTheMacroSimulatorsNames) {
  const Calibration calibration = Calibration::of("n_right_1", "none");
  EXPECT_EQ(calibration.n_right, 1);
  EXPECT_EQ(calibration.n_left + calibration.p_left + calibration.p_right, 0);
  EXPECT_THROW(Calibration::of("n_up_1", "none"), std::invalid_argument);
  EXPECT_THROW(Calibration::of("n_left_4", "none"), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::validate
