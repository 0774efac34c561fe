#include "run/execute.h"

#include <fmt/format.h>

#include "run/replay.h"
#include "run/task_key.h"
#include "spice/refusal.h"
#include "spice/shared_session.h"
#include "util/error.h"

namespace mavis::run {
namespace {

Task task_of(const plan::Rounds& plan, const plan::Request& request) {
  Task task;
  task.job = plan.job(request);
  task.describe = request.describe;
  task.key = task_key(task, spice::SharedSession::version(), plan.points()[request.point].bench->version());
  return task;
}

// A circuit that ngspice can't even load is a mistake in a file, not a failed sample.
void require_described(const plan::Rounds& plan, const plan::Request& request, const Outcome& outcome) {
  if (!request.describe || outcome.state != State::failed) return;
  const plan::Point& point = plan.points()[request.point];
  throw InputError(fmt::format("{}; correct the netlist and run again (bench {})",
                               spice::located(outcome.message, point.decks.front()), point.bench->name()));
}

}  // namespace

std::string LoggedResults::key(const plan::Request& request) const {
  return task_of(plan_, request).key;
}

const Outcome* LoggedResults::outcome(const plan::Request& request) const {
  return log_.lookup(key(request));
}

const plan::Measurement* LoggedResults::measurement(const plan::Request& request) const {
  const Outcome* found = outcome(request);
  return found && found->state == State::measured ? &found->measurement : nullptr;
}

const std::vector<spice::Device>* LoggedResults::devices(const plan::Request& request) const {
  const Outcome* found = outcome(request);
  return found && found->state == State::measured ? &found->devices : nullptr;
}

bool LoggedResults::failed(const plan::Request& request) const {
  const Outcome* found = outcome(request);
  return found && found->state == State::failed;
}

Progress execute(plan::Rounds& plan, RunLog& log, const PoolOptions& options, const std::atomic<bool>& stop,
                 const std::function<void(const Progress&)>& on_progress) {
  Pool pool(options);
  const LoggedResults results(plan, log);
  Progress progress;
  while (!stop) {
    const std::vector<plan::Request> requests = plan.next_round(results);
    if (requests.empty()) break;
    progress.stage = plan.stage();
    progress.done = 0;
    progress.total = requests.size();
    std::vector<Task> tasks;
    std::vector<plan::Request> asked;
    for (const plan::Request& request : requests) {
      Task task = task_of(plan, request);
      if (const Outcome* known = log.lookup(task.key)) {
        require_described(plan, request, *known);
        ++progress.done;
        ++progress.resumed;
        if (known->state == State::failed) ++progress.failed;
        continue;
      }
      tasks.push_back(std::move(task));
      asked.push_back(request);
    }
    on_progress(progress);
    const auto deck_text = [&](const std::string& hash) -> const std::string& {
      return plan.deck(hash).text;
    };
    const auto done = [&](std::size_t i, Outcome&& outcome, const Cost& cost) {
      ++progress.done;
      ++progress.measured;
      progress.cpu_s += cost.cpu_s;
      progress.cpu_in_run_s += cost.run_cpu_s;
      require_described(plan, asked[i], outcome);
      if (outcome.state == State::unfinished) {
        ++progress.unfinished;
        progress.last_unfinished = plan.text(asked[i]) + ": " + outcome.message;
      } else {
        if (outcome.state == State::failed) {
          ++progress.failed;
          const plan::Job& job = tasks[i].job;
          const std::string& deck = deck_text(outcome.deck.empty() ? job.deck_hashes.front() : outcome.deck);
          log.keep_replay(tasks[i].key, replay_deck(deck, outcome.transcript.empty() ? assignment_lines(job)
                                                                                     : outcome.transcript));
        }
        log.append(tasks[i].key, outcome);
      }
      on_progress(progress);
    };
    pool.run(tasks, deck_text, done, stop);
    // Without its devices a circuit's draws are unknown.
    for (const plan::Request& request : requests)
      if (request.describe && !stop && !results.devices(request))
        throw MachineError(fmt::format("cannot load the circuit of bench {} ({}); run the same command again",
                                       plan.points()[request.point].bench->name(), progress.last_unfinished));
  }
  return progress;
}

}  // namespace mavis::run
