#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "report/library_text.h"
#include "report/table_text.h"
#include "util/error.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, name, at;
};

report::At at_of(const std::string& text) {
  report::At at;
  if (text.empty()) return at;
  for (const std::string& part : list_of("--at", text)) {
    const std::size_t equal = part.find('=');
    if (equal == part.npos || equal == 0 || equal + 1 == part.size())
      throw InputError(fmt::format("--at {}: write it as AXIS=VALUE,AXIS=VALUE", part));
    at[part.substr(0, equal)] = part.substr(equal + 1);
  }
  return at;
}

void show(const Options& options) {
  const tables::Library library = tables::read_library(options.library);
  const report::At at = at_of(options.at);
  const std::vector<std::string> benches = report::bench_names(library);
  if (options.name.empty()) {
    if (!at.empty())
      throw InputError("--at needs a TABLE or a bench to apply to; name one after the library");
    fmt::print("{}", report::library_text(library));
  } else if (std::find(benches.begin(), benches.end(), options.name) != benches.end()) {
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
  command.argument("TABLE", options->name, "Table (bench/quantity) or bench; none: what is in the library",
                   false);
  command.option("--at", options->at, "AXIS=VALUE,...",
                 "Fix axes: vdd=1.0,temp_c=27,corner=ss; between nodes: interpolated");
  command.footer("Example: mavis show mf_8x62.h5 product_line/discharge_time_10 --at vdd=1.0,temp_c=27");
  command.action([options] {
    show(*options);
    return kDone;
  });
}

}  // namespace mavis::cli
