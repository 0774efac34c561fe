// mavis yield and mavis characterize --accuracy, as a user runs them.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

const std::vector<std::string> kAt = {"--at", "hold_voltage=0.6,stored_bit=1"};

std::vector<std::string> yield_of(const std::string& limit, std::vector<std::string> more) {
  std::vector<std::string> words = {"yield", "sram_8t", limit};
  words.insert(words.end(), kAt.begin(), kAt.end());
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Everything but where the run log lies.
std::string answer_in(const std::string& text) {
  return text.substr(0, text.find("library "));
}

TEST(Yield, IsTheSameForAnyNumberOfJobsAndGoesOn) {
  const TemporaryFolder folder;
  const std::string limit = "leakage/power > 3 nW";
  const Ran one = run_program(
      folder.path(), yield_of(limit, {"--method", "lines", "--error", "40%", "--jobs", "1", "-o", "one.h5"}));
  ASSERT_EQ(one.code, kDone) << one.err;
  EXPECT_NE(one.out.find("probability  p = "), std::string::npos) << one.out;
  const Ran two = run_program(
      folder.path(), yield_of(limit, {"--method", "lines", "--error", "40%", "--jobs", "2", "-o", "two.h5"}));
  EXPECT_EQ(answer_in(two.out), answer_in(one.out));
  EXPECT_EQ(read_text(folder.path() / "one.h5", "library"), read_text(folder.path() / "two.h5", "library"));

  const Ran again =
      run_program(folder.path(), yield_of(limit, {"--method", "lines", "--error", "40%", "-o", "one.h5"}));
  EXPECT_EQ(again.out, one.out);
  EXPECT_NE(again.err.find("resumed"), std::string::npos);

  const tables::Library library = tables::read_library(folder.path() / "one.h5");
  const tables::Table& p = library.find("yield/failure_probability");
  EXPECT_GT(p.values[0], 0);
  EXPECT_LT(p.values[0], 1e-2);
  EXPECT_EQ(p.status[0], tables::Status::ok);
  EXPECT_EQ(*library.provenance.fact("verdict"), "ok");

  const Ran other = run_program(folder.path(), yield_of("leakage/power > 5 nW", {"-o", "one.h5"}));
  EXPECT_EQ(other.code, kBadInput);
}

TEST(Yield, ALimitThatIsNeverMetIsABound) {
  const TemporaryFolder folder;
  const Ran ran = run_program(folder.path(), yield_of("leakage/power > 1 W", {"--method", "lines"}));
  // Cells that lose their bit far out are failed samples, listed with a deck each: exit code 1.
  EXPECT_EQ(ran.code, ran.out.find("UNUSABLE") == ran.out.npos ? kDone : kLook) << ran.err;
  EXPECT_NE(ran.out.find("p < "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("8 sigma"), std::string::npos) << ran.out;
}

TEST(Yield, RefusesWhatItCanNotAnswer) {
  const TemporaryFolder folder;
  const auto refuses = [&](const std::vector<std::string>& words, const char* part) {
    const Ran ran = run_program(folder.path(), words);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_NE(ran.err.find(part), std::string::npos) << ran.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << ran.err;
  };
  refuses(yield_of("leakage/nothing > 1 W", {}), "leakage/power");
  refuses(yield_of("leakage/power > 4 nW", {"--error", "0%"}), "between 0 and 100 %");
  refuses(yield_of("leakage/power > 4 nW", {"--pvt", "tt,1.0"}), "tt,1.0,27");
  refuses(yield_of("leakage/power > 4 nW", {"--pvt", "tt,9,27"}), "outside");
}

TEST(Accuracy, IsEstimatedByItsFirstLook) {
  const TemporaryFolder folder;
  const Ran ran = run_program(
      folder.path(), {"characterize", "sram_8t", "--only", "leakage", "--accuracy", "sigma=1%", "--dry-run"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("first look's samples"), std::string::npos) << ran.out;
}

TEST(Accuracy, TakesSamplesUntilSigmaIsKnown) {
  const TemporaryFolder folder;
  for (const char* jobs : {"1", "2"}) {
    const Ran ran = run_program(
        folder.path(), {"characterize", "sram_8t", "--only", "leakage", "--corners", "tt,ff", "--temp", "27",
                        "--accuracy", "sigma=5%", "--jobs", jobs, "-o", std::string(jobs) + ".h5"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    EXPECT_NE(ran.out.find("saves"), std::string::npos) << ran.out;
  }
  EXPECT_EQ(read_text(folder.path() / "1.h5", "library"), read_text(folder.path() / "2.h5", "library"));
  const tables::Library library = tables::read_library(folder.path() / "1.h5");
  const tables::Table& power = library.find("leakage/power");
  for (std::size_t cell = 0; cell < power.cells(); ++cell)
    EXPECT_LE(power.plane("sigma_stderr")[cell], 0.05 * power.plane("sigma")[cell]);
  const Ran ranked = run_program(folder.path(), {"show", "1.h5", "sensitivity", "leakage"});
  EXPECT_NE(ranked.out.find("leakage/power, at "), std::string::npos) << ranked.out;
  const Ran known = run_program(folder.path(), {"show", "1.h5", "statistics"});
  EXPECT_NE(known.out.find("leakage/power"), std::string::npos) << known.out;
}

}  // namespace
}  // namespace mavis::cli
