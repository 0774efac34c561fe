#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/estimate.h"
#include "cli/run_plan.h"
#include "distill/distill.h"
#include "plan/applicable.h"
#include "plan/grid_rounds.h"
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
  std::string corners = "tt", vdd, temp;
  int samples = 16;
  std::uint64_t seed = 1;
  std::string responses = "all";
  std::string accuracy;
  int most = plan::Campaign().most;
  std::string grid_error;
  int grid_nodes = plan::Campaign().grid_nodes;
  int rows = 0;
  int jobs = cores();
  std::string output, csv;
  std::vector<std::string> only;
  bool extend = false, dry_run = false;
};

constexpr std::size_t kMostFailuresShown = 10;

constexpr const char* kTypicalTemp = "27";  // Celsius

// The ends of "0.9:1.1", or one value; without a text those of what the process claims.
std::vector<double> range_of(const char* option, const std::string& text, const char* unit,
                             const std::vector<double>& claimed) {
  if (text.empty()) return claimed;
  const std::size_t colon = text.find(':');
  std::vector<double> ends;
  for (const std::string& end : {text.substr(0, colon), text.substr(colon == text.npos ? 0 : colon + 1)})
    for (double value : quantities_of(option, end, unit)) ends.push_back(value);
  if (ends.size() != 2 || ends[0] > ends[1])
    throw InputError(fmt::format(
        "{} {}: with --grid-error give a range, LOW:HIGH, or one value; nodes are placed as needed", option,
        text));
  if (ends[0] == ends[1]) ends.pop_back();
  return ends;
}

std::vector<double> list_without_ranges(const char* option, const std::string& text, const char* unit) {
  if (text.find(':') != text.npos)
    throw InputError(
        fmt::format("{} {}: a range needs --grid-error, which places the nodes in it", option, text));
  return quantities_of(option, text, unit);
}

plan::Campaign campaign_of(const Options& options, const plan::Subject& subject) {
  plan::Campaign campaign;
  campaign.subject = stable_name(subject.path);
  campaign.pdk = stable_name(subject.pdk.folder);
  campaign.corners = list_of("--corners", options.corners);
  if (options.grid_error.empty()) {
    campaign.vdd =
        options.vdd.empty() ? std::vector{subject.vdd} : list_without_ranges("--vdd", options.vdd, "V");
    campaign.temp_c = list_without_ranges("--temp", options.temp.empty() ? kTypicalTemp : options.temp, "C");
  } else {
    const pdk::Pdk& pdk = subject.pdk;
    campaign.vdd = range_of("--vdd", options.vdd, "V", {pdk.vdd_min, pdk.vdd_max});
    campaign.temp_c = range_of("--temp", options.temp, "C", {pdk.temp_min_c, pdk.temp_max_c});
    campaign.grid_error = options.grid_error;
    campaign.grid_nodes = options.grid_nodes;
  }
  campaign.samples = options.samples;
  campaign.seed = options.seed;
  campaign.accuracy = options.accuracy;
  campaign.most = options.most;
  campaign.rows = options.rows;
  campaign.benches = plan::applicable_benches(subject, options.only);
  campaign.set_responses(options.responses);
  for (const std::string& bench : campaign.respond_everywhere)
    if (!std::binary_search(campaign.benches.begin(), campaign.benches.end(), bench))
      throw InputError(
          fmt::format("--responses {}: choose all, reference or none, or name benches that have all; '{}' is "
                      "none of this "
                      "campaign's {}",
                      options.responses, bench, fmt::join(campaign.benches, ", ")));
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
  if (!options.accuracy.empty())
    fmt::print("With the first look's samples; up to {} a point where they don't do.\n", options.most);
  fmt::print(
      "Estimated from one nominal circuit and one sample a bench, measured just now in a temporary folder; "
      "nothing was kept.\n"
      "Rounds: 1 circuits, 2 samples and the first responses, 3 the other responses, only of devices "
      "that matter.\n");
  return kDone;
}

