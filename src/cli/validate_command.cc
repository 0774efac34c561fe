#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/run_plan.h"
#include "macro/comparator_calibration.h"
#include "plan/campaign.h"
#include "report/grid.h"
#include "tables/library.h"
#include "util/error.h"
#include "util/files.h"
#include "util/home.h"
#include "util/units.h"
#include "validate/comparison.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, pvt, cells = "ideal", output = "validation";
  int vectors = 64, chips = 4;
  std::uint64_t seed = 1;
  int jobs = cores();
  bool list = false;
};

constexpr int kMostVectors = 100000, kMostChips = 1000;

plan::PvtPoint pvt_of(const Options& options, const macro::Spec& spec) {
  if (options.pvt.empty()) return {"tt", spec.vdd, 27};
  const std::vector<std::string> parts = list_of("--pvt", options.pvt);
  if (parts.size() != 3)
    throw InputError(fmt::format("--pvt {}: write it as CORNER,V,C: tt,1.0,27", options.pvt));
  return {parts[0], parse_quantity(parts[1], "V"), parse_quantity(parts[2], "C")};
}

// The macro that a library was made of, as it is now.
plan::Subject subject_of(const Options& options, const tables::Library& library) {
  const std::string* text = library.provenance.fact("campaign");
  if (!text)
    throw InputError(
        fmt::format("{}: does not say what it was made of; characterize the macro again", options.library));
  const plan::Campaign campaign = plan::Campaign::parse(*text, options.library);
  const std::filesystem::path subject = campaign.subject, pdk = campaign.pdk;
  return plan::read_subject(subject.is_absolute() ? subject : home() / subject,
                            pdk.is_absolute() ? pdk.string() : (home() / pdk).string());
}

std::string error_text(const validate::Error& error, double lsb) {
  return fmt::format("{:.3g} mV rms, {:.3g} mV at most ({:.3g} LSB), mean {:+.3g} mV, of {}", 1e3 * error.rms,
                     1e3 * error.largest, error.largest / lsb, 1e3 * error.mean, error.n);
}

std::string energy_text(const validate::EnergyPair& energy, std::size_t n) {
  return fmt::format("{} a vector, {:+.2f} %", format_quantity(energy.spice / static_cast<double>(n), "J"),
                     100 * energy.error());
}

void print_pairs(const validate::Comparison& comparison) {
  for (const validate::Pair& pair : comparison.pairs) {
    fmt::print("chip {} vector {}: {} products, code {} in ngspice, {} here; level {:+.2f} mV;", pair.chip,
               pair.vector, pair.products, pair.spice.code, pair.code,
               1e3 * (pair.cycles[0].inp - pair.spice.signal[0]));
    for (std::size_t i = 0; i < pair.cycles.size(); ++i)
      fmt::print(" [{} {:.2f} {:.2f}: {:+.2f} {:+.2f}]", pair.cycles[i].trial, 1e3 * pair.spice.signal[i],
                 1e3 * pair.spice.reference[i], 1e3 * (pair.cycles[i].inp - pair.spice.signal[i]),
                 1e3 * (pair.cycles[i].inn - pair.spice.reference[i]));
    fmt::print("\n");
  }
}

