#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/estimate.h"
#include "cli/run_plan.h"
#include "distill/distill.h"
#include "plan/applicable.h"
#include "report/csv.h"
#include "report/grid.h"
#include "report/statistics_text.h"
#include "report/summary_text.h"
#include "run/execute.h"
#include "run/interrupt.h"
#include "util/error.h"
#include "util/files.h"
#include "util/units.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string subject, pdk;
  std::string corners = "tt", vdd, temp = "27";
  int samples = 16;
  std::uint64_t seed = 1;
  std::string responses = "all";
  std::string accuracy;
  int most = plan::Campaign().most;
  int jobs = cores();
  std::string output, csv;
  std::vector<std::string> only;
  bool extend = false, dry_run = false;
};

constexpr std::size_t kMostFailuresShown = 10;

plan::Campaign campaign_of(const Options& options, const plan::Subject& subject) {
  plan::Campaign campaign;
  campaign.subject = stable_name(subject.path);
  campaign.pdk = stable_name(subject.pdk.folder);
  campaign.corners = list_of("--corners", options.corners);
  campaign.vdd = options.vdd.empty() ? std::vector{subject.vdd} : quantities_of("--vdd", options.vdd, "V");
  campaign.temp_c = quantities_of("--temp", options.temp, "C");
  campaign.samples = options.samples;
  campaign.seed = options.seed;
  campaign.responses = plan::responses_named(options.responses);
  campaign.accuracy = options.accuracy;
  campaign.most = options.most;
  campaign.benches = plan::applicable_benches(subject, options.only);
  return campaign;
}

// The campaign that `output` belongs to, as text; empty if there is none yet. Refuses a file that is no
// library.
std::string previous_campaign(const fs::path& output) {
  std::string text = run::RunLog::plan_in(run_folder(output));
  if (!fs::exists(output)) return text;
  const tables::Library library = tables::read_library(output);
  const std::string* campaign = library.provenance.fact("campaign");
  return text.empty() && campaign ? *campaign : text;
}

// The campaign to run: with what the output already has, where the user asked for that.
plan::Campaign joined_with_previous(const plan::Campaign& campaign, const Options& options) {
  const std::string text = previous_campaign(options.output);
  if (text.empty()) return campaign;
  const plan::Campaign previous = plan::Campaign::parse(text, options.output);
  if (options.extend) return previous.joined(campaign);
  if (previous == campaign || fs::exists(run_folder(options.output)))
    return campaign;  // the run log compares
  throw InputError(
      fmt::format("{}: holds another campaign; add to it with --extend, or choose another output with -o",
                  options.output));
}

std::string cpu_text(double seconds) {
  return seconds < 100 ? format_quantity(seconds, "s", 2) : fmt::format("{:.0f} min", seconds / 60);
}

std::string range_text(double least, double most) {
  return least < most ? cpu_text(least) + " to " + cpu_text(most) : cpu_text(least);
}

int print_estimate(plan::Plan& plan, const Options& options, const std::atomic<bool>& stop) {
  const std::vector<Estimate> estimates = estimate(plan, {.jobs = 1}, stop);
  if (estimates.empty()) return kInterrupted;
  std::vector<std::vector<std::string>> rows = {
      {"bench", "points", "circuits", "samples", "responses", "CPU a sample", "CPU"}};
  double least = 0, most = 0;
  for (const Estimate& bench : estimates) {
    least += bench.cpu_s;
    most += bench.most_cpu_s;
    rows.push_back({bench.bench, fmt::format("{}", bench.points), fmt::format("{}", bench.circuits),
                    fmt::format("{}", bench.samples),
                    fmt::format("{} + up to {}", bench.responses, bench.most_responses),
                    cpu_text(bench.sample_cpu_s), range_text(bench.cpu_s, bench.most_cpu_s)});
  }
  fmt::print("{}", report::grid(rows, "lr"));
  fmt::print("total: {} of CPU, {} with {} jobs\n", range_text(least, most),
             range_text(least / options.jobs, most / options.jobs), options.jobs);
  fmt::print(
      "Estimated from one nominal circuit and one sample a bench, measured just now in a temporary folder; "
      "nothing was kept.\n"
      "Rounds: 1 circuits, 2 samples and the first responses, 3 the other responses, only of devices "
      "that matter.\n");
  return kDone;
}

// A line a reason.
void print_left_out(const plan::Subject& subject) {
  for (const auto& [reason, names] : plan::left_out(subject))
    fmt::print(stderr, "not measured ({}): {}\n", reason, fmt::join(names, ", "));
}

