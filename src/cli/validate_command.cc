#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/library_subject.h"
#include "cli/run_plan.h"
#include "macro/comparator_calibration.h"
#include "plan/campaign.h"
#include "report/validation_text.h"
#include "tables/library.h"
#include "util/error.h"
#include "util/files.h"
#include "util/units.h"
#include "validate/comparison.h"
#include "validate/measured_comparators.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string library, pvt, cells = "ideal", output = "validation";
  int vectors = 64, chips = 4, words = 0;
  std::uint64_t seed = 1;
  bool not_calibrated = false, list = false;
  int jobs = cores();
};

constexpr int kMostVectors = 100000, kMostChips = 1000, kMostWords = 100;

plan::PvtPoint pvt_of(const Options& options, const macro::Spec& spec) {
  if (options.pvt.empty()) return {"tt", spec.vdd, 27};
  const std::vector<std::string> parts = list_of("--pvt", options.pvt);
  if (parts.size() != 3)
    throw InputError(fmt::format("--pvt {}: write it as CORNER,V,C: tt,1.0,27", options.pvt));
  return {parts[0], parse_quantity(parts[1], "V"), parse_quantity(parts[2], "C")};
}

struct Chips {
  std::vector<macro::Chip> chips;
  std::vector<std::vector<macro::Comparator>> comparators;  // by chip and uArray
};

Chips chips_of(const Options& options, const macro::MacroModel& model, int arrays) {
  Chips result;
  for (int i = 0; i < options.chips; ++i) {
    const macro::Chip& chip = result.chips.emplace_back(options.seed, static_cast<std::uint32_t>(i));
    std::vector<macro::Comparator>& comparators = result.comparators.emplace_back();
    for (int array = 0; array < arrays; ++array)
      comparators.push_back(
          macro::calibrate(model.comparator, chip, array, {.enabled = !options.not_calibrated}).comparator);
  }
  return result;
}

void write_results(const Options& options, const validate::ValidationPlan& plan,
                   const validate::Comparison& comparison) {
  std::error_code none;
  fs::create_directories(options.output, none);
  write_atomically(fs::path(options.output) / "vectors.csv", report::validation_csv(comparison));
  const validate::Pair& worst = comparison.pairs[comparison.worst];
  write_atomically(fs::path(options.output) / "worst.cir",
                   plan.replay(worst.chip, worst.vector, worst.spice));
}

int run_validation(const Options& options, const std::string& command_line) {
  const tables::Library library = tables::read_library(options.library);
  const macro::Spec spec = macro::read_spec(library);
  const plan::PvtPoint pvt = pvt_of(options, spec);
  const macro::PointTables tables(library, {pvt.corner, pvt.vdd, pvt.temp_c});
  tables.require_point("sum_line/level");
  const macro::MacroModel model(tables, spec);
  const plan::Campaign campaign = campaign_of(options.library, library);

  validate::Question question;
  question.pvt = pvt;
  question.full_cells = options.cells == "full";
  question.seed = options.seed;
  std::vector<validate::Word> words;
  if (options.words > 0) {
    words = validate::random_words(options.seed, options.words, spec);
    for (const validate::Word& word : words)
      for (validate::Vector& vector : validate::vectors_of(word, spec))
        question.vectors.push_back(std::move(vector));
    question.arrays = 2 * options.words;
  } else {
    question.vectors = validate::random_vectors(options.seed, options.vectors, spec.columns_per_half);
  }
  const Chips chips = chips_of(options, model, question.arrays);
  question.chips = chips.chips;
  for (const auto& comparators : chips.comparators) {
    std::vector<validate::Calibration>& calibrations = question.calibrations.emplace_back();
    for (const macro::Comparator& comparator : comparators)
      calibrations.push_back(
          validate::Calibration::of(comparator.setting(macro::Side::n), comparator.setting(macro::Side::p)));
  }
  plan::Subject subject = subject_of(options.library, library, campaign);
  if (subject.blocks.at("comparator").has_port("cal_n_left0"))
    question.common_modes = validate::threshold_common_modes();

  validate::ValidationPlan plan(std::move(subject), std::move(question), campaign.pdk);
  LoggedRun run({.output = options.output,
                 .campaign = plan.campaign_text(),
                 .extend = true,
                 .jobs = options.jobs,
                 .command_line = command_line});
  if (!run.run(plan)) return kLook;
  const run::LoggedResults results(plan, run.log());
  const validate::Comparison comparison = validate::compare(model, chips.comparators, plan, results);
  if (comparison.pairs.empty())
    throw MachineError(fmt::format("ngspice gave no vector: {}", run.total().last_unfinished));
  const double measured = static_cast<double>(run.total().measured);
  const double seconds = measured > 0 ? run.total().cpu_in_run_s / measured : 0;
  if (options.list) fmt::print("{}", report::validation_csv(comparison));
  fmt::print("{} at {}: {} chips x {} vectors, {}\n{}", spec.name, pvt.text(), chips.chips.size(),
             plan.question().vectors.size(), options.cells == "full" ? "every transistor" : "latches ideal",
             report::validation_text(comparison, words, seconds, tables.notes()));
  write_results(options, plan, comparison);
  fmt::print("vectors.csv and worst.cir (ngspice -b worst.cir) are in {}\n", options.output);
  return comparison.missing > 0 || comparison.undecided > 0 ? kLook : kDone;
}

}  // namespace

void add_validate(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command(
      "validate", "Compare the macro simulator with whole arrays in ngspice, vector by vector");
  command.argument("LIB", options->library, "Library of a macro, a .h5 file");
  command.option("--vectors", options->vectors, 1, kMostVectors,
                 "Weight bit planes against input planes, each a multiply-average and its conversion");
  command.option("--chips", options->chips, 1, kMostChips, "Chips, each with every vector");
  command.option("--words", options->words, 0, kMostWords,
                 "Instead of --vectors: so many w (+) x of 8-bit vectors over a uArray");
  command.option("--pvt", options->pvt, "CORNER,V,C",
                 "Process corner, supply, temperature (default: tt, the macro's supply, 27 C)");
  command.choice("--cells", options->cells, {"ideal", "full"},
                 "Latches as ideal levels, or every transistor");
  command.flag("--no-calibration", options->not_calibrated, "Comparators as they are made");
  command.option("--seed", options->seed, "Of vectors and chips");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers; the numbers don't depend on it");
  command.flag("--list", options->list, "Print every vector");
  command.option("-o,--output", options->output, "DIR",
                 "Folder for vectors.csv and the worst vector's deck (default: validation)");
  command.footer(
      "Same chips on both sides, device for device, without noise. The same command again goes on where it "
      "was\nstopped. Exit code 1: ngspice could not simulate some vectors, or some decisions were late.\n"
      "Example: mavis validate tables/ptm45hp/mf_8x62.h5 --vectors 16 --chips 4 --pvt tt,1.0,27 -o "
      "validation");
  command.action([options, &program] { return run_validation(*options, program.command_line()); });
}

}  // namespace mavis::cli
