// Runs a plan against the run log beside its output, with progress on the terminal. What characterize and
// yield share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "plan/rounds.h"
#include "run/execute.h"

namespace mavis::cli {

// "LIB.h5.run", where the run log of an output lies.
std::filesystem::path run_folder(const std::filesystem::path& output);

// What a campaign calls a file: stays the same when the whole installation moves.
std::string stable_name(const std::filesystem::path& path);

struct RunOptions {
  std::filesystem::path output;
  std::string campaign;  // what the run log belongs to
  bool extend = false;   // the log may belong to another campaign
  int jobs = 1;
  std::string command_line;  // that goes on with it
};

// Not thread-safe.
class LoggedRun {
 public:
  // Opens the log. Throws as run::RunLog does.
  explicit LoggedRun(RunOptions options);

  // As run::execute, with progress on stderr; false when Ctrl-C stopped it, which stderr then says. May be
  // called for one plan after another. A plan that is refused before anything was measured leaves no trace.
  bool run(plan::Rounds& plan);

  const run::RunLog& log() const { return *log_; }
  const run::Progress& total() const { return total_; }  // of the latest plan; unfinished ones of all

 private:
  RunOptions options_;
  bool is_new_ = false;
  std::unique_ptr<run::RunLog> log_;
  run::Progress total_;
};

}  // namespace mavis::cli
