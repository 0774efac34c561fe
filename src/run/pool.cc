#include "run/pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <map>
#include <optional>

#include "run/subprocess.h"
#include "run/task_queue.h"
#include "run/wire.h"
#include "util/error.h"

namespace mavis::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kTick = 0.05;        // s between looks at what workers use
constexpr double kGrace = 0.5;        // s for a process that has closed its socket to end
constexpr int kMaxStartFailures = 5;  // in a row, before workers count as unable to start

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

}  // namespace

struct Pool::Worker {
  std::unique_ptr<Subprocess> process;  // none until the first task, or after an end
  FrameReader reader;
  std::string unsent;
  bool ready = false;  // has said hello
  bool fresh = true;   // has answered nothing yet
  std::vector<std::string> decks;
  std::optional<std::size_t> task;
  std::uint64_t number = 0;  // of the task's message

  std::optional<double> cpu_at_task;  // s, at the first look after the task was handed out
  double cpu_seen = 0;                // s, at the last look
  double silent_s = 0;

  bool busy() const { return task.has_value(); }

  void start(const std::vector<std::string>& command) {
    process.reset();
    process = std::make_unique<Subprocess>(command);
    reader = {};
    unsent.clear();
    decks.clear();
    ready = false;
    fresh = true;
    cpu_at_task.reset();
    cpu_seen = silent_s = 0;
  }

  void flush() {
    while (!unsent.empty()) {
      const ssize_t sent = ::send(process->fd(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return;  // full, or dead: then poll says so
      unsent.erase(0, static_cast<std::size_t>(sent));
    }
  }
};

// One run().
class Pool::Round {
 public:
  Round(const PoolOptions& options, std::vector<std::unique_ptr<Worker>>& workers,
        const std::vector<Task>& tasks, const DeckText& deck_text, const Done& done)
      : options_(options),
        workers_(workers),
        tasks_(tasks),
        deck_text_(deck_text),
        done_(done),
        queue_(tasks, workers.size()),
        left_(tasks.size()) {}

  bool run(const std::atomic<bool>& stop) {
    Clock::time_point looked = Clock::now();
    while (left_ > 0) {
      if (stop) {
        abandon();
        return false;
      }
      hand_out();
      const double due = kTick - seconds_since(looked);
      if (due > 0) {
        listen(due);
        continue;
      }
      // A coordinator that was itself stopped or starved must not take that time for a worker's silence.
      watch(std::min(seconds_since(looked), 2 * kTick));
      looked = Clock::now();
    }
    return true;
  }

  void abandon() {
    for (auto& worker : workers_) {
      if (!worker->busy()) continue;
      worker->process.reset();
      worker->task.reset();
    }
  }

 private:
  void hand_out() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      Worker& worker = *workers_[i];
      if (worker.busy()) continue;
      if (const std::optional<std::size_t> task = queue_.take(i)) {
        assign(worker, *task, false);
      } else if (!alone_.empty() && std::none_of(workers_.begin(), workers_.end(),
                                                 [](const auto& other) { return other->busy(); })) {
        assign(worker, alone_.front(), true);
        alone_.pop_front();
      }
    }
  }

  void assign(Worker& worker, std::size_t task, bool in_fresh) {
    worker.task = task;
    if (!worker.process || (in_fresh && !worker.fresh)) worker.start(options_.worker_command);
    if (worker.ready) submit(worker);
  }

  void submit(Worker& worker) {
    const Task& task = tasks_[*worker.task];
    for (const std::string& hash : task.job.deck_hashes) {
      if (std::find(worker.decks.begin(), worker.decks.end(), hash) != worker.decks.end()) continue;
      worker.unsent += pack(DeckMessage{hash, deck_text_(hash)});
    }
    worker.decks = task.job.deck_hashes;
    worker.unsent += pack(TaskMessage{++worker.number, task});
    worker.cpu_at_task.reset();
    worker.silent_s = 0;
    worker.flush();
  }

