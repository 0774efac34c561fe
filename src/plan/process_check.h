// `mavis pdk check`: which jobs measure a process, and what their results say beside the expected figures.
// Pure, thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pdk/pdk.h"
#include "plan/bench.h"

namespace mavis::plan {

struct ProcessJobs {
  std::vector<Job> jobs;  // of the bench "process": nominal, one a corner, in the order of pdk.corners
  std::map<std::string, spice::Deck> decks;  // by hash
};

// At nominal supply and 27 C, where expected figures hold. Throws InputError for a process whose decks can't
// be built.
ProcessJobs process_jobs(const pdk::Pdk& pdk);

enum class Verdict { within, outside, not_expected, not_measured };

struct ProcessFigure {
  std::string corner;
  std::string name;  // ion_n, ion_p, ioff_n, ioff_p, stage_delay
  std::string unit;
  double measured = 0;   // NaN where ngspice failed
  double expected = 0;   // NaN where pdk.toml has none for this corner
  double tolerance = 0;  // relative
  Verdict verdict = Verdict::not_measured;

  double ratio() const { return measured / expected; }
};

// Five figures a corner. `results[i]` belongs to process_jobs(pdk).jobs[i]; an empty one is a failed job.
std::vector<ProcessFigure> judge_process(const pdk::Pdk& pdk, const std::vector<Measurement>& results);

}  // namespace mavis::plan
