// `mavis compare`: cells that compute, side by side, at equal rows and PVT.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/run_plan.h"
#include "distill/distill.h"
#include "plan/applicable.h"
#include "report/compare.h"
#include "run/execute.h"
#include "run/interrupt.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> subjects;
  std::string pdk, corners = "tt", vdd, temp = "27", rank_by = "energy_a_level", output = "compare", decks;
  int rows = 8, samples = 16, jobs = cores();
  std::uint64_t seed = 1;
};

// What a comparison needs of each cell.
const std::vector<std::string> kBenches = {"compute", "compute_drive"};
constexpr const char* kMargins = "noise_margin";

bool is_library(const std::string& subject) {
  return fs::path(subject).extension() == ".h5";
}

plan::Subject read_cell(const std::string& path, const Options& options) {
  plan::Subject subject = plan::read_subject(path, options.pdk);
  subject.rows = options.rows;
  for (const std::string& bench : kBenches)
    if (const std::string reason = plan::misfit(plan::find_bench(bench), subject); !reason.empty())
      throw InputError(fmt::format("{}: can't be compared: it {}; netlists/README.md explains",
                                   subject.path.string(), reason));
  return subject;
}

plan::Campaign campaign_of(const plan::Subject& subject, const Options& options) {
  plan::Campaign campaign;
  campaign.subject = stable_name(subject.path);
  campaign.pdk = stable_name(subject.pdk.folder);
  campaign.corners = list_of("--corners", options.corners);
  campaign.vdd = options.vdd.empty() ? std::vector{subject.vdd} : quantities_of("--vdd", options.vdd, "V");
  campaign.temp_c = quantities_of("--temp", options.temp, "C");
  campaign.samples = options.samples;
  campaign.seed = options.seed;
  campaign.responses = plan::Responses::none;
  campaign.rows = options.rows;
  campaign.benches = kBenches;
  if (plan::misfit(plan::find_bench(kMargins), subject).empty()) campaign.benches.emplace_back(kMargins);
  std::sort(campaign.benches.begin(), campaign.benches.end());
  return campaign;
}

// Measures a cell, or goes on where that was stopped; empty when it was stopped again.
std::optional<tables::Library> measured(const plan::Subject& subject, const Options& options,
                                        const std::string& command_line, std::size_t& unfinished) {
  const plan::Campaign campaign = campaign_of(subject, options);
  const fs::path output = fs::path(options.output) / (subject.name + ".h5");
  plan::Plan plan(subject, campaign);
  fmt::print(stderr, "{}\n", subject.name);
  // What other comparisons measured in this folder stays in the log and is found again.
  LoggedRun logged({.output = output,
                    .campaign = campaign.text(),
                    .extend = true,
                    .jobs = options.jobs,
                    .command_line = command_line});
  if (!logged.run(plan)) return std::nullopt;
  tables::Library library = distill::distill(plan, run::LoggedResults(plan, logged.log()), version());
  tables::write_library(output, library);
  unfinished += logged.total().unfinished;
  return library;
}

// The points at which every library is: those of the first, which all others must have.
std::vector<report::PvtNode> points_of(const std::vector<tables::Library>& libraries,
                                       const Options& options) {
  const auto axis = [](const tables::Library& library, const char* name) -> const tables::Axis& {
    const tables::Axis* found = library.find("compute/level").find_axis(name);
    if (!found) throw InputError(fmt::format("the library of {} has no axis '{}'", library.macro(), name));
    return *found;
  };
  const tables::Library& first = libraries.front();
  report::rows_of(first);
  const std::vector<std::string> corners = list_of("--corners", options.corners);
  const std::vector<double> vdds =
      options.vdd.empty() ? axis(first, "vdd").values : quantities_of("--vdd", options.vdd, "V");
  const std::vector<double> temps = quantities_of("--temp", options.temp, "C");
  std::vector<report::PvtNode> points;
  for (const std::string& corner : corners)
    for (double vdd : vdds)
      for (double temp : temps) points.push_back({corner, vdd, temp});
  for (const tables::Library& library : libraries) {
    if (const int rows = report::rows_of(library); rows != options.rows)
      throw InputError(
          fmt::format("the library of {} has {} rows, not {}; give the cell instead, or --rows {}",
                      library.macro(), rows, options.rows, rows));
    for (const report::PvtNode& point : points) {
      axis(library, "corner").index_of(point.corner);
      axis(library, "vdd").index_of(point.vdd);
      axis(library, "temp_c").index_of(point.temp_c);
    }
  }
  return points;
}