  // Waits for bytes at most `timeout_s`, and deals with them.
  void listen(double timeout_s) {
    std::vector<pollfd> polled;
    std::vector<Worker*> owners;
    for (auto& worker : workers_) {
      if (!worker->process) continue;
      const short events = static_cast<short>(worker->unsent.empty() ? POLLIN : POLLIN | POLLOUT);
      polled.push_back({worker->process->fd(), events, 0});
      owners.push_back(worker.get());
    }
    if (::poll(polled.data(), polled.size(), 1 + static_cast<int>(1000 * timeout_s)) <= 0) return;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].revents & POLLOUT) owners[i]->flush();
      if (polled[i].revents & ~POLLOUT) receive(*owners[i]);
    }
  }

  void receive(Worker& worker) {
    char bytes[65536];
    const ssize_t got = ::recv(worker.process->fd(), bytes, sizeof bytes, 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) return on_end(worker, worker.process->finish(kGrace));
    worker.reader.feed({bytes, static_cast<std::size_t>(got)});
    try {
      while (worker.process) {  // an answer may end it; a new process begins with an empty reader
        const std::optional<Frame> frame = worker.reader.next();
        if (!frame) return;
        if (worker.ready)
          on_reply(worker, unpack<ReplyMessage>(*frame));
        else
          on_hello(worker, unpack<HelloMessage>(*frame));
      }
    } catch (const WireError& e) {
      on_end(worker, {fmt::format("sent what is no answer ({})", e.what()), false});
    }
  }

  void on_hello(Worker& worker, const HelloMessage& hello) {
    if (!hello.trouble.empty()) throw MachineError("a worker can't start: " + hello.trouble);
    worker.ready = true;
    start_failures_ = 0;
    if (worker.busy()) submit(worker);
  }

  void on_reply(Worker& worker, ReplyMessage&& reply) {
    if (!worker.busy() || reply.number != worker.number) throw WireError("nothing was asked");
    Outcome& outcome = reply.outcome;
    if (outcome.state == State::unfinished)
      return on_end(worker, {fmt::format("was out of memory ({})", outcome.message), true});
    if (outcome.state == State::failed) {
      // Only a fresh worker's word counts, so that a failure does not depend on the samples before it; and no
      // later sample is measured by a worker that has seen one.
      if (!worker.fresh) return worker.start(options_.worker_command);
      worker.process.reset();
    }
    worker.fresh = false;
    report(worker, std::move(outcome), reply.cost);
  }

  // The worker's process has ended, or has to.
  void on_end(Worker& worker, const End& end) {
    const bool started = worker.ready;
    worker.process.reset();
    if (!started) {
      if (++start_failures_ == kMaxStartFailures)
        throw MachineError(fmt::format("workers can't start: '{}' {} before it was ready, {} times in a row",
                                       options_.worker_command[0], end.text, kMaxStartFailures));
      if (worker.busy()) worker.start(options_.worker_command);
      return;
    }
    if (!worker.busy()) return;
    const auto [earlier, first] = ends_.try_emplace(*worker.task, end.text);
    if (first) {
      alone_.push_back(*worker.task);
      worker.task.reset();
      return;
    }
    Outcome outcome;
    const bool recurs = !end.outside && earlier->second == end.text;
    outcome.state = recurs ? State::failed : State::unfinished;
    outcome.message = fmt::format("the worker {}{}", end.text, recurs ? ", twice" : "");
    report(worker, std::move(outcome), {});
  }

  void report(Worker& worker, Outcome&& outcome, const Cost& cost) {
    const std::size_t task = *worker.task;
    worker.task.reset();
    --left_;
    done_(task, std::move(outcome), cost);
  }

  // Looks at what busy workers use; `elapsed_s` has passed since the last look.
  void watch(double elapsed_s) {
    for (auto& worker : workers_) {
      if (!worker->process || (worker->ready && !worker->busy())) continue;
      const Usage usage = worker->process->usage();
      // A look at every task's start would cost as much as some samples.
      if (!worker->cpu_at_task) worker->cpu_at_task = usage.cpu_s;
      const bool silent = usage.cpu_s <= worker->cpu_seen && usage.state != 'R';
      worker->silent_s = silent ? worker->silent_s + elapsed_s : 0;
      worker->cpu_seen = usage.cpu_s;
      if (usage.rss_bytes > options_.memory_limit_bytes)
        on_end(*worker, {fmt::format("was out of memory ({} MiB)", options_.memory_limit_bytes >> 20), true});
      else if (usage.cpu_s - *worker->cpu_at_task > options_.cpu_limit_s)
        on_end(*worker, {fmt::format("was out of CPU time ({} s)", options_.cpu_limit_s), true});
      else if (worker->silent_s > options_.silence_limit_s)
        on_end(*worker, {fmt::format("hung for {} s", options_.silence_limit_s), true});
    }
  }

  const PoolOptions& options_;
  std::vector<std::unique_ptr<Worker>>& workers_;
  const std::vector<Task>& tasks_;
  const DeckText& deck_text_;
  const Done& done_;

  TaskQueue queue_;                          // first tries
  std::deque<std::size_t> alone_;            // second tries
  std::map<std::size_t, std::string> ends_;  // of the first try, by task
  std::size_t left_;                         // not reported yet
  int start_failures_ = 0;                   // since the last hello
};

Pool::Pool(PoolOptions options) : options_(std::move(options)) {
  if (options_.worker_command.empty()) options_.worker_command = {"/proc/self/exe", "worker"};
  for (int i = 0; i < options_.jobs; ++i) workers_.push_back(std::make_unique<Worker>());
}

Pool::~Pool() = default;

bool Pool::run(const std::vector<Task>& tasks, const DeckText& deck_text, const Done& done,
               const std::atomic<bool>& stop) {
  Round round(options_, workers_, tasks, deck_text, done);
  try {
    return round.run(stop);
  } catch (...) {
    round.abandon();
    throw;
  }
}

std::vector<int> Pool::worker_pids() const {
  std::vector<int> pids;
  for (const auto& worker : workers_)
    if (worker->process) pids.push_back(worker->process->pid());
  return pids;
}

}  // namespace mavis::run
