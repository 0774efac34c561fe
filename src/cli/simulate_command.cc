#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/operating_options.h"
#include "cli/pvt_option.h"
#include "macro/simulation.h"
#include "macro/simulation_file.h"
#include "report/grid.h"
#include "report/progress.h"
#include "util/error.h"
#include "util/files.h"
#include "util/hash.h"
#include "util/units.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, pvt;
  std::string weights = "random", inputs = "random";
  int size = 0, outputs = 0, batch = 0;  // 0: by the files, or the defaults below
  int chips = 1;
  std::uint64_t seed = 1;
  bool no_noise = false, no_mismatch = false;
  OperatingOptions operating;
  std::string save_chip, load_chip;
  std::string output = "simulation.h5";
};

constexpr int kDefaultOutputs = 4, kDefaultBatch = 4;  // random vectors
constexpr int kMostVectors = 1000000, kMostChips = 100000;

// Numbers of one file, checked against what the command line asks for.
macro::Matrix matrix_from(const std::string& path, const char* dataset, const char* option, int rows,
                          int size) {
  macro::Matrix matrix = macro::read_matrix(path, dataset);
  const auto check = [&](const char* name, int asked, std::size_t has, const char* what) {
    if (asked != 0 && static_cast<std::size_t>(asked) != has)
      throw InputError(fmt::format("{}: /{} has {} {}, {} asks for {}; leave it out", path, dataset, has,
                                   what, name, asked));
  };
  check(option, rows, matrix.size(), "vectors");
  check("--size", size, matrix.front().size(), "numbers a vector");
  return matrix;
}

macro::Workload workload_of(const Options& options, const macro::Spec& spec) {
  macro::Workload workload;
  if (options.weights != "random")
    workload.weights = matrix_from(options.weights, "weights", "--outputs", options.outputs, options.size);
  if (options.inputs != "random")
    workload.inputs = matrix_from(options.inputs, "inputs", "--batch", options.batch, options.size);
  if (!workload.weights.empty() && !workload.inputs.empty() &&
      workload.weights.front().size() != workload.inputs.front().size())
    throw InputError(fmt::format(
        "{}: /inputs has vectors of {} numbers, /weights in {} of {}; they must be equally long",
        options.inputs, workload.inputs.front().size(), options.weights, workload.weights.front().size()));
  const std::size_t size = !workload.weights.empty()  ? workload.weights.front().size()
                           : !workload.inputs.empty() ? workload.inputs.front().size()
                           : options.size != 0        ? static_cast<std::size_t>(options.size)
                                                      : static_cast<std::size_t>(2 * spec.columns_per_half);
  const auto random = [&](const char* name, int rows, int otherwise) {
    return macro::random_matrix(options.seed, name, static_cast<std::size_t>(rows != 0 ? rows : otherwise),
                                size);
  };
  if (workload.weights.empty()) workload.weights = random("weights", options.outputs, kDefaultOutputs);
  if (workload.inputs.empty()) workload.inputs = random("inputs", options.batch, kDefaultBatch);
  return workload;
}

std::vector<macro::Chip> chips_of(const Options& options, const tables::Library& library,
                                  const macro::Spec& spec) {
  std::vector<macro::Chip> chips;
  if (!options.load_chip.empty()) {
    chips.push_back(macro::load_chip(options.load_chip, spec, macro::column_labels(library),
                                     macro::comparator_labels(library)));
  } else {
    for (int i = 0; i < options.chips; ++i) {
      const auto index = static_cast<std::uint32_t>(i);
      chips.push_back(options.no_mismatch ? macro::Chip::without_mismatch(index)
                                          : macro::Chip(options.seed, index));
    }
  }
  if (!options.save_chip.empty()) chips.front().record();
  return chips;
}

// An output must not replace what is read, nor the other output.
void check_outputs(const Options& options) {
  std::error_code none;
  const auto refuse_same = [&](const std::string& output, const char* option, const std::string& other) {
    if (!output.empty() && !other.empty() &&
        (output == other || std::filesystem::equivalent(output, other, none)))
      throw InputError(fmt::format("{} {} would replace {}; choose another file", option, output, other));
  };
  for (const std::string& input : {options.library, options.weights, options.inputs, options.load_chip}) {
    refuse_same(options.output, "-o", input);
    refuse_same(options.save_chip, "--save-chip", input);
  }
  refuse_same(options.save_chip, "--save-chip", options.output);
}

