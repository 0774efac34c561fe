#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <memory>
#include <mutex>

#include "cli/command.h"
#include "cli/operating_options.h"
#include "cli/pvt_option.h"
#include "macro/codes_tables.h"
#include "macro/counted_codes.h"
#include "report/grid.h"
#include "report/progress.h"
#include "run/interrupt.h"
#include "util/error.h"
#include "util/files.h"
#include "util/parallel.h"
#include "util/units.h"

namespace mavis::cli {
namespace {

using namespace macro;

struct Options {
  std::string library, pvt, conversions = "0", fidelity = "fast", density = "0.5", output = "codes.h5";
  OperatingOptions operating;
  int chips = 16;
  std::uint64_t seed = 1;
  int jobs = cores();
};

constexpr int kMostChips = 10000;
constexpr double kMostConversions = 1e15;

double conversions_of(const std::string& text) {
  const double value = parse_quantity(text, "");
  if (!(value >= 0 && value <= kMostConversions))
    throw InputError(fmt::format("--conversions {}: a number of conversions, like 1e8; 0: none", text));
  return value;
}

struct Setup {
  Spec spec;
  MacroModel model;
  TableBounds bounds;
  ComparatorProcedure procedure;
  std::vector<Bits> rows;
  double density;
  std::vector<Chip> chips;
};

std::vector<ChipCodes> computed(const Setup& setup, int jobs) {
  report::Progress progress(stderr, is_terminal(STDERR_FILENO), seconds_now);
  std::mutex mutex;
  std::size_t done = 0;
  std::vector<ChipCodes> codes(setup.chips.size());
  parallel_for(codes.size(), jobs, [&](std::size_t i) {
    codes[i] =
        chip_codes(setup.model, setup.chips[i], setup.procedure, setup.rows, setup.density, setup.bounds);
    const std::lock_guard lock(mutex);
    progress.show({"chips", ++done, codes.size(), 0, 0});
  });
  return codes;
}

struct Counted {
  std::vector<std::int64_t> counts;  // products x code, over chips
  double conversions = 0, asked = 0, cpu_s = 0;
};

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Block by block, chip after chip; stops at an interrupt with what is complete.
Counted counted(const Setup& setup, Fidelity fidelity, double asked, std::uint64_t seed, int jobs,
                const std::atomic<bool>& stop) {
  std::vector<CountedCodes> chips;
  for (const Chip& chip : setup.chips)
    chips.emplace_back(setup.model, chip, setup.procedure, setup.rows, setup.density, fidelity);
  const auto a_block = static_cast<double>(chips.front().conversions());
  // As many of each chip.
  const auto each = static_cast<std::size_t>(std::ceil(asked / a_block / static_cast<double>(chips.size())));
  const std::size_t blocks = each * chips.size();
  const std::size_t cells = static_cast<std::size_t>(setup.spec.columns_per_half + 1) << setup.spec.adc_bits;
  Counted found{.counts = std::vector<std::int64_t>(cells), .asked = static_cast<double>(blocks) * a_block};
  report::Progress progress(stderr, is_terminal(STDERR_FILENO), seconds_now);
  std::mutex mutex;
  std::size_t done = 0;
  const double begin = cpu_seconds();
  parallel_for(blocks, jobs, [&](std::size_t i) {
    if (stop) return;
    std::vector<std::int64_t> own(cells);
    chips[i % chips.size()].count(seed, i / chips.size(), own);
    const std::lock_guard lock(mutex);
    for (std::size_t cell = 0; cell < cells; ++cell) found.counts[cell] += own[cell];
    progress.show({"blocks", ++done, blocks, 0, 0});
  });
  found.conversions = static_cast<double>(done) * a_block;
  found.cpu_s = cpu_seconds() - begin;
  return found;
}

double mean_wrong(const std::vector<ChipCodes>& chips, std::size_t codes) {
  double wrong = 0;
  for (const ChipCodes& chip : chips)
    for (std::size_t k = 0; k < chip.weight.size(); ++k)
      if (chip.weight[k] > 0)
        wrong += chip.weight[k] * (1 - chip.rate[k * codes + k]) / static_cast<double>(chips.size());
  return wrong;
}

std::string rms(double codes) {
  return fmt::format("{:.3g}", codes);
}

void print(const Setup& setup, const std::vector<ChipCodes>& chips, const Counted& counted,
           const Options& options) {
  const std::size_t codes = std::size_t{1} << setup.spec.adc_bits;
  double bound = 0;
  std::size_t worst = 0;
  for (const ChipCodes& chip : chips)
    for (std::size_t cell = 0; cell < chip.bound.size(); ++cell)
      if (chip.bound[cell] > bound) bound = chip.bound[cell], worst = cell;
  fmt::print("{} chips of {}, every row in either half; inputs are 1 with probability {}\n\n", chips.size(),
             setup.spec.name, options.density);
  std::vector<std::vector<std::string>> rows = {
      {"errors in codes, rms", "chip", "data", "noise", "all", "effective bits", "SNDR", "compute SNR"}};
  const CodeErrors range = range_errors(chips), data = data_errors(chips);
  const double bits = effective_bits(setup.spec.adc_bits, range.total());
  rows.push_back({"every number of products as often", rms(range.chip), rms(range.data), rms(range.temporal),
                  rms(range.total()), fmt::format("{:.3g}", bits), fmt::format("{:.3g} dB", sndr_db(bits)),
                  ""});
  rows.push_back({"as often as data have them", rms(data.chip), rms(data.data), rms(data.temporal),
                  rms(data.total()), "", "",
                  data.total() > 0
                      ? fmt::format("{:.3g} dB", 10 * std::log10(products_variance(chips.front()) /
                                                                 (data.total() * data.total())))
                      : "no error"});
  fmt::print("{}", report::grid(rows, "lrrrrrrr"));
  fmt::print("chip and data are static: the same operation again has them again\n\n");

  std::vector<std::vector<std::string>> facts;
  const double wrong_rate = mean_wrong(chips, codes);
  facts.push_back({"wrong codes", fmt::format("{:.3g} of random data's, by P(code | products)", wrong_rate)});
  if (counted.conversions > 0)
    facts.push_back(
        {"", fmt::format("{:.6g} of {:.4g} conversions counted, {}, {:.3g} a second of CPU time{}",
                         wrong(counted.counts, codes), counted.conversions, options.fidelity,
                         counted.conversions / counted.cpu_s,
                         counted.conversions < counted.asked
                             ? fmt::format(" (stopped; {:.4g} asked)", counted.asked)
                             : "")});
  facts.push_back({"bound", fmt::format("rates are known to {:.2g} at worst ({} products, code {}): tables "
                                        "leave {} of level and {:.2g} % of noise open",
                                        bound, worst / codes, worst % codes,
                                        format_quantity(setup.bounds.level, "V"), 100 * setup.bounds.noise)});
  facts.push_back({"", fmt::format("energy of a multiply-average and its conversion is known to {}",
                                   format_quantity(setup.bounds.energy, "J"))});
  facts.push_back({"output", options.output});
  fmt::print("{}", report::grid(facts, "l"));
}

int codes(const Options& options) {
  const Pvt pvt = pvt_option(options.pvt);
  const double asked = conversions_of(options.conversions), density = density_of(options.density);
  require_writable(options.output);
  const tables::Library library = tables::read_library(options.library);
  const Operating operating = operating_of(options.operating);
  Spec spec = read_spec(library);
  const PointTables tables(library, pvt);
  tables.require_point("sum_line/level");
  Setup setup{.spec = spec,
              .model = MacroModel(tables, spec, operating.supply),
              .bounds = table_bounds(tables, spec.cycles()),
              .procedure = operating.comparator,
              .rows = random_rows(options.seed, spec, density),
              .density = density,
              .chips = {}};
  for (int i = 0; i < options.chips; ++i)
    setup.chips.emplace_back(options.seed, static_cast<std::uint32_t>(i));

  const std::vector<ChipCodes> chips = computed(setup, options.jobs);
  const std::atomic<bool>& stop = run::catch_interrupts();
  Counted found;
  if (asked > 0)
    found = counted(setup, options.fidelity == "fast" ? Fidelity::fast : Fidelity::detailed, asked,
                    options.seed, options.jobs, stop);

  std::vector<std::uint32_t> indices;
  for (const Chip& chip : setup.chips) indices.push_back(chip.index());
  std::error_code none;
  tables::Library to(library.macro());
  to.provenance = library.provenance;
  if (std::filesystem::equivalent(options.output, options.library, none)) to = library;
  add_codes(to, pvt, spec, indices, chips);
  tables::write_library(options.output, to);
  print(setup, chips, found, options);
  for (const std::string& note : tables.notes()) fmt::print("note: {}\n", note);
  return stop ? kInterrupted : kDone;
}

}  // namespace

void add_codes(Program& program) {
  auto options = std::make_shared<Options>();
  Command command =
      program.command("codes", "P(code | products) of chips of a macro, static and temporal error apart");
  command.argument("LIB", options->library, "Library of a macro, a .h5 file");
  command.option("--pvt", options->pvt, "CORNER,V,C", "Process corner, supply and temperature: tt,1.0,27");
  command.option("--chips", options->chips, 1, kMostChips, "Chips to sample");
  command.option("--density", options->density, "P", "Probability of a 1 among stored bits and input bits");
  command.option("--conversions", options->conversions, "N",
                 "Also count the codes of so many conversions: 1e8");
  command.choice("--fidelity", options->fidelity, {"fast", "detailed"},
                 "By which: code rates of each row, or every cell and comparison");
  command.option("--seed", options->seed, "Of chips, data and noise");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Threads; the numbers don't depend on it");
  add_calibration_option(command, options->operating);
  add_noise_options(command, options->operating);
  command.option("-o,--output", options->output, "OUT.h5",
                 "Library to write the tables codes/... to; LIB itself gets them beside its own");
  command.footer(
      "Ctrl-C while it counts: what was counted by then is reported.\n"
      "Example: mavis codes mf_8x62.h5 --pvt tt,1.0,27 --chips 64 --conversions 1e8 -o codes.h5");
  command.action([options] { return codes(*options); });
}

}  // namespace mavis::cli
