#include "util/home.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "util/error.h"

namespace mavis {
namespace fs = std::filesystem;

namespace {

bool is_home(const fs::path& folder) {
  return fs::is_directory(folder / "netlists") && fs::is_directory(folder / "pdk") &&
         fs::is_directory(folder / "characterize");
}

}  // namespace

fs::path home() {
  std::vector<std::string> looked;
  if (const char* variable = std::getenv("MAVIS_HOME")) {
    if (is_home(variable)) return fs::canonical(variable);
    throw InputError(
        fmt::format("MAVIS_HOME={}: has no netlists/, pdk/ and characterize/; point it at the "
                    "folder that holds them, or unset it",
                    variable));
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::path folder = program.parent_path(); !error && folder.has_relative_path();
       folder = folder.parent_path()) {
    for (const fs::path& place : {folder, folder / "share" / "mavis"}) {
      if (is_home(place)) return place;
      looked.push_back(place.string());
    }
  }
  if (is_home(MAVIS_SOURCE_DIR)) return MAVIS_SOURCE_DIR;
  looked.push_back(MAVIS_SOURCE_DIR);
  throw InputError(fmt::format("cannot find netlists/, pdk/ and characterize/ in {}; set MAVIS_HOME",
                               fmt::join(looked, ", ")));
}

fs::path find_file(const fs::path& path, const fs::path& folder, std::string_view extension,
                   std::string_view what) {
  std::vector<fs::path> names = {path};
  if (path.extension() != extension) names.push_back(path.string() + std::string(extension));
  for (const fs::path& base : {fs::path(), home() / folder})
    for (const fs::path& name : names)
      if (fs::is_regular_file(base / name)) return fs::canonical(base / name);
  throw InputError(fmt::format("{}: no such {}; there are: {}", path.string(), what,
                               fmt::join(names_in(folder, extension), ", ")));
}

std::string label_of(const fs::path& path) {
  const fs::path relative = fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(home()));
  const bool below = !relative.empty() && *relative.begin() != "..";
  return below ? relative.generic_string() : path.filename().string();
}

std::vector<std::string> names_in(const fs::path& folder, std::string_view extension) {
  std::vector<std::string> names;
  const fs::path place = home() / folder;
  if (!fs::is_directory(place)) return names;
  for (const auto& entry : fs::directory_iterator(place))
    if (entry.is_regular_file() && entry.path().extension() == extension)
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace mavis
