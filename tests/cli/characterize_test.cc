// `mavis characterize` as a user meets it: go on, refuse, extend, stop.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/run_program.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Characterize : public testing::Test {
 protected:
  // Leakage of the reference macro's cell, the cheapest bench, at one point unless `more` says otherwise.
  Ran run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"characterize", "mf_8x62", "--only", "leakage", "--samples", "2",
                                          "--responses",  "none",    "-o",     "lib.h5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(folder_.path(), arguments);
  }
  tables::Library library() const { return tables::read_library(folder_.path() / "lib.h5"); }
  std::string bytes() const { return read_text(folder_.path() / "lib.h5", "library"); }

  TemporaryFolder folder_;
};

TEST_F(Characterize, SummaryOnStdoutProgressOnStderrLibraryOnDisk) {
  const Ran ran = run();
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("nominal at tt 1 V 27 C"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("leakage/power"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("worst at tt 1 V 27 C, stored_bit "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("library  lib.h5"), std::string::npos);
  EXPECT_NE(ran.out.find("run log  lib.h5.run"), std::string::npos);
  EXPECT_NE(ran.err.find("100 %: "), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("resumed"), std::string::npos);
  const tables::Table power = library().find("leakage/power");
  EXPECT_EQ(power.n, std::vector<std::int64_t>(power.cells(), 2));
}

TEST_F(Characterize, CsvBesideTheLibraryAndFromIt) {
  const Ran ran = run({"--csv", "cells.csv"});
  ASSERT_EQ(ran.code, kDone) << ran.err;
  const std::string csv = read_text(folder_.path() / "cells.csv", "csv");
  const tables::Library made = library();
  std::size_t cells = 0, rows = 0;
  for (const auto& [name, table] : made.tables()) cells += table.cells();
  for (std::size_t at = 0; (at = csv.find("\r\ncell,leakage,", at)) != csv.npos; ++at) ++rows;
  EXPECT_EQ(rows, cells);

  const Ran shown = run_program(folder_.path(), {"show", "lib.h5", "--summary", "--csv", "again.csv"});
  ASSERT_EQ(shown.code, kDone) << shown.err;
  EXPECT_EQ(read_text(folder_.path() / "again.csv", "csv"), csv);
  EXPECT_NE(shown.out.find("leakage/power"), std::string::npos) << shown.out;
  EXPECT_EQ(ran.out.find(shown.out), 0u) << "both print the same summary";

  const Ran part = run_program(folder_.path(), {"show", "lib.h5", "leakage/power", "--summary"});
  EXPECT_EQ(part.code, kDone) << part.err;
  EXPECT_EQ(part.out.find("leakage/current"), std::string::npos) << part.out;
}

TEST_F(Characterize, SameCommandAgainMeasuresNothingAndGivesTheSameBytes) {
  ASSERT_EQ(run().code, kDone);
  const std::string first = bytes();
  fs::remove(folder_.path() / "lib.h5");
  const Ran again = run();
  EXPECT_EQ(again.code, kDone);
  EXPECT_EQ(again.err.find(" %: "), std::string::npos) << again.err;
  const auto at = again.err.find("resumed: ");
  ASSERT_NE(at, std::string::npos) << again.err;
  unsigned done = 0, all = 1;
  EXPECT_EQ(std::sscanf(again.err.c_str() + at, "resumed: %u of %u done", &done, &all), 2);
  EXPECT_EQ(done, all);
  EXPECT_EQ(bytes(), first);
}

TEST_F(Characterize, AnotherCampaignNeedsExtend) {
  ASSERT_EQ(run().code, kDone);
  const std::string before = bytes();
  for (const bool with_log : {true, false}) {
    if (!with_log) fs::remove_all(folder_.path() / "lib.h5.run");
    const Ran refused = run({"--temp", "120"});
    EXPECT_EQ(refused.code, kBadInput);
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
    EXPECT_NE(refused.err.find("--extend"), std::string::npos) << refused.err;
    EXPECT_EQ(bytes(), before);
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "lib.h5.run"));

  const Ran extended = run({"--temp", "120", "--corners", "ss", "--extend"});
  EXPECT_EQ(extended.code, kDone) << extended.err;
  const tables::Table power = library().find("leakage/power");
  EXPECT_EQ(power.find_axis("temp_c")->values, (std::vector<double>{27, 120}));
  EXPECT_EQ(power.find_axis("corner")->labels, (std::vector<std::string>{"tt", "ss"}));
  EXPECT_EQ(power.n, std::vector<std::int64_t>(power.cells(), 2));

  const Ran other_seed = run({"--seed", "2", "--extend"});
  EXPECT_EQ(other_seed.code, kBadInput);
  EXPECT_NE(other_seed.err.find("seed"), std::string::npos) << other_seed.err;
}

TEST_F(Characterize, DryRunCountsAndKeepsNothing) {
  const Ran ran = run({"--dry-run", "--temp", "-40,27"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  // 2 temperatures; the nominal circuit and 2 samples at each, one of them also at tight settings.
  EXPECT_NE(ran.out.find("leakage       2         1        7  0 + up to 0"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("nothing was kept"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Characterize, OutputIsNamedAfterTheSubject) {
  const Ran ran = run_program(folder_.path(), {"characterize", "sram_6t", "--only", "leakage", "--samples",
                                               "2", "--responses", "none"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_TRUE(fs::exists(folder_.path() / "sram_6t.h5"));
}

TEST_F(Characterize, InterruptSaysHowToGoOn) {
  const fs::path err = folder_.path() / "err";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int fd = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (::chdir(folder_.path().c_str()) != 0 || ::dup2(fd, STDERR_FILENO) < 0 ||
        ::dup2(fd, STDOUT_FILENO) < 0)
      ::_exit(99);
    ::execl(MAVIS_TEST_PROGRAM, MAVIS_TEST_PROGRAM, "characterize", "mf_8x62", "--only", "leakage",
            "--samples", "5000", "--jobs", "1", "-o", "lib.h5", nullptr);
    ::_exit(99);
  }
  // Some results first; every one of them is a record in the log.
  const auto log_size = [&] {
    std::error_code none_yet;
    const auto size = fs::file_size(folder_.path() / "lib.h5.run/log", none_yet);
    return none_yet ? 0 : size;
  };
  for (int i = 0; i < 3000 && log_size() < 20000; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ::kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), kInterrupted);
  const std::string said = read_text(err, "output");
  EXPECT_NE(said.find("interrupted: "), std::string::npos) << said;
  EXPECT_NE(said.find("mavis characterize mf_8x62 --only leakage --samples 5000 --jobs 1 -o lib.h5\n"),
            std::string::npos)
      << said;
  EXPECT_FALSE(fs::exists(folder_.path() / "lib.h5"));
}

}  // namespace
}  // namespace mavis::cli
