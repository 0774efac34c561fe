#include "cli/run_plan.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/command.h"
#include "report/progress.h"
#include "run/interrupt.h"
#include "util/error.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

// Turns the counts of a run into progress lines.
class Watcher {
 public:
  void operator()(const run::Progress& now) {
    if (now.stage != stage_) {
      stage_ = now.stage;
      resumed_before_ = resumed_;
      announced_ = false;
    }
    resumed_ = now.resumed;
    if (now.stage == "circuits") return;  // one a bench: over at once
    const std::size_t resumed = now.resumed - resumed_before_;
    if (resumed > 0 && !announced_) {
      progress_.close();
      fmt::print(stderr, "resumed: {} of {} done\n", resumed, now.total);
      announced_ = true;
    }
    progress_.show({now.stage, now.done, now.total, resumed, now.failed});
  }
  void close() { progress_.close(); }

 private:
  report::Progress progress_{stderr, is_terminal(STDERR_FILENO), seconds_now};
  std::string stage_;
  std::size_t resumed_ = 0, resumed_before_ = 0;
  bool announced_ = false;
};

}  // namespace

fs::path run_folder(const fs::path& output) {
  return output.string() + ".run";
}

std::string stable_name(const fs::path& path) {
  const fs::path whole = fs::weakly_canonical(path), relative = whole.lexically_relative(home());
  return relative.empty() || *relative.begin() == ".." ? whole.string() : relative.string();
}

LoggedRun::LoggedRun(RunOptions options)
    : options_(std::move(options)), is_new_(!fs::exists(run_folder(options_.output))) {
  log_ = std::make_unique<run::RunLog>(run_folder(options_.output), options_.campaign, options_.extend);
}

bool LoggedRun::run(plan::Rounds& plan) {
  const std::atomic<bool>& stop = run::catch_interrupts();
  const fs::path folder = run_folder(options_.output);
  const std::size_t unfinished = total_.unfinished;
  Watcher watcher;
  try {
    total_ = run::execute(plan, *log_, {.jobs = options_.jobs}, stop,
                          [&](const run::Progress& now) { watcher(now); });
  } catch (const InputError&) {
    // A netlist that ngspice refuses is found before anything is measured: leave no trace of the try.
    log_.reset();
    if (is_new_) fs::remove_all(folder);
    throw;
  }
  total_.unfinished += unfinished;
  watcher.close();
  if (stop)
    fmt::print(stderr, "interrupted: {} results are in {}; go on with\n  {}\n", log_->size(), folder.string(),
               options_.command_line);
  return !stop;
}

}  // namespace mavis::cli
