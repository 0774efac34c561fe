#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "cli/command.h"
#include "cli/library_subject.h"
#include "cli/operating_options.h"
#include "cli/pvt_option.h"
#include "cli/run_plan.h"
#include "macro/comparator_calibration.h"
#include "macro/conversion.h"
#include "report/grid.h"
#include "util/error.h"
#include "util/files.h"
#include "validate/measured_comparators.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, pvt, output = "chip.h5";
  OperatingOptions operating;
  int index = 0, arrays = 1;
  std::uint64_t seed = 1;
  int jobs = cores();
};

constexpr int kMostArrays = 10000, kMostIndex = 1000000000;

int measure(const Options& options, const std::string& command_line) {
  const macro::Pvt pvt = pvt_option(options.pvt);
  require_writable(options.output);
  const tables::Library library = tables::read_library(options.library);
  const macro::Spec spec = macro::read_spec(library);
  const macro::PointTables tables(library, pvt);
  tables.require_point("comparator/energy");
  const macro::MacroModel model(tables, spec);
  const macro::ComparatorProcedure procedure = operating_of(options.operating).comparator;
  const plan::Campaign campaign = campaign_of(options.library, library);

  validate::Question question{.pvt = {pvt.corner, pvt.vdd, pvt.temp_c}, .seed = options.seed};
  question.arrays = options.arrays;
  question.common_modes = validate::threshold_common_modes();
  macro::Chip& chip = question.chips.emplace_back(options.seed, static_cast<std::uint32_t>(options.index));
  std::vector<macro::Comparator> comparators;
  std::vector<validate::Calibration>& calibrations = question.calibrations.emplace_back();
  for (int array = 0; array < options.arrays; ++array) {
    const macro::Comparator& comparator =
        comparators.emplace_back(macro::calibrate(model.comparator, chip, array, procedure).comparator);
    calibrations.push_back(
        validate::Calibration::of(comparator.setting(macro::Side::n), comparator.setting(macro::Side::p)));
  }
  plan::Subject subject = subject_of(options.library, library, campaign);
  if (!subject.blocks.at("comparator").has_port("cal_n_left0"))
    throw InputError(
        fmt::format("{}: its comparator has no calibration devices (ports cal_n_left0 ...); mavis "
                    "chip measures comparators that have",
                    options.library));

  validate::ValidationPlan plan(std::move(subject), std::move(question), campaign.pdk);
  LoggedRun run({.output = options.output,
                 .campaign = plan.campaign_text(),
                 .extend = true,
                 .jobs = options.jobs,
                 .command_line = command_line});
  if (!run.run(plan)) return kLook;
  const run::LoggedResults results(plan, run.log());
  macro::Chip measured = plan.question().chips[0];
  double squares = 0, largest = 0;
  std::size_t numbers = 0;
  for (int array = 0; array < options.arrays; ++array) {
    const macro::Comparator& comparator = comparators[static_cast<std::size_t>(array)];
    const macro::Curve threshold = validate::measured_thresholds(plan, results, 0, array);
    if (threshold.x.empty())
      throw MachineError(
          fmt::format("ngspice found no threshold of uArray {}: {}", array, run.total().last_unfinished));
    for (std::size_t i = 0; i < threshold.x.size(); ++i, ++numbers) {
      const double apart = threshold.y[i] - comparator.threshold(threshold.x[i]);
      squares += apart * apart;
      largest = std::max(largest, std::fabs(apart));
    }
    measured.set_measured(
        array, {.pvt = pvt.text(),
                .setting = {comparator.setting(macro::Side::n), comparator.setting(macro::Side::p)},
                .threshold = threshold});
  }
  macro::save_chip(options.output, measured, spec.name, options.arrays);
  fmt::print(
      "{} at {}, chip {} of seed {}\n{}", spec.name, pvt.text(), options.index, options.seed,
      report::grid({{"comparators", fmt::format("{}, each at {} common modes", options.arrays,
                                                plan.question().common_modes.size())},
                    {"tables alone",
                     fmt::format("are {:.3g} mV rms off, {:.3g} mV at most",
                                 1e3 * std::sqrt(squares / static_cast<double>(numbers)), 1e3 * largest)},
                    {"output", fmt::format("{}, for mavis simulate --load-chip", options.output)}},
                   "l"));
  return kDone;
}

}  // namespace

void add_chip(Program& program) {
  auto options = std::make_shared<Options>();
  Command command =
      program.command("chip", "Measure a chip's comparators in ngspice, for simulate --load-chip");
  command.argument("LIB", options->library, "Library of a macro, a .h5 file");
  command.option("--pvt", options->pvt, "CORNER,V,C", "Process corner, supply and temperature: tt,1.0,27");
  command.option("--index", options->index, 0, kMostIndex, "Of the chip");
  command.option("--seed", options->seed, "Of the chip's draws");
  command.option("--arrays", options->arrays, 1, kMostArrays, "uArrays, each with a comparator");
  add_calibration_option(command, options->operating);
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers; the numbers don't depend on it");
  command.option("-o,--output", options->output, "CHIP.h5", "Chip file (tables/FORMAT.md)");
  command.footer(
      "A comparator far from the mean, or between its halves, does not follow its draws as the tables say "
      "to\n"
      "second order: a few millivolts. Its thresholds at its own setting take seconds. The same command "
      "again\n"
      "goes on where it was stopped.\n"
      "Example: mavis chip tables/ptm45hp/mf_8x62.h5 --pvt tt,1.0,27 --arrays 5 -o chip.h5");
  command.action([options, &program] { return measure(*options, program.command_line()); });
}

}  // namespace mavis::cli
