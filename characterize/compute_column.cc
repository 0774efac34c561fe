#include "compute_column.h"

#include <fmt/format.h>

#include <algorithm>

#include "spice/waveform.h"

namespace mavis {
namespace {

constexpr double kStep = 1e-12;  // s
// Longest time steps, so many in an operation. Against a third of them levels of timed discharges err by 1
// mV, a hundredth of a step, others by 0.1 mV.
constexpr double kStepsAnOperation = 100;

}  // namespace

Column::Column(plan::Probe& probe)
    : probe_(probe), spec_(column_spec(probe.job())), vdd_(probe.job().pvt.vdd) {}

double Column::drive() const {
  return drive_of(spec_, {vdd_, time_scale_, drive_scale_});
}

Times Column::set(const std::function<int(int row)>& pair_of, bool held, int weight) {
  spice::Session& session = probe_.session();
  const Stimulus stimulus =
      stimulate(spec_, {vdd_, time_scale_, drive_scale_}, pair_of, {.held = held, .weight = weight});
  for (const auto& [source, points] : stimulus.followed) session.set_pwl(source, points);
  for (const auto& [source, volts] : stimulus.constant) session.set_dc(source, volts);
  return stimulus.times;
}

Answer Column::operate(int products, int zero, int weight) {
  const auto pair_of = [&](int row) { return pair_at(spec_, row, products, zero); };
  const Times t = set(pair_of, false, weight);
  spice::Session& session = probe_.session();
  const spice::Waveforms run = session.run_tran(kStep, t.stop, 0, t.read / kStepsAnOperation);
  const auto at = [&](std::string_view node) { return spice::value_at(run.scale(), run[node], t.read); };
  Answer answer;
  answer.level = at("line") - (spec_.twin ? at("line_bar") : 0);

  const double from = t.alone;
  const auto charge = [&](const std::string& source, bool outward) {
    std::vector<double> current(run[source + "#branch"].begin(), run[source + "#branch"].end());
    for (double& i : current) i = outward ? std::max(-i, 0.0) : -i;
    return spice::integral(run.scale(), current, from, t.stop);
  };
  for (std::size_t i = 0; i < spec_.constants.size(); ++i) {
    const std::string source = fmt::format("vc{}", i);
    const double volts = static_cast<int>(i) == spec_.bias ? drive() : spec_.constants[i].at(vdd_);
    answer.energy += volts * charge(source, false);
    answer.static_current += std::max(out(run, source, t.end), 0.0);
  }
  for (int row = 0; row < spec_.rows; ++row)
    for (std::size_t i = 0; i < spec_.drives.size(); ++i) {
      const Drive& drive = spec_.drives[i];
      const std::string source = fmt::format("v{}_{}", i, row);
      const double high = std::max(
          drive.rest.at(vdd_), volts_of(spec_, drive, pair_of(row) % 2, {vdd_, time_scale_, drive_scale_}));
      answer.energy += high * charge(source, true);
      answer.static_current += std::max(out(run, source, t.end), 0.0);
    }

  const double supply = spec_.constants[kSupply].at(vdd_);
  for (const std::string& tag : latch_tags(spec_)) {
    const auto q = run["q" + tag], qb = run["qb" + tag];
    const bool high = q[0] > qb[0];
    const auto up = high ? q : qb, down = high ? qb : q;
    for (std::size_t i = 0; i < up.size(); ++i) {
      if (run.scale()[i] < from) continue;
      answer.disturb = std::max({answer.disturb, down[i], supply - up[i]});
    }
    answer.lost = answer.lost || up.back() <= down.back();
  }
  return answer;
}

double Column::out(const spice::Waveforms& run, const std::string& source, double t) const {
  return -spice::value_at(run.scale(), run[source + "#branch"], t);
}

double Column::line_current(int pair) {
  const Times t = set([&](int) { return pair; }, true, 3);
  const spice::Waveforms run = probe_.session().run_tran(kStep, t.end, 0, t.read / kStepsAnOperation);
  if (spec_.read_drives.empty()) {
    const double twin = spec_.twin ? out(run, fmt::format("vc{}", kTwin), t.end) : 0;
    return (out(run, fmt::format("vc{}", kLine), t.end) - twin) / spec_.rows;
  }
  double sum = 0;  // of what charges each cell's own lines
  for (int row = 0; row < spec_.rows; ++row)
    for (std::size_t i = 0; i < spec_.read_drives.size(); ++i)
      sum += (i == 0 ? 1 : -1) * out(run, fmt::format("v{}_{}", spec_.read_drives[i], row), t.end);
  return sum / spec_.rows;
}

double Column::idle_power() {
  set([](int row) { return 2 * (row % 2); }, true, 3);
  const spice::Waveforms rest = probe_.session().run_op();
  const auto current = [&](const std::string& source) { return -rest[source + "#branch"][0]; };
  double power = 0;
  const double supply = spec_.constants[kSupply].at(vdd_);
  for (std::size_t i = 0; i < spec_.constants.size(); ++i)
    power += (static_cast<int>(i) == spec_.bias ? drive() : spec_.constants[i].at(vdd_)) *
             current(fmt::format("vc{}", i));
  for (int row = 0; row < spec_.rows; ++row) {
    for (std::size_t i = 0; i < spec_.drives.size(); ++i)
      power += spec_.drives[i].rest.at(vdd_) * current(fmt::format("v{}_{}", i, row));
    // The switches hold the nodes where the latch would: what they supply is the latch's own leakage.
    for (int latch = 0; latch < spec_.latches; ++latch) {
      const std::string tag = (latch == 0 ? "" : "l") + std::to_string(row);
      power += supply * current((row % 2 == 1 ? "vbit" : "ebit") + tag);
    }
  }
  return power / spec_.rows;
}

}  // namespace mavis
