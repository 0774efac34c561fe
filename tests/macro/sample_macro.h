// A synthetic library of a whole macro with analytic tables, easy to check by hand.
//
// At any of its points: level(k) = vdd (1 - 0.8 k / N), the same for all zeros; reference(m) half a step
// below level(m); lines charge by 3 fF, a product leaves 0 V, a zero vdd. Responses, comparator offsets,
// noise and droop are zero unless asked for.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "macro/macro_spec.h"
#include "macro/point_tables.h"
#include "tables/library.h"

namespace mavis::macro {

struct Sample {
  int adc_bits = 5;
  int rows = 8;
  // One standard deviation: V on a line after any product (cell), and of its capacitance, F (wire).
  double level_response = 0, charge_response = 0;
  double offset = 0, offset_response = 0;  // V, at every common mode
  double comparator_noise = 0;             // V rms
  double droop = 0;                        // V in a conversion
  double calibration = 0.01;  // V: n_left_1 shifts by -1, n_right_1 by +1 of it, _2 twice, _3 thrice
  double delay = 0;           // s, of a decision of 5 mV; a fifth of it less of 50 mV
  double kind_step = 0;       // V: w1x0 lies so much above w0x1, w0x0 twice
};

inline constexpr double kLineFarad = 3e-15, kSwing = 0.8;
inline const Pvt kTypical = {"tt", 1.0, 27};

class SampleMaker {
 public:
  using Axes = std::vector<tables::Axis>;
  using At = std::function<double(const std::vector<std::size_t>&)>;  // of the indices of the axes beside PVT

  explicit SampleMaker(const Sample& sample) : sample_(sample), library_("sample") {}

  tables::Library make() {
    const int n = (1 << sample_.adc_bits) - 1;
    library_.provenance.facts = {{"macro.rows", std::to_string(sample_.rows)},
                                 {"macro.columns_per_half", std::to_string(n)},
                                 {"macro.adc_bits", std::to_string(sample_.adc_bits)},
                                 {"macro.hold_voltage", "0.6"},
                                 {"macro.product_time", "0.9e-9"},
                                 {"macro.timing", "cl"},
                                 {"macro.clock", "1e-9"},
                                 {"macro.clocks_mav", "2"},
                                 {"macro.clocks_sa", "2"},
                                 {"macro.vdd", "1"}};
    add_cells();
    add_comparator();
    add_half(n);
    add("sar_logic/energy", "J", {labels("activity", {"to_zero", "to_one", "idle"})},
        [](const auto& i) { return 1e-15 * static_cast<double>(3 - i[0]); });
    return library_;
  }

 private:
  static tables::Axis labels(const std::string& name, const std::vector<std::string>& values) {
    return {.name = name, .labels = values};
  }
  static tables::Axis numbers(const std::string& name, const std::vector<double>& values) {
    return {.name = name, .values = values};
  }
  static tables::Axis integers(const std::string& name, int last) {
    tables::Axis axis{.name = name};
    for (int i = 0; i <= last; ++i) axis.values.push_back(i);
    return axis;
  }

  static std::vector<std::size_t> index_of(const tables::Table& table, std::size_t cell) {
    std::vector<std::size_t> index;
    for (auto axis = table.axes.rbegin(); axis != table.axes.rend(); cell /= axis->size(), ++axis)
      index.insert(index.begin(), cell % axis->size());
    return index;
  }

  // The same number at every PVT point.
  tables::Table& add(const std::string& name, const std::string& unit, const Axes& axes, const At& at) {
    return add_scaled(name, unit, axes, [&](double, const auto& i) { return at(i); });
  }

  tables::Table& add_scaled(const std::string& name, const std::string& unit, const Axes& axes,
                            const std::function<double(double, const std::vector<std::size_t>&)>& at) {
    tables::Table table{.name = name, .unit = unit, .long_name = name};
    table.axes = {labels("corner", {"tt", "ss"}),
                  {.name = "vdd", .unit = "V", .values = {0.9, 1.0, 1.1}},
                  {.name = "temp_c", .unit = "C", .values = {-40, 27, 120}}};
    table.axes.insert(table.axes.end(), axes.begin(), axes.end());
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      const std::vector<std::size_t> index = index_of(table, cell);
      const double vdd = table.axes[1].values[index[1]];
      table.values.push_back(at(vdd, {index.begin() + 3, index.end()}));
    }
    library_.put(table);
    tables_.push_back(table);
    return tables_.back();
  }

