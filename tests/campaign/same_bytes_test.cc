// One campaign, one file: for any number of workers, after any number of kills.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <thread>

#include "campaign/run_program.h"
#include "tables/library.h"
#include "util/home.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> campaign(const fs::path& output, int jobs) {
  return {"characterize", (home() / "netlists/macros/mf_8x62.toml").string(),
          "--only",       "leakage",
          "--only",       "line_charge",
          "--corners",    "tt,ff",
          "--vdd",        "1.0",
          "--temp",       "27,120",
          "--samples",    "3",
          "--seed",       "5",
          "--jobs",       std::to_string(jobs),
          "-o",           output.string()};
}

// Every bench of a macro.
std::vector<std::string> whole_macro(const fs::path& output, int jobs) {
  return {"characterize", (home() / "netlists/macros/mf_8x30.toml").string(),
          "--corners",    "tt",
          "--vdd",        "1.0",
          "--temp",       "27",
          "--samples",    "2",
          "--responses",  "none",
          "--jobs",       std::to_string(jobs),
          "-o",           output.string()};
}

// One test: each campaign that is run whole takes half a minute.
TEST(SameBytes, ForOneAndTwoWorkersAndAfterTwentyKills) {
  const TemporaryFolder folder;
  const fs::path whole = folder.path() / "whole.h5", killed = folder.path() / "killed.h5";
  const fs::path alone = folder.path() / "alone.h5";
  for (const auto& [output, jobs] : {std::pair(whole, 2), std::pair(alone, 1)}) {
    const Finished done = run_mavis(whole_macro(output, jobs), folder);
    ASSERT_EQ(done.code, 0) << done.text;
  }
  EXPECT_GT(bytes_of(whole).size(), 10000u);
  EXPECT_TRUE(bytes_of(alone) == bytes_of(whole)) << "the libraries of one worker and of two differ";

  std::mt19937 random(20260101);
  int kills = 0, starts = 0;
  std::vector<std::string> command = whole_macro(killed, 2);
  while (kills < 20) {
    ASSERT_LT(++starts, 200);
    // Once done, only an empty log gives the next kills something to hit.
    if (fs::exists(killed)) {
      ASSERT_TRUE(bytes_of(killed) == bytes_of(whole)) << "after " << kills << " kills the libraries differ";
      fs::remove(killed);
      fs::remove_all(killed.string() + ".run");
    }
    Running running(command, folder.path() / "killed.log", "");
    while (running.running() && kills < 20) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 1500));
      const std::vector<pid_t> workers = running.children();
      const bool coordinator = random() % 2 == 0 || workers.empty();
      const pid_t target = coordinator ? running.pid() : workers[random() % workers.size()];
      if (running.running() && ::kill(target, SIGKILL) == 0) ++kills;
    }
    const Finished ended = running.wait();
    EXPECT_TRUE(ended.code == 0 || ended.code == 1 || ended.code == -SIGKILL) << ended.code << "\n"
                                                                              << ended.text;
  }
  const Finished last = run_mavis(command, folder);
  EXPECT_EQ(last.code, 0) << last.text;
  EXPECT_TRUE(bytes_of(killed) == bytes_of(whole)) << "the libraries differ";
}

TEST(SameBytes, CountsInTheLibraryAreThePlans) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_mavis(campaign(folder.path() / "x.h5", 2), folder).code, 0);
  const tables::Library library = tables::read_library(folder.path() / "x.h5");
  EXPECT_EQ(library.find("leakage/power").cells(),
            2u * 1 * 2 * 2 * 3);  // corners, vdd, temperatures, bits, hold voltages
  for (const auto& [name, table] : library.tables())
    for (std::size_t i = 0; i < table.cells(); ++i) {
      EXPECT_EQ(table.n[i], 3) << name;
      EXPECT_EQ(table.status_at(i), tables::Status::ok) << name;
    }
}

}  // namespace
}  // namespace mavis
