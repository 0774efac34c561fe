// Includes go down only: every file of src/ and characterize/ includes what its folder may include.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace mavis {
namespace {

namespace fs = std::filesystem;
using Folders = std::set<std::string>;

const fs::path kSource = MAVIS_TEST_SOURCE_DIR;

Folders operator+(Folders a, const Folders& b) {
  a.insert(b.begin(), b.end());
  return a;
}

// What a folder may include beside itself.
std::map<std::string, Folders> allowed() {
  std::map<std::string, Folders> may;
  may["util"] = {};
  may["spice"] = may["stats"] = may["tables"] = {"util"};
  may["pdk"] = {"spice", "util"};
  may["plan"] = {"pdk", "spice", "stats", "tables", "util"};
  may["characterize"] = may["plan"] + Folders{"plan"};
  may["run"] = may["plan"] + Folders{"plan"};
  may["distill"] = may["run"] + Folders{"run"};
  may["macro"] = {"tables", "util"};
  may["python"] = {"macro", "tables", "util"};
  may["validate"] = may["distill"] + Folders{"distill", "macro"};
  may["report"] = may["export"] = may["validate"] + Folders{"validate"};
  may["cli"] = may["report"] + Folders{"report", "export"};
  return may;
}

TEST(Includes, GoDownOnly) {
  const auto may = allowed();
  const std::regex include("^\\s*#\\s*include\\s*\"([^\"]+)\"");
  int includes = 0;
  const auto check = [&](const fs::path& file, const std::string& folder) {
    ASSERT_TRUE(may.contains(folder)) << file << ": give the folder its place in the order";
    std::ifstream in(file);
    std::smatch match;
    for (std::string line; std::getline(in, line);) {
      if (!std::regex_search(line, match, include)) continue;
      ++includes;
      const std::string target = match[1];
      const bool is_beside = target.find('/') == target.npos;  // another file of the same folder
      const std::string from = is_beside ? folder : target.substr(0, target.find('/'));
      EXPECT_TRUE(fs::exists(is_beside ? file.parent_path() / target : kSource / "src" / target))
          << file << " includes " << target << ", not below src/";
      EXPECT_TRUE(from == folder || may.at(folder).contains(from)) << file << " must not include " << target;
    }
  };
  const auto is_code = [](const fs::path& file) {
    return file.extension() == ".cc" || file.extension() == ".h";
  };
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "src"))
    if (is_code(entry.path()))
      check(entry.path(), entry.path().lexically_relative(kSource / "src").begin()->string());
  for (const auto& entry : fs::directory_iterator(kSource / "characterize"))
    if (is_code(entry.path())) check(entry.path(), "characterize");
  EXPECT_GT(includes, 100) << "the check found next to nothing to check";
}

}  // namespace
}  // namespace mavis
