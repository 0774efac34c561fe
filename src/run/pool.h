// Runs tasks on worker processes and keeps its word whatever they do: every task is reported exactly once,
// with an outcome that does not depend on the number of workers, their history or the load of the machine.
//
//   ngspice fails a sample           confirmed by a fresh worker, then `failed`
//   a worker crashes or sends junk   tried once more, alone in a fresh worker; the same end again: `failed`
//   killed from outside, out of memory, out of CPU time, hanging, or two different ends
//                                    tried once more, alone in a fresh worker; again: `unfinished`
// Alone means that no other task runs; such second tries come after all first ones.
// Limits are watched from here: memory limits inside the worker would turn into crashes of ngspice, which
// checks no allocation.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "run/outcome.h"

namespace mavis::run {

struct PoolOptions {
  int jobs = 1;                                           // workers, >= 1
  double cpu_limit_s = 120;                               // CPU time of one task
  std::size_t memory_limit_bytes = std::size_t{2} << 30;  // resident, a worker
  double silence_limit_s = 20;                            // blocked without using CPU
  std::vector<std::string> worker_command = {};           // empty: this program's `worker`; see Subprocess
};

class Pool {
 public:
  // Starts nothing yet.
  explicit Pool(PoolOptions options);
  ~Pool();  // kills the workers
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // The text of the deck with this hash; valid until run() returns.
  using DeckText = std::function<const std::string&(const std::string& hash)>;
  // Called once a task, in the order of completion, from inside run().
  using Done = std::function<void(std::size_t task, Outcome&& outcome, const Cost& cost)>;

  // Runs all tasks; true when every one was reported. When `stop` becomes true, kills the busy workers and
  // returns false: what was in flight or waiting is not reported. Tasks of one deck stay together, otherwise
  // they start in order. Throws MachineError when workers can't be started; whatever deck_text or done throw
  // passes through, after the busy workers are killed. Workers stay for the next run().
  bool run(const std::vector<Task>& tasks, const DeckText& deck_text, const Done& done,
           const std::atomic<bool>& stop);

  // Of the workers that live now; for tests and benchmarks.
  std::vector<int> worker_pids() const;

 private:
  struct Worker;
  class Round;
  PoolOptions options_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace mavis::run
