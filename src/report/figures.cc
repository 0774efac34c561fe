#include "report/figures.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "macro/comparator_calibration.h"
#include "macro/crossover.h"
#include "macro/simulation.h"
#include "report/grid.h"
#include "tables/interpolate.h"
#include "util/error.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using macro::Part;
using macro::Phase;
using tables::Point;

constexpr double kNominalTemp = 27, kPaperHold = 0.4;  // C, V
constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kChips = 1000;  // for the spread of a calibrated comparator
constexpr std::size_t kVectors = 8;     // outputs and inputs of the energy figures
constexpr std::uint32_t kCrossoverChips = 100;
constexpr double kPaperDiscard = 0.03;   // of the columns
constexpr double kNeverCrosses = 1e-12;  // probability below which levels are said not to cross over
constexpr const char* kNotHere = "not characterized here";

std::string probability_text(double probability) {
  return probability < 1e-99 ? "less than 1e-99" : fmt::format("{:.2g}", probability);
}

// Runs `measure`; what the library lacks becomes the figure's reason.
Figure measured(Figure figure, const std::function<double()>& measure) {
  try {
    figure.measured = measure();
  } catch (const InputError& error) {
    figure.text = kNotHere;
    figure.why = error.what();
  }
  return figure;
}

class Reproducer {
 public:
  explicit Reproducer(const tables::Library& library)
      : library_(library), spec_(macro::read_spec(library)), typical_{"tt", spec_.vdd, kNominalTemp} {}

  Reproduction make() {
    result_.point = typical_.text();
    simulate();
    result_.figures = {discharge(), leakage(), active_power(), split(), efficiency()};
    for (Figure& figure : cases()) result_.figures.push_back(std::move(figure));
    result_.figures.push_back(line_mismatch());
    for (Figure& figure : crossover()) result_.figures.push_back(std::move(figure));
    for (Figure& figure : offsets()) result_.figures.push_back(std::move(figure));
    return std::move(result_);
  }

 private:
  double value(const macro::Pvt& pvt, std::string_view table, const Point& place = {}) const {
    return macro::PointTables(library_, pvt).value(table, place);
  }
  double plane(const macro::Pvt& pvt, std::string_view table, std::string_view plane,
               const Point& place) const {
    return macro::PointTables(library_, pvt).plane(table, plane, place);
  }

  // One workload of random vectors that fill a uArray's columns, on one chip, with noise. Without what it
  // needs, the rows that use it say what is missing.
  void simulate() {
    try {
      spend();
    } catch (const InputError& error) {
      missing_ = error.what();
      simulation_.reset();
      result_.energy.reset();
    }
  }

  macro::Workload workload() const {
    const std::size_t columns = 2 * static_cast<std::size_t>(spec_.columns_per_half);
    return {macro::random_matrix(kSeed, "weights", kVectors, columns),
            macro::random_matrix(kSeed, "inputs", kVectors, columns)};
  }

  void spend() {
    simulation_ = macro::simulate(library_, typical_, workload(), {macro::Chip(kSeed, 0)}, kSeed);
    const macro::Ledger& ledger = simulation_->energy.at(0);
    conversions_ = static_cast<double>(simulation_->codes.size() + simulation_->ones_codes.size());
    result_.operations = 2 * simulation_->length;
    result_.energy_per_operator = ledger.total() / static_cast<double>(kVectors * kVectors);
    EnergyByPart energy;
    for (std::size_t p = 0; p < macro::kPartNames.size(); ++p) {
      const Part part = static_cast<Part>(p);
      for (auto [phase, list] : {std::pair{Phase::mav, &energy.mav}, {Phase::conversion, &energy.conversion}})
        if (const double joules = ledger.of(phase, part) / conversions_; joules != 0)
          list->emplace_back(macro::kPartNames[p], joules);
    }
    energy.leakage = ledger.of(Phase::idle) / conversions_;
    const double line = line_capacitance() * typical_.vdd * typical_.vdd;
    energy.equation_mav = spec_.columns_per_half * line;
    energy.equation_conversion = (ledger.of(Part::comparator) + ledger.of(Part::sar)) / conversions_ +
                                 ((1 << spec_.adc_bits) - 1) * line;
    result_.energy = energy;
  }

  double line_capacitance() const {
    return value(typical_, "line_charge/capacitance",
                 {{"hold_voltage", spec_.hold_voltage}, {"input_bit", std::string("0")}});
  }

  const macro::Ledger& ledger() const {
    if (!simulation_) throw InputError(missing_);
    return simulation_->energy.at(0);
  }