  // d quantity / d z, cell by cell, of the table added last.
  void respond(const std::string& label, const std::function<double(const std::vector<std::size_t>&)>& at) {
    tables::Table& table = tables_.back();
    table.parameters = {.name = table.bench() + "_parameter", .labels = {label}};
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      const std::vector<std::size_t> index = index_of(table, cell);
      table.response.push_back(at({index.begin() + 3, index.end()}));
    }
    library_.put(table);
  }

  void add_cells() {
    const tables::Axis hold = numbers("hold_voltage", {0.4, 0.6}), stored = labels("stored_bit", {"0", "1"}),
                       input = labels("input_bit", {"0", "1"});
    add_scaled("product_line/level", "V", {hold, stored, labels("timing", {"rl", "cl"}), input},
               [](double vdd, const auto& i) { return i[1] == 1 && i[3] == 1 ? 0 : vdd; });
    respond("xcell.mrl:vth", [&](const auto&) { return sample_.level_response; });
    tables::Axis level = integers("level", 10);
    for (double& x : level.values) x /= 10;
    add_scaled("line_charge/charge", "A.s", {hold, input, level},
               [](double vdd, const auto& i) { return kLineFarad * vdd * static_cast<double>(i[2]) / 10; });
    // Of a capacitance of the wire: in proportion to the level, at 1 V.
    respond("cwire:c",
            [&](const auto& i) { return sample_.charge_response * static_cast<double>(i[2]) / 10; });
    add("leakage/power", "W", {stored, hold},
        [](const auto& i) { return 1e-9 * static_cast<double>(1 + i[0]); });
  }

  void add_comparator() {
    const tables::Axis cm = numbers("common_mode", {0.05, 0.25, 0.5, 0.75, 0.95});
    add("comparator/offset", "V", {cm}, [&](const auto&) { return sample_.offset; });
    respond("mn_in_l:vth", [&](const auto&) { return sample_.offset_response; });
    if (sample_.delay > 0)
      add("comparator/delay", "s", {cm, numbers("overdrive", {0.005, 0.05})},
          [&](const auto& i) { return sample_.delay * (i[1] == 0 ? 1 : 0.8); });
    add("comparator/energy", "J", {cm}, [](const auto&) { return 10e-15; });
    std::vector<std::string> settings;
    for (const char* side : {"n_left_", "n_right_", "p_left_", "p_right_"})
      for (const char* bits : {"1", "2", "3"}) settings.push_back(std::string(side) + bits);
    add("comparator/calibration_step", "V", {labels("setting", settings)}, [&](const auto& i) {
      const std::size_t side = i[0] / 3;  // n_left and p_right lower the offset
      const double direction = side == 0 || side == 3 ? -1 : 1;
      return direction * sample_.calibration * static_cast<double>(i[0] % 3 + 1);
    });
    tables::Table& noise = add("comparator_noise/input_noise", "V", {numbers("common_mode", {0.1, 0.5, 0.9})},
                               [](const auto&) { return 0.0; });
    noise.planes["sigma"].assign(noise.cells(), sample_.comparator_noise);
    library_.put(noise);
  }

  void add_half(int n) {
    const tables::Axis products = integers("products", n), zeros = labels("zeros", {"w0x1", "w1x0", "w0x0"}),
                       code = integers("code", n);
    const std::vector<std::string> mav = {"pl", "sl", "mux", "rl", "cl", "switch", "hold"},
                                   dac = {"pl", "sl", "mux", "cl", "switch", "hold"};
    add_scaled("sum_line/level", "V", {products, zeros}, [&](double vdd, const auto& i) {
      const bool full = i[0] == static_cast<std::size_t>(n);
      return vdd * (1 - kSwing * static_cast<double>(i[0]) / n) +
             (full ? 0 : sample_.kind_step * static_cast<double>(i[1]));
    });
    add("sum_line/droop", "V", {products, zeros}, [&](const auto&) { return sample_.droop; });
    add("sum_line/energy", "J", {products, zeros, labels("driver", mav)},
        [](const auto& i) { return 1e-15 * static_cast<double>(i[0] + 100 * i[1] + 1000 * i[2]); });
    add_scaled("cdac/level", "V", {code, labels("pattern", {"zeros", "ones"})},
               [&](double vdd, const auto& i) {
                 return vdd * (1 - kSwing * (static_cast<double>(i[0]) + 0.5) / n);
               });
    add("cdac/energy", "J", {numbers("before", {0, 0.5, 1}), code, labels("driver", dac)},
        [](const auto& i) { return 1e-15 * static_cast<double>(i[0] + 10 * i[1] + 1000 * i[2]); });
    add("margin/margin", "1", {products, zeros}, [](const auto&) { return 0.5; });
  }

  Sample sample_;
  tables::Library library_;
  std::vector<tables::Table> tables_;
};

inline tables::Library sample_library(const Sample& sample = {}) {
  return SampleMaker(sample).make();
}

// Nominal step of the sum line and of the reference, V at 1 V.
inline double sample_step(const Sample& sample = {}) {
  return kSwing / ((1 << sample.adc_bits) - 1);
}

}  // namespace mavis::macro
