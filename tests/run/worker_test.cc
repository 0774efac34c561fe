// The real worker process, with ngspice, behind the pool.
#include "run/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "run/pool.h"
#include "run/replay.h"
#include "temporary_folder.h"
#include "util/error.h"

namespace mavis::run {
namespace {

using testing::HasSubstr;

const std::map<std::string, std::string> kDecks = {
    {"divider", "divider\nv1 in 0 1\nr1 in out 1k\nr2 out 0 1k\n.end\n"},
    {"half", "half the supply\nv1 in 0 0.5\nr1 in out 1k\nr2 out 0 1k\n.end\n"},
    {"broken", "broken\nv1 in 0 1\nm1 in in 0 0 nomodel w=1u l=1u\n.end\n"},
};

class WorkerTest : public testing::Test {
 protected:
  static Task divider(double r1, const std::string& setting = "",
                      std::vector<std::string> decks = {"divider"}) {
    Task task;
    task.job.bench = "divider";
    if (r1 > 0) task.job.assignments = {{"r1", "resistance", r1}};
    if (!setting.empty()) task.job.settings[setting] = 1;
    task.job.deck_hashes = std::move(decks);
    return task;
  }

  std::vector<Outcome> run(const std::vector<Task>& tasks) {
    PoolOptions options;
    options.worker_command = command;
    Pool pool(options);
    std::vector<Outcome> outcomes(tasks.size());
    cost = {};
    const std::atomic<bool> stop{false};
    pool.run(
        tasks, [](const std::string& hash) -> const std::string& { return kDecks.at(hash); },
        [&](std::size_t task, Outcome&& outcome, const Cost& task_cost) {
          outcomes[task] = std::move(outcome);
          cost.cpu_s += task_cost.cpu_s;
          cost.run_cpu_s += task_cost.run_cpu_s;
        },
        stop);
    return outcomes;
  }
  static void expect_out(const Outcome& outcome, std::vector<double> expected) {
    ASSERT_EQ(outcome.state, State::measured) << outcome.message;
    const std::vector<double>& values = outcome.measurement.at("out").values;
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-6);
  }

