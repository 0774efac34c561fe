// mavis explore on a synthetic library, the way a user runs it.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/run_program.h"
#include "macro/sample_macro.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Explore : public testing::Test {
 protected:
  void SetUp() override {
    tables::write_library(folder_.path() / "lib.h5",
                          macro::sample_library({.charge_response = 0.01 * macro::kLineFarad}));
  }
  Ran run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"explore", "lib.h5", "--chips", "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(folder_.path(), arguments);
  }
  void refused(const std::vector<std::string>& more, const std::vector<std::string>& parts) {
    const Ran ran = run(more);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << part << " in " << ran.err;
  }
  TemporaryFolder folder_;
};

TEST_F(Explore, PrintsAndWritesDesigns) {
  const Ran ran =
      run({"--columns", "30,62", "--weight-bits", "4,8", "--adc-bits", "3", "--csv", "d.csv", "-o", "d.h5"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  for (const char* part : {"designs at tt, 27 C", "scaled", "measured", "TOPS/W", "P own", "no area"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  EXPECT_NE(ran.err.find("2 of 2 halves"), ran.err.npos) << ran.err;
  const std::string csv = read_text(folder_.path() / "d.csv", "output");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 4);
  const tables::Library written = tables::read_library(folder_.path() / "d.h5");
  EXPECT_EQ(written.find("explore/latency").values.size(), 4u);
  EXPECT_EQ(*written.provenance.fact("explored"), "lib.h5");
  const Ran shown = run_program(folder_.path(), {"show", "d.h5", "explore/energy"});
  EXPECT_EQ(shown.code, kDone) << shown.err;
  EXPECT_NE(shown.out.find("weight_bits"), shown.out.npos) << shown.out;
}

TEST_F(Explore, SameQuestionSameBytes) {
  for (const char* name : {"a.h5", "b.h5"}) ASSERT_EQ(run({"-o", name}).code, kDone);
  EXPECT_EQ(read_text(folder_.path() / "a.h5", "output"), read_text(folder_.path() / "b.h5", "output"));
}

TEST_F(Explore, BadQuestionsAreRefused) {
  refused({"--columns", "62.5"}, {"--columns", "62.5", "whole numbers"});
  refused({"--weight-bits", "1"}, {"--weight-bits", "2 to 8"});
  refused({"--adc-bits", "many"}, {"--adc-bits", "many"});
  refused({"--vdd", "1.4"}, {"vdd", "1.4 V"});
  refused({"--temp", "27,120"}, {"--temp", "one value"});
  refused({"--mismatch", "0%"}, {"--mismatch", "12%"});
  refused({"--figures", "nowhere"}, {"--figures", "nowhere"});
  refused({"-o", "lib.h5"}, {"-o", "lib.h5"});
  refused({"--csv", "x", "-o", "x"}, {"-o x", "--csv"});
}

TEST_F(Explore, FiguresNeedWhatTheyShow) {
  fs::create_directory(folder_.path() / "figures");
  refused({"--figures", "figures"}, {"line_charge/capacitance"});
}

}  // namespace
}  // namespace mavis::cli
