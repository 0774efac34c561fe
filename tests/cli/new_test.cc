// `mavis new`: a block of one's own that runs as written, and after a change.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

#include "cli/run_program.h"
#include "spice/netlist.h"
#include "tables/library.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class New : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }
  Ran characterize(const std::string& file, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"characterize", file, "--only",      "leakage",
                                          "--samples",    "2",  "--responses", "none"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  std::string text(const std::string& file) const { return read_text(folder_.path() / file, "file"); }
  void replace(const std::string& file, const std::string& from, const std::string& to) {
    std::string changed = text(file);
    const std::size_t at = changed.find(from);
    ASSERT_NE(at, changed.npos) << from;
    folder_.write(file, changed.replace(at, from.size(), to));
  }
  // Leakage power of the nominal circuit at 0.6 V, W.
  double leakage(const std::string& library) const {
    const tables::Table power = tables::read_library(folder_.path() / library).find("leakage/power");
    return power.plane("nominal").back();
  }
  void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput);
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << part << " in " << ran.err;
  }

  TemporaryFolder folder_;
};

TEST_F(New, CellRunsAsWrittenAndAWiderDeviceLeaksMore) {
  const Ran made = run({"new", "bitcell", "my_cell"});
  ASSERT_EQ(made.code, kDone) << made.err;
  EXPECT_NE(made.out.find("mavis characterize my_cell.cir"), made.out.npos) << made.out;
  Ran ran = characterize("my_cell.cir");
  ASSERT_EQ(ran.code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("leakage/power"), ran.out.npos) << ran.out;
  const double before = leakage("my_cell.h5");

  // Edited, the same command measures the new circuit into the same library.
  replace("my_cell.cir", "wpd=180n", "wpd=360n");
  ran = characterize("my_cell.cir");
  ASSERT_EQ(ran.code, kDone) << ran.err;
  EXPECT_GT(leakage("my_cell.h5"), 1.2 * before);
}

TEST_F(New, ACellOfOnesOwnOverProcessSupplyAndTemperatureInOneCommand) {
  ASSERT_EQ(run({"new", "bitcell", "my_cell"}).code, kDone);
  replace("my_cell.cir", "wpg=120n", "wpg=130n");
  const Ran ran = run({"characterize", "my_cell.cir", "--corners", "tt,ss", "--vdd", "0.9,1.0", "--temp",
                       "-40,120", "--samples", "3", "--csv", "my_cell.csv"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  const tables::Library library = tables::read_library(folder_.path() / "my_cell.h5");
  EXPECT_TRUE(library.failures.empty());
  for (const char* figure :
       {"noise_margin/hold", "noise_margin/read", "noise_margin/write", "write/margin", "write/time",
        "retention/voltage", "read/current", "read/disturb", "read/access_time", "leakage/power"}) {
    EXPECT_NE(ran.out.find(figure), ran.out.npos) << figure << " in " << ran.out;
    std::string columns = figure;
    columns.replace(columns.find('/'), 1, ",");
    EXPECT_NE(text("my_cell.csv").find(columns), std::string::npos) << columns;
    EXPECT_EQ(library.find(figure).n.front(), 3) << figure;
  }
  EXPECT_NE(ran.out.find("spread from "), ran.out.npos) << ran.out;
  EXPECT_FALSE(library.find("noise_margin/hold_by_bit").response.empty());
}

TEST_F(New, EveryBlockOfOursIsAStartingPoint) {
  int made = 0;
  for (const std::string kind : {"bitcell", "comparator", "dac"})
    for (const std::string& from : names_in("netlists/" + kind + "s", ".cir")) {
      const std::string name = "own_" + from;
      const Ran ran = run({"new", kind, name, "--from", from});
      ASSERT_EQ(ran.code, kDone) << ran.err;
      const spice::Block own = spice::read_block(folder_.path() / (name + ".cir"));
      const spice::Block ours = spice::read_block(home() / ("netlists/" + kind + "s") / (from + ".cir"));
      EXPECT_EQ(own.subckt, name);
      EXPECT_EQ(own.kind, kind);
      EXPECT_EQ(own.states, ours.states);
      ASSERT_EQ(own.ports.size(), ours.ports.size());
      for (std::size_t i = 0; i < own.ports.size(); ++i) EXPECT_EQ(own.ports[i].role, ours.ports[i].role);
      ++made;
    }
  EXPECT_GE(made, 5);
}

// The deck in the head comment, run by plain ngspice: the cell holds the 1 that it is written.
TEST_F(New, RunsByHandAsItsCommentSays) {
  ASSERT_EQ(run({"new", "bitcell", "my_cell"}).code, kDone);
  std::istringstream lines(text("my_cell.cir"));
  std::string deck;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("* ---"))
      inside = line.starts_with("* --- by hand");
    else if (inside)
      deck += line.substr(4) + "\n";
  }
  folder_.write("run.cir", deck);
  const std::string command =
      "cd " + folder_.path().string() + " && OMP_THREAD_LIMIT=1 ngspice -b run.cir >run.out 2>&1 </dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << text("run.out");
  std::istringstream table(text("run.out"));
  std::map<std::string, double> volts;
  std::vector<std::string> names;
  for (std::string line; std::getline(table, line);) {
    const std::vector<std::string> words = spice::words_of(line);
    if (!words.empty() && words[0] == "Index") names = words;
    if (words.empty() || words[0] != "0") continue;
    for (std::size_t i = 1; i < words.size(); ++i) volts[names.at(i)] = std::stod(words[i]);
  }
  EXPECT_NEAR(volts.at("xdut.q"), 1.0, 0.01);
  EXPECT_NEAR(volts.at("xdut.qb"), 0.0, 0.01);
}