  std::vector<std::string> command = {MAVIS_TEST_WORKERS "/bench_worker"};
  Cost cost;
};

// $TMPDIR for a test.
struct TemporaryPath {
  explicit TemporaryPath(const std::string& path) { ::setenv("TMPDIR", path.c_str(), 1); }
  ~TemporaryPath() { ::unsetenv("TMPDIR"); }
};

TEST_F(WorkerTest, MeasuresWithTheAssignmentsOfTheTask) {
  const auto outcomes = run({divider(3e3), divider(1e3), divider(9e3)});
  expect_out(outcomes[0], {0.25});
  expect_out(outcomes[1], {0.5});
  expect_out(outcomes[2], {0.1});
  EXPECT_GT(cost.run_cpu_s, 0);
  EXPECT_GT(cost.cpu_s, cost.run_cpu_s);
}

TEST_F(WorkerTest, NothingOfASampleIsLeftForTheNext) {
  const auto outcomes = run({divider(3e3), divider(0), divider(3e3)});
  expect_out(outcomes[1], {0.5});
  EXPECT_EQ(outcomes[0].measurement.at("out").values, outcomes[2].measurement.at("out").values);
}

TEST_F(WorkerTest, SetsTheAssignmentsInEveryDeckOfTheTask) {
  const auto outcomes = run({divider(3e3, "", {"divider", "half", "divider"})});
  expect_out(outcomes[0], {0.25, 0.125, 0.25});
}

TEST_F(WorkerTest, ShowsTheSeedOfSamplesOnly) {
  Task sample = divider(1e3), nominal = divider(1e3);
  sample.job.draw = {plan::DrawKind::sample, 3, 42};
  nominal.job.draw = {plan::DrawKind::nominal, 3, 42};
  const auto outcomes = run({sample, nominal});
  EXPECT_EQ(outcomes[0].measurement.at("seed").values, std::vector<double>{42});
  EXPECT_EQ(outcomes[1].measurement.at("seed").values, std::vector<double>{0});
}

TEST_F(WorkerTest, Describes) {
  Task task = divider(0);
  task.describe = true;
  const auto outcomes = run({task});
  ASSERT_EQ(outcomes[0].devices.size(), 3u) << outcomes[0].message;
  EXPECT_EQ(outcomes[0].devices[1].name, "r1");
  EXPECT_EQ(outcomes[0].devices[2].value, 1000);
}

TEST_F(WorkerTest, AFailedRunIsAnOutcomeWithItsReplay) {
  const auto outcomes = run({divider(1e3), divider(3e3, "fail"), divider(9e3), divider(3e3, "fail_at_once")});
  EXPECT_EQ(outcomes[1].state, State::failed);
  EXPECT_THAT(outcomes[1].message, HasSubstr("nowhere"));
  EXPECT_EQ(outcomes[1].deck, "divider");
  EXPECT_EQ(outcomes[1].transcript, "alter @r1[resistance] = 3000\nop\n");
  expect_out(outcomes[2], {0.1});
  EXPECT_EQ(outcomes[3].message, "before any session");
  EXPECT_EQ(outcomes[3].transcript + outcomes[3].deck, "");
}

TEST_F(WorkerTest, ALostSessionIsAnOutcomeAndTheCampaignGoesOn) {
  const auto outcomes = run({divider(1e3), divider(1e3, "lose"), divider(1e3, "", {"broken"}), divider(9e3)});
  EXPECT_EQ(outcomes[1].state, State::failed);
  EXPECT_THAT(outcomes[1].message, HasSubstr("rnowhere"));
  EXPECT_EQ(outcomes[2].state, State::failed);
  EXPECT_THAT(outcomes[2].message, HasSubstr("ngspice refuses the deck: deck line 3"));
  EXPECT_EQ(outcomes[2].deck, "broken");
  expect_out(outcomes[3], {0.1});
}

TEST_F(WorkerTest, ABenchThatBreaksItsPromisesIsAFailure) {
  const auto outcomes = run({divider(1e3, "infinite"), divider(1e3, "large"), divider(1e3)});
  EXPECT_EQ(outcomes[0].message, "out: value 0 is not finite");
  EXPECT_THAT(outcomes[1].message, HasSubstr("too large"));
  for (int i : {0, 1}) EXPECT_EQ(outcomes[i].state, State::failed);
  expect_out(outcomes[2], {0.5});
}

TEST_F(WorkerTest, APlantedSpiceinitIsNotRead) {
  const TemporaryFolder folder;
  folder.write(".spiceinit", "shell touch planted\nquit\n");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const char* home = std::getenv("HOME");
  const std::string home_before = home ? home : "";
  ::setenv("HOME", folder.path().c_str(), 1);
  const auto outcomes = run({divider(1e3)});
  if (home) ::setenv("HOME", home_before.c_str(), 1);
  std::filesystem::current_path(before);
  expect_out(outcomes[0], {0.5});
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "planted"));
}

TEST_F(WorkerTest, LeavesNoFolderBehind) {
  const TemporaryFolder folder;
  const TemporaryPath path(folder.path());
  run({divider(1e3), divider(1e3, "fail"), divider(1e3)});
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(WorkerTest, SaysWhyItCantStart) {
  const TemporaryPath path("/nowhere");
  try {
    run({divider(1e3)});
    FAIL() << "no error";
  } catch (const MachineError& e) {
    EXPECT_THAT(e.what(), HasSubstr("/nowhere"));
  }
}

TEST_F(WorkerTest, IsACommandOfTheProgram) {
  command = {MAVIS_TEST_PROGRAM, "worker"};
  Task task = divider(0);
  task.describe = true;
  EXPECT_EQ(run({task})[0].devices.size(), 3u);
}

}  // namespace
}  // namespace mavis::run
