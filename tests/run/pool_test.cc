#include "run/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "temporary_folder.h"
#include "util/error.h"

namespace mavis::run {
namespace {

using testing::HasSubstr;

const std::string kFakeWorker = MAVIS_TEST_WORKERS "/fake_worker";

struct Result {
  Outcome outcome;
  int times = 0;
};

class PoolTest : public testing::Test {
 protected:
  PoolTest() { options.worker_command = {kFakeWorker}; }

  // `n` tasks that work, in `decks` decks.
  void add_work(int n, int decks = 2) {
    for (int i = 0; i < n; ++i) add("work", i * decks / n);
  }
  std::size_t add(const std::string& what, int deck = 0, bool once = false) {
    Task task;
    task.job.bench = what;
    task.job.pvt.vdd = static_cast<double>(tasks.size());
    task.job.deck_hashes = {"deck" + std::to_string(deck)};
    if (once) {
      task.job.settings["once"] = 1;
      task.job.pvt.corner = folder.path() / std::to_string(tasks.size());
    }
    tasks.push_back(task);
    return tasks.size() - 1;
  }

  const std::string& deck_text(const std::string& hash) {
    ++decks_sent;
    return texts.try_emplace(hash, "text of " + hash).first->second;
  }

  bool run(Pool& pool) {
    results.assign(tasks.size(), {});
    return pool.run(
        tasks, [this](const std::string& hash) -> const std::string& { return deck_text(hash); },
        [this](std::size_t task, Outcome&& outcome, const Cost&) {
          results[task].outcome = std::move(outcome);
          ++results[task].times;
          if (on_done) on_done(task);
        },
        stop);
  }
  void run() {
    Pool pool(options);
    EXPECT_TRUE(run(pool));
    expect_all_reported_once();
  }
  void expect_all_reported_once() {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      EXPECT_EQ(results[i].times, 1) << "task " << i << ", " << tasks[i].job.bench;
      if (tasks[i].job.bench == "work") expect_measured(i);
    }
  }
  void expect_measured(std::size_t i) {
    EXPECT_EQ(results[i].outcome.state, State::measured) << results[i].outcome.message;
    EXPECT_EQ(results[i].outcome.measurement["x"].values, std::vector<double>{static_cast<double>(i)});
  }
  void expect(std::size_t i, State state, const std::string& message) {
    EXPECT_EQ(results[i].outcome.state, state);
    EXPECT_EQ(results[i].outcome.message, message);
  }