void print_results(const tables::Library& library, const Options& options, const run::Progress& total) {
  fmt::print("{}\n", report::summary_text(library));
  if (report::has_statistics(library)) fmt::print("{}\n", report::statistics_text(library));
  if (!library.failures.empty()) {
    fmt::print("{} failed samples; each replays by hand with ngspice -b DECK:\n", library.failures.size());
    for (std::size_t i = 0; i < std::min(library.failures.size(), kMostFailuresShown); ++i) {
      const tables::Failure& failure = library.failures[i];
      fmt::print("  {}, {}: {}\n    {}\n", failure.bench, failure.point, failure.message,
                 (run_folder(options.output) / failure.deck).string());
    }
    if (library.failures.size() > kMostFailuresShown)
      fmt::print("  and {} more\n", library.failures.size() - kMostFailuresShown);
  }
  if (total.unfinished > 0)
    fmt::print(
        "{} samples are unfinished (killed, out of memory or CPU time); the same command tries them again\n",
        total.unfinished);
  fmt::print("library  {}\nrun log  {}\n", options.output, run_folder(options.output).string());
  if (!options.csv.empty()) fmt::print("csv      {}\n", options.csv);
  fmt::print("more: mavis show {} BENCH\n", options.output);
}

int characterize(Options options, const std::string& command_line) {
  plan::Subject subject = plan::read_subject(options.subject, options.pdk);
  if (options.output.empty()) options.output = subject.name + ".h5";
  require_writable(options.output);
  if (!options.csv.empty()) require_writable(options.csv);
  const plan::Campaign campaign = joined_with_previous(campaign_of(options, subject), options);
  plan::Plan plan(std::move(subject), campaign);
  if (options.dry_run) {
    if (options.only.empty()) print_left_out(plan.subject());
    return print_estimate(plan, options, run::catch_interrupts());
  }
  const RunResult ran = run_plan(plan, {.output = options.output,
                                        .campaign = campaign.text(),
                                        .extend = options.extend,
                                        .jobs = options.jobs,
                                        .command_line = command_line});
  if (ran.stopped) return kInterrupted;
  const tables::Library library = distill::distill(plan, run::LoggedResults(plan, *ran.log), version());
  tables::write_library(options.output, library);
  if (!options.csv.empty()) write_atomically(options.csv, report::csv_text(library));
  if (options.only.empty()) print_left_out(plan.subject());
  print_results(library, options, ran.total);
  return library.failures.empty() && ran.total.unfinished == 0 ? kDone : kLook;
}

}  // namespace

void add_characterize(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command(
      "characterize", "Measure a macro or a cell over PVT and mismatch, into a library of tables");
  command.argument("SUBJECT", options->subject,
                   "A macro (.toml) or one block's netlist (.cir), or the name of one in netlists/");
  command.option("--pdk", options->pdk, "NAME", "Process: a name in pdk/ or a folder (default: the macro's)");
  command.option("--corners", options->corners, "NAME,...", "Process corners");
  command.option("--vdd", options->vdd, "V,...", "Supplies, V (default: the macro's)");
  command.option("--temp", options->temp, "C,...", "Temperatures, Celsius");
  command.option("--samples", options->samples, 2, 1000000, "Mismatch samples a bench and point");
  command.option("--seed", options->seed, "Of the mismatch draws");
  command.choice(
      "--responses", options->responses, {"all", "reference", "none"},
      "Measure the response to each device at all PVT points, at the reference one, or not at all");
  command.option("--accuracy", options->accuracy, "sigma=1%,...",
                 "Take the samples that it needs to know sigma, mean or a quantile (q0.999=2%) that well");
  command.option("--most", options->most, 2, 1000000, "Samples a bench and point at most with --accuracy");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers; the numbers don't depend on it");
  command.option("-o,--output", options->output, "LIB.h5", "Library to write (default: SUBJECT's name.h5)");
  command.option("--csv", options->csv, "FILE", "Write the summary and every cell as comma-separated values");
  command.list("--only", options->only, "BENCH", "Only this bench; may be repeated");
  command.flag("--extend", options->extend, "Add to the library that is there");
  command.flag("--dry-run", options->dry_run, "Say what would be measured and about how long it takes");
  command.footer(
      "The same command again goes on where it was stopped. Exit code 1: done, but some samples failed.\n"
      "Example: mavis characterize mf_8x62 --corners tt,ss --vdd 0.9,1.0 --temp -40,27 -o mf_8x62.h5");
  command.action([options, &program] { return characterize(*options, program.command_line()); });
}

}  // namespace mavis::cli
