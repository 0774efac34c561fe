// NeuroSim 1.5 (Georgia Tech): files for --mem_states_file and --output_noise_file.
#include <fmt/format.h>

#include <cmath>

#include "export/target.h"
#include "util/error.h"

namespace mavis::exports {
namespace {

// NeuroSim takes the first line for the columns' names and ignores columns that it doesn't know: comments go
// there, in a field of their own.
std::string first_line(const Source& source, const Target& target, const char* columns) {
  std::string comment;
  for (const std::string& line : header(source, target)) comment += (comment.empty() ? "" : " ") + line;
  std::string field;
  for (const char c : comment) field += c == '"' ? "\"\"" : std::string(1, c);
  return fmt::format("{},\"{}\"\n", columns, field);
}

// Moments of the code over chips, data and noise.
struct Moments {
  double mean = 0, sigma = 0;
};
Moments code_moments(const MacroData& macro, std::size_t products) {
  double mean = 0, squares = 0;
  const double chips = static_cast<double>(macro.codes.size());
  for (const macro::ChipCodes& chip : macro.codes)
    for (std::size_t code = 0; code < macro.code_count(); ++code) {
      const double p = chip.rate[products * macro.code_count() + code] / chips,
                   value = static_cast<double>(code);
      mean += p * value;
      squares += p * value * value;
    }
  return {mean, std::sqrt(std::max(0.0, squares - mean * mean))};
}

std::string output_noise(const Source& source, const Target& target) {
  const MacroData& macro = *source.macro;
  std::string text = first_line(source, target, "output,mean,std");
  Moments last;
  // One row more than there are codes: NeuroSim clips to 2^adc_precision, not to one less.
  for (std::size_t k = 0; k <= macro.products(); ++k) {
    if (k < macro.products()) last = code_moments(macro, k);
    text += fmt::format("{},{},{}\n", k, last.mean, last.sigma);
  }
  return text;
}

std::string memory_states(const Source& source, const Target& target) {
  const MacroData& macro = *source.macro;
  const double farad = macro.line_capacitance[1];
  if (!(farad > 0))
    throw InputError(
        fmt::format("{}: no line_charge/capacitance, which neurosim's states are; characterize "
                    "the macro again with --extend --only line_charge",
                    source.name));
  return first_line(source, target, "states,mean,std") + "0,0,0\n" +
         fmt::format("1,{},{}\n", farad, macro.line_capacitance_sigma[1]);
}

std::vector<File> make(const Source& source, const Target& target) {
  const MacroData& macro = *source.macro;
  std::string readme = header_text(source, target, "");
  readme += fmt::format(
      "\nmem_states.csv: a line's capacitance, F, by which a stored 1 changes the sum line; a stored 0 does "
      "not.\noutput_noise.csv: mean and standard deviation of the code by the number of products; the last "
      "row repeats\nthe one before, as NeuroSim counts one code more than the converter has.\n\n"
      "python inference.py --mem_type capacitive --bitcell 1 --dac_precision 1 --adc_precision {} \\\n"
      "    --sub_array \"[{}, {}]\" --parallel_read {} --vdd {} --mem_states_file mem_states.csv \\\n"
      "    --output_noise -1 --output_noise_file output_noise.csv\n",
      macro.spec.adc_bits, macro.spec.columns_per_half, macro.spec.rows, macro.spec.columns_per_half,
      macro.pvt.vdd);
  return {{"README.txt", readme},
          {"mem_states.csv", memory_states(source, target)},
          {"output_noise.csv", output_noise(source, target)}};
}

const bool registered = register_target(
    {.name = "neurosim",
     .summary = "NeuroSim 1.5: memory states and output noise as CSV",
     .limits = {"static error: a chip's own is merged with temporal noise, and both are drawn anew for each "
                "conversion",
                "the shape of P(code | products): a normal distribution that NeuroSim rounds, which adds up "
                "to a twelfth of a code squared to its variance",
                "with --output_noise -1 NeuroSim does not use the memory states: mismatch of cells is in the "
                "output noise",
                "the multiplication-free operator",
                "energy, latency and area: NeuroSim's own models take no file"},
     .make = make});

}  // namespace
}  // namespace mavis::exports
