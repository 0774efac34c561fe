#include "export/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "util/error.h"
#include "util/files.h"
#include "util/nearest.h"

namespace mavis::exports {
namespace {

std::vector<Target>& registry() {
  static std::vector<Target> all;
  return all;
}

}  // namespace

bool register_target(Target target) {
  std::vector<Target>& all = registry();
  const auto place = std::lower_bound(all.begin(), all.end(), target,
                                      [](const Target& a, const Target& b) { return a.name < b.name; });
  if (place != all.end() && place->name == target.name) {
    fmt::print(stderr, "two export targets are called {}\n", target.name);
    std::abort();
  }
  all.insert(place, std::move(target));
  return true;
}

const std::vector<Target>& targets() {
  return registry();
}

const Target& find_target(const std::string& name) {
  std::vector<std::string> names;
  for (const Target& target : targets()) {
    if (target.name == name) return target;
    names.push_back(target.name);
  }
  const std::string guess = nearest(name, names);
  throw InputError(fmt::format("'{}' is no export target{}; mavis export --help lists them", name,
                               guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess)));
}

std::vector<std::string> header(const Source& source, const Target& target) {
  std::vector<std::string> lines = {
      fmt::format("For {}, made by mavis {}: mavis export --to {}.", target.name, source.program,
                  target.name),
      fmt::format("Library {} (hash {}) of {}.", source.name, source.hash, source.library->macro())};
  if (source.macro && target.needs_macro) {
    const MacroData& macro = *source.macro;
    lines.push_back(fmt::format("At {}; {} chips of seed {}, comparators {}; bits are 1 with probability {}.",
                                macro.pvt.text(), macro.chips.size(), macro.seed, macro.calibration,
                                macro.density));
    for (const std::string& note : macro.notes) lines.push_back("Note: " + note);
  }
  if (!target.limits.empty()) lines.push_back("What this format can't say:");
  for (const std::string& limit : target.limits) lines.push_back("- " + limit);
  return lines;
}

std::string header_text(const Source& source, const Target& target, const std::string& comment) {
  std::string text;
  for (const std::string& line : header(source, target)) text += comment + line + '\n';
  return text;
}

void write_files(const std::filesystem::path& folder, const std::vector<File>& files) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder))
    throw InputError(fmt::format("-o {}: can't make this folder; choose another", folder.string()));
  for (const File& file : files) write_atomically(folder / file.name, file.text);
}

}  // namespace mavis::exports
