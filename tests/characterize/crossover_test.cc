// Level errors of separate columns against charge sharing by hand and against the lumped half.
#include <gtest/gtest.h>

#include <algorithm>

#include "../../characterize/separate_half.h"
#include "expect_error.h"
#include "own_circuit.h"
#include "plan/applicable.h"
#include "plan/limit.h"
#include "plan/plan.h"
#include "util/files.h"

namespace mavis {
namespace {

constexpr const char* kMacro = "netlists/macros/mf_8x30.toml";
constexpr int kProducts = 3, kZeros = 4;
constexpr double kMore = 1.1;  // times the wire's capacitance
const plan::PvtPoint kPvt = {"tt", 1.0, 27};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

// The reference macro with halves of `columns`.
plan::Subject macro_of(const TemporaryFolder& folder, int columns, int bits) {
  std::string text = read_text(home() / kMacro, "macro");
  text = replaced(text, "columns = 30", fmt::format("columns = {}", 2 * columns));
  text = replaced(text, "columns_per_half = 15", fmt::format("columns_per_half = {}", columns));
  text = replaced(text, "adc_bits = 4", fmt::format("adc_bits = {}", bits));
  return plan::read_subject(folder.write("small.toml", text));
}

class Half {
 public:
  Half(const plan::Subject& subject, spice::DeckSpec spec, const plan::Bench& bench)
      : bench_(bench), deck_(spice::build_deck(spec)) {
    session_.load(deck_.text);
    job_.bench = bench.name();
    job_.pvt = kPvt;
    job_.condition = {{"products", kProducts}};
    job_.settings = bench.settings(subject);
    job_.deck_hashes = {deck_.hash};
    parameters_ = bench.parameters(subject, session_.devices());
  }
  const std::vector<pdk::Parameter>& parameters() const { return parameters_; }
  spice::Session& session() { return session_; }

  // With every wire of which this holds kMore times as large.
  double level_error(const std::function<bool(const std::string& name)>& larger) {
    job_.assignments.clear();
    for (const pdk::Parameter& p : parameters_) {
      const bool wire = p.parameter == "capacitance";
      job_.assignments.push_back(
          {p.device, p.parameter, p.nominal * (wire && larger(p.name) ? kMore : 1), p.nominal});
    }
    run::SampleProbe probe = this->probe();
    return bench_.measure(probe).at("level_error").values.at(0);
  }
  // V, of the lumped groups.
  double level(int products, int others) {
    run::SampleProbe probe = this->probe();
    HalfArray half(probe);
    half.product(products, others, {0, 1}, 0);
    return half.level();
  }

 private:
  run::SampleProbe probe() {
    return {circuit_, job_, [&](const std::string&) -> const std::string& { return deck_.text; }};
  }

  const plan::Bench& bench_;
  spice::Deck deck_;
  spice::SharedSession session_;
  run::Circuit circuit_{session_};
  plan::Job job_;
  std::vector<pdk::Parameter> parameters_;
};

// Knows the circuit and nothing else.
class Circuits : public plan::Results {
 public:
  explicit Circuits(std::vector<spice::Device> devices) : devices_(std::move(devices)) {}
  const plan::Measurement* measurement(const plan::Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return &devices_; }

