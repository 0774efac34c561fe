// `mavis explore`: bits, columns, hold voltages and supplies of a macro against energy, latency and errors.
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/operating_options.h"
#include "report/explore.h"
#include "report/progress.h"
#include "util/error.h"
#include "util/files.h"
#include "util/hash.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library;
  std::string columns, weight_bits = "2,4,8", adc_bits, hold, vdd, corner = "tt", temp = "27", mismatch;
  int input_bits = 0, chips = 50;
  OperatingOptions operating;
  std::string figures, csv, output;
};

constexpr int kMostChips = 100000;

std::vector<int> whole_numbers(const char* option, const std::string& text, int min, int max) {
  std::vector<int> numbers;
  for (double value : quantities_of(option, text, "1")) {
    if (value < min || value > max || value != std::floor(value))
      throw InputError(fmt::format("{} {}: expected whole numbers of {} to {}", option, text, min, max));
    numbers.push_back(static_cast<int>(value));
  }
  return numbers;
}

double one_quantity(const char* option, const std::string& text, const char* unit) {
  const std::vector<double> values = quantities_of(option, text, unit);
  if (values.size() != 1) throw InputError(fmt::format("{} {}: expected one value", option, text));
  return values.front();
}

report::ExploreQuery query_of(const Options& options, const macro::Spec& spec) {
  report::ExploreQuery query;
  const auto or_own = [](const std::string& text, auto own) {
    return text.empty() ? fmt::format("{}", own) : text;
  };
  query.columns = whole_numbers("--columns", or_own(options.columns, 2 * spec.columns_per_half), 2, 2046);
  query.weight_bits = whole_numbers("--weight-bits", options.weight_bits, 2, macro::kMagnitudeBits + 1);
  if (options.adc_bits.empty())
    for (int bits = 1; bits <= spec.adc_bits; ++bits) query.adc_bits.push_back(bits);
  else
    query.adc_bits = whole_numbers("--adc-bits", options.adc_bits, 1, 10);
  query.hold_voltages = quantities_of("--hold", or_own(options.hold, spec.hold_voltage), "V");
  query.vdds = quantities_of("--vdd", or_own(options.vdd, spec.vdd), "V");
  query.corner = options.corner;
  query.temp_c = one_quantity("--temp", options.temp, "C");
  query.input_bits = options.input_bits;
  query.chips = static_cast<std::uint32_t>(options.chips);
  const macro::Operating operating = operating_of(options.operating);
  query.comparator = operating.comparator;
  if (!options.operating.discard.empty()) query.discard = operating.discard;
  if (!options.mismatch.empty()) {
    query.mismatch = one_quantity("--mismatch", options.mismatch, "%") / 100;
    if (!(*query.mismatch > 0 && *query.mismatch < 1))
      throw InputError(
          fmt::format("--mismatch {}: expected three sigma of a line's capacitance, 12%", options.mismatch));
  }
  return query;
}

void check_outputs(const Options& options) {
  std::error_code none;
  for (const auto& [output, option] : {std::pair{options.csv, "--csv"}, {options.output, "-o"}}) {
    if (output.empty()) continue;
    if (output == options.library || std::filesystem::equivalent(output, options.library, none))
      throw InputError(fmt::format("{} {} would replace the library; choose another file", option, output));
    require_writable(output);
  }
  if (!options.csv.empty() && options.csv == options.output)
    throw InputError(fmt::format("-o {} would replace --csv's file; choose another", options.output));
  if (!options.figures.empty() && !std::filesystem::is_directory(options.figures))
    throw InputError(fmt::format("--figures {}: no such folder; make it first", options.figures));
}

int explore(const Options& options) {
  check_outputs(options);
  const tables::Library library = tables::read_library(options.library);
  const report::ExploreQuery query = query_of(options, macro::read_spec(library));
  report::Progress progress(stderr, is_terminal(STDERR_FILENO), seconds_now);
  const report::Exploration found = report::explore(library, query, [&](std::size_t done, std::size_t total) {
    progress.show({"halves", done, total, 0, 0});
  });
  progress.close();
  std::vector<std::pair<std::string, report::Sheet>> figures;
  if (!options.figures.empty()) figures = report::figure_sheets(library, query);
  if (!options.csv.empty())
    write_atomically(options.csv, report::sheet_csv(report::design_sheet(found, query, false)));
  if (!options.output.empty())
    tables::write_library(
        options.output,
        report::exploration_library(library, found, query,
                                    {{"mavis_version", version()},
                                     {"explored", options.library},
                                     {"library_hash", hash_hex(read_text(options.library, "library"))}}));
  fmt::print("{}", report::sheet_text(report::design_sheet(found, query, true)));
  for (const auto& [name, figure] : figures) {
    write_atomically(std::filesystem::path(options.figures) / fmt::format("figure_{}.csv", name),
                     report::sheet_csv(figure));
    fmt::print("\n{}", report::sheet_text(figure));
  }
  return kDone;
}

}  // namespace

void add_explore(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("explore", "Weigh bits, columns, hold voltage and supply of a macro");
  command.argument("LIB", options->library, "Library of a macro, a .h5 file");
  command.option("--columns", options->columns, "N,...",
                 "Columns of a uArray, 2 (2^n - 1); others than the library's by scaling");
  command.option("--weight-bits", options->weight_bits, "W,...", "Weight bits, sign included, 2 to 8");
  command.option("--input-bits", options->input_bits, 0, macro::kMagnitudeBits + 1,
                 "Input bits (0: as many as weight bits)");
  command.option("--adc-bits", options->adc_bits, "A,...", "Conversion bits; all from 1 on");
  command.option("--hold", options->hold, "V,...", "Supplies of the cells; the library's");
  command.option("--vdd", options->vdd, "V,...", "Supplies; the nominal one");
  command.option("--corner", options->corner, "CORNER", "Process corner");
  command.option("--temp", options->temp, "C", "Temperature");
  command.option("--chips", options->chips, 2, kMostChips, "Chips whose levels are asked for crossover");
  command.option("--mismatch", options->mismatch, "PERCENT",
                 "What if: three sigma of the lines' capacitance, instead of the library's");
  add_setup_options(command, options->operating);
  command.option("--figures", options->figures, "FOLDER",
                 "Also the paper's figures 6a, 6b, 7b, 7c, 8c, 8d, 8e, printed and as figure_*.csv there");
  command.option("--csv", options->csv, "FILE", "Write the designs as comma-separated values");
  command.option("-o,--output", options->output, "OUT.h5", "Write them as a library of tables");
  command.footer(
      "Example: mavis explore mf_8x62.h5 --columns 30,62,126 --weight-bits 4,8 --adc-bits 3,4,5 "
      "--hold 0.4,0.5,0.6 --csv designs.csv");
  command.action([options] { return explore(*options); });
}

}  // namespace mavis::cli
