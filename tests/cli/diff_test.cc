// mavis diff the way a user runs it; tests/campaign has it on libraries that were measured.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

class Diff : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }
  TemporaryFolder folder_;
};

TEST_F(Diff, ExitCodeSaysWhetherSomethingMoved) {
  tables::Library before("cell"), after("cell");
  tables::Table table{.name = "x/y", .unit = "V", .long_name = "y", .values = {0.5}};
  before.put(table);
  table.values = {0.505};
  after.put(table);
  tables::write_library(folder_.path() / "before.h5", before);
  tables::write_library(folder_.path() / "after.h5", after);
  const Ran same = run({"diff", "before.h5", "before.h5"});
  EXPECT_EQ(same.code, kDone);
  EXPECT_EQ(same.out + same.err, "");
  const Ran moved = run({"diff", "before.h5", "after.h5", "--csv", "changes.csv"});
  EXPECT_EQ(moved.code, kLook);
  EXPECT_NE(moved.out.find("x/y    value   500 mV  505 mV       +5 mV"), moved.out.npos) << moved.out;
  EXPECT_NE(read_text(folder_.path() / "changes.csv", "csv").find("x/y,value,"), std::string::npos);
}

TEST_F(Diff, BadQuestionsAreRefused) {
  tables::write_library(folder_.path() / "a.h5", tables::Library("a"));
  const auto refused = [&](const std::vector<std::string>& arguments, const char* part) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput);
    EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
  };
  refused({"diff", "a.h5", "nowhere.h5"}, "nowhere.h5");
  refused({"diff", "a.h5"}, "LIB2");
  refused({"diff", "a.h5", "a.h5", "--csv", "a.h5"}, "--csv a.h5");
}

}  // namespace
}  // namespace mavis::cli