  TemporaryFolder folder;
  PoolOptions options;
  std::vector<Task> tasks;
  std::map<std::string, std::string> texts;
  std::vector<Result> results;
  std::function<void(std::size_t)> on_done;
  std::atomic<bool> stop{false};
  int decks_sent = 0;
};

TEST_F(PoolTest, EveryTaskIsReportedOnce) {
  for (int jobs : {1, 2, 5}) {
    options.jobs = jobs;
    tasks.clear();
    add_work(60);
    run();
  }
}

TEST_F(PoolTest, NoTasksNoWorkers) {
  Pool pool(options);
  EXPECT_TRUE(run(pool));
  EXPECT_TRUE(pool.worker_pids().empty());
}

TEST_F(PoolTest, ADeckIsSentOnceToAWorkerThatStaysWithIt) {
  for (int i = 0; i < 30; ++i) add("work", i % 3);
  run();
  EXPECT_EQ(decks_sent, 3);
}

TEST_F(PoolTest, WorkersLiveOnBetweenRuns) {
  add_work(4);
  Pool pool(options);
  run(pool);
  const auto pids = pool.worker_pids();
  run(pool);
  expect_all_reported_once();
  EXPECT_EQ(pool.worker_pids(), pids);
}

TEST_F(PoolTest, AnIdleWorkerThatDiedIsReplaced) {
  add_work(4);
  Pool pool(options);
  run(pool);
  ASSERT_EQ(pool.worker_pids().size(), 1u);
  ::kill(pool.worker_pids()[0], SIGKILL);
  EXPECT_TRUE(run(pool));
  expect_all_reported_once();
}

TEST_F(PoolTest, MisbehaviourOnceCostsNothing) {
  options.jobs = 2;
  options.cpu_limit_s = 0.5;
  options.silence_limit_s = 0.5;
  options.memory_limit_bytes = std::size_t{100} << 20;
  std::vector<std::size_t> odd;
  for (const char* what : {"crash", "be_killed", "exit", "hang", "close", "spin", "eat", "junk", "torn",
                           "wrong_number", "fail_when_used", "short_of_memory"}) {
    add_work(5);
    odd.push_back(add(what, 0, true));
  }
  run();
  for (std::size_t i : odd) expect_measured(i);
}

TEST_F(PoolTest, WhatRecursIdenticallyIsAFailure) {
  options.jobs = 2;
  add_work(10);
  const auto crash = add("crash"), exit = add("exit"), junk = add("junk"), torn = add("torn");
  const auto number = add("wrong_number");
  add_work(10);
  run();
  expect(crash, State::failed, "the worker was killed by SIGSEGV, twice");
  expect(exit, State::failed, "the worker exited with code 7, twice");
  expect(junk, State::failed, "the worker sent what is no answer (not the start of a message), twice");
  expect(torn, State::failed, "the worker exited with code 0, twice");
  expect(number, State::failed, "the worker sent what is no answer (nothing was asked), twice");
}

TEST_F(PoolTest, WhatOthersOrLimitsDidIsUnfinished) {
  options.jobs = 2;
  options.cpu_limit_s = 0.5;
  options.silence_limit_s = 0.3;
  options.memory_limit_bytes = std::size_t{100} << 20;
  add_work(10);
  const auto killed = add("be_killed"), hang = add("hang"), spin = add("spin"), eat = add("eat");
  const auto memory = add("short_of_memory");
  add_work(10);
  run();
  expect(killed, State::unfinished, "the worker was killed by SIGKILL");
  expect(hang, State::unfinished, "the worker hung for 0.3 s");
  expect(spin, State::unfinished, "the worker was out of CPU time (0.5 s)");
  expect(eat, State::unfinished, "the worker was out of memory (100 MiB)");
  expect(memory, State::unfinished, "the worker was out of memory (can't allocate)");
}

TEST_F(PoolTest, TwoDifferentEndsAreUnfinished) {
  add("work");
  const auto odd = add("die_differently");  // first in a used worker, then in a fresh one
  run();
  expect(odd, State::unfinished, "the worker was killed by SIGABRT");
}

TEST_F(PoolTest, AFailureIsConfirmedByAFreshWorker) {
  add("work");
  const auto used = add("fail_when_used");  // fails in the first worker, which has answered before
  const auto fails = add("fail");
  add("work");
  run();
  expect_measured(used);
  EXPECT_EQ(results[used].outcome.measurement["answered"].values, std::vector<double>{0});
  expect(fails, State::failed, "timestep too small");
  // Nor does a worker that has failed measure anything more.
  EXPECT_EQ(results[3].outcome.measurement["answered"].values, std::vector<double>{0});
}

TEST_F(PoolTest, ASecondAnswerIsNotTakenForAnother) {
  add("work");
  add("answer_twice");
  add_work(5);
  run();
}

TEST_F(PoolTest, SecondTriesRunAlone) {
  options.jobs = 3;
  const auto crash = add("crash", 0, true);
  add_work(40);
  std::size_t last = 0;
  on_done = [&](std::size_t task) { last = task; };
  run();
  expect_measured(crash);
  EXPECT_EQ(last, crash);
}

TEST_F(PoolTest, SurvivesWorkersBeingKilledAtRandom) {
  options.jobs = 3;
  add_work(3000, 4);
  Pool pool(options);
  std::mt19937 random(7);
  int kills = 0;
  on_done = [&](std::size_t) {
    if (random() % 75 != 0) return;
    const auto pids = pool.worker_pids();
    if (pids.empty()) return;
    ::kill(pids[random() % pids.size()], SIGKILL);
    ++kills;
  };
  EXPECT_TRUE(run(pool));
  EXPECT_GT(kills, 20);
  int unfinished = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    ASSERT_EQ(results[i].times, 1);
    // Killed in both tries: possible, as second tries draw kills too.
    if (results[i].outcome.state == State::unfinished)
      ++unfinished;
    else
      expect_measured(i);
  }
  EXPECT_LT(unfinished, kills);
}

