#include "cli/command.h"

#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

TEST(ListOf, SplitsAtCommasAndDropsRepeats) {
  EXPECT_EQ(list_of("--corners", "tt,ss,tt"), (std::vector<std::string>{"tt", "ss"}));
  expect_input_error([] { list_of("--corners", "tt,,ss"); }, {"--corners", "empty"});
  expect_input_error([] { list_of("--corners", ""); }, {"--corners", "empty"});
  expect_input_error([] { list_of("--corners", "tt,"); }, {"--corners", "empty"});
}

TEST(QuantitiesOf, SortsAndTakesUnits) {
  EXPECT_EQ(quantities_of("--temp", "120,-40,27,27", "C"), (std::vector<double>{-40, 27, 120}));
  EXPECT_EQ(quantities_of("--vdd", "1.1,900 mV", "V"), (std::vector<double>{0.9, 1.1}));
  expect_input_error([] { quantities_of("--vdd", "0.9,1 s", "V"); }, {"--vdd", "1 s", "V"});
}

TEST(ShellQuoted, QuotesOnlyWhatNeedsIt) {
  const std::vector<const char*> words = {"mavis", "--temp", "-40,27", "my lib.h5", "it's", ""};
  EXPECT_EQ(shell_quoted(static_cast<int>(words.size()), words.data()),
            "mavis --temp -40,27 'my lib.h5' 'it'\\''s' ''");
}

class CommandLine : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }

  void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts) EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
  }

  TemporaryFolder folder_;
};

TEST_F(CommandLine, VersionNamesBothPrograms) {
  const Ran ran = run({"--version"});
  EXPECT_EQ(ran.code, kDone);
  EXPECT_TRUE(ran.out.starts_with("mavis " + version() + ", ngspice-")) << ran.out;
  EXPECT_EQ(ran.err, "");
}

TEST_F(CommandLine, EveryCommandHasHelpWithAnExample) {
  const std::vector<std::vector<std::string>> commands = {
      {"characterize"}, {"show"},    {"simulate"}, {"diff"}, {"export"},      {"budget"},
      {"chip"},         {"compare"}, {"list"},     {"pdk"},  {"pdk", "check"}};
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");
    const Ran ran = run(command);
    EXPECT_EQ(ran.code, kDone);
    EXPECT_NE(ran.out.find("Example: mavis " + command[0]), ran.out.npos) << ran.out;
  }
  EXPECT_EQ(run({"--help"}).out.find("worker"), std::string::npos);
}

TEST_F(CommandLine, SlipsAreAnsweredWithTheNearestName) {
  refused({"lits"}, {"'lits'", "'list'"});
  refused({"characterize", "mf_8x62", "--smaples", "3"}, {"'--smaples'", "'--samples'"});
  refused({"characterize", "mf_8x62", "--smaples=3"}, {"'--samples'"});
  refused({"pdk", "chekc"}, {"'check'"});
  refused({"list", "tabels"}, {"'tables'"});
}

TEST_F(CommandLine, WhatIsMissingOrTooMuchIsNamed) {
  refused({}, {"mavis --help"});
  refused({"show"}, {"LIB", "mavis show --help"});
  refused({"show", "a", "b", "c"}, {"'c'", "mavis show --help"});
  refused({"characterize"}, {"SUBJECT"});
  refused({"characterize", "mf_8x62", "--samples"}, {"--samples"});
  refused({"characterize", "mf_8x62", "--jobs", "0"}, {"--jobs", "1"});
  refused({"show", "lib.h5", "--at", "vdd=1", "line", "--frobnicate"}, {"'--frobnicate'"});
}

TEST_F(CommandLine, ListPrintsOneALineAndNoHeaderIntoAPipe) {
  const Ran macros = run({"list", "macros"});
  EXPECT_EQ(macros.code, kDone);
  EXPECT_TRUE(macros.out.starts_with("mf_8x30  ")) << macros.out;
  EXPECT_NE(run({"list", "bitcells"}).out.find("\nsram_8t  "), std::string::npos);
  EXPECT_NE(run({"list", "benches"}).out.find("process  "), std::string::npos);
  EXPECT_NE(run({"list", "pdks"}).out.find("ptm45hp  "), std::string::npos);
  EXPECT_NE(run({"list", "tables"}).out.find("\nproduct_line/discharge_time_10 "), std::string::npos);
  const Ran all = run({"list"});
  for (const char* kind : {"macros", "bitcells", "comparators", "lines", "gates", "sum_lines", "logics",
                           "drivers", "pdks", "benches"})
    EXPECT_NE(all.out.find(kind), std::string::npos) << kind;
}

}  // namespace
}  // namespace mavis::cli
