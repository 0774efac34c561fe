// mavis compare, and the ten cells that come with it, the way a user runs them.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/run_program.h"
#include "tables/library.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;
using tables::Status;

class Compare : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }
  void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << part << " in " << ran.err;
  }
  // A user's cell: a latch and a capacitor from its input to the line.
  std::string own_cell(const std::string& name) const {
    return "* " + name +
           "\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n*@ port blb: bit_line_bar\n"
           "*@ port x: compute\n*@ port line: compute\n*@ port vdd: cell_supply\n*@ port vss: ground\n"
           "*@ state xlatch.q: storage\n*@ state xlatch.qb: storage_bar\n*@ operation: time=0.1n "
           "zeros=00,10\n"
           "*@ compute x: input one=1 until=read\n*@ compute line: line precharge=0\n.include " +
           (home() / "netlists/bitcells/sram_6t.cir").string() + "\n.subckt " + name +
           " wl bl blb x line vdd vss\nxlatch wl bl blb vdd vss sram_6t\ncmomc x line 1f\nrx x 0 1g\n.ends " +
           name + "\n";
  }
  std::string csv() const { return read_text(folder_.path() / "compare/compare.csv", "output"); }
  TemporaryFolder folder_;
};

TEST_F(Compare, AUsersCellStandsBesideOurs) {
  folder_.write("my_cell.cir", own_cell("my_cell"));
  const std::vector<std::string> command = {
      "compare", "my_cell.cir", "cim_8t1c_coupled", "--rows",        "2", "--samples", "2",
      "--jobs",  "1",           "--rank-by",        "static_current"};
  const Ran ran = run(command);
  ASSERT_EQ(ran.code, kDone) << ran.err;
  for (const char* part : {"2 rows, 3 levels, tt 1 V 27 C", "best static_current first", "my_cell ",
                           "compute/inl, n 2", "compute_drive/on_off, of none of these", "um2"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  for (const char* cell : {"my_cell", "cim_8t1c_coupled"})
    EXPECT_NE(csv().find(std::string(cell) + ",tt,1,27,2,inl,"), std::string::npos) << csv();
  const std::string plot = read_text(folder_.path() / "compare/compare.svg", "output"), table = csv();
  EXPECT_TRUE(plot.starts_with("<svg") && plot.find(">my_cell<") != plot.npos);

  // Again, and from the libraries alone: nothing is measured, the same bytes come out.
  const Ran again = run({"compare", "compare/my_cell.h5", "compare/cim_8t1c_coupled.h5", "--rows", "2"});
  ASSERT_EQ(again.code, kDone) << again.err;
  EXPECT_EQ(csv(), table);
  EXPECT_EQ(read_text(folder_.path() / "compare/compare.svg", "output"), plot);
  ASSERT_EQ(
      run({"compare", "my_cell.cir", "--rows", "2", "--samples", "2", "--jobs", "1", "--corners", "ss"}).code,
      kDone);
  const Ran resumed = run(command);
  EXPECT_NE(resumed.err.find("resumed"), resumed.err.npos) << resumed.err;
  EXPECT_EQ(resumed.out, ran.out);
  refused({"compare", "compare/my_cell.h5"}, {"my_cell", "2 rows, not 8", "--rows 2"});
  refused({"compare", "compare/my_cell.h5", "my_cell.cir", "--rows", "2"}, {"two cells are called my_cell"});
  refused({"compare", "compare/my_cell.h5", "--rows", "2", "--corners", "ss"}, {"corner", "ss", "tt"});
}

TEST_F(Compare, WritesADeckThatRunsByHand) {
  folder_.write("my_cell.cir", own_cell("my_cell"));
  ASSERT_EQ(
      run({"compare", "my_cell.cir", "--rows", "2", "--samples", "2", "--jobs", "1", "--decks", "decks"})
          .code,
      kDone);
  const std::string command = "cd " + folder_.path().string() +
                              "/decks && OMP_THREAD_LIMIT=1 ngspice -b my_cell.cir >run.out 2>&1 </dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  // One of two inputs rises: the line follows by half of what the capacitors give.
  double highest = 0;
  std::istringstream lines(read_text(folder_.path() / "decks/run.out", "output"));
  double index = 0, time = 0, volts = 0;
  for (std::string line; std::getline(lines, line);)
    if (std::istringstream(line) >> index >> time >> volts) highest = std::max(highest, volts);
  const double wire = 0.705e-6 * 0.2e-9;
  EXPECT_NEAR(highest, 0.5 * 1e-15 / (1e-15 + wire), 0.01);
}

TEST_F(Compare, BadQuestionsAreRefused) {
  refused({"compare", "sram_6t"}, {"sram_6t.cir", "can't be compared", "'*@ operation:'"});
  refused({"compare", "cim_8t_rbl", "--rank-by", "inll"}, {"'inll'", "did you mean 'inl'?"});
  refused({"compare", "cim_8t_rbl", "--rank-by", "swing"}, {"'swing'", "energy_a_level"});
  refused({"compare", "cim_8t_rbk"}, {"cim_8t_rbk"});
  refused({"compare", "nothing.h5"}, {"nothing.h5"});
  refused({"compare", "cim_8t_rbl", "--rows", "1"}, {"--rows"});
  refused({"characterize", "mf_8x62", "--rows", "4"}, {"--rows", "mf_8x62"});
  refused({"characterize", "cim_8t_rbl", "--rows", "1"}, {"--rows 1"});
}

class TenCells : public testing::TestWithParam<std::string> {};

TEST_P(TenCells, CharacterizesAtEachCornerAndSaysWhereItTurns) {
  const TemporaryFolder folder;
  const Ran ran =
      run_program(folder.path(), {"characterize", GetParam(), "--only", "compute", "--rows", "3", "--corners",
                                  "tt,ss,ff", "--samples", "2", "--responses", "none", "--jobs", "1"});
  ASSERT_EQ(ran.code, kDone) << ran.out << ran.err;
  const tables::Library library = tables::read_library(folder.path() / (GetParam() + ".h5"));
  EXPECT_TRUE(library.failures.empty());
  const tables::Table &level = library.find("compute/level"), &step = library.find("compute/step");
  const std::vector<double>& nominal = level.planes.at("nominal");
  ASSERT_EQ(nominal.size(), 3u * 4u);
  for (std::size_t corner = 0; corner < 3; ++corner) {
    const double whole = nominal[4 * corner + 3] - nominal[4 * corner];
    EXPECT_GT(std::abs(whole), 0.1) << corner;
    for (std::size_t k = 0; k < 3; ++k) {
      const double part = nominal[4 * corner + k + 1] - nominal[4 * corner + k];
      EXPECT_NEAR(step.planes.at("nominal")[3 * corner + k], 3 * part / whole, 1e-9);
      EXPECT_TRUE(part / whole > 0 || step.status_at(3 * corner + k) == Status::no_margin)
          << corner << " " << k;
    }
  }
  for (Status status : library.find("compute/disturb").status) EXPECT_EQ(status, Status::ok);
}

INSTANTIATE_TEST_SUITE_P(Netlists, TenCells,
                         testing::Values("cim_6t_rows", "cim_6t_local", "cim_8t_rbl", "cim_8t_twin",
                                         "cim_10t_average", "cim_12t_xnor", "cim_8t1c_coupled",
                                         "cim_8t_share", "cim_6t_pulse", "cim_8t_product"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mavis::cli
