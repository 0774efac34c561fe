#include "export/target.h"

#include "expect_error.h"
#include "export/sample_export.h"

namespace mavis::exports {
namespace {

TEST(Targets, AllOfThemByName) {
  std::vector<std::string> names;
  for (const Target& target : targets()) names.push_back(target.name);
  EXPECT_EQ(names, (std::vector<std::string>{"accelergy", "aihwkit", "crosssim", "csv", "hwcomponents",
                                             "neurosim", "verilog-a"}));
  EXPECT_EQ(find_target("csv").name, "csv");
  expect_input_error([] { find_target("crossim"); }, {"'crossim'", "'crosssim'", "mavis export --help"});
}

TEST(Targets, EachHasAScriptThatLoadsItInTheTool) {
  for (const Target& target : targets()) {
    const auto script = std::filesystem::path(MAVIS_TEST_SOURCE_DIR) / "scripts/interop" / target.name;
    ASSERT_TRUE(std::filesystem::exists(script)) << script;
    // Without a folder it says how to call it.
    EXPECT_EQ(WEXITSTATUS(std::system((script.string() + " >/dev/null 2>&1").c_str())), 2) << target.name;
  }
}

TEST(Header, SaysFromWhatAndWhatIsLost) {
  const SampleExport sample;
  for (const Target& target : targets()) {
    EXPECT_FALSE(target.limits.empty()) << target.name;
    for (const File& file : target.make(sample.source, target)) {
      // Parameters and columns hold nothing but what their tool takes; the module beside them has the header.
      if (file.name == "params.json" || file.name == "columns.json") continue;
      EXPECT_NE(file.text.find("small.h5"), file.text.npos) << file.name;
      EXPECT_NE(file.text.find(std::string(32, 'a')), file.text.npos) << file.name;
      EXPECT_NE(file.text.find("- " + target.limits[0]), file.text.npos) << file.name;
      EXPECT_EQ(file.text.find("tt, 1 V, 27 C; 2 chips of seed 5") != file.text.npos, target.needs_macro);
    }
  }
}

TEST(WriteFiles, MakesTheFolderAndRefusesAFile) {
  const TemporaryFolder folder;
  write_files(folder.path() / "a/b", {{"x.txt", "x\n"}, {"y.txt", "y\n"}});
  EXPECT_EQ(read_text(folder.path() / "a/b/y.txt", "file"), "y\n");
  expect_input_error([&] { write_files(folder.path() / "a/b/x.txt", {{"z", ""}}); }, {"-o", "x.txt"});
}

}  // namespace
}  // namespace mavis::exports
