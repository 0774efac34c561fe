#include "report/validation_text.h"

#include <fmt/format.h>

#include "report/grid.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using validate::Comparison;
using Rows = std::vector<std::vector<std::string>>;

std::string millivolts(double volts) {
  return fmt::format("{:.3g} mV", 1e3 * volts);
}

std::string text_of(const validate::Error& error, double lsb) {
  return fmt::format("{} rms, {} at most ({:.3g} LSB), mean {:+.3g} mV, {} numbers", millivolts(error.rms),
                     millivolts(error.largest), error.largest / lsb, 1e3 * error.mean, error.n);
}

std::string text_of(const validate::EnergyPair& energy, std::size_t n) {
  return fmt::format("{} a vector in ngspice, {:+.2f} %",
                     format_quantity(energy.spice / static_cast<double>(n), "J"), 100 * energy.error());
}

void add_codes(Rows& rows, const Comparison& comparison) {
  const std::size_t n = comparison.pairs.size();
  const auto same = static_cast<double>(n - comparison.disagreements.size());
  const auto share = [&](double equal) {
    return fmt::format("{:.4g} %", 100 * equal / static_cast<double>(n));
  };
  rows.push_back(
      {"codes", fmt::format("{} of {} equal{}, {} decisions late", share(same), n,
                            comparison.measured_comparators ? ", comparators measured one by one" : "",
                            comparison.undecided)});
  if (comparison.measured_comparators)
    rows.push_back({"", fmt::format("{} with comparators by the tables alone",
                                    share(static_cast<double>(comparison.equal_by_tables)))});
  for (const validate::Disagreement& other : comparison.disagreements) {
    const validate::Pair& pair = comparison.pairs[other.pair];
    rows.push_back(
        {"", fmt::format("chip {} vector {}: {} in ngspice, {} here; cycle {}, common mode {:.2f}: overdrive "
                         "{:+.3g} mV, here {:+.3g} mV",
                         pair.chip, pair.vector, pair.spice.code, pair.code, other.cycle, other.common_mode,
                         1e3 * other.overdrive(), 1e3 * other.here)});
  }
}

void add_energies(Rows& rows, const Comparison& comparison) {
  const std::size_t n = comparison.pairs.size();
  rows.push_back({"energy", text_of(comparison.total, n)});
  for (std::size_t d = 0; d < validate::kDrivers.size(); ++d) {
    const validate::EnergyPair &mav = comparison.mav[d], &conversion = comparison.conversion[d];
    const validate::EnergyPair both{mav.spice + conversion.spice, mav.macro + conversion.macro};
    if (both.spice <= 0) continue;
    rows.push_back(
        {"", fmt::format("{:<10} {}; multiply-average {:+.2f} %, conversion {:+.2f} %", validate::kDrivers[d],
                         text_of(both, n), 100 * mav.error(), 100 * conversion.error())});
  }
  rows.push_back({"", fmt::format("{:<10} {}", "comparator", text_of(comparison.comparator, n))});
}

void add_words(Rows& rows, const Comparison& comparison, const std::vector<validate::Word>& words) {
  if (words.empty() || comparison.missing > 0) return;
  std::size_t vectors = 0;
  for (const validate::Pair& pair : comparison.pairs) vectors = std::max(vectors, pair.vector + 1);
  const std::size_t each = vectors / words.size();
  for (std::size_t first = 0; first < comparison.pairs.size(); first += each) {
    std::vector<int> spice, here;
    for (std::size_t i = first; i < first + each; ++i) {
      spice.push_back(comparison.pairs[i].spice.code);
      here.push_back(comparison.pairs[i].code);
    }
    const validate::Pair& pair = comparison.pairs[first];
    const validate::Word& word = words[pair.vector / each];
    rows.push_back({"w (+) x", fmt::format("chip {} word {}: {} in ngspice, {} here, {} exactly", pair.chip,
                                           pair.vector / each, validate::result_of(word, spice),
                                           validate::result_of(word, here),
                                           macro::multiplication_free(word.w, word.x))});
  }
}

}  // namespace

std::string validation_text(const Comparison& comparison, const std::vector<validate::Word>& words,
                            double spice_seconds, const std::vector<std::string>& notes) {
  Rows rows = {{"multiply-average", text_of(comparison.level, comparison.lsb)},
               {"signal", text_of(comparison.signal, comparison.lsb)},
               {"reference", text_of(comparison.reference, comparison.lsb)}};
  if (comparison.threshold.n > 0)
    rows.push_back({"threshold", text_of(comparison.threshold, comparison.lsb) + ", by the tables"});
  add_codes(rows, comparison);
  add_words(rows, comparison, words);
  add_energies(rows, comparison);
  const double here = comparison.macro_seconds / static_cast<double>(comparison.pairs.size());
  rows.push_back({"speed", fmt::format("{} of CPU time a vector here{}", format_quantity(here, "s"),
                                       spice_seconds > 0 ? fmt::format(", {} in ngspice: {:.3g} times",
                                                                       format_quantity(spice_seconds, "s"),
                                                                       spice_seconds / here)
                                                         : "")});
  if (comparison.compiled_otherwise > 0)
    rows.push_back({"", fmt::format("{} codes of the compiled rows differ from those above",
                                    comparison.compiled_otherwise)});
  if (comparison.missing > 0) rows.push_back({"missing", fmt::format("{} vectors", comparison.missing)});
  for (const std::string& note : notes) rows.push_back({"note", note});
  return grid(rows, "l");
}

std::string validation_csv(const Comparison& comparison) {
  std::string text = "chip,vector,products,code_ngspice,code,energy_ngspice,energy";
  const std::size_t cycles = comparison.pairs.empty() ? 0 : comparison.pairs.front().cycles.size();
  for (std::size_t i = 0; i < cycles; ++i)
    text += fmt::format(
        ",decision_ngspice_{0},signal_ngspice_{0},reference_ngspice_{0},trial_{0},signal_{0},reference_{0},"
        "threshold_{0}",
        i);
  text += "\n";
  for (const validate::Pair& pair : comparison.pairs) {
    text += fmt::format("{},{},{},{},{},{},{}", pair.chip, pair.vector, pair.products, pair.spice.code,
                        pair.code, pair.spice.total(), validate::comparable(pair.energy));
    for (std::size_t i = 0; i < cycles; ++i)
      text += fmt::format(",{},{},{},{},{},{},{}", pair.spice.decisions[i], pair.spice.signal[i],
                          pair.spice.reference[i], pair.cycles[i].trial, pair.cycles[i].inp,
                          pair.cycles[i].inn, pair.cycles[i].threshold);
    text += "\n";
  }
  return text;
}

}  // namespace mavis::report
