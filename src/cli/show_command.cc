#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "report/csv.h"
#include "report/library_text.h"
#include "report/sensitivity_text.h"
#include "report/statistics_text.h"
#include "report/summary_text.h"
#include "report/table_text.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, name, of, at, csv;
  bool summary = false;
};

void show(const Options& options) {
  const bool is_part = options.name == "sensitivity" || options.name == "statistics";
  if (!is_part && !options.of.empty())
    throw InputError(fmt::format(
        "'{}': only sensitivity and statistics take a further name; see mavis show --help", options.of));
  const tables::Library library = tables::read_library(options.library);
  const report::At at = axes_of("--at", options.at);
  const std::vector<std::string> benches = report::bench_names(library);
  const bool is_bench = std::find(benches.begin(), benches.end(), options.name) != benches.end();
  if (is_part) {
    if (options.summary || !options.csv.empty() || !at.empty())
      throw InputError(options.name + " takes neither --at nor --summary nor --csv; leave them out");
    fmt::print("{}", options.name == "sensitivity" ? report::sensitivity_text(library, options.of)
                                                   : report::statistics_text(library, options.of));
  } else if (options.summary || !options.csv.empty()) {
    if (!at.empty()) throw InputError("--at fixes what --summary and --csv fold; leave it out");
    if (!options.name.empty() && !is_bench) library.find(options.name);  // throws if there is none
    if (!options.csv.empty()) write_atomically(options.csv, report::csv_text(library, options.name));
    if (options.summary) fmt::print("{}", report::summary_text(library, options.name));
  } else if (options.name.empty()) {
    if (!at.empty())
      throw InputError("--at needs a TABLE or a bench to apply to; name one after the library");
    fmt::print("{}", report::library_text(library));
  } else if (is_bench) {
    fmt::print("{}", report::bench_text(library, options.name, at));
  } else {
    fmt::print("{}", report::table_text(library.find(options.name), at));
  }
}

}  // namespace

void add_show(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("show", "Print a library, one of its benches or tables");
  command.argument("LIB", options->library, "Library, a .h5 file");
  command.argument(
      "WHAT", options->name,
      "Table (bench/quantity) or bench; none: what is in the library; sensitivity: which device's "
      "mismatch causes which spread; statistics: how well spreads are known",
      false);
  command.argument("OF", options->of, "With sensitivity and statistics: a table or a bench", false);
  command.option("--at", options->at, "AXIS=VALUE,...",
                 "Fix axes: vdd=1.0,temp_c=27,corner=ss; between nodes: interpolated");
  command.flag("--summary", options->summary,
               "Of each figure its worst PVT point, spread and what causes it");
  command.option("--csv", options->csv, "FILE", "Write the summary and every cell as comma-separated values");
  command.footer("Example: mavis show mf_8x62.h5 product_line/discharge_time_10 --at vdd=1.0,temp_c=27");
  command.action([options] {
    show(*options);
    return kDone;
  });
}

}  // namespace mavis::cli