// Whole decks of the cell at the first point, to run by hand.
void write_decks(const plan::Subject& subject, const Options& options) {
  const plan::Campaign campaign = campaign_of(subject, options);
  const plan::Bench& bench = plan::find_bench(kBenches.front());
  const spice::Deck deck = spice::build_deck(
      bench.decks(subject, {campaign.corners.front(), campaign.vdd.front(), campaign.temp_c.front()}, {})
          .front());
  constexpr std::string_view kEnd = ".end\n";
  write_atomically(fs::path(options.decks) / (subject.name + ".cir"),
                   deck.text.substr(0, deck.text.size() - kEnd.size()) + ".tran 1p {tstop} 0 {tstop/100}\n" +
                       ".print tran v(line)\n.end\n");
}

int compare(const Options& options, const std::string& command_line) {
  const std::size_t rank_by = report::figure_named(options.rank_by);
  std::error_code error;
  for (const std::string& folder : {options.output, options.decks})
    if (!folder.empty() && (fs::create_directories(folder, error), !fs::is_directory(folder)))
      throw InputError(fmt::format("{}: can't be made as a folder; choose another", folder));
  const fs::path csv = fs::path(options.output) / "compare.csv",
                 plot = fs::path(options.output) / "compare.svg";
  require_writable(csv);
  // Everything is read before anything is measured.
  std::vector<plan::Subject> cells;
  std::vector<tables::Library> given;
  std::vector<std::string> names;
  for (const std::string& subject : options.subjects) {
    if (is_library(subject)) {
      given.push_back(tables::read_library(subject));
      names.push_back(given.back().macro());
    } else {
      cells.push_back(read_cell(subject, options));
      names.push_back(cells.back().name);
    }
    if (std::count(names.begin(), names.end(), names.back()) > 1)
      throw InputError(
          fmt::format("{}: two cells are called {}; rename the .subckt of one", subject, names.back()));
  }
  if (!given.empty()) points_of(given, options);
  for (const plan::Subject& cell : cells)
    if (!options.decks.empty()) write_decks(cell, options);

  std::vector<tables::Library> libraries;
  std::size_t unfinished = 0, failed = 0;
  auto next_cell = cells.begin();
  auto next_given = given.begin();
  for (const std::string& subject : options.subjects) {
    if (is_library(subject)) {
      libraries.push_back(std::move(*next_given++));
    } else if (std::optional<tables::Library> library =
                   measured(*next_cell++, options, command_line, unfinished)) {
      libraries.push_back(std::move(*library));
    } else {
      return kInterrupted;
    }
    failed += libraries.back().failures.size();
  }

  report::Sheet table = report::compare_csv_sheet();
  bool first = true;
  for (const report::PvtNode& point : points_of(libraries, options)) {
    std::vector<report::ComparedCell> compared;
    for (const tables::Library& library : libraries)
      compared.push_back(report::compared_cell(library, point));
    report::add_csv_rows(compared, point, options.rows, table);
    for (const report::Sheet& sheet : report::compare_sheets(compared, point, options.rows, rank_by))
      fmt::print("{}\n", report::sheet_text(sheet));
    if (first) write_atomically(plot, report::compare_plot(compared, point));
    first = false;
  }
  write_atomically(csv, report::sheet_csv(table));
  fmt::print("csv   {}\nplot  {}\n", csv.string(), plot.string());
  if (failed > 0) fmt::print("{} failed samples; mavis show LIB names them\n", failed);
  if (unfinished > 0)
    fmt::print("{} samples are unfinished; the same command tries them again\n", unfinished);
  return failed == 0 && unfinished == 0 ? kDone : kLook;
}

}  // namespace

void add_compare(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("compare", "Set cells that compute side by side, at equal rows and PVT");
  command.arguments(
      "CELL|LIB", options->subjects,
      "Netlists of cells that say how they compute, names of ours (cim_*), or their libraries (.h5)");
  command.option("--rows", options->rows, 2, 1024, "Rows of the column; levels are one more");
  command.option("--corners", options->corners, "NAME,...", "Process corners");
  command.option("--vdd", options->vdd, "V,...", "Supplies, V (default: the process' nominal one)");
  command.option("--temp", options->temp, "C,...", "Temperatures, Celsius");
  command.option("--samples", options->samples, 2, 1000000, "Mismatch samples a cell and point");
  command.option("--seed", options->seed, "Of the mismatch draws");
  command.option("--pdk", options->pdk, "NAME", "Process: a name in pdk/ or a folder");
  command.option("--rank-by", options->rank_by, "FIGURE",
                 "Figure of merit: any column of what is printed but swing");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers; the numbers don't depend on it");
  command.option("-o,--output", options->output, "FOLDER",
                 "Folder for compare.csv, compare.svg (of the first point) and the cells' libraries");
  command.option("--decks", options->decks, "FOLDER",
                 "Also write each cell's column as a deck, to look at or run by hand");
  command.footer(
      "The same command again goes on where it was stopped, and measures only what has changed.\n"
      "Example: mavis compare cim_6t_rows cim_8t1c_coupled my_cell.cir --rows 8 --corners tt,ss,ff --rank-by "
      "inl");
  command.action([options, &program] { return compare(*options, program.command_line()); });
}

}  // namespace mavis::cli