void check(const Options& options) {
  check_outputs(options);
  const auto one_chip = [&](const std::string& file, const char* option) {
    if (!file.empty() && options.chips != 1)
      throw InputError(fmt::format("{} is about one chip; leave --chips {} out", option, options.chips));
    if (!file.empty() && options.no_mismatch)
      throw InputError(fmt::format("{} and --no-mismatch exclude each other", option));
  };
  one_chip(options.save_chip, "--save-chip");
  one_chip(options.load_chip, "--load-chip");
  require_writable(options.output);
  if (!options.save_chip.empty()) require_writable(options.save_chip);
}

std::string percent(double part, double whole) {
  return fmt::format("{:.3g} %", 100 * part / whole);
}

std::string shares(const macro::Ledger& energy, bool by_phase) {
  std::string text;
  const double total = energy.total();
  const auto add = [&](const char* name, double joules) {
    if (joules != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, percent(joules, total));
  };
  if (by_phase)
    for (std::size_t i = 0; i < macro::kPhaseNames.size(); ++i)
      add(macro::kPhaseNames[i], energy.of(static_cast<macro::Phase>(i)));
  else
    for (std::size_t i = 0; i < macro::kPartNames.size(); ++i)
      add(macro::kPartNames[i], energy.of(static_cast<macro::Part>(i)));
  return text;
}

bool is_reduced(const macro::Simulation& s) {
  return s.precision != macro::Precision{.adc_bits = s.spec.adc_bits};
}

std::string precision_text(const macro::Simulation& s) {
  return fmt::format("{}-bit weights, {}-bit inputs, {} of {} conversion bits", s.precision.weight_bits,
                     s.precision.input_bits, s.precision.adc_bits, s.spec.adc_bits);
}

// What of the result error a macro without errors has.
std::string rounding(const macro::Simulation& s) {
  return is_reduced(s) ? fmt::format("; {} by precision alone", percent(macro::quantization_error(s), 1))
                       : "";
}

std::string calibration_text(const macro::Simulation& s, const macro::ComparatorProcedure& procedure) {
  const auto used = [&](std::size_t side) {
    const auto n = std::count_if(s.calibration.begin(), s.calibration.end(),
                                 [&](const auto& settings) { return settings[side] != "none"; });
    return fmt::format("{} of {}", n, s.calibration.size());
  };
  const std::string how =
      !procedure.enabled ? "off"
      : procedure.decisions == 0
          ? "by a tester that measures thresholds"
          : fmt::format("by counting ones of {} decisions a setting", procedure.decisions);
  return fmt::format("{}: N side set in {}, P side in {} comparators", how, used(0), used(1));
}

std::string discard_text(const macro::Simulation& s) {
  return fmt::format("{} of {} in each half discarded by the self-test; {} of a uArray hold data",
                     s.spec.discarded, s.spec.columns_per_half, s.spec.data_columns());
}

void print_report(const macro::Simulation& s, const macro::Operating& operating, const Options& options) {
  macro::Ledger energy;
  for (const macro::Ledger& chip : s.energy) energy += chip;
  const double operations = s.operations * static_cast<double>(s.chips.size());
  const double each = energy.total() / operations;
  const macro::ErrorStatistics errors = macro::code_errors(s);
  const double result_error = macro::relative_result_error(s);
  fmt::print("{} at {}: {} {}, mismatch {}, noise {}\n", s.spec.name, s.pvt.text(), s.chips.size(),
             s.chips.size() == 1 ? "chip" : "chips", options.no_mismatch ? "off" : "on",
             options.no_noise ? "off" : "on");
  std::vector<std::vector<std::string>> rows = {
      {"workload", fmt::format("{} x {} vectors of {} on {} uArrays: {} operations, two a weight-input pair",
                               s.outputs, s.batch, s.length, s.arrays(), s.operations)},
      {"code error", fmt::format("mean {:.3g}, rms {:.3g} LSB, {} wrong, in {} conversions", errors.mean,
                                 errors.rms, percent(errors.wrong, 1), errors.n)},
      {"result error", std::isnan(result_error)
                           ? "exact results are all 0"
                           : percent(result_error, 1) + " rms of the rms result" + rounding(s)},
      {"energy", fmt::format("{} an operation: {}", format_quantity(each, "J"), shares(energy, false))},
      {"", shares(energy, true)},
      {"", fmt::format("known to {}, by the bounds of the tables",
                       percent(s.conversions() * s.energy_bound, energy.total()))},
      {"latency", fmt::format("{} of one w (+) x, {} clocks; {} in all", format_quantity(s.latency, "s"),
                              s.clocks, format_quantity(s.total_time, "s"))},
      {"efficiency", fmt::format("{:.4g} TOPS/W", 1e-12 / each)}};
  if (is_reduced(s)) rows.insert(rows.begin() + 1, {"precision", precision_text(s)});
  rows.push_back({"calibration", calibration_text(s, operating.comparator)});
  if (s.spec.discarded > 0) rows.push_back({"columns", discard_text(s)});
  if (s.margin) {
    const std::string without =
        s.margin->without == 0 ? ""
                               : fmt::format("; none at {} of {} levels", s.margin->without, s.margin->cells);
    rows.push_back({"margin", std::isfinite(s.margin->least)
                                  ? fmt::format("{:.3g} LSB at least{}", s.margin->least, without)
                                  : "not known at any level"});
  }
  for (const std::string& note : s.notes) rows.push_back({"note", note});
  rows.push_back({"output", options.output});
  fmt::print("{}", report::grid(rows, "l"));
}

