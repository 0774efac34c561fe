// `mavis check`: has anything that a library was made from changed since?
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "pdk/pdk.h"
#include "plan/bench.h"
#include "plan/campaign.h"
#include "report/grid.h"
#include "spice/kit.h"
#include "spice/shared_session.h"
#include "tables/library.h"
#include "util/error.h"
#include "util/files.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

// Where a file of the library's provenance should be now: below home(), beside what was characterized, or in
// the folder of its process.
fs::path place_of(const tables::Library& library, const std::string& file, const std::string& label) {
  const fs::path ours = home() / label;
  const std::string* campaign = library.provenance.fact("campaign");
  if (fs::exists(ours) || !campaign) return ours;
  const plan::Campaign parsed = plan::Campaign::parse(*campaign, file);
  const fs::path beside = fs::path(parsed.subject).parent_path() / label;
  const fs::path process = home() / parsed.pdk / label;
  return !fs::exists(beside) && fs::exists(process) ? process : beside;
}

using Rows = std::vector<std::vector<std::string>>;

// What stands for an installed kit among a library's files, as the kit is now; nothing where it can't be
// read.
std::map<std::string, std::string> kits_now(const tables::Library& library, const std::string& file) {
  std::map<std::string, std::string> kits;
  const std::string* text = library.provenance.fact("campaign");
  if (!text) return kits;
  const plan::Campaign campaign = plan::Campaign::parse(*text, file);
  try {
    for (const pdk::Corner& corner : pdk::read_pdk((home() / campaign.pdk).string()).corners)
      if (corner.kit) kits[corner.kit->label] = corner.kit->summary;
  } catch (const InputError&) {
  }
  return kits;
}

void compare_files(const tables::Library& library, const std::string& file, Rows& differences) {
  std::optional<std::map<std::string, std::string>> kits;
  for (const auto& [label, text] : library.provenance.files) {
    if (label.starts_with(spice::kKitLabel)) {
      if (!kits) kits = kits_now(library, file);
      const auto now = kits->find(label);
      if (now == kits->end())
        differences.push_back({label, "can't be read"});
      else if (now->second != text)
        differences.push_back({label, "has changed"});
      continue;
    }
    const fs::path path = place_of(library, file, label);
    if (!fs::is_regular_file(path))
      differences.push_back({label, "is no longer there"});
    else if (read_text(path, "input") != text)
      differences.push_back({label, "has changed"});
  }
}

void compare_programs(const tables::Library& library, Rows& differences) {
  const std::string* engine = library.provenance.fact("ngspice_version");
  if (!engine || *engine != spice::SharedSession::version())
    differences.push_back(
        {engine ? *engine : "", "made the library; here is " + spice::SharedSession::version()});
  for (const auto& [name, value] : library.provenance.facts) {
    if (!name.starts_with("bench_")) continue;
    const std::string bench = name.substr(6);
    const auto& benches = plan::benches();
    const auto known =
        std::find_if(benches.begin(), benches.end(), [&](const auto& b) { return b->name() == bench; });
    if (known == benches.end())
      differences.push_back({"bench " + bench, "is no longer there"});
    else if (!value.starts_with(fmt::format("version {}:", (*known)->version())))
      differences.push_back(
          {"bench " + bench, fmt::format("measures otherwise: it is version {} now, the library has {}",
                                         (*known)->version(), value.substr(0, value.find(':')))});
  }
}

int check(const std::string& file) {
  const tables::Library library = tables::read_library(file);
  Rows differences;
  compare_files(library, file, differences);
  compare_programs(library, differences);
  if (differences.empty()) {
    fmt::print("{}: {} input files, {} and every bench are what the library was made with\n", file,
               library.provenance.files.size(), spice::SharedSession::version());
    return kDone;
  }
  fmt::print("{}: not what it would be if it were made now\n{}", file, report::grid(differences, "l"));
  return kLook;
}

}  // namespace

void add_check(Program& program) {
  auto library = std::make_shared<std::string>();
  Command command = program.command("check", "Say whether a library's inputs have changed since it was made");
  command.argument("LIB", *library, "Library, a .h5 file");
  command.footer("Example: mavis check tables/ptm45hp/mf_8x62.h5");
  command.action([library] { return check(*library); });
}

}  // namespace mavis::cli
