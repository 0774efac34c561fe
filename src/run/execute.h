// Runs a plan to its end, or as far as it gets: rounds of requests, answered from the run log where it has
// them and by workers where not.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "plan/rounds.h"
#include "run/pool.h"
#include "run/run_log.h"

namespace mavis::run {

struct Progress {
  std::size_t done = 0;              // of this round: answered, by log or worker
  std::size_t total = 0;             // of this round
  std::string stage = {};            // what this round measures (plan/rounds.h)
  std::size_t resumed = 0;           // all rounds so far: found in the log
  std::size_t measured = 0;          // all rounds so far: measured now
  std::size_t failed = 0;            // all rounds so far
  std::size_t unfinished = 0;        // all rounds so far
  double cpu_s = 0;                  // CPU time of the workers so far, s
  double cpu_in_run_s = 0;           // of it inside ngspice's analyses
  std::string last_unfinished = {};  // point and reason of the latest
};

// The results of a plan as the log has them.
class LoggedResults : public plan::Results {
 public:
  LoggedResults(const plan::Rounds& plan, const RunLog& log) : plan_(plan), log_(log) {}
  const plan::Measurement* measurement(const plan::Request&) const override;
  const std::vector<spice::Device>* devices(const plan::Request&) const override;
  bool failed(const plan::Request&) const override;
  // nullptr: not in the log, so not finished.
  const Outcome* outcome(const plan::Request&) const;
  std::string key(const plan::Request&) const;

 private:
  const plan::Rounds& plan_;
  const RunLog& log_;
};

// Returns the final counts; stops early, with what is in the log safe, when stop() turns true (ask it again
// afterwards). A deck that ngspice refuses, found when a circuit is described, is the user's: InputError with
// file and line. Throws MachineError when workers can't start or the log can't be written.
Progress execute(plan::Rounds& plan, RunLog& log, const PoolOptions& options, const std::atomic<bool>& stop,
                 const std::function<void(const Progress&)>& on_progress);

}  // namespace mavis::run
