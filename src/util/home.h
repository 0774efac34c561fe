// Where the shared files are: netlists/, pdk/ and characterize/.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace mavis {

// The folder that holds netlists/, pdk/ and characterize/: $MAVIS_HOME; else share/mavis beside the
// executable's bin/; else the nearest folder above the executable that has them; else the source tree that
// this program was built from. Throws InputError naming all places that were looked at.
std::filesystem::path home();

// `path` as given when it exists from the current folder; else below home()/folder; with `extension` added
// where the name has none. Throws InputError naming `what` and the candidates (files that do exist there).
std::filesystem::path find_file(const std::filesystem::path& path, const std::filesystem::path& folder,
                                std::string_view extension, std::string_view what);

// A stable label for messages and provenance: relative to home() when below it, else the file's own name.
std::string label_of(const std::filesystem::path& path);

// The names (stems) of the files with `extension` in home()/folder, sorted.
std::vector<std::string> names_in(const std::filesystem::path& folder, std::string_view extension);

}  // namespace mavis