TEST_F(New, NeverOverwritesAndRefusesNamesThatAreNone) {
  folder_.write("my_cell.cir", "mine\n");
  refused({"new", "bitcell", "my_cell"}, {"my_cell.cir", "another name"});
  EXPECT_EQ(text("my_cell.cir"), "mine\n");
  for (const char* name : {"My_cell", "6t", "a-b", "cell.cir", "../cell", "a b", ""})
    refused({"new", "bitcell", name}, {"name of a .subckt", "letters"});
  refused({"new", "bitsell", "cell"}, {"bitsell", "bitcell"});
  refused({"new", "bitcell", "cell", "--from", "sram_7t"}, {"sram_7t", "sram_6t"});
  refused({"new", "bitcell", "cell", "--from", "rail_to_rail"}, {"rail_to_rail", "sram_8t"});
  refused({"new", "bitcell", "cell", "--from", "../../pdk/ptm45hp/tt"}, {"--from"});
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(New, BenchesThatDoNotApplyAreNamedWithTheReason) {
  ASSERT_EQ(run({"new", "bitcell", "my_cell"}).code, kDone);
  const Ran ran = run({"characterize", "my_cell.cir", "--dry-run"});
  ASSERT_EQ(ran.code, kDone) << ran.err;
  EXPECT_NE(
      ran.err.find(
          "not measured (needs a comparator): calibrated_threshold, comparator, comparator_calibration, "
          "comparator_noise\n"),
      ran.err.npos)
      << ran.err;
  EXPECT_NE(ran.err.find("not measured (needs a line): "), ran.err.npos) << ran.err;
  EXPECT_EQ(ran.err.find("leakage"), ran.err.npos) << ran.err;
  EXPECT_EQ(ran.err.find("process"), ran.err.npos) << ran.err;
  // Who asks for one bench knows that the others are not measured.
  EXPECT_EQ(characterize("my_cell.cir").err.find("not measured"), std::string::npos);
}

TEST_F(New, WhereNothingAppliesEachReasonIsNamed) {
  ASSERT_EQ(run({"new", "bitcell", "my_cell"}).code, kDone);
  replace("my_cell.cir", "*@ state q: storage\n", "");
  refused({"characterize", "my_cell.cir"},
          {"my_cell.cir: no bench applies", "needs a bitcell with the role 'storage': leakage, "});
}

TEST_F(New, ConverterRunsAndALighterMostSignificantBitIsSeen) {
  ASSERT_EQ(run({"new", "dac", "my_dac"}).code, kDone);
  replace("my_dac.cir", "{16*cu}", "{14*cu}");
  const Ran ran = run({"characterize", "my_dac.cir", "--samples", "2", "--responses", "none"});
  ASSERT_EQ(ran.code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("dac/dnl_max"), ran.out.npos) << ran.out;
  // 29 units make 31 steps; from 15 units to 14: by charge division.
  EXPECT_NEAR(tables::read_library(folder_.path() / "my_dac.h5").find("dac/dnl_max").plane("nominal").at(0),
              std::fabs((14 - 15) / (29.0 / 31) - 1), 0.05);
}

TEST_F(New, ProcessMayBeAFolderOfOnesOwn) {
  ASSERT_EQ(run({"new", "bitcell", "my_cell"}).code, kDone);
  fs::copy(home() / "pdk/ptm45hp", folder_.path() / "kit");
  const Ran ran = characterize("my_cell.cir", {"--pdk", "kit", "--corners", "ss"});
  ASSERT_EQ(ran.code, kDone) << ran.err;
  const auto files = tables::read_library(folder_.path() / "my_cell.h5").provenance.files;
  EXPECT_TRUE(std::any_of(files.begin(), files.end(),
                          [](const auto& file) { return file.first.ends_with("ss.inc"); }));
}

TEST_F(New, MacroNamesBlocksOfOnesOwn) {
  ASSERT_EQ(run({"new", "bitcell", "my_cell", "--from", "sram_8t"}).code, kDone);
  replace("my_cell.cir", "* my_cell:", "* CHANGED my_cell:");
  folder_.write("macro.toml", read_text(home() / "netlists/macros/mf_8x62.toml", "macro"));
  replace("macro.toml", "\"sram_8t\"", "\"my_cell.cir\"");
  fs::create_directory(folder_.path() / "elsewhere");
  // From another folder: the path counts from the macro's.
  const Ran ran = run_program(
      folder_.path() / "elsewhere",
      {"characterize", "../macro.toml", "--only", "leakage", "--samples", "2", "--responses", "none"});
  ASSERT_EQ(ran.code, kDone) << ran.err;
  const auto files = tables::read_library(folder_.path() / "elsewhere/macro.h5").provenance.files;
  EXPECT_TRUE(std::any_of(files.begin(), files.end(),
                          [](const auto& file) { return file.second.starts_with("* CHANGED my_cell:"); }));
}

}  // namespace
}  // namespace mavis::cli