// The nodes with which a grid starts.
plan::Campaign at_start(plan::Campaign campaign) {
  if (campaign.grid_error.empty()) return campaign;
  campaign.vdd = plan::even_nodes(campaign.vdd.front(), campaign.vdd.back(), plan::kStartVdd);
  campaign.temp_c = plan::even_nodes(campaign.temp_c.front(), campaign.temp_c.back(), plan::kStartTemp);
  return campaign;
}

void print_grid(const plan::GridRounds& grid) {
  fmt::print("grid     {}\n", grid.summary());
  std::vector<std::vector<std::string>> rows = {{"not within the asked error", "bound", "asked"}};
  for (const plan::GridFinding& finding : grid.findings())
    if (finding.points > 0 && !finding.reached())
      rows.push_back(
          {finding.table, grid.text_of(finding, finding.bound), grid.text_of(finding, finding.allowed)});
  if (rows.size() > 1)
    fmt::print("{}More nodes (--grid-nodes) help where a quantity is smooth; noise and steps stay.\n\n",
               report::grid(rows, "lr"));
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
  if (options.rows != 0) {
    if (subject.is_macro())
      throw InputError(fmt::format("--rows: {} says itself how many rows it has", options.subject));
    if (options.rows < 2) throw InputError("--rows 1: a column has 2 rows or more");
    subject.rows = options.rows;
  }
  if (options.output.empty()) options.output = subject.name + ".h5";
  require_writable(options.output);
  if (!options.csv.empty()) require_writable(options.csv);
  const plan::Campaign campaign = joined_with_previous(campaign_of(options, subject), options);
  std::optional<plan::GridRounds> grid;
  if (!campaign.grid_error.empty()) grid.emplace(subject, campaign);
  std::optional<plan::Plan> plan(std::in_place, subject, at_start(campaign));
  if (options.dry_run) {
    if (options.only.empty()) print_left_out(subject);
    if (grid)
      fmt::print("With the nodes of the grid's start; --grid-error adds some where they are needed.\n");
    return print_estimate(*plan, options, run::catch_interrupts());
  }
  LoggedRun logged({.output = options.output,
                    .campaign = campaign.text(),
                    .extend = options.extend,
                    .jobs = options.jobs,
                    .command_line = command_line});
  if (grid && !logged.run(*grid)) return kInterrupted;
  if (grid) plan.emplace(subject, grid->campaign());
  if (!logged.run(*plan)) return kInterrupted;
  tables::Library library = distill::distill(*plan, run::LoggedResults(*plan, logged.log()), version());
  if (grid) grid->store(library);
  tables::write_library(options.output, library);
  if (!options.csv.empty()) write_atomically(options.csv, report::csv_text(library));
  if (options.only.empty()) print_left_out(subject);
  if (grid) print_grid(*grid);
  print_results(library, options, logged.total());
  return library.failures.empty() && logged.total().unfinished == 0 ? kDone : kLook;
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
  command.option("--temp", options->temp, "C,...", "Temperatures, Celsius (default: 27)");
  command.option(
      "--grid-error", options->grid_error, "0.5%,...",
      "Place nodes in the ranges --vdd LOW:HIGH and --temp LOW:HIGH (default: all that the process "
      "claims) until values between them are right to this: times and other quantities on log scale "
      "relative to the value, others to their span, or to a figure by unit (0.2mV; volts: 0.5mV)");
  command.option("--grid-nodes", options->grid_nodes, 1, 100000,
                 "Supplies x temperatures at most with --grid-error");
  command.option("--samples", options->samples, 2, 1000000, "Mismatch samples a bench and point");
  command.option("--rows", options->rows, 0, 1024,
                 "Rows of a line or of a column of cells that compute (0: a macro's own; a block takes 8)");
  command.option("--seed", options->seed, "Of the mismatch draws");
  command.option(
      "--responses", options->responses, "all|reference|none|BENCH,...",
      "Measure the response to each device at all PVT points, at the reference one, or not at all; or at all "
      "points for the named benches and at the reference one for the others");
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
