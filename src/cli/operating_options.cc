#include "cli/operating_options.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/command.h"
#include "util/error.h"
#include "util/units.h"

namespace mavis::cli {
namespace {

constexpr int kMostDecisions = 1000000;  // of a comparator's calibration

macro::ComparatorProcedure procedure_of(const std::string& text) {
  macro::ComparatorProcedure procedure;
  if (text.empty()) return procedure;
  if (text == "none") return {.enabled = false};
  if (text == "tester") return {.decisions = 0};
  const auto refuse = [&] {
    throw InputError(
        fmt::format("--calibration {}: expected decisions to count at a setting, 1 to {}, or tester, or none",
                    text, kMostDecisions));
  };
  if (text.find_first_not_of("0123456789") != text.npos || text.size() > 7) refuse();
  procedure.decisions = std::stoi(text);
  if (procedure.decisions < 1 || procedure.decisions > kMostDecisions) refuse();
  return procedure;
}

double discard_of(const std::string& text) {
  if (text.empty()) return 0;
  const std::vector<double> percent = quantities_of("--discard", text, "%");
  if (percent.size() != 1 || percent[0] < 0 || percent[0] >= 100)
    throw InputError(fmt::format("--discard {}: expected a share of the columns, 3%", text));
  return percent[0] / 100;
}

double volt_rms(const char* option, const std::string& text) {
  if (text.empty()) return 0;
  const std::vector<double> volt = quantities_of(option, text, "V");
  if (volt.size() != 1 || volt[0] < 0 || volt[0] > 1)
    throw InputError(fmt::format("{} {}: expected volts rms, 0 to 1 V: 2mV", option, text));
  return volt[0];
}

}  // namespace

void add_calibration_option(Command& command, OperatingOptions& options) {
  command.option("--calibration", options.calibration, "N|tester|none",
                 "Calibrate comparators by counting the ones of N decisions a setting (1024), as a tester "
                 "that measures thresholds would, or not");
}

void add_noise_options(Command& command, OperatingOptions& options) {
  command.option("--supply-noise", options.supply_noise, "V",
                 "Noise of vdd, rms, sampled by the signal and by each reference at their own time (0): 2mV");
  command.option("--hold-noise", options.hold_noise, "V", "The same of the cells' hold supply (0)");
}

void add_setup_options(Command& command, OperatingOptions& options) {
  add_calibration_option(command, options);
  command.option("--discard", options.discard, "PERCENT",
                 "Of the columns, those that the self-test finds extreme: they hold no data");
}

void add_operating_options(Command& command, OperatingOptions& options) {
  constexpr int kMostBits = macro::kMagnitudeBits + 1;
  command.option("--weight-bits", options.weight_bits, 2, kMostBits,
                 "Weight bits used, sign included: planes below are not run");
  command.option("--input-bits", options.input_bits, 2, kMostBits, "Input bits used, sign included");
  command.option("--adc-bits", options.adc_bits, 0, 16,
                 "Conversion bits: SA cycles run (0: all that the macro has)");
  add_setup_options(command, options);
  add_noise_options(command, options);
}

double density_of(const std::string& text) {
  const double value = parse_quantity(text, "");
  if (!(value >= 1.0 / 256 && value <= 255.0 / 256))
    throw InputError(
        fmt::format("--density {}: the probability of a 1 among bits, from 1/256 to 255/256", text));
  return value;
}

macro::Operating operating_of(const OperatingOptions& options) {
  macro::Operating operating;
  operating.precision = {options.weight_bits, options.input_bits, options.adc_bits};
  operating.comparator = procedure_of(options.calibration);
  operating.discard = discard_of(options.discard);
  operating.supply = {volt_rms("--supply-noise", options.supply_noise),
                      volt_rms("--hold-noise", options.hold_noise)};
  return operating;
}

}  // namespace mavis::cli
