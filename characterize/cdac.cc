// cdac: levels, linearity, settling and energy of the reference that the converting half makes of its own
// product lines. half_array.cir explains the circuit.
#include <algorithm>

#include "half_array.h"
#include "plan/bench.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;
using tables::Worse;

constexpr double kSettled = 0.1;                             // of a level step
constexpr std::array kBefore = {0.0, 0.25, 0.5, 0.75, 1.0};  // of vdd
enum Driver { kPl = 0, kSl = 1 };                            // places in kHalfDrivers

using Energies = std::array<double, kHalfDrivers.size()>;

// Linear between points of ascending x, from the first to the last.
double between(const std::vector<std::pair<double, double>>& points, double x) {
  std::size_t i = 0;
  while (i + 2 < points.size() && x > points[i + 1].first) ++i;
  const auto [x0, y0] = points[i];
  const auto [x1, y1] = points[std::min(i + 1, points.size() - 1)];
  return x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y0;
}

// One code, zeros stored.
struct Step {
  double level = 0;     // V
  Energies work{};      // from charged lines to the level
  Energies recharge{};  // from the level back to charged lines
};

class Cdac : public plan::Bench {
 public:
  std::string name() const override { return "cdac"; }
  int version() const override { return 2; }
  std::string summary() const override {
    return "reference levels of the converting half: linearity, settling and energy of a step";
  }
  std::vector<std::string> kinds() const override { return half_array_kinds(); }
  plan::Variation variation() const override { return plan::Variation::none; }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    Axis code{.name = "code", .unit = "1", .long_name = "lines that are pulled down"};
    for (int m = 0; m <= subject.columns_per_half; ++m) code.values.push_back(m);
    const Axis pattern{
        .name = "pattern", .long_name = "bits that the half stores", .labels = {"zeros", "ones"}};
    const Axis before{.name = "before",
                      .unit = "1",
                      .long_name = "voltage of all lines when the step begins, over vdd",
                      .values = {kBefore.begin(), kBefore.end()}};
    return {{.name = "level",
             .unit = "V",
             .long_name = "reference when it is compared (ones: measured at five codes, their shift linear "
                          "between)",
             .inner = {code, pattern}},
            {.name = "inl",
             .unit = "1",
             .long_name = "deviation from the straight line through the first and last level, steps",
             .inner = {code, pattern}},
            {.name = "dnl",
             .unit = "1",
             .long_name = "step from the code before, less the mean step, steps",
             .inner = {code, pattern}},
            {.name = "settling_time",
             .unit = "s",
             .long_name = "switches close to within 0.1 step of the level, zeros stored",
             .inner = {code},
             .worse = Worse::high},
            {.name = "energy",
             .unit = "J",
             .long_name = "energy of a step by driver: lines charged or pulled down, averaged",
             .inner = {before, code, driver_axis()},
             .worse = Worse::high},
            {.name = "first_energy",
             .unit = "J",
             .long_name =
                 "energy by driver that the first step needs beyond that, for each line that it pulls down "
                 "and the dummy: their precharge is turned off",
             .inner = {driver_axis()},
             .worse = Worse::high}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    std::map<std::string, double> settings = half_array_settings(subject);
    settings["dummy_share"] = static_cast<double>(subject.dummy_rows) / subject.rows;
    return settings;
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const plan::Condition&) const override {
    return {half_array_deck(*this, subject, pvt)};
  }

  Measurement measure(Probe& probe) const override {
    HalfArray half(probe);
    const int columns = half.columns();
    // By pattern. Ones are measured at some codes: their shift against zeros is a tenth of a millivolt and
    // smooth.
    std::array<std::vector<double>, 2> levels;
    std::vector<Averaging> averagings;
    std::vector<Step> steps;
    for (int code = 0; code <= columns; ++code) {
      half.reference(code, 0);
      const HalfTimes& t = half.times();
      levels[0].push_back(half.level());
      averagings.push_back(half.averaging());
      steps.push_back({half.level(), half.energies(t.ready, t.compare), half.energies(t.back, t.end)});
    }
    std::vector<std::pair<double, double>> shifts;  // code, V
    for (int quarter = 0; quarter <= 4; ++quarter) {
      const int code = quarter * columns / 4;
      if (!shifts.empty() && code <= shifts.back().first) continue;
      half.reference(code, 1);
      shifts.emplace_back(code, half.level() - levels[0][static_cast<std::size_t>(code)]);
    }
    for (std::size_t code = 0; code < levels[0].size(); ++code)
      levels[1].push_back(levels[0][code] + between(shifts, static_cast<double>(code)));
    Measurement result;
    for (std::size_t code = 0; code <= static_cast<std::size_t>(columns); ++code)
      for (std::size_t p : {0, 1}) {
        const double first = levels[p].front(), step = (first - levels[p].back()) / columns;
        result["level"].values.push_back(levels[p][code]);
        result["inl"].values.push_back((levels[p][code] - first) / step + static_cast<double>(code));
        result["dnl"].values.push_back(code == 0 ? 0 : (levels[p][code - 1] - levels[p][code]) / step - 1);
        if (p == 0) result["settling_time"].values.push_back(averagings[code].settled(kSettled * step));
      }
    for (double before : kBefore)
      add_energies(result["energy"].values, steps, before * probe.job().pvt.vdd,
                   columns + probe.setting("dummy_share"));
    half.reference(columns, 0, true);
    const Energies first = half.energies(half.times().ready, half.times().compare);
    for (std::size_t d = 0; d < first.size(); ++d)
      result["first_energy"].values.push_back((first[d] - steps.back().work[d]) / (columns + 1));
    return result;
  }

 private:
  // Of the steps to every code from all of `lines` lines at `before` V, by driver. The lines that a code
  // leaves high and the sum line are charged from there, at the cost that was measured for the return from
  // that level; the others are pulled down for nothing. The gates' cost (mux, switch) of a return is part of
  // each step.
  static void add_energies(std::vector<double>& values, const std::vector<Step>& steps, double before,
                           double lines) {
    const double all_lines = recharge(steps, before, kPl), sum_line = recharge(steps, before, kSl);
    for (std::size_t code = 0; code < steps.size(); ++code) {
      Energies returned = steps[code].recharge;
      returned[kPl] = static_cast<double>(steps.size() - 1 - code) / lines * all_lines;
      returned[kSl] = sum_line;
      for (std::size_t d = 0; d < returned.size(); ++d) values.push_back(steps[code].work[d] + returned[d]);
    }
  }

  // Measured at the levels of the codes, which fall; linear between and beyond.
  static double recharge(const std::vector<Step>& steps, double before, std::size_t driver) {
    std::vector<std::pair<double, double>> points;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
      points.emplace_back(step->level, step->recharge[driver]);
    return between(points, before);
  }
};

const bool registered = plan::register_bench(std::make_unique<Cdac>());

}  // namespace
}  // namespace mavis
