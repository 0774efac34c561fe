// What became of one job, as it is kept in the run log and read by the plan and the distiller.
#pragma once

#include <string>
#include <vector>

#include "plan/bench.h"
#include "spice/session.h"

namespace mavis::run {

enum class State : std::uint8_t {
  measured = 0,  // measurement holds the result
  failed =
      1,  // ngspice reported an error, or the worker died alike on both tries: data, kept with a replay deck
  unfinished = 2,  // killed, out of memory or CPU time: not in the log, tried again at the next start
};

struct Outcome {
  State state = State::unfinished;
  std::string message = {};     // one line; empty when measured
  std::string transcript = {};  // failed only, may be empty: the .control lines that replay it
  std::string deck = {};        // failed only, may be empty: hash of the deck that the transcript belongs to
  plan::Measurement measurement = {};       // measured only; values are finite unless their status isn't ok
  std::vector<spice::Device> devices = {};  // answer to a describe job
};

// What one task took in its worker, for benchmarks and estimates; never enters the library.
struct Cost {
  double cpu_s = 0;      // process CPU time since the reply before
  double run_cpu_s = 0;  // of which inside ngspice's analyses
};

// A unit of work: a job, or (describe) the question which devices deck_hashes[0] has.
struct Task {
  std::string key;  // content address, see run_log.h
  plan::Job job;
  bool describe = false;
};

}  // namespace mavis::run
