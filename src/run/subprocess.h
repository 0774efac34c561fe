// One worker process and the socket to it.
//
// The child has /dev/null as stdin and stdout (and stderr, except under sanitizers, whose reports are
// wanted), no descriptor of ours but its end of the socket, writes no core file, and dies with the thread
// that started it. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "run/descriptor.h"

namespace mavis::run {

// How a process ended.
struct End {
  std::string text;      // "was killed by SIGSEGV", "exited with code 3"; no process numbers: equal ends
                         // have equal texts
  bool outside = false;  // by SIGKILL, SIGTERM, SIGINT, SIGHUP: someone else's decision, not the task's
};

// What a running process uses.
struct Usage {
  char state = 'X';           // of /proc/PID/stat: R running or ready to run, S, D, T, Z ...
  double cpu_s = 0;           // since it started, all threads
  std::size_t rss_bytes = 0;  // resident memory
};

class Subprocess {
 public:
  // Runs command[0] (a path, or a name in $PATH) with the rest as arguments and the number of the child's
  // socket descriptor as one more. Throws MachineError when it can't be started.
  explicit Subprocess(const std::vector<std::string>& command);
  ~Subprocess();  // kills, waits
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  pid_t pid() const { return pid_; }
  int fd() const { return socket_.get(); }  // our end: non-blocking, close-on-exec

  Usage usage() const;  // state 'X' when the process is gone

  // Gives a process whose socket has closed `grace_s` to end by itself, then kills it; waits for it.
  End finish(double grace_s);

 private:
  struct Child;  // Boost.Process, whose headers are large
  void kill_and_wait();

  Descriptor socket_;
  pid_t pid_ = -1;
  std::unique_ptr<Child> child_;
};

}  // namespace mavis::run
