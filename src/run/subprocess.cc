#include "run/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <boost/process/search_path.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <thread>

#include "util/error.h"

namespace mavis::run {
namespace bp = boost::process;
namespace {

// In the child, between fork and exec: only calls that are safe there.
void prepare_child(pid_t parent, int fd) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // it died before the line above
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
#ifndef __SANITIZE_ADDRESS__
  ::dup2(STDOUT_FILENO, STDERR_FILENO);  // /dev/null by now
#endif
  // Boost's own pipes and whatever libraries have opened would otherwise live on in the child.
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::fcntl(fd, F_SETFD, 0);
}

End end_of(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const char* name = ::sigabbrev_np(signal);
    return {
        fmt::format("was killed by {}", name ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal)),
        signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP};
  }
  return {fmt::format("exited with code {}", WEXITSTATUS(status)), false};
}

}  // namespace

struct Subprocess::Child {
  bp::child process;
};

Subprocess::Subprocess(const std::vector<std::string>& command) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw MachineError(fmt::format("cannot open a socket to a worker: {}", std::strerror(errno)));
  socket_ = Descriptor(ends[0]);
  const Descriptor child_socket(ends[1]);
  const int child_fd = child_socket.get();
  ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  std::vector<std::string> arguments(command.begin() + 1, command.end());
  arguments.push_back(std::to_string(child_fd));
  const boost::filesystem::path program =
      command[0].find('/') == command[0].npos ? bp::search_path(command[0]) : command[0];
  const pid_t parent = ::getpid();
  std::error_code error;
  child_ = std::make_unique<Child>();
  child_->process = bp::child(
      bp::exe = program, bp::args = arguments, bp::std_in<bp::null, bp::std_out> bp::null,
      bp::extend::on_exec_setup = [=](auto&) { prepare_child(parent, child_fd); },
      // Boost leaves a zombie where exec failed.
      bp::extend::on_error =
          [](auto& executor, const std::error_code&) {
            if (executor.pid > 0) ::waitpid(executor.pid, nullptr, 0);
          },
      error);
  if (error) throw MachineError(fmt::format("cannot start a worker '{}': {}", command[0], error.message()));
  pid_ = child_->process.id();
}

Subprocess::~Subprocess() {
  kill_and_wait();
}

Usage Subprocess::usage() const {
  Usage usage;
  std::ifstream file(fmt::format("/proc/{}/stat", pid_));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // pid (name) state ...: the name may hold blanks and brackets. Resident pages are the 22nd field after it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == text.npos || name_end + 2 >= text.size()) return usage;
  std::size_t at = name_end + 2;
  usage.state = text[at];
  for (int field = 3; field < 24 && at != text.npos; ++field) at = text.find(' ', at + 1);
  if (at != text.npos)
    usage.rss_bytes = std::stoull(text.substr(at + 1)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  clockid_t clock{};
  timespec cpu{};
  if (::clock_getcpuclockid(pid_, &clock) == 0 && ::clock_gettime(clock, &cpu) == 0)
    usage.cpu_s = static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec);
  return usage;
}

End Subprocess::finish(double grace_s) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(grace_s);
  std::error_code ignored;
  while (child_->process.running(ignored)) {
    if (Clock::now() >= deadline) {
      kill_and_wait();
      return {"closed its connection", false};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return end_of(child_->process.native_exit_code());
}

void Subprocess::kill_and_wait() {
  std::error_code ignored;
  if (!child_->process.running(ignored)) return;
  ::kill(pid_, SIGKILL);
  child_->process.wait(ignored);
}

}  // namespace mavis::run
