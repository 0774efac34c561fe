// mavis export the way a user runs it.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "macro/sample_macro.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Export : public testing::Test {
 protected:
  void SetUp() override { tables::write_library(folder_.path() / "lib.h5", macro::sample_library()); }
  Ran run(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"export", "lib.h5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(folder_.path(), arguments);
  }
  TemporaryFolder folder_;
};

TEST_F(Export, WritesAndNamesItsFiles) {
  const Ran ran = run({"--to", "crosssim", "--pvt", "tt,1.0,27", "--chips", "2", "-o", "a"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_EQ(ran.out, "a/mavis_crosssim.py\na/mavis_macro.json\na/params.json\n");
  EXPECT_EQ(run({"--to", "crosssim", "--pvt", "tt,1.0,27", "--chips", "2", "--jobs", "3", "-o", "b"}).code,
            kDone);
  for (const char* file : {"mavis_macro.json", "params.json"})
    EXPECT_EQ(read_text(folder_.path() / "a" / file, "file"), read_text(folder_.path() / "b" / file, "file"));
}

TEST_F(Export, CsvNeedsNoMacro) {
  tables::write_library(folder_.path() / "lib.h5", tables::Library("cell"));
  const Ran ran = run({"--to", "csv", "-o", "tables"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_EQ(ran.out, "tables/library.csv\n");
}

TEST_F(Export, BadQuestionsAreRefused) {
  const auto refused = [&](const std::vector<std::string>& arguments, const char* part) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
    EXPECT_FALSE(fs::exists(folder_.path() / "x"));
  };
  refused({"-o", "x"}, "--to is missing");
  refused({"--to", "crosssim", "--pvt", "tt,1.0,27"}, "-o is missing");
  refused({"--to", "crossim", "-o", "x"}, "'crosssim'");
  refused({"--to", "crosssim", "-o", "x"}, "--pvt is missing");
  refused({"--to", "crosssim", "--pvt", "tt,5,27", "-o", "x"}, "vdd");
  refused({"--to", "crosssim", "--pvt", "tt,1.0,27", "--density", "2", "-o", "x"}, "--density 2");
  const Ran taken = run({"--to", "csv", "-o", "lib.h5"});
  EXPECT_EQ(taken.code, kBadInput);
  EXPECT_NE(taken.err.find("-o lib.h5"), taken.err.npos) << taken.err;
}

}  // namespace
}  // namespace mavis::cli
