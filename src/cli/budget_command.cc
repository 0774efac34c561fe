// `mavis budget`: design equations of papers, with their constants and with measured ones.
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/pvt_option.h"
#include "report/budget.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, pvt, csv;
  int bits = 0, rows = 0, chips = 8;
};

constexpr int kMostBits = 16, kMostRows = 1000000, kMostChips = 1000;

int budget(const Options& options) {
  report::BudgetQuery query;
  const bool has_library = !options.library.empty();
  // A library's operation is of one bit plane; the papers' example is of four bits.
  query.bits = options.bits > 0 ? options.bits : has_library ? 1 : 4;
  query.rows = options.rows;
  query.chips = static_cast<std::uint32_t>(options.chips);
  if (!has_library && !options.pvt.empty())
    throw InputError("--pvt is a point of a library; name one, or leave it out");
  if (!options.csv.empty()) {
    if (options.csv == options.library)
      throw InputError(fmt::format("--csv {} would replace the library; choose another file", options.csv));
    require_writable(options.csv);
  }
  std::optional<report::MeasuredMacro> measured;
  if (has_library) {
    const tables::Library library = tables::read_library(options.library);
    measured = report::measured_macro(library, pvt_option(options.pvt), query);
  }
  const std::vector<report::BudgetRow> rows = report::budget(query, measured);
  if (!options.csv.empty()) write_atomically(options.csv, report::budget_csv(rows));
  const int n = query.rows > 0 ? query.rows : measured ? measured->n : 1152;
  if (measured)
    fmt::print("{} at {}; equations for {} x {} bits and N = {}\n\n", measured->name, measured->pvt.text(),
               query.bits, query.bits, n);
  else
    fmt::print("equations for {} x {} bits and N = {}\n\n", query.bits, query.bits, n);
  fmt::print("{}", report::budget_text(rows, measured));
  return kDone;
}

}  // namespace

void add_budget(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("budget", "Energy, resolution and noise by the papers' design equations");
  command.argument("LIB", options->library,
                   "Library of a macro, a .h5 file; none: the papers' constants alone", false);
  command.option("--pvt", options->pvt, "CORNER,V,C", "Process corner, supply and temperature: tt,1.0,27");
  command.option("--bits", options->bits, 0, kMostBits,
                 "Bits of weights and inputs; 0: 1 with a library, else 4");
  command.option("--rows", options->rows, 0, kMostRows,
                 "N, numbers that are averaged; 0: the library's columns of a half, else 1152");
  command.option("--chips", options->chips, 1, kMostChips, "Chips whose codes give the measured ENOB");
  command.option("--csv", options->csv, "FILE", "Write the rows as comma-separated values");
  command.footer(
      "stated: the paper's words. worked: its equation at its own example. papers' constants: its equation "
      "for\n"
      "these bits and N. measured constants: the same with the library's. measured: no equation.\n"
      "Example: mavis budget mf_8x62.h5 --pvt tt,1.0,27");
  command.action([options] { return budget(*options); });
}

}  // namespace mavis::cli
