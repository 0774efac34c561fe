#include "run/run_log.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "expect_error.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis::run {
namespace {

namespace fs = std::filesystem;

Outcome measured(double value) {
  Outcome outcome;
  outcome.state = State::measured;
  outcome.measurement["x"] = {{value, -value}, {}};
  return outcome;
}

Outcome failed(const std::string& message) {
  Outcome outcome;
  outcome.state = State::failed;
  outcome.message = message;
  return outcome;
}

class RunLogTest : public testing::Test {
 protected:
  RunLog open(const std::string& plan = "samples = 16\n", bool extend = false) const {
    return RunLog(folder, plan, extend);
  }
  std::string log_bytes() const { return read_text(folder / "log", "log"); }
  void write_log(const std::string& bytes) const { write_atomically(folder / "log", bytes); }

  TemporaryFolder temporary;
  fs::path folder = temporary.path() / "lib.h5.run";
};

TEST_F(RunLogTest, RemembersOverRestarts) {
  {
    RunLog log = open();
    EXPECT_EQ(log.lookup("a"), nullptr);
    log.append("a", measured(1));
    log.append("b", failed("timestep too small"));
    EXPECT_EQ(log.size(), 2u);
    ASSERT_TRUE(log.lookup("a"));
  }
  RunLog log = open();
  EXPECT_EQ(log.size(), 2u);
  EXPECT_EQ(log.torn_bytes(), 0u);
  EXPECT_EQ(log.lookup("a")->measurement.at("x").values, (std::vector<double>{1, -1}));
  EXPECT_EQ(log.lookup("b")->message, "timestep too small");
  EXPECT_EQ(log.lookup("c"), nullptr);
  EXPECT_EQ(fs::file_size(folder / "log"), log_bytes().size());
}

TEST_F(RunLogTest, TheFirstRecordOfAKeyWins) {
  const fs::path other_folder = temporary.path() / "other.run";
  {
    RunLog log = open(), other(other_folder, "", false);
    log.append("a", measured(1));
    log.append("a", measured(2));
    EXPECT_EQ(log.lookup("a")->measurement.at("x").values[0], 1);
    other.append("a", measured(3));
    other.append("b", measured(4));
  }
  // Two logs joined by hand hold a key twice.
  const std::size_t header_size = 12;
  write_log(log_bytes() + read_text(other_folder / "log", "log").substr(header_size));
  const RunLog joined = open();
  EXPECT_EQ(joined.size(), 2u);
  EXPECT_EQ(joined.lookup("a")->measurement.at("x").values[0], 1);
  EXPECT_EQ(joined.lookup("b")->measurement.at("x").values[0], 4);
}

TEST_F(RunLogTest, AnUnfinishedSampleHasNoRecord) {
  RunLog log = open();
  EXPECT_THROW(log.append("a", Outcome{}), std::logic_error);
}

TEST_F(RunLogTest, ATornTailIsCutOffWhereverItBegins) {
  std::vector<std::size_t> ends;  // of the records, and of the header
  {
    RunLog log = open();
    ends.push_back(fs::file_size(folder / "log"));
    for (int i = 0; i < 3; ++i) {
      log.append(std::to_string(i), measured(i));
      ends.push_back(fs::file_size(folder / "log"));
    }
  }
  const std::string whole = log_bytes();
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    write_log(whole.substr(0, length));
    std::size_t records = 0;
    while (records + 1 < ends.size() && ends[records + 1] <= length) ++records;
    {
      RunLog log = open();
      ASSERT_EQ(log.size(), records) << length;
      log.append("again", measured(9));
    }
    RunLog log = open();
    ASSERT_EQ(log.size(), records + 1) << length;
    ASSERT_EQ(log.torn_bytes(), 0u);
    ASSERT_TRUE(log.lookup("again"));
    for (std::size_t i = 0; i < records; ++i) ASSERT_TRUE(log.lookup(std::to_string(i)));
  }
}

TEST_F(RunLogTest, ACorruptTailIsCutOff) {
  std::size_t first = 0;
  {
    RunLog log = open();
    log.append("0", measured(0));
    first = fs::file_size(folder / "log");
    log.append("1", measured(1));
  }
  const std::string whole = log_bytes();
  for (std::size_t i = first; i < whole.size(); ++i) {
    std::string wrong = whole;
    wrong[i] = static_cast<char>(~wrong[i]);
    write_log(wrong);
    const RunLog log = open();
    ASSERT_EQ(log.size(), 1u) << i;
    ASSERT_EQ(log.torn_bytes(), whole.size() - first);
    ASSERT_EQ(fs::file_size(folder / "log"), first);
  }
  write_log(whole + std::string(100, '\0'));  // as after a power cut
  EXPECT_EQ(open().size(), 2u);
}

