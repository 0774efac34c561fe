// mavis validate, the way a user runs it: what it refuses, and a few vectors of the smaller macro.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "cli/run_program.h"
#include "macro/sample_macro.h"
#include "tables/library.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Validate : public testing::Test {
 protected:
  void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
    std::vector<std::string> all = {"validate"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Ran ran = run_program(folder_.path(), all);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << "'" << part << "' in: " << ran.err;
    EXPECT_FALSE(fs::exists(folder_.path() / "validation"));
    EXPECT_FALSE(fs::exists(folder_.path() / "validation.run"));
  }

  TemporaryFolder folder_;
  const std::string library_ = (home() / "tables/ptm45hp/mf_8x30.h5").string();
};

TEST_F(Validate, RefusesWhatItCannotCompare) {
  refused({"nosuch.h5"}, {"nosuch.h5"});
  refused({library_, "--pvt", "tt,1.0"}, {"--pvt tt,1.0", "tt,1.0,27"});
  refused({library_, "--pvt", "sf,1.0,27"}, {"'sf'", "--corners"});
  refused({library_, "--pvt", "tt,1.2,27"}, {"1.2 V", "--vdd"});
  refused({library_, "--cells", "none"}, {"--cells"});
  refused({library_, "--vectors", "0"}, {"--vectors"});
  tables::write_library(folder_.path() / "lib.h5", macro::sample_library());
  refused({"lib.h5", "--pvt", "tt,1.0,27"}, {"lib.h5", "does not say what it was made of"});
}

// Fields of the lines of vectors.csv.
std::vector<std::vector<double>> numbers_of(const fs::path& csv) {
  std::istringstream in(read_text(csv, "output"));
  std::vector<std::vector<double>> rows;
  std::string line;
  for (std::getline(in, line); std::getline(in, line);) {
    std::istringstream fields(line);
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(std::stod(field));
  }
  return rows;
}

TEST_F(Validate, AFewVectorsAgreeAndAreNotMeasuredTwice) {
  const std::vector<std::string> arguments = {"validate", library_, "--vectors", "2",  "--chips",
                                              "1",        "--jobs", "2",         "-o", "out"};
  const Ran ran = run_program(folder_.path(), arguments);
  ASSERT_EQ(ran.code, kDone) << ran.err;
  for (const char* part : {"mf_8x30 at tt 1 V 27 C: 1 chips x 2 vectors", "multiply-average", "codes",
                           "comparator", "times", "worst.cir"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  const auto rows = numbers_of(folder_.path() / "out/vectors.csv");
  ASSERT_EQ(rows.size(), 2u);
  for (const std::vector<double>& row : rows) {
    ASSERT_EQ(row.size(), 7u + 7 * 4);
    EXPECT_LE(std::fabs(row[3] - row[4]), 1) << "codes";
    EXPECT_NEAR(row[6] / row[5], 1, 0.05) << "energy";
    EXPECT_NEAR(row[11], row[8], 1.5e-3) << "multiply-average";
    EXPECT_NEAR(row[12], row[9], 2e-3) << "first reference";
  }
  EXPECT_GT(std::fabs(rows[0][8] - rows[1][8]), 0.2) << "they span the levels";
  // The worst vector's deck gives its first decision's levels in plain ngspice.
  std::string deck = read_text(folder_.path() / "out/worst.cir", "output");
  const std::size_t display = deck.rfind("display\n");
  ASSERT_NE(display, deck.npos);
  deck.replace(display, 8, "meas tran first find v(sl_l) at=3.03n\nmeas tran last find v(sl_l) at=9.03n\n");
  const fs::path path = folder_.write("replay.cir", deck);
  const std::string command =
      "cd " + folder_.path().string() + " && OMP_THREAD_LIMIT=1 ngspice -b replay.cir > log 2>&1 < /dev/null";
  EXPECT_NE(std::system(command.c_str()), -1);
  const std::string log = read_text(folder_.path() / "log", "output");
  const auto level = [&](const std::string& name) {
    const std::size_t at = log.find(name + " ");
    return at == log.npos ? NAN : std::stod(log.substr(log.find('=', at) + 1));
  };
  const bool first_is_worst = std::fabs(level("first") - rows[0][8]) < std::fabs(level("first") - rows[1][8]);
  const std::vector<double>& worst = rows[first_is_worst ? 0 : 1];
  EXPECT_NEAR(level("first"), worst[8], 1e-4) << log;
  EXPECT_NEAR(level("last"), worst[8 + 7 * 3], 1e-4) << log;

  const Ran again = run_program(folder_.path(), arguments);
  EXPECT_EQ(again.code, kDone) << again.err;
  EXPECT_NE(again.err.find("resumed: 3 of 3 done"), again.err.npos) << again.err;
}

}  // namespace
}  // namespace mavis::cli
