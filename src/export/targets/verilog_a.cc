// Verilog-A: a behavioural comparator and converter that read $table_model files.
#include <fmt/format.h>

#include "export/target.h"

namespace mavis::exports {
namespace {

constexpr const char* kComparator = R"va(
// outp goes to vdd where inp - inn exceeds the chip's threshold at a rising edge of clk, else to vss.
`include "disciplines.vams"

module mavis_comparator(inp, inn, clk, outp, vdd, vss);
  inout inp, inn, clk, outp, vdd, vss;
  electrical inp, inn, clk, outp, vdd, vss;
  parameter integer chip = 0 from [0:{last_chip}];
  parameter integer noise = 1 from [0:1];  // temporal noise of decisions, on or off
  parameter integer seed = 1;
  parameter real rise = {rise};  // s, of the output
  real threshold, common_mode, out;
  integer state;

  analog begin
    @(initial_step) begin
      state = seed;
      out = 0;
    end
    @(cross(V(clk, vss) - 0.5 * V(vdd, vss), +1)) begin
      // Of the supply that the tables are for: they end at its rails.
      common_mode = (V(inp, vss) + V(inn, vss)) / (2 * {vdd});
      threshold = $table_model(chip, common_mode, "comparator_threshold.tbl", "D,1C");
      if (noise)
        threshold = threshold
                    + $rdist_normal(state, 0, 1) * $table_model(common_mode, "comparator_noise.tbl", "1C");
      out = V(inp, inn) > threshold ? 1 : 0;
    end
    V(outp, vss) <+ transition(out, 0, rise) * V(vdd, vss);
  end
endmodule
)va";

constexpr const char* kConverter = R"va(
// Converts the level of a sum line at a rising edge of start: code is the number of products, as a voltage of
// one volt a code. Each of {bits} decisions compares the level with the other half's reference.
`include "disciplines.vams"

module mavis_converter(level, start, code, vdd, vss);
  inout level, start, code, vdd, vss;
  electrical level, start, code, vdd, vss;
  parameter integer chip = 0 from [0:{last_chip}];
  parameter integer noise = 1 from [0:1];  // temporal noise of level and decisions, on or off
  parameter integer seed = 1;
  parameter real conversion_time = {time};  // s
  parameter real droop = {droop};  // V, of the level from one decision to the next
  parameter real rise = {rise};  // s, of the output
  real held, threshold, out;
  integer state, found, trial, weight, decision;

  analog begin
    @(initial_step) begin
      state = seed;
      out = 0;
    end
    @(cross(V(start, vss) - 0.5 * V(vdd, vss), +1)) begin
      held = V(level, vss);
      if (noise)
        held = held + $rdist_normal(state, 0, 1) * {level_noise};
      found = 0;
      for (decision = 0; decision < {bits}; decision = decision + 1) begin
        weight = 1 << ({bits} - 1 - decision);
        trial = found + weight - 1;
        threshold = $table_model(chip, trial, "converter_threshold.tbl", "D,D");
        if (noise)
          threshold = threshold
                      + $rdist_normal(state, 0, 1) * $table_model(chip, trial, "converter_noise.tbl", "D,D");
        // Levels fall with products: below the threshold there are more than the trial.
        if (held + decision * droop <= threshold)
          found = found + weight;
      end
      out = found;
    end
    V(code, vss) <+ transition(out, conversion_time, rise);
  end
endmodule
)va";

class TableText {
 public:
  TableText(const std::string& head, const std::string& columns) : text_(head + "# " + columns + '\n') {}
  template <class... Numbers>
  void row(Numbers... numbers) {
    std::string line;
    ((line += (line.empty() ? "" : " ") + fmt::format("{}", numbers)), ...);
    text_ += line + '\n';
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::vector<File> make(const Source& source, const Target& target) {
  const MacroData& macro = *source.macro;
  const std::string lines = header_text(source, target, "# ");
  const auto module_text = [&](const char* text) {
    return header_text(source, target, "// ") +
           fmt::format(fmt::runtime(text + 1), fmt::arg("last_chip", macro.chips.size() - 1),
                       fmt::arg("rise", macro.spec.clock / 100), fmt::arg("vdd", macro.pvt.vdd),
                       fmt::arg("bits", macro.spec.adc_bits), fmt::arg("time", macro.conversion_time),
                       fmt::arg("droop", macro.droop), fmt::arg("level_noise", macro.level_noise));
  };
  TableText thresholds(lines, "chip, common mode over vdd, threshold (V): static");
  TableText noise(lines, "common mode over vdd, noise of a decision (V rms): temporal");
  TableText level(lines, "number of products, level of the sum line (V) without mismatch");
  TableText converter(lines, "chip, trial, level above which the reading is 0 (V): static");
  TableText converter_noise(lines, "chip, trial, noise of that decision (V rms): temporal");
  for (std::size_t k = 0; k < macro.common_mode.size(); ++k)
    noise.row(macro.common_mode[k], macro.comparator_noise[k]);
  for (std::size_t k = 0; k < macro.level.size(); ++k) level.row(k, macro.level[k]);
  for (std::size_t chip = 0; chip < macro.chips.size(); ++chip) {
    for (std::size_t k = 0; k < macro.common_mode.size(); ++k)
      thresholds.row(macro.chips[chip], macro.common_mode[k], macro.comparator_threshold[chip][k]);
    const Converter& of = macro.converters[chip];
    for (std::size_t m = 0; m < of.threshold.size(); ++m) {
      converter.row(macro.chips[chip], m, of.threshold[m]);
      converter_noise.row(macro.chips[chip], m, of.noise[m]);
    }
  }
  return {{"comparator_noise.tbl", noise.text()},
          {"comparator_threshold.tbl", thresholds.text()},
          {"converter_noise.tbl", converter_noise.text()},
          {"converter_threshold.tbl", converter.text()},
          {"level.tbl", level.text()},
          {"mavis_comparator.va", module_text(kComparator)},
          {"mavis_converter.va", module_text(kConverter)}};
}

const bool registered = register_target(
    {.name = "verilog-a",
     .summary = "Verilog-A: comparator and converter by $table_model",
     .limits =
         {"other points of process, supply and temperature than this one: export each",
          "delay, kickback and energy of the comparator; supply noise as a waveform (its rms is in the "
          "noise)",
          "the array: level.tbl has the sum line's levels without mismatch; converter thresholds are of "
          "one row of stored bits of each chip",
          "beyond its rails a comparator's threshold is that at the rail, as in the macro simulator; "
          "chips and trials are met exactly"},
     .make = make});

}  // namespace
}  // namespace mavis::exports
