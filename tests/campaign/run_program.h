// Starts the program as a user would and can kill it like nobody should.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "temporary_folder.h"

namespace mavis {

struct Finished {
  int code = -1;     // exit code; -signal when killed
  std::string text;  // standard output and error
};

// A running `mavis ...` in a process group of its own, output in a file.
class Running {
 public:
  Running(const std::vector<std::string>& arguments, const std::filesystem::path& log,
          const std::string& home)
      : log_(log) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setpgid(0, 0);
    if (!home.empty()) ::setenv("MAVIS_HOME", home.c_str(), 1);
    const int out = ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600),
              in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    std::vector<std::string> words = {MAVIS_TEST_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  pid_t pid() const { return pid_; }

  bool running() {
    if (status_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    status_ = std::make_unique<int>(status);
    return false;
  }

  Finished wait() {
    if (!status_) {
      int status = 0;
      ::waitpid(pid_, &status, 0);
      status_ = std::make_unique<int>(status);
    }
    std::ifstream in(log_);
    std::stringstream text;
    text << in.rdbuf();
    return {WIFEXITED(*status_) ? WEXITSTATUS(*status_) : -WTERMSIG(*status_), text.str()};
  }

  // The processes that this one started: its workers.
  std::vector<pid_t> children() const {
    std::ifstream in(fmt::format("/proc/{}/task/{}/children", pid_, pid_));
    std::vector<pid_t> pids;
    for (pid_t pid; in >> pid;) pids.push_back(pid);
    return pids;
  }

 private:
  std::filesystem::path log_;
  pid_t pid_ = -1;
  std::unique_ptr<int> status_;
};

inline Finished run_mavis(const std::vector<std::string>& arguments, const TemporaryFolder& folder,
                          const std::string& home = "") {
  return Running(arguments, folder.path() / "mavis.log", home).wait();
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// "resumed: 12 of 40 done" -> 12; -1 if it does not say so.
inline int resumed_count(const std::string& text) {
  const std::size_t at = text.find("resumed: ");
  return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + 9);
}

}  // namespace mavis
