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

struct RunResult {
  bool stopped = false;  // by Ctrl-C; said so on stderr
  run::Progress total;
  std::unique_ptr<run::RunLog> log;
};

// As run::execute. A plan that is refused before anything was measured leaves no trace.
RunResult run_plan(plan::Rounds& plan, const RunOptions& options);

}  // namespace mavis::cli
