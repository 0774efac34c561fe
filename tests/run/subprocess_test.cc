#include "run/subprocess.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <sstream>
#include <thread>

#include "util/error.h"

namespace mavis::run {
namespace {

// Runs a shell script; the number of its socket descriptor is its $1.
std::vector<std::string> shell(const std::string& script) {
  return {"sh", "-c", script, "sh"};
}

// Everything the child writes to its socket until it closes.
std::string said_by(const Subprocess& process) {
  std::string text;
  for (;;) {
    pollfd polled{process.fd(), POLLIN, 0};
    if (::poll(&polled, 1, 10000) != 1) return text + "(silence)";
    char bytes[4096];
    const ssize_t got = ::recv(process.fd(), bytes, sizeof bytes, 0);
    if (got <= 0) return text;
    text.append(bytes, static_cast<std::size_t>(got));
  }
}

TEST(Subprocess, HasOnlyItsOwnDescriptors) {
  const int leaky = ::open("/dev/zero", O_RDONLY);  // without O_CLOEXEC, as libraries do
  const Subprocess other(shell("read x"));
  const Subprocess process(
      shell("echo $(readlink /proc/$$/fd/0) $(readlink /proc/$$/fd/1) >&$1; exec 2>&-;"
            "for f in /proc/$$/fd/*; do readlink $f; done >&$1"));
  const std::string links = said_by(process);
  ::close(leaky);
  std::istringstream lines(links);
  std::string first;
  std::getline(lines, first);
  EXPECT_EQ(first, "/dev/null /dev/null");
  std::set<std::string> all;
  for (std::string line; std::getline(lines, line);) all.insert(line);
  EXPECT_EQ(all.size(), 2u) << links;  // /dev/null and its socket
  EXPECT_TRUE(all.contains("/dev/null"));
}

#ifndef MAVIS_SANITIZE  // whose reports are wanted
TEST(Subprocess, IsMute) {
  const Subprocess process(shell("echo $(readlink /proc/$$/fd/2) >&$1"));
  EXPECT_EQ(said_by(process), "/dev/null\n");
}
#endif

TEST(Subprocess, TalksBothWays) {
  const Subprocess process(shell("read line <&$1; echo \"heard $line\" >&$1"));
  ASSERT_EQ(::send(process.fd(), "hello\n", 6, MSG_NOSIGNAL), 6);
  EXPECT_EQ(said_by(process), "heard hello\n");
}

TEST(Subprocess, SaysHowItEnded) {
  const auto end = [](const std::string& script) {
    Subprocess process(shell(script));
    return process.finish(10);
  };
  EXPECT_EQ(end("exit 3").text, "exited with code 3");
  EXPECT_FALSE(end("exit 3").outside);
  EXPECT_EQ(end("kill -SEGV $$").text, "was killed by SIGSEGV");
  EXPECT_FALSE(end("kill -SEGV $$").outside);
  EXPECT_EQ(end("kill -KILL $$").text, "was killed by SIGKILL");
  EXPECT_TRUE(end("kill -KILL $$").outside);
}

TEST(Subprocess, IsKilledWhenItDoesNotEnd) {
  Subprocess process(shell("exec sleep 1000"));
  EXPECT_EQ(process.finish(0.01).text, "closed its connection");
  EXPECT_EQ(::kill(process.pid(), 0), -1);
}

TEST(Subprocess, LeavesNoZombie) {
  pid_t pid = 0;
  {
    const Subprocess process(shell("exec sleep 1000"));
    pid = process.pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_THROW(Subprocess({"/nowhere/at/all"}), MachineError);
  EXPECT_THROW(Subprocess({"no-such-program-anywhere"}), MachineError);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(Subprocess, TellsWhatItUses) {
  Subprocess busy(shell("while :; do :; done"));
  const Subprocess idle(shell("read line <&$1"));
  for (int i = 0; i < 1000 && busy.usage().cpu_s < 0.02; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Usage usage = busy.usage();
  EXPECT_GE(usage.cpu_s, 0.02);
  EXPECT_EQ(usage.state, 'R');
  EXPECT_GT(usage.rss_bytes, std::size_t{100} << 10);
  EXPECT_LT(usage.rss_bytes, std::size_t{100} << 20);
  for (int i = 0; i < 1000 && idle.usage().state != 'S'; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(idle.usage().state, 'S');
  ::kill(busy.pid(), SIGKILL);
  busy.finish(10);
  EXPECT_EQ(busy.usage().state, 'X');
}

}  // namespace
}  // namespace mavis::run