  Figure discharge() const {
    return measured({"product line discharge, worst case ss 120 C, hold 0.4 V",
                     "50 ps",
                     50e-12,
                     {},
                     "s",
                     "",
                     "to 10 %, RL-timed, at nominal supply. The paper's device sizes and discharge criterion "
                     "are not stated; a "
                     "stack whose lower gate is at 0.4 V barely conducts with these cards, at any width"},
                    [&] {
                      return value({"ss", spec_.vdd, 120}, "product_line/discharge_time_10",
                                   {{"hold_voltage", kPaperHold}, {"timing", std::string("rl")}});
                    });
  }

  Figure leakage() const {
    return measured(
        {"leakage of a uArray, typical, hold 0.4 V",
         "0.97 nW",
         0.97e-9,
         {},
         "W",
         "",
         "every path of all cells; the paper's figure is 2 pW a cell, below one device's off current here"},
        [&] {
          double watts = 0;
          for (const char* bit : {"0", "1"})
            watts += value(typical_, "leakage/power",
                           {{"hold_voltage", kPaperHold}, {"stored_bit", std::string(bit)}}) /
                     2;
          return watts * spec_.rows * 2 * spec_.columns_per_half;
        });
  }

  Figure active_power() const {
    return measured({"active power of a uArray for MAV at 1 GHz",
                     "7.6 uW",
                     7.6e-6,
                     {},
                     "W",
                     "",
                     "a multiply-average a clock, all drivers, random data. 7.6 uW would be C_PL near 1.2 fF "
                     "in Eq. 4; column "
                     "and switch lines cost more than the product lines"},
                    [&] { return ledger().of(Phase::mav) / conversions_ / spec_.clock; });
  }

  Figure split() const {
    Figure figure = {
        "energy: MAV / digitisation / leakage",
        "44 / 55 / < 1 %",
        {},
        {},
        "%",
        "",
        "44 / 55 % implies 5 to 6 fJ a decision for comparator and logic together; each costs more here"};
    try {
      const macro::Ledger& all = ledger();
      const auto share = [&](Phase phase) { return 100 * all.of(phase) / all.total(); };
      figure.text = fmt::format("{:.1f} / {:.1f} / {:.2g} %", share(Phase::mav), share(Phase::conversion),
                                share(Phase::idle));
    } catch (const InputError& error) {
      figure.text = kNotHere;
      figure.why = error.what();
    }
    return figure;
  }

  Figure efficiency() const {
    const bool large = spec_.adc_bits == 5;
    return measured({fmt::format("efficiency, 8-bit, {} columns, {}-bit conversion",
                                 2 * spec_.columns_per_half, spec_.adc_bits),
                     large ? "about 105 TOPS/W" : "about 84 TOPS/W",
                     large ? 105e0 : 84e0,
                     {},
                     "TOPS/W",
                     "",
                     "two operations a weight-input pair; row, column, switch and mux lines, comparator and "
                     "SAR register count "
                     "here"},
                    [&] {
                      ledger();
                      return static_cast<double>(result_.operations) / result_.energy_per_operator / 1e12;
                    });
  }

  // Case A (W_P = 8, A_P = 2) against B (W_P = 4, A_P = 5), by the paper's clocks and by Eq. 4 with measured
  // parts.
  std::vector<Figure> cases() const {
    const auto latency = [&](double planes, double bits) {
      return planes * (spec_.clocks_mav + spec_.clocks_sa * bits);
    };
    std::vector<Figure> figures;
    figures.push_back({"case A (W_P 8, A_P 2) over B (W_P 4, A_P 5): latency", "about -10 %", -10.0,
                       100 * (latency(8, 2) / latency(4, 5) - 1), "%", "",
                       fmt::format("{} clocks a MAV here, the paper counts 1", spec_.clocks_mav)});
    figures.push_back(measured(
        {"case A over B: energy",
         "about +30 %",
         30.0,
         {},
         "%",
         "",
         "Eq. 4 with M columns in both: it can't give 30 % (at most 10 %) and counts W_P planes where the "
         "operator needs "
         "the planes of |w| and of |x|"},
        [&] {
          ledger();
          const double decision =
              (ledger().of(Part::comparator) + ledger().of(Part::sar)) / conversions_ / spec_.adc_bits;
          const double line = line_capacitance() * typical_.vdd * typical_.vdd;
          const auto energy = [&](double planes, int bits) {
            return planes * (spec_.columns_per_half * line + bits * decision + ((1 << bits) - 1) * line);
          };
          return 100 * (energy(8, 2) / energy(4, 5) - 1);
        }));
    figures.push_back(
        measured({"case A over B: energy of every driver",
                  "about +30 %",
                  30.0,
                  {},
                  "%",
                  "",
                  "simulated planes with 2 and 5 SA cycles, times 8 and 4: lines, switches and muxes of "
                  "every SA cycle "
                  "cost as much as those of the MAV, so fewer cycles weigh more than fewer planes"},
                 [&] { return 100 * (8 * plane_energy(2) / (4 * plane_energy(5)) - 1); }));
    return figures;
  }