 private:
  std::vector<spice::Device> devices_;
};

bool in_column(const std::string& name, int first, int end) {
  for (int j = first; j < end; ++j)
    if (name.starts_with(fmt::format("column{}.", j))) return true;
  return false;
}

TEST(Crossover, LevelErrorIsChargeSharing) {
  in_own_process([] {
    const TemporaryFolder folder;
    const plan::Subject subject = macro_of(folder, kProducts + kZeros, 3);
    const plan::Bench& bench = plan::find_bench("crossover");
    Half half(subject, bench.decks(subject, kPvt, {}).at(0), bench);
    EXPECT_EQ(half.level_error([](const std::string&) { return false; }), 0);
    const double product = half.level_error([](const auto& name) { return in_column(name, 0, 1); });
    const double zero = half.level_error([](const auto& name) { return in_column(name, 3, 4); });
    const double zeros = half.level_error([](const auto& name) { return in_column(name, 3, 7); });

    // The same in the lumped half: a quarter of the circuit, and group b's column stands for all zeros.
    const plan::Bench& lumped = plan::find_bench("sum_line");
    spice::DeckSpec spec = half_array_deck(lumped, subject, kPvt);
    spec.options.push_back("chgtol=1e-10");
    Half groups(subject, spec, lumped);
    const double level = groups.level(kProducts, kZeros);
    const double step =
        (groups.level(kProducts - 1, kZeros + 1) - groups.level(kProducts + 1, kZeros - 1)) / 2;
    for (const spice::Device& device : groups.session().devices())
      if (device.name.starts_with("c.xgb.xc.xline.cwire"))
        groups.session().set(device.name, "capacitance", kMore * device.value);
    EXPECT_NEAR(zeros, (groups.level(kProducts, kZeros) - level) / step, 0.02 * zeros);
    EXPECT_NEAR(zeros, kZeros * zero, 0.05 * zeros);

    // An added dC at V takes dC (V - level) to the sum line: V is vdd where the line stayed and 0 where it
    // fell, but for 20 mV of coupling. dC of a line of 5.64 um is 0.113 fF, against about 3.2 fF of a line.
    EXPECT_NEAR(zero / product, -(kPvt.vdd - level) / level, 0.05 * (kPvt.vdd - level) / level);
    EXPECT_NEAR(zero - product, 0.113 / 3.2, 0.25 * 0.113 / 3.2);
  });
}

TEST(Crossover, DrawsEachColumnAndWhatAllShare) {
  in_own_process([] {
    const TemporaryFolder folder;
    const plan::Subject subject = macro_of(folder, 3, 2);
    const plan::Bench& bench = plan::find_bench("crossover");
    Half half(subject, bench.decks(subject, kPvt, {}).at(0), bench);
    const auto count = [&](const std::string& part) {
      return std::ranges::count_if(half.parameters(),
                                   [&](const auto& p) { return p.name.find(part) != p.name.npos; });
    };
    // Three wires and two transistors a line, eight in the active cell, two in the switch.
    EXPECT_EQ(count("column0."), 3 + 2 + 8 + 2);
    EXPECT_EQ(count("column2."), count("column0."));
    EXPECT_EQ(count("dummy."), count("column0."));
    EXPECT_EQ(count("sum_line."), 3 + 1 + 2);
    EXPECT_EQ(count("xidle"), 0);
    EXPECT_EQ(count(":beta"), 0);
    EXPECT_EQ(half.parameters().size(), 4u * 15 + 6);

    plan::Plan plan(subject, {.subject = subject.path.string(),
                              .pdk = subject.pdk.name,
                              .corners = {kPvt.corner},
                              .vdd = {kPvt.vdd},
                              .temp_c = {kPvt.temp_c},
                              .benches = {bench.name()}});
    const Circuits circuits(half.session().devices());
    plan.next_round(circuits);
    plan.next_round(circuits);
    EXPECT_EQ(plan.parameters(bench).size(), half.parameters().size());
  });
}

TEST(Crossover, IsAskedForByName) {
  const plan::Subject macro = plan::read_subject(home() / kMacro);
  const auto all = plan::applicable_benches(macro, {});
  EXPECT_EQ(std::find(all.begin(), all.end(), "crossover"), all.end());
  const plan::Limit limit = plan::parse_limit("|crossover/level_error| > 0.5", {{"products", "7"}}, macro);
  EXPECT_EQ(limit.text(), "|crossover/level_error| > 0.5, products 7");
  EXPECT_LT(limit.margin(-0.6), 0);
  EXPECT_GT(limit.margin(0.4), 0);
  expect_input_error([&] { plan::parse_limit("crossover/level_error > 0.5", {}, macro); },
                     {"products", "1, 4, 7, 11, 14"});
  const TemporaryFolder folder;
  const plan::Subject narrow = macro_of(folder, 1, 1);
  expect_input_error([&] { plan::find_bench("crossover").conditions(narrow); }, {"small.toml", "3 columns"});
}

}  // namespace
}  // namespace mavis