int run_validation(const Options& options, const std::string& command_line) {
  const tables::Library library = tables::read_library(options.library);
  const macro::Spec spec = macro::read_spec(library);
  const plan::PvtPoint pvt = pvt_of(options, spec);
  const macro::PointTables tables(library, {pvt.corner, pvt.vdd, pvt.temp_c});
  const macro::MacroModel model(tables, spec);
  plan::Subject subject = subject_of(options, library);

  validate::Question question{.pvt = pvt, .full_cells = options.cells == "full", .seed = options.seed};
  question.vectors = validate::random_vectors(options.seed, options.vectors, spec.columns_per_half);
  std::vector<macro::Comparator> comparators;
  for (int i = 0; i < options.chips; ++i) {
    question.chips.emplace_back(options.seed, static_cast<std::uint32_t>(i));
    comparators.push_back(macro::calibrate(model.comparator, question.chips.back(), 0).comparator);
    question.calibrations.push_back(validate::Calibration::of(comparators.back().setting(macro::Side::n),
                                                              comparators.back().setting(macro::Side::p)));
  }
  if (spec.calibrated)
    for (int i = 1; i < 20; ++i) question.common_modes.push_back(0.05 * i);

  validate::ValidationPlan plan(std::move(subject), std::move(question), "");
  LoggedRun run({.output = options.output,
                 .campaign = plan.campaign_text(),
                 .extend = true,
                 .jobs = options.jobs,
                 .command_line = command_line});
  if (!run.run(plan)) return kLook;
  const run::LoggedResults results(plan, run.log());
  const validate::Comparison comparison = validate::compare(model, comparators, plan, results);
  if (comparison.pairs.empty()) throw MachineError("no vector was simulated");
  if (options.list) print_pairs(comparison);
  if (options.list && !plan.question().common_modes.empty())
    for (std::size_t c = 0; c < plan.question().chips.size(); ++c) {
      const plan::Measurement* found = results.measurement(plan.threshold_request(c));
      const macro::Comparator& comparator = comparators[c];
      fmt::print("chip {} {} {}:", c, comparator.setting(macro::Side::n), comparator.setting(macro::Side::p));
      for (std::size_t i = 0; found && i < plan.question().common_modes.size(); ++i)
        fmt::print(" {:.2f}:{:.1f}/{:.1f}", plan.question().common_modes[i],
                   1e3 * found->at("threshold").values[i],
                   1e3 * comparator.threshold(plan.question().common_modes[i]));
      fmt::print("\n");
    }
  const std::size_t n = comparison.pairs.size();
  std::vector<std::vector<std::string>> rows = {
      {"multiply-average", error_text(comparison.level, comparison.lsb)},
      {"reference", error_text(comparison.reference, comparison.lsb)},
      {"threshold", error_text(comparison.threshold, comparison.lsb)},
      {"codes", fmt::format("{} of {} differ, {} decisions late", comparison.disagreements.size(), n,
                            comparison.undecided)}};
  for (const validate::Disagreement& d : comparison.disagreements) {
    const validate::Pair& pair = comparison.pairs[d.pair];
    rows.push_back(
        {"", fmt::format("chip {} vector {}: {} in ngspice, {} here, cycle {}: overdrive {:+.2f} mV ({:+.2f} "
                         "less {:+.2f}), common mode {:.2f}",
                         pair.chip, pair.vector, pair.spice.code, pair.code, d.cycle, 1e3 * d.overdrive(),
                         1e3 * d.difference, 1e3 * d.threshold, d.common_mode)});
  }
  rows.push_back({"energy", energy_text(comparison.total, n)});
  for (std::size_t d = 0; d < validate::kDrivers.size(); ++d) {
    rows.push_back({"", fmt::format("mav {}: {}", validate::kDrivers[d], energy_text(comparison.mav[d], n))});
    rows.push_back({"", fmt::format("conversion {}: {}", validate::kDrivers[d],
                                    energy_text(comparison.conversion[d], n))});
  }
  rows.push_back({"", fmt::format("comparator: {}", energy_text(comparison.comparator, n))});
  if (run.total().measured > 0) {
    const double spice = run.total().cpu_in_run_s / static_cast<double>(run.total().measured),
                 ours = comparison.macro_seconds / static_cast<double>(n);
    rows.push_back({"speed", fmt::format("{:.3g} s a vector in ngspice, {:.3g} s here: {:.3g} times", spice,
                                         ours, spice / ours)});
  }
  fmt::print("{}", report::grid(rows, "l"));
  return comparison.missing > 0 ? kLook : kDone;
}

}  // namespace

void add_validate(Program& program) {
  auto options = std::make_shared<Options>();
  Command command =
      program.command("validate", "Compare a macro's library with whole arrays in ngspice, vector by vector");
  command.argument("LIB", options->library, "Library of a macro, a .h5 file");
  command.option("--vectors", options->vectors, 1, kMostVectors,
                 "Weight planes against input planes, with data of every density");
  command.option("--chips", options->chips, 1, kMostChips, "Chips, each with every vector");
  command.option("--pvt", options->pvt, "CORNER,V,C", "PVT point (default: tt, the macro's supply, 27 C)");
  command.choice("--cells", options->cells, {"ideal", "full"},
                 "Latches as ideal levels, or every transistor");
  command.option("--seed", options->seed, "Of vectors and chips");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers; the numbers don't depend on it");
  command.flag("--list", options->list, "Every vector");
  command.option("-o,--output", options->output, "DIR", "Where results go");
  command.footer("Example: mavis validate tables/ptm45hp/mf_8x62.h5 --vectors 16 --chips 4 -o validation");
  command.action([options, &program] { return run_validation(*options, program.command_line()); });
}

}  // namespace mavis::cli
