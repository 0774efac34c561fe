#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <sstream>

#include "cli/command.h"
#include "pdk/pdk.h"
#include "plan/applicable.h"
#include "plan/bench.h"
#include "plan/plan.h"
#include "plan/subject.h"
#include "report/grid.h"
#include "spice/roles.h"
#include "util/error.h"
#include "util/files.h"
#include "util/home.h"
#include "util/nearest.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kDefaultMacro = "mf_8x62";

// The first line of a netlist or macro, without its comment mark and the file's own name.
std::string first_line(const fs::path& path) {
  std::istringstream text(read_text(path, "file"));
  std::string line;
  std::getline(text, line);
  line.erase(0, std::min(line.find_first_not_of("*# "), line.size()));
  if (const std::string own = path.stem().string() + ": "; line.starts_with(own)) line.erase(0, own.size());
  return line;
}

Rows files_in(const std::string& folder, const std::string& extension) {
  Rows rows;
  for (const std::string& name : names_in(folder, extension))
    rows.push_back({name, first_line(home() / folder / (name + extension))});
  return rows;
}

Rows processes() {
  Rows rows;
  for (const auto& entry : fs::directory_iterator(home() / "pdk"))
    if (fs::exists(entry.path() / "pdk.toml")) {
      const std::string name = entry.path().filename().string();
      rows.push_back({name, pdk::summary_of(name)});
    }
  std::sort(rows.begin(), rows.end());
  return rows;
}

Rows bench_rows() {
  Rows rows;
  for (const auto& bench : plan::benches()) rows.push_back({bench->name(), bench->summary()});
  return rows;
}

Rows table_rows(const std::string& subject_name) {
  const plan::Subject subject = plan::read_subject(subject_name);
  Rows rows;
  for (const std::string& bench : plan::applicable_benches(subject, {}))
    for (const plan::Quantity& quantity : plan::find_bench(bench).quantities(subject))
      rows.push_back({bench + "/" + quantity.name, quantity.unit, quantity.long_name});
  return rows;
}

struct Kind {
  std::string name;
  std::vector<std::string> header;
  std::function<Rows()> rows;
};

std::vector<Kind> kinds(const std::string& subject) {
  const auto netlists = [](const std::string& kind) {
    return Kind{kind, {"name", "what it is"}, [kind] { return files_in("netlists/" + kind, ".cir"); }};
  };
  std::vector<Kind> kinds = {
      {"macros", {"name", "what it is"}, [] { return files_in("netlists/macros", ".toml"); }}};
  for (const spice::Kind& kind : spice::kinds()) kinds.push_back(netlists(std::string(kind.name) + "s"));
  kinds.push_back({"pdks", {"name", "what it is"}, processes});
  kinds.push_back({"benches", {"name", "what it measures"}, bench_rows});
  kinds.push_back({"tables", {"table", "unit", "meaning"}, [subject] { return table_rows(subject); }});
  return kinds;
}

void list(const std::string& what, const std::string& subject) {
  Rows rows;
  std::vector<std::string> names;
  bool found = false;
  for (const Kind& kind : kinds(subject)) {
    names.push_back(kind.name);
    if (what.empty()) {
      if (kind.name == "tables") continue;  // long, and a question of its own
      if (rows.empty()) rows.push_back({"kind", "name", "what it is"});
      for (const auto& row : kind.rows()) rows.push_back({kind.name, row[0], row[1]});
    } else if (kind.name == what) {
      rows = kind.rows();
      rows.insert(rows.begin(), kind.header);
      found = true;
    }
  }
  if (!what.empty() && !found) {
    const std::string guess = nearest(what, names);
    throw InputError(fmt::format("cannot list '{}'; {}", what,
                                 guess.empty() ? fmt::format("choose from {}", fmt::join(names, ", "))
                                               : fmt::format("did you mean '{}'?", guess)));
  }
  if (!is_terminal(STDOUT_FILENO)) rows.erase(rows.begin());
  fmt::print("{}", report::grid(rows, "l"));
}

}  // namespace

void add_list(Program& program) {
  struct Options {
    std::string what, subject = kDefaultMacro;
  };
  auto options = std::make_shared<Options>();
  Command command = program.command("list", "List what there is, one a line");
  command.argument("KIND", options->what,
                   "macros, pdks, benches, tables, or a kind of block: bitcells, lines, comparators ...; "
                   "none: all but tables",
                   false);
  command.option("--of", options->subject, "MACRO", "tables: those of this macro or cell");
  command.footer("Example: mavis list tables --of mf_8x62");
  command.action([options] {
    list(options->what, options->subject);
    return kDone;
  });
}

}  // namespace mavis::cli