  // J, of one bit plane of a half with so many SA cycles, mean over the workload of the energy figures.
  double plane_energy(int adc_bits) const {
    const macro::Simulation found = macro::simulate(library_, typical_, workload(), {macro::Chip(kSeed, 0)},
                                                    kSeed, {.precision = {.adc_bits = adc_bits}});
    return found.energy.at(0).total() / static_cast<double>(found.codes.size() + found.ones_codes.size());
  }

  // MAV crossover as characterized, and with the paper's spread of the lines.
  std::vector<Figure> crossover() const {
    constexpr double kPaperSpread = 0.12 / 3;  // +-12 %, taken as three sigma
    const int one = std::max(1, macro::columns_of_fraction(kPaperDiscard, spec_));
    const std::string share = fmt::format("{} of {} columns", one, spec_.columns_per_half);
    Figure plain = {"MAV crossover probability", "not stated", {}, {}, "1", "", ""},
           discard = {"columns to discard so that MAV crossover is suppressed (8 x 62)",
                      "about 3 %",
                      {},
                      {},
                      "%",
                      "",
                      ""},
           what_if = {fmt::format("MAV crossover at +-12 %: no, {} discarded", share),
                      "suppressed",
                      {},
                      {},
                      "1",
                      "",
                      ""};
    try {
      const macro::PointTables point(library_, typical_);
      const macro::MacroModel model(point, spec_);
      const macro::ChargeSharing sharing(point, spec_, model.levels);
      const macro::Crossover here =
          macro::mav_crossover(model, sharing, {.seed = kSeed, .chips = kCrossoverChips});
      const macro::CodeCrossover codes =
          macro::code_crossover(model, sharing, {.seed = kSeed, .chips = kCrossoverChips, .vectors = 1});
      plain.text = fmt::format("{} of {}", here.fixed.crossed, here.trials);
      plain.why = fmt::format(
          "levels of chips whose lines spread by +-{:.2g} % (three sigma); Gaussians of their {} sigma, "
          "steps of {}, "
          "give {}. With converter, comparator and noise {:.2g} % of codes are wrong, {:.2g} % without noise",
          300 * here.sigma_capacitance, format_quantity(here.fixed.sigma, "V", 2),
          format_quantity(here.step, "V", 3), probability_text(here.fixed.gaussian),
          100 * codes.probability(), 100 * codes.static_only);
      if (here.fixed.gaussian < kNeverCrosses) {
        discard.measured = 0;
        discard.why =
            "none: levels of these lines do not cross over; wires of pdk.toml spread less than the paper "
            "assumes";
      } else {
        discard.text = "not found";
        discard.why = "levels cross over, see the row above; mavis explore shows what discard changes";
      }
      if (here.sigma_capacitance == 0)
        throw InputError("lines of this library do not differ: it has no responses");
      const auto at = [&](int number) {
        return macro::mav_crossover(model, sharing,
                                    {.seed = kSeed,
                                     .chips = kCrossoverChips,
                                     .spread = kPaperSpread / here.sigma_capacitance,
                                     .discard = number});
      };
      const macro::Crossover none = at(0), some = at(one);
      what_if.text = fmt::format("{:.2g}, {:.2g}", none.own.gaussian, some.own.gaussian);
      what_if.why = fmt::format(
          "a what-if: wires that spread {:.2g} times as much. Against each chip's own mean levels, by "
          "Gaussians. "
          "Against fixed levels {:.2g}, {:.2g}: a discarded column is a fixed shift of its chip, not gone",
          kPaperSpread / here.sigma_capacitance, none.fixed.gaussian, some.fixed.gaussian);
    } catch (const InputError& error) {
      for (Figure* figure : {&plain, &discard, &what_if})
        if (figure->why.empty()) {
          figure->text = kNotHere;
          figure->why = error.what();
        }
    }
    return {plain, discard, what_if};
  }

  Figure line_mismatch() const {
    return measured(
        {"product line capacitor mismatch (assumed there for crossover)",
         "+-12 %",
         12.0,
         {},
         "%",
         "",
         "three sigma of charge at vdd over vdd, from wires and devices of pdk.toml; the paper assumes its "
         "figure"},
        [&] {
          const Point place = {{"hold_voltage", spec_.hold_voltage}, {"input_bit", std::string("0")}};
          return 300 * plane(typical_, "line_charge/capacitance", "sigma", place) /
                 value(typical_, "line_charge/capacitance", place);
        });
  }

