#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>

#include "cli/command.h"
#include "cli/starting_point.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::cli {
namespace {

// What a user may begin with, and the block of ours that it is made from.
const std::map<std::string, std::string> kDefaults = {
    {"bitcell", "sram_6t"}, {"comparator", "rail_to_rail"}, {"dac", "cap_dac_5b"}};

struct Options {
  std::string kind, name, from;
};

void make(const Options& options) {
  const auto found = kDefaults.find(options.kind);
  if (found == kDefaults.end())
    throw InputError(fmt::format("'{}' is no kind of block to begin with; choose bitcell, comparator or dac",
                                 options.kind));
  const std::string from = options.from.empty() ? found->second : options.from;
  const std::string text = starting_point(options.kind, options.name, from);
  const std::string file = options.name + ".cir";
  if (std::filesystem::exists(std::filesystem::symlink_status(file)))
    throw InputError(fmt::format("{}: is there already and stays; choose another name", file));
  write_atomically(file, text);
  fmt::print("wrote {0}, a {1} like {2}; measure it with\n  mavis characterize {0}\n", file, options.kind,
             from);
}

}  // namespace

void add_new(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command("new", "Write a block of your own to begin with");
  command.argument("KIND", options->kind, "bitcell, comparator or dac");
  command.argument("NAME", options->name, "Of the block; NAME.cir is written into the current folder");
  command.option("--from", options->from, "BLOCK",
                 "Our block to copy, as `mavis list` names it (default: sram_6t, rail_to_rail, cap_dac_5b)");
  command.footer("Example: mavis new bitcell my_cell && mavis characterize my_cell.cir");
  command.action([options] {
    make(*options);
    return kDone;
  });
}

}  // namespace mavis::cli
