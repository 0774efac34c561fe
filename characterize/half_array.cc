#include "half_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "spice/waveform.h"
#include "util/error.h"
#include "util/home.h"

namespace mavis {
namespace {

constexpr double kEdge = 20e-12, kPrechargeOff = 20e-12, kWordLineFalls = 10e-12, kSet = 100e-12,
                 kProductFloats = 240e-12, kReferenceFloats = 600e-12, kGap = 20e-12, kReturn = 600e-12,
                 kStep = 10e-12, kLongestStep = 200e-12;
constexpr double kOtherFalls = 0.1e-9, kOtherFell = 0.2e-9;  // from the closing of the switches

// What multiplies a group's column: instances of `times` in the netlist.
constexpr std::array kShared = {"xsl", "xon", "xonb", "xrl", "xpl", "xmux", "xcl", "xhold"};

using Points = std::vector<std::pair<double, double>>;

// The input of a line's precharge driver: on, then `middle` from `set` on, off while the line floats, on
// again.
Points precharge_input(double rest, double set, double middle, double floats, double back) {
  constexpr double floating = 0;
  return {{0, rest},
          {set, rest},
          {set + kEdge, middle},
          {floats, middle},
          {floats + kEdge, floating},
          {back, floating},
          {back + kEdge, rest}};
}

}  // namespace

std::vector<std::pair<double, double>> pulse(double low, double at, double high, double back) {
  return {{0, low}, {at, low}, {at + kEdge, high}, {back, high}, {back + kEdge, low}};
}

tables::Axis driver_axis() {
  return {.name = "driver", .long_name = "what pays", .labels = {kHalfDrivers.begin(), kHalfDrivers.end()}};
}

std::vector<std::string> half_array_kinds() {
  return {"bitcell", "line", "gate", "sum_line", "driver", "comparator"};
}

spice::DeckSpec half_array_deck(const plan::Bench& bench, const plan::Subject& subject,
                                const plan::PvtPoint& pvt) {
  if (const int lines = (1 << subject.adc_bits) - 1; subject.columns_per_half != lines)
    throw InputError(
        fmt::format("{}: bench {} needs columns_per_half = 2^adc_bits - 1 = {}, and the macro has {}; change "
                    "the macro, or leave the "
                    "bench out with --only",
                    subject.path.string(), bench.name(), lines, subject.columns_per_half));
  spice::DeckSpec spec = deck_spec(bench, subject, pvt);
  spec.bench = home() / "characterize" / "half_array.cir";
  spec.params.emplace_back("rows", subject.rows);
  spec.params.emplace_back("dummy_rows", subject.dummy_rows);
  spec.params.emplace_back("dummy_trim", subject.dummy_trim);
  spec.params.emplace_back("columns", subject.columns_per_half);
  spec.params.emplace_back("hold", subject.hold_voltage);
  spec.saves = {"v(sl)", "v(xga.xc.bit)", "v(xgb.xc.bit)"};
  for (const char* driver : kHalfDrivers) spec.saves.push_back(fmt::format("v{}#branch", driver));
  return spec;
}

std::map<std::string, double> half_array_settings(const plan::Subject& subject) {
  return {{"columns", subject.columns_per_half},
          {"hold_voltage", subject.hold_voltage},
          {"product_time", subject.product_time},
          {"settle_time", subject.settle_time},
          {"conversion_time", subject.adc_bits * subject.clocks_sa * subject.clock}};
}

HalfArray::HalfArray(plan::Probe& probe)
    : probe_(probe),
      columns_(static_cast<int>(probe.setting("columns"))),
      vdd_(probe.job().pvt.vdd),
      hold_(probe.setting("hold_voltage")),
      longest_step_(kLongestStep) {}

void HalfArray::only_levels(double longest) {
  whole_ = false;
  longest_step_ = longest;
}

void HalfArray::product(int products, int others, ColumnBits zero, double hold, const Stimulus& also) {
  times_ = {.ready = kSet - kGap, .set = kSet, .floats = kProductFloats};
  times_.act = times_.floats + kEdge + kGap;
  times_.fall = times_.act + probe_.setting("product_time");
  times_.restore = times_.fall + kEdge + kGap;
  times_.sum_floats = times_.restore + kEdge;
  times_.average = times_.sum_floats + kEdge + kGap;
  times_.compare = times_.average + probe_.setting("settle_time");
  times_.back = times_.compare + hold;
  times_.end = times_.back + kReturn;
  run({{{"a", {1, 1}, false, products}, {"b", zero, false, others}}}, true, kSet, also);
}

void HalfArray::reference(int code, int pattern, bool first) {
  times_ = {.ready = kSet - kGap, .set = kSet, .floats = kReferenceFloats};
  times_.sum_floats = times_.floats;
  times_.average = times_.sum_floats + kEdge + kGap;
  times_.compare = times_.average + probe_.setting("settle_time");
  times_.back = times_.compare;
  times_.end = times_.back + kReturn;
  const ColumnBits bits = {pattern, 0};
  run({{{"a", bits, true, code}, {"b", bits, false, columns_ - code}}}, false, first ? kSet : kPrechargeOff,
      {});
}

void HalfArray::run(const std::array<Group, 2>& groups, bool product, double precharge_off,
                    const Stimulus& also) {
  spice::Session& session = probe_.session();
  const HalfTimes& t = times_;
  const double closing = t.back + kEdge;  // lines are precharged again when the switches are open
  session.set_pwl("vwl", Points{{0, vdd_}, {kWordLineFalls, vdd_}, {kWordLineFalls + kEdge, 0}});
  session.set_pwl("vclk", pulse(0, kWordLineFalls, vdd_, kWordLineFalls + 2 * kEdge));
  if (product)
    session.set_pwl("vrl_in", pulse(vdd_, t.set, 0, t.fall));
  else
    session.set_pwl("vrl_in", Points{{0, vdd_}, {t.end, vdd_}});
  session.set_pwl("von_in", pulse(vdd_, t.average, 0, t.back));
  session.set_pwl("vonb_in", pulse(0, t.average, vdd_, t.back));
  session.set_pwl("vsl_in", pulse(vdd_, t.sum_floats, 0, closing));
  const auto set_mux = [&](const std::string& group, bool low) {
    session.set_pwl("vpre" + group, precharge_input(vdd_, precharge_off, low ? 0 : vdd_, t.floats, closing));
    session.set_pwl("vpd" + group, Points{{0, vdd_},
                                          {t.set, vdd_},
                                          {t.set + kEdge, low ? 0 : vdd_},
                                          {t.floats, low ? 0 : vdd_},
                                          {t.floats + kEdge, vdd_}});
  };
  for (const Group& group : groups) {
    const std::string name = group.name;
    set_mux(name, group.low);
    if (product)
      session.set_pwl("vx" + name, pulse(0, t.act, group.bits.input * vdd_, t.restore));
    else
      session.set_pwl("vx" + name, Points{{0, 0}, {t.end, 0}});
    session.set_dc("vbl" + name, group.bits.stored * hold_);
    session.set_dc("vblb" + name, (1 - group.bits.stored) * hold_);
    for (const char* shared : kShared)
      session.set(fmt::format("f.xg{}.{}.f1", name, shared), "gain", group.count);
  }
  set_mux("d", !product);
  const int low = product && expected_low_ >= 0 ? expected_low_ : groups[0].count;
  set_other(product, low);
  if (also) also(session, t);
  run_ = session.run_tran(kStep, whole_ ? t.end : t.compare, 0, longest_step_);
  if (known_.empty() || known_.back().first != low) {
    known_.emplace_back(low, level());
    if (known_.size() > 2) known_.erase(known_.begin());
  }
  for (const Group& group : groups) {
    const auto bit = run_[fmt::format("xg{}.xc.bit", group.name)];
    for (double apart : {bit.front(), bit.back()})
      if ((apart > 0) != (group.bits.stored == 1) || std::fabs(apart) < hold_ / 2)
        throw spice::RunFailure(fmt::format("group {} does not keep its stored bit", group.name));
  }
}

// The comparator's other input, see the netlist.
void HalfArray::set_other(bool product, int low) {
  const double level = expected_level(low), rest = product ? vdd_ : level;
  probe_.session().set_pwl("vother", Points{{0, rest},
                                            {times_.average + kOtherFalls, rest},
                                            {times_.average + kOtherFell, level},
                                            {times_.back, level},
                                            {times_.back + kOtherFell - kOtherFalls, rest}});
}

// Within some 10 mV: on the line through the latest two levels.
double HalfArray::expected_level(int low) const {
  if (known_.size() < 2) return vdd_ * (1 - low / (columns_ + 1.0));
  const auto [x0, y0] = known_[0];
  const auto [x1, y1] = known_[1];
  return std::clamp(y0 + (y1 - y0) * (low - x0) / (x1 - x0), 0.0, vdd_);
}

double HalfArray::level() const {
  return spice::value_at(run_.scale(), run_["sl"], times_.compare);
}

std::array<double, kHalfDrivers.size()> HalfArray::energies(double from, double to) const {
  std::array<double, kHalfDrivers.size()> energies{};
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const std::string driver = kHalfDrivers[i];
    energies[i] = -(driver == "hold" ? hold_ : vdd_) *
                  spice::integral(run_.scale(), run_["v" + driver + "#branch"], from, to);
  }
  return energies;
}

Averaging HalfArray::averaging() const {
  const auto time = run_.scale(), line = run_["sl"];
  Averaging result;
  for (std::size_t i = 0; i < time.size() && time[i] <= times_.compare; ++i)
    if (time[i] >= times_.average) {
      result.time.push_back(time[i] - times_.average);
      result.line.push_back(line[i]);
    }
  return result;
}

double Averaging::settled(double tolerance) const {
  std::size_t i = line.size() - 1;
  while (i > 0 && std::fabs(line[i - 1] - line.back()) <= tolerance) --i;
  return time[i];
}

}  // namespace mavis