  std::vector<Figure> offsets() const {
    Figure before = {"comparator offset before calibration",
                     "+-45 mV",
                     45e-3,
                     {},
                     "V",
                     "",
                     "three sigma, the larger of common modes 0.05 and 0.95 of vdd"};
    Figure after = {"comparator offset after 2-bit tail calibration", "+-12 mV", 12e-3, {}, "V", "", ""};
    before = measured(std::move(before), [&] {
      double sigma = 0;
      for (double cm : {0.05, 0.95})
        sigma = std::max(sigma, plane(typical_, "comparator/offset", "sigma", {{"common_mode", cm}}));
      return 3 * sigma;
    });
    std::string why;
    after = measured(std::move(after), [&] {
      const macro::PointTables point(library_, typical_);
      const macro::ComparatorModel model(point, spec_.calibrated);
      const auto larger = [&](const macro::ComparatorProcedure& procedure) {
        const auto ends = macro::threshold_spread(model, kSeed, kChips, procedure, {0.05, 0.95});
        return ends[0].sigma > ends[1].sigma ? ends[0] : ends[1];
      };
      const macro::ComparatorProcedure counting;
      const macro::ThresholdSpread found = larger(counting), tester = larger({.decisions = 0});
      why = fmt::format(
          "three sigma (+-{:.2g}) of {} chips that were calibrated by counting {} decisions a setting, at "
          "the "
          "same common modes; half are within {}. A tester that measures thresholds: {}. The largest setting "
          "is the limit of what can be corrected",
          3e3 * found.sigma_stderr, kChips, counting.decisions, format_quantity(found.median, "V", 2),
          format_quantity(3 * tester.sigma, "V", 3));
      return 3 * found.sigma;
    });
    if (after.measured) after.why = why;
    return {before, after};
  }

  const tables::Library& library_;
  macro::Spec spec_;
  macro::Pvt typical_;
  Reproduction result_;
  std::optional<macro::Simulation> simulation_;
  std::string missing_;
  double conversions_ = 0;
};

std::string number_text(const Figure& figure) {
  if (!figure.text.empty()) return figure.text;
  if (!figure.measured) return kNotHere;
  if (figure.unit == "TOPS/W" || figure.unit == "%")
    return fmt::format("{:.3g} {}", *figure.measured, figure.unit);
  return format_quantity(*figure.measured, figure.unit, 3);
}

std::string ratio_text(const Figure& figure) {
  if (!figure.measured || !figure.stated) return "-";
  return fmt::format("{:.3g}", *figure.measured / *figure.stated + 0.0);  // no "-0"
}

}  // namespace

Reproduction reproduce(const tables::Library& library) {
  return Reproducer(library).make();
}

std::string reproduction_text(const Reproduction& reproduction) {
  std::vector<std::vector<std::string>> rows = {{"figure", "paper", "measured", "ratio"}};
  for (const Figure& figure : reproduction.figures)
    rows.push_back({figure.what, figure.paper, number_text(figure), ratio_text(figure)});
  std::istringstream lines(grid(rows, "llrr"));
  std::string line, text;
  std::getline(lines, line);
  text = line + '\n';
  for (const Figure& figure : reproduction.figures) {
    std::getline(lines, line);
    text += line + "\n    " + figure.why + '\n';
  }
  if (!reproduction.energy) return text;
  const EnergyByPart& energy = *reproduction.energy;
  rows = {{"part", "multiply-average", "conversion"}};
  double mav = 0, conversion = 0;
  std::vector<std::string> parts;
  for (const char* part : macro::kPartNames) {
    const auto of = [&](const std::vector<std::pair<std::string, double>>& list) -> std::string {
      for (const auto& [name, joules] : list)
        if (name == part) return format_quantity(joules, "J", 3);
      return "";
    };
    if (!of(energy.mav).empty() || !of(energy.conversion).empty())
      rows.push_back({part, of(energy.mav), of(energy.conversion)});
  }
  for (const auto& [name, joules] : energy.mav) mav += joules;
  for (const auto& [name, joules] : energy.conversion) conversion += joules;
  rows.push_back({"all", format_quantity(mav, "J", 3), format_quantity(conversion, "J", 3)});
  rows.push_back({"Eq. 4", format_quantity(energy.equation_mav, "J", 3),
                  format_quantity(energy.equation_conversion, "J", 3)});
  text += fmt::format("\nenergy of one bit plane of a half, random data, {}; leakage meanwhile {}\n",
                      reproduction.point, format_quantity(energy.leakage, "J", 3));
  text += grid(rows, "lrr");
  text += fmt::format("one w (+) x of {} pairs: {} operations, {}\n", reproduction.operations / 2,
                      reproduction.operations, format_quantity(reproduction.energy_per_operator, "J", 3));
  return text;
}

}  // namespace mavis::report
