// crossover: how far mismatch moves the multiply-average level of a half. A level that is half a step off
// is as near to its neighbour's as to its own: MF-Net's MAV crossover (Nasrin et al.), where k products read
// as k + 1 or k - 1. separate_half.h explains the circuit.
//
// What varies are wires and thresholds of the computing half: of its product lines with the cell of the row
// that computes and their switches, of the sum line and of the dummy; not the converter's reference, which
// has a spread of its own, nor the comparator. Shares of the level's variance by the response to each
// parameter, at 7 products of mf_8x30 (tt, 1 V, 27 C; sigma 0.01 steps):
//   0.85   wires of the product lines            0.014  thresholds of product lines and cells
//   0.12   wires of sum line and dummy           0.013  thresholds of switches and sum-line precharge
// At nominal stay idle rows (share below 2e-5), gains (0.004) and the other drivers (0.002): nearly three
// quarters of all parameters, each of which would cost two runs of a screening. The gain of a minimal
// transistor has a sigma of 11 % besides: far enough out it would be negative, which ngspice can't solve.
// A run takes about 0.45 s of CPU time for 15 columns; a yield on one side by lines took 609 runs there.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "plan/bench.h"
#include "separate_half.h"
#include "util/error.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;

// What the other columns hold: a stored 0 with input 1. The level's sigma with the other kinds of zeros is
// the same within 2 %.
constexpr ColumnBits kProduct = {1, 1}, kZero = {0, 1};

// Time steps that depend on the waveforms move levels by up to 70 uV from one draw to the next, more than a
// wire's response. With chgtol far above every charge each run takes the same steps; responses to 3 sigma are
// then straight within 0.1 uV, and the same within 0.2 % with steps of 5 ps at most.
constexpr const char* kSameSteps = "chgtol=1e-10";
constexpr double kLongestStep = 40e-12;

// The middle, where the most columns pull either way, the quarters and the ends that have two neighbours.
std::vector<double> product_nodes(int columns) {
  std::vector<double> nodes;
  for (int k : {1, (columns + 1) / 4, columns / 2, columns - (columns + 1) / 4, columns - 1})
    if (k > 0 && k < columns && (nodes.empty() || k > nodes.back())) nodes.push_back(k);
  return nodes;
}

class Crossover : public plan::Bench {
 public:
  std::string name() const override { return "crossover"; }
  int version() const override { return 2; }
  std::string summary() const override {
    return "error of a half's multiply-average level by mismatch of its columns";
  }
  std::vector<std::string> kinds() const override { return half_array_kinds(); }
  bool for_macros() const override { return false; }

  std::vector<pdk::Parameter> parameters(const Subject& subject,
                                         const std::vector<spice::Device>& devices) const override {
    std::vector<pdk::Parameter> parameters = half_parameters(subject, devices);
    const std::string idle = "." + subject.blocks.at("line").cells.at("idle") + ".";
    std::erase_if(parameters, [&](const auto& p) {
      return p.parameter == "mulu0" || p.name.find(idle) != std::string::npos;
    });
    return parameters;
  }

  std::vector<Axis> conditions(const Subject& subject) const override {
    if (subject.columns_per_half < 3)
      throw InputError(fmt::format("{}: bench crossover needs levels between others: 3 columns a half",
                                   subject.path.string()));
    return {{.name = "products",
             .unit = "1",
             .long_name = "columns with a product",
             .values = product_nodes(subject.columns_per_half)}};
  }

  std::vector<Quantity> quantities(const Subject&) const override {
    return {{.name = "level_error",
             .unit = "1",
             .long_name = "level less that without mismatch, in steps from one level to the next; "
                          "beyond 0.5 it reads as one product less, beyond -0.5 as one more"}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return half_array_settings(subject);
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = separate_half_deck(*this, subject, pvt);
    spec.options.push_back(kSameSteps);
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    const int products = static_cast<int>(probe.condition("products"));
    const Nominal nominal = prepare(probe, products);
    const double error = level(probe, products) - nominal.level;
    return {{"level_error", {.values = {error / nominal.step}, .status = {}}}};
  }

 private:
  // The circuit without mismatch; V. The step is the mean of those to both neighbours.
  struct Nominal {
    double level = 0, step = 0;
  };

  // From a half of its own: one that knows earlier levels holds its comparator's other input elsewhere.
  static double level(Probe& probe, int products) {
    HalfArray half(probe);
    half.only_levels(kLongestStep);
    std::vector<ColumnBits> bits(static_cast<std::size_t>(half.columns()), kZero);
    std::fill_n(bits.begin(), products, kProduct);
    multiply(half, probe.job(), bits);
    return half.level();
  }

  Nominal prepare(Probe& probe, int products) const {
    const plan::Job& job = probe.job();
    const std::tuple key(job.deck_hashes[0], job.step_scale, products);
    if (const auto known = nominal_.find(key); known != nominal_.end()) return known->second;
    spice::Session& session = probe.session();
    plan::set_nominal(session, job);
    const Nominal nominal = {.level = level(probe, products),
                             .step = (level(probe, products - 1) - level(probe, products + 1)) / 2};
    plan::set_sample(session, job);
    return nominal_[key] = nominal;
  }

  // By deck, step and products; a worker has one thread.
  mutable std::map<std::tuple<std::string, double, int>, Nominal> nominal_;
};

const bool registered = plan::register_bench(std::make_unique<Crossover>());

}  // namespace
}  // namespace mavis
