// `mavis diff`: what changed between two libraries.
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "report/diff_text.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string first, second, csv;
};

int diff(const Options& options) {
  if (!options.csv.empty()) {
    std::error_code none;
    for (const std::string& library : {options.first, options.second})
      if (options.csv == library || std::filesystem::equivalent(options.csv, library, none))
        throw InputError(fmt::format("--csv {} would replace a library; choose another file", options.csv));
    require_writable(options.csv);
  }
  const tables::Library first = tables::read_library(options.first),
                        second = tables::read_library(options.second);
  const report::LibraryDiff found = report::diff(first, second);
  if (!options.csv.empty()) write_atomically(options.csv, report::diff_csv(found));
  fmt::print("{}", report::diff_text(found));
  return found.moved() ? kLook : kDone;
}

}  // namespace

void add_diff(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("diff", "What changed between two libraries");
  command.argument("LIB", options->first, "Library, a .h5 file");
  command.argument("LIB2", options->second, "Another one: the changed one");
  command.option("--csv", options->csv, "FILE", "Write every figure that differs as comma-separated values");
  command.footer(
      "Significant is what error bars explain with less than 5 % probability over all figures (Holm); the\n"
      "exit code is 1 then, or where a cell's status changed. Libraries that are the same print nothing.\n"
      "Example: mavis diff before.h5 after.h5 --csv changes.csv");
  command.action([options] { return diff(*options); });
}

}  // namespace mavis::cli
