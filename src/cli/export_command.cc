// `mavis export`: a library for the simulators that researchers use.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/operating_options.h"
#include "cli/pvt_option.h"
#include "export/target.h"
#include "macro/macro_spec.h"
#include "report/area.h"
#include "util/error.h"
#include "util/files.h"
#include "util/hash.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string library, to, pvt, folder, density = "0.5";
  int chips = 16;
  std::uint64_t seed = 1;
  int jobs = cores();
  OperatingOptions operating;
};

constexpr int kMostChips = 10000;

void set_area(exports::Source& source) {
  try {
    const macro::Spec spec = macro::read_spec(*source.library);
    source.area =
        report::AreaModel(*source.library).of(spec.rows, 2 * spec.columns_per_half, spec.adc_bits).total();
  } catch (const InputError& error) {
    source.no_area = error.what();
  }
}

int export_library(const Options& options) {
  if (options.to.empty()) throw InputError("--to is missing; mavis export --help lists the targets");
  if (options.folder.empty()) throw InputError("-o is missing: the folder to write to");
  const exports::Target& target = exports::find_target(options.to);
  const tables::Library library = tables::read_library(options.library);
  exports::Source source{.library = &library,
                         .name = std::filesystem::path(options.library).filename().string(),
                         .hash = hash_hex(read_text(options.library, "library")),
                         .program = version()};
  if (target.needs_macro) {
    source.macro = exports::macro_data(library, pvt_option(options.pvt),
                                       {.chips = static_cast<std::uint32_t>(options.chips),
                                        .seed = options.seed,
                                        .density = density_of(options.density),
                                        .operating = operating_of(options.operating),
                                        .jobs = options.jobs});
    set_area(source);
  }
  const std::vector<exports::File> files = target.make(source, target);
  exports::write_files(options.folder, files);
  for (const exports::File& file : files)
    fmt::print("{}\n", (std::filesystem::path(options.folder) / file.name).string());
  return kDone;
}

}  // namespace

void add_export(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("export", "Write a library for other simulators");
  command.argument("LIB", options->library, "Library, a .h5 file");
  std::string footer;
  for (const exports::Target& target : exports::targets())
    footer += fmt::format("  {:<13} {}\n", target.name, target.summary);
  command.option("--to", options->to, "TARGET", "What for, see below");
  command.option("-o,--output", options->folder, "FOLDER", "Folder to write to; made where there is none");
  command.option("--pvt", options->pvt, "CORNER,V,C",
                 "Process corner, supply and temperature: tt,1.0,27; csv takes all");
  command.option("--chips", options->chips, 2, kMostChips, "Chips to sample");
  command.option("--density", options->density, "P", "Probability of a 1 among stored bits and input bits");
  command.option("--seed", options->seed, "Of chips and data");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Threads; the files don't depend on it");
  add_calibration_option(command, options->operating);
  add_noise_options(command, options->operating);
  command.footer("Targets:\n" + footer +
                 "Each file says in its header what the target can't represent.\n"
                 "Example: mavis export mf_8x62.h5 --to crosssim --pvt tt,1.0,27 -o crosssim");
  command.action([options] { return export_library(*options); });
}

}  // namespace mavis::cli
