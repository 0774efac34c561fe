#include "run/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "run/sample_probe.h"
#include "run/wire.h"
#include "spice/shared_session.h"
#include "util/error.h"

namespace mavis::run {
namespace {

double process_cpu_s() {
  timespec cpu{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec);
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

struct Engine {
  spice::SharedSession session;
  Circuit circuit{session};
  std::map<std::string, std::string> decks;  // hash -> text
};

void require_sound(const plan::Measurement& measurement) {
  for (const auto& [name, measured] : measurement) {
    if (!measured.status.empty() && measured.status.size() != measured.values.size())
      throw std::logic_error(
          fmt::format("{}: {} values, {} statuses", name, measured.values.size(), measured.status.size()));
    for (std::size_t i = 0; i < measured.values.size(); ++i)
      if (!std::isfinite(measured.values[i]) &&
          (measured.status.empty() || measured.status[i] == tables::Status::ok))
        throw spice::RunFailure(fmt::format("{}: value {} is not finite", name, i));
  }
}

void perform(SampleProbe& probe, const Task& task, Outcome& outcome) {
  if (task.describe) {
    outcome.devices = probe.session(0).devices();
  } else {
    outcome.measurement = plan::find_bench(task.job.bench).measure(probe);
    require_sound(outcome.measurement);
  }
  outcome.state = State::measured;
}

class Worker {
 public:
  explicit Worker(int fd) : fd_(fd) {}

  // Until the coordinator closes or the session is lost.
  void run() {
    send(pack(HelloMessage{start()}));
    if (!engine_) return;
    while (!lost_) {
      const std::optional<Frame> frame = receive();
      if (!frame) return;
      if (frame->kind == DeckMessage::kKind) {
        DeckMessage deck = unpack<DeckMessage>(*frame);
        engine_->decks[deck.hash] = std::move(deck.text);
      } else {
        answer(unpack<TaskMessage>(*frame));
      }
    }
  }

 private:
  // Makes the engine inside an empty private folder; returns what went wrong, or nothing.
  std::string start() {
    try {
      const char* place = std::getenv("TMPDIR");
      std::string folder = std::string(place && *place ? place : "/tmp") + "/mavis-worker-XXXXXX";
      if (!::mkdtemp(folder.data()) || ::chdir(folder.c_str()) != 0)
        return fmt::format("{}: {}; set TMPDIR to a folder that can be written", folder,
                           std::strerror(errno));
      const Removal removal{folder};
      engine_ = std::make_unique<Engine>();
      spent_.cpu_s = process_cpu_s();
      return "";
    } catch (const std::exception& e) {
      return one_line(e.what());
    }
  }

  // The folder goes as soon as ngspice has started. Without a name it stays this process' empty working
  // folder, and no kill leaves anything behind.
  struct Removal {
    const std::string& folder;
    ~Removal() { ::rmdir(folder.c_str()); }
  };

  void answer(const TaskMessage& message) {
    const Task& task = message.task;
    std::erase_if(engine_->decks, [&](const auto& deck) {
      const auto& needed = task.job.deck_hashes;
      return std::find(needed.begin(), needed.end(), deck.first) == needed.end();
    });
    SampleProbe probe(engine_->circuit, task.job, [this](const std::string& hash) -> const std::string& {
      return engine_->decks.at(hash);
    });
    ReplyMessage reply;
    reply.number = message.number;
    Outcome& outcome = reply.outcome;
    const auto fail = [&](const std::exception& e, State state) {
      outcome = {};
      outcome.state = state;
      outcome.message = one_line(e.what());
      outcome.deck = probe.deck();
      if (!outcome.deck.empty()) outcome.transcript = engine_->session.transcript();
    };
    try {
      perform(probe, task, outcome);
    } catch (const spice::SessionLost& e) {
      // ngspice gives up for good when malloc fails, which says nothing about the sample.
      const bool out_of_memory = std::string_view(e.what()).find("can't allocate") != std::string_view::npos;
      fail(e, out_of_memory ? State::unfinished : State::failed);
      lost_ = true;
    } catch (const std::bad_alloc& e) {
      fail(e, State::unfinished);
      lost_ = true;
    } catch (const std::exception& e) {
      fail(e, State::failed);
    }
    const Cost now = {process_cpu_s(), engine_->session.cpu_in_run()};
    reply.cost = {now.cpu_s - spent_.cpu_s, now.run_cpu_s - spent_.run_cpu_s};
    spent_ = now;
    send(pack_reply(reply));
  }

  static std::string pack_reply(ReplyMessage& reply) {
    try {
      return pack(reply);
    } catch (const WireError& e) {
      reply.outcome = {};
      reply.outcome.state = State::failed;
      reply.outcome.message = fmt::format("the result is too large: {}", e.what());
      return pack(reply);
    }
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) ::_exit(0);  // the coordinator is gone
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The next frame; nothing when the coordinator is gone.
  std::optional<Frame> receive() {
    for (;;) {
      if (std::optional<Frame> frame = reader_.next()) return frame;
      char bytes[65536];
      const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::nullopt;
      reader_.feed({bytes, static_cast<std::size_t>(got)});
    }
  }

  int fd_;
  FrameReader reader_;
  std::unique_ptr<Engine> engine_;
  Cost spent_;  // up to the latest reply
  bool lost_ = false;
};

}  // namespace

int worker_main(int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_NAME, "mavis-worker");
  // Ctrl-C reaches the whole process group; the coordinator decides when its workers end.
  std::signal(SIGINT, SIG_IGN);
  int code = 0;
  try {
    Worker(fd).run();
  } catch (const std::exception&) {
    code = 3;  // the coordinator, not the task, broke the protocol
  }
  ::_exit(code);
}

}  // namespace mavis::run
