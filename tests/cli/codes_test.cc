// mavis codes on a synthetic library, the way a user runs it.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "macro/sample_macro.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Codes : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"codes", "lib.h5", "--pvt", "tt,1.0,27", "--chips", "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(folder_.path(), arguments);
  }
  std::string bytes(const std::string& name) const { return read_text(folder_.path() / name, "output"); }

  TemporaryFolder folder_;
  void SetUp() override {
    tables::write_library(
        folder_.path() / "lib.h5",
        macro::sample_library({.level_response = 4e-3, .offset_response = 5e-3, .comparator_noise = 4e-3}));
  }
};

TEST_F(Codes, PrintsStaticAndTemporalErrorsAndWritesTables) {
  const Ran ran = run({"--conversions", "1e6"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  for (const char* part : {"3 chips of sample", "effective bits", "compute SNR", "conversions counted, fast",
                           "known to", "codes.h5"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  const tables::Library library = tables::read_library(folder_.path() / "codes.h5");
  EXPECT_EQ(library.find("codes/rate").cells(), 3u * 32 * 32);
  EXPECT_EQ(library.tables().size(), 7u);
}

TEST_F(Codes, NumbersDependOnNeitherThreadsNorCounting) {
  EXPECT_EQ(run({"--jobs", "1", "-o", "a.h5"}).code, kDone);
  EXPECT_EQ(run({"--jobs", "3", "--conversions", "1e5", "-o", "b.h5"}).code, kDone);
  EXPECT_EQ(bytes("a.h5"), bytes("b.h5"));
  const auto counted = [&](const char* jobs) {
    const std::string out = run({"--jobs", jobs, "--conversions", "2e6", "--fidelity", "detailed"}).out;
    const std::size_t end = out.find(" conversions counted");
    return out.substr(out.rfind('\n', end), end - out.rfind('\n', end));
  };
  EXPECT_EQ(counted("1"), counted("4"));
}

TEST_F(Codes, SupplyNoiseIsTemporal) {
  EXPECT_EQ(run({"-o", "quiet.h5"}).code, kDone);
  EXPECT_EQ(run({"--supply-noise", "10mV", "-o", "noisy.h5"}).code, kDone);
  const auto sigma = [&](const char* name) {
    return tables::read_library(folder_.path() / name).find("codes/static_error").plane("temporal_sigma")[10];
  };
  EXPECT_GT(sigma("noisy.h5"), 1.2 * sigma("quiet.h5"));
}

TEST_F(Codes, ALibraryCanHoldItsOwnCodes) {
  EXPECT_EQ(run({"-o", "lib.h5"}).code, kDone);
  const tables::Library library = tables::read_library(folder_.path() / "lib.h5");
  EXPECT_TRUE(library.tables().contains("sum_line/level"));
  EXPECT_TRUE(library.tables().contains("codes/rate"));
}

TEST_F(Codes, RefusesWhatItCannotDo) {
  const auto refused = [&](std::vector<std::string> arguments, const char* part,
                           const char* pvt = "tt,1.0,27") {
    arguments.insert(arguments.begin(), {"codes", "lib.h5", "--pvt", pvt});
    const Ran ran = run_program(folder_.path(), arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
    EXPECT_FALSE(fs::exists(folder_.path() / "codes.h5"));
  };
  refused({"--conversions", "many"}, "many");
  refused({"--conversions", "-5"}, "--conversions -5");
  refused({"--density", "1"}, "--density 1");
  refused({"--supply-noise", "2 A"}, "2 A");
  refused({"--hold-noise", "5 V"}, "--hold-noise 5 V");
  refused({"--calibration", "x"}, "--calibration x");
  refused({}, "vdd", "tt,5,27");
  refused({}, "--pvt tt,5", "tt,5");
}

// More than a day's work, stopped after three seconds: what was counted stands, and the tables are written.
TEST_F(Codes, AnInterruptKeepsWhatWasCounted) {
  const Ran ran = run_program(
      folder_.path(),
      {"codes", "lib.h5", "--pvt", "tt,1.0,27", "--chips", "2", "--conversions", "1e14", "--jobs", "1"},
      "timeout --preserve-status --signal=INT 3");
  EXPECT_EQ(ran.code, kInterrupted) << ran.err;
  EXPECT_NE(ran.out.find("stopped; 1e+14 asked"), ran.out.npos) << ran.out;
  EXPECT_TRUE(fs::exists(folder_.path() / "codes.h5"));
}

}  // namespace
}  // namespace mavis::cli
