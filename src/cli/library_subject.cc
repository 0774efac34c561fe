#include "cli/library_subject.h"

#include <fmt/format.h>

#include <filesystem>

#include "util/error.h"
#include "util/files.h"
#include "util/home.h"

namespace mavis::cli {

namespace fs = std::filesystem;

plan::Campaign campaign_of(const std::string& path, const tables::Library& library) {
  const std::string* text = library.provenance.fact("campaign");
  if (!text)
    throw InputError(fmt::format("{}: does not say what it was made of; characterize the macro again", path));
  return plan::Campaign::parse(*text, path);
}

plan::Subject subject_of(const std::string& path, const tables::Library& library,
                         const plan::Campaign& campaign) {
  const auto place = [](const std::string& named) {
    return fs::path(named).is_absolute() ? fs::path(named) : home() / named;
  };
  plan::Subject subject = plan::read_subject(place(campaign.subject), place(campaign.pdk).string());
  for (const auto& [kind, block] : subject.blocks)
    for (const auto& [label, text] : library.provenance.files)
      if (fs::path(label).filename() == block.path.filename() &&
          fs::path(label).parent_path().filename() == block.path.parent_path().filename() &&
          text != read_text(block.path, "netlist"))
        throw InputError(
            fmt::format("{}: was made of another {} than {} is now; characterize the macro again", path,
                        label, block.path.string()));
  return subject;
}

}  // namespace mavis::cli