TEST_F(RunLogTest, ForeignAndNewerLogsAreRefusedAndLeftAlone) {
  { open(); }
  const std::string newer = std::string("MVSrlog\n\x02\0\0\0 whatever", 21);
  for (const std::string& bytes : {newer, std::string("#!/bin/sh\n")}) {
    write_log(bytes);
    expect_input_error([&] { open(); }, {"lib.h5.run/log", bytes == newer ? "format 2" : "not a run log"});
    EXPECT_EQ(log_bytes(), bytes);
  }
}

TEST_F(RunLogTest, ASecondProcessIsRefusedWithTheHoldersNumber) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const RunLog log = open();
    if (::write(pipe_ends[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(pipe_ends[0], &byte, 1), 1);
  const std::string name = "process " + std::to_string(holder) + " ";
  expect_input_error([&] { open(); }, {"lib.h5.run", name.c_str(), "wait"});
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_EQ(open().size(), 0u);
  for (const int end : pipe_ends) ::close(end);
}

TEST_F(RunLogTest, AnotherPlanNeedsExtend) {
  EXPECT_EQ(RunLog::plan_in(folder), "");
  { open("samples = 16\nseed = 1\n").append("a", measured(1)); }
  expect_input_error([&] { open("samples = 16\nseed = 2\n"); },
                     {"plan.txt", "line 2 was 'seed = 1', now it is 'seed = 2'", "--extend"});
  expect_input_error([&] { open("samples = 16\n"); }, {"line 2 was 'seed = 1', now it is ''"});
  EXPECT_EQ(RunLog::plan_in(folder), "samples = 16\nseed = 1\n");
  EXPECT_EQ(open("samples = 16\nseed = 2\n", true).size(), 1u);
  EXPECT_EQ(open("samples = 16\nseed = 2\n").size(), 1u);
}

TEST_F(RunLogTest, AFolderThatCantBeMadeIsRefused) {
  const fs::path file = temporary.write("file", "x");
  expect_input_error([&] { RunLog(file / "lib.h5.run", "", false); }, {"file/lib.h5.run", "another output"});
}

// The limit stands for a full disk: write() then comes back short, and with an error after that.
TEST_F(RunLogTest, AFullDiskLosesOnlyTheRecordBeingWritten) {
  { open().append("a", measured(1)); }
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    RunLog log = open();
    const auto size = fs::file_size(folder / "log");
    const rlimit limit{size + 10, size + 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      log.append("b", measured(2));
      ::_exit(1);
    } catch (const MachineError& e) {
      const std::string text = e.what();
      if (text.find("lib.h5.run/log") == text.npos || text.find("free some space") == text.npos) ::_exit(2);
    }
    if (fs::file_size(folder / "log") != size) ::_exit(3);
    if (log.lookup("b") || !log.lookup("a")) ::_exit(4);
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  RunLog log = open();
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(log.torn_bytes(), 0u);
  log.append("b", measured(2));
}

TEST_F(RunLogTest, KillingTheWriterLosesAtMostOneRecord) {
  for (int round = 0; round < 5; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t writer = ::fork();
    if (writer == 0) {
      RunLog log = open();
      for (int i = 0;; ++i) {
        log.append(std::to_string(round) + ":" + std::to_string(i), measured(i));
        if (::write(pipe_ends[1], "x", 1) != 1) ::_exit(1);
      }
    }
    ::close(pipe_ends[1]);
    char byte = 0;
    for (int i = 0; i < 100 * (round + 1); ++i) ASSERT_EQ(::read(pipe_ends[0], &byte, 1), 1);
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    int written = 100 * (round + 1);
    while (::read(pipe_ends[0], &byte, 1) == 1) ++written;
    ::close(pipe_ends[0]);
    const RunLog log = open();
    for (int i = 0; i < written; ++i) {
      const Outcome* outcome = log.lookup(std::to_string(round) + ":" + std::to_string(i));
      ASSERT_TRUE(outcome) << i << " of " << written;
      EXPECT_EQ(outcome->measurement.at("x").values[0], i);
    }
  }
}

TEST_F(RunLogTest, KeepsReplayDecks) {
  const RunLog log = open();
  EXPECT_EQ(log.keep_replay("abc", "deck\n.end\n"), folder / "failed" / "abc.cir");
  EXPECT_EQ(read_text(folder / "failed" / "abc.cir", "deck"), "deck\n.end\n");
}

}  // namespace
}  // namespace mavis::run