TEST_F(PoolTest, StopsAtOnceAndReportsNothingMore) {
  options.jobs = 2;
  add_work(10);
  add("hang"), add("hang");
  add_work(10);
  Pool pool(options);
  on_done = [&](std::size_t) { stop = results[0].times + results[10].times >= 1; };
  EXPECT_FALSE(run(pool));
  int reported = 0;
  for (const Result& result : results) {
    EXPECT_LE(result.times, 1);
    reported += result.times;
  }
  EXPECT_GE(reported, 1);
  EXPECT_LT(reported, 22);
  for (const int pid : pool.worker_pids()) EXPECT_EQ(::kill(pid, 0), 0);  // those left are idle, not zombies
  stop = false;
  on_done = nullptr;
  tasks.resize(10);
  EXPECT_TRUE(run(pool));
  expect_all_reported_once();
}

TEST_F(PoolTest, AnExceptionOfTheCallerPassesThrough) {
  options.jobs = 2;
  add_work(20);
  Pool pool(options);
  on_done = [](std::size_t task) {
    if (task == 5) throw MachineError("disk full");
  };
  EXPECT_THROW(run(pool), MachineError);
  on_done = nullptr;
  EXPECT_TRUE(run(pool));
  expect_all_reported_once();
}

TEST_F(PoolTest, WorkersThatCantStartAreAnError) {
  add_work(2);
  const auto message = [&](std::vector<std::string> command) -> std::string {
    options.worker_command = std::move(command);
    Pool pool(options);
    try {
      run(pool);
    } catch (const MachineError& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_THAT(message({"/nowhere/mavis"}), HasSubstr("/nowhere/mavis': No such file"));
  EXPECT_THAT(message({kFakeWorker, "never_ready"}), HasSubstr("exited with code 4 before it was ready"));
  EXPECT_THAT(message({kFakeWorker, "hello_trouble"}), HasSubstr("ngspice is not there"));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);  // no child is left, dead or alive
}

// The coordinator, in a process of its own, is killed while its workers spin.
TEST_F(PoolTest, WorkersEndWithTheCoordinator) {
  add("work"), add("work"), add("spin"), add("spin");
  options.jobs = 2;
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans come to this process
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t coordinator = ::fork();
  if (coordinator == 0) {
    Pool pool(options);
    int done = 0;
    on_done = [&](std::size_t) {
      if (++done != 2) return;
      for (const int pid : pool.worker_pids())
        if (::write(pipe_ends[1], &pid, sizeof pid) < 0) ::_exit(1);
    };
    run(pool);
    ::_exit(0);
  }
  int pids[2];
  for (int& pid : pids) ASSERT_EQ(::read(pipe_ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  ::kill(coordinator, SIGKILL);
  ASSERT_EQ(::waitpid(coordinator, nullptr, 0), coordinator);
  for (const int pid : pids) {
    // By the signal, or, where it was just waiting for a task, by the closed socket.
    pid_t ended = 0;
    for (int i = 0; i < 1000 && ended == 0; ++i) {
      ended = ::waitpid(pid, nullptr, WNOHANG);
      if (ended == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(ended, pid) << "a worker outlives its coordinator";
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

}  // namespace
}  // namespace mavis::run