int simulate(const Options& options) {
  const macro::Pvt pvt = pvt_option(options.pvt);
  check(options);
  const tables::Library library = tables::read_library(options.library);
  const macro::Spec spec = macro::read_spec(library);
  const macro::Workload workload = workload_of(options, spec);
  const std::vector<macro::Chip> chips = chips_of(options, library, spec);

  macro::Operating operating = operating_of(options.operating);
  report::Progress progress(stderr, is_terminal(STDERR_FILENO), seconds_now);
  operating.watch = [&](std::size_t done, std::size_t total) {
    progress.show({"uArrays", done, total, 0, 0});
  };
  const macro::Simulation simulation =
      macro::simulate(library, pvt, workload, chips,
                      options.no_noise ? std::nullopt : std::optional(options.seed), operating);
  progress.close();

  if (!options.save_chip.empty())
    macro::save_chip(options.save_chip, chips.front(), spec.name, simulation.arrays());
  macro::write_simulation(options.output, simulation, workload,
                          {.program = version(),
                           .library_hash = hash_hex(read_text(options.library, "library")),
                           .seed = options.seed,
                           .noise = !options.no_noise,
                           .mismatch = !options.no_mismatch,
                           .comparator = operating.comparator});
  print_report(simulation, operating, options);
  return simulation.margin && (simulation.margin->without > 0 || simulation.margin->least <= 0) ? kLook
                                                                                                : kDone;
}

}  // namespace

void add_simulate(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("simulate", "Run vectors on sampled chips of a macro, from its library");
  command.argument("LIB", options->library, "Library of a macro, a .h5 file");
  command.option("--pvt", options->pvt, "CORNER,V,C", "Process corner, supply and temperature: tt,1.0,27");
  command.option("--weights", options->weights, "W.h5|random",
                 "Dataset 'weights', outputs x length, whole numbers of -127..127; or random ones");
  command.option("--inputs", options->inputs, "X.h5|random",
                 "Dataset 'inputs', batch x length; or random ones");
  command.option("--size", options->size, 0, kMostVectors,
                 "Length of random vectors (0: the file's, else the columns of a uArray)");
  command.option("--outputs", options->outputs, 0, kMostVectors,
                 "Random weight vectors (0: the file's, else 4)");
  command.option("--batch", options->batch, 0, kMostVectors, "Random input vectors (0: the file's, else 4)");
  command.option("--chips", options->chips, 1, kMostChips, "Chips to sample");
  command.option("--seed", options->seed, "Of chips, noise and random vectors");
  command.flag("--no-noise", options->no_noise, "Without temporal noise");
  command.flag("--no-mismatch", options->no_mismatch, "Without differences between devices");
  add_operating_options(command, options->operating);
  command.option("--save-chip", options->save_chip, "CHIP.h5", "Write the device draws of the chip");
  command.option("--load-chip", options->load_chip, "CHIP.h5", "Take device draws from there");
  command.option("-o,--output", options->output, "OUT.h5",
                 "Codes, levels, results, energy (tables/FORMAT.md)");
  command.footer(
      "Exit code 1: done, but the converter has no margin at this point.\n"
      "Example: mavis simulate mf_8x62.h5 --pvt tt,1.0,27 --chips 8 --size 200 -o out.h5");
  command.action([options] { return simulate(*options); });
}

}  // namespace mavis::cli
