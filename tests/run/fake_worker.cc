// A worker without ngspice that misbehaves as its task says. The bench's name is what to do; if the task has
// the setting "once", it does so only while the file named by the PVT corner does not exist (it makes it),
// and after that works. Everything else is answered with {"x": {vdd}}.
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "run/wire.h"

using namespace mavis;
using namespace mavis::run;

namespace {

int fd = -1;
std::map<std::string, std::string> decks;
int answered = 0;

void send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) std::_Exit(0);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void die_by(int signal) {
  std::signal(signal, SIG_DFL);  // sanitizers catch some
  ::raise(signal);
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

[[noreturn]] void eat_memory() {
  for (int i = 0; i < 128; ++i) {
    const std::size_t size = std::size_t{8} << 20;
    void* block = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) break;
    std::memset(block, 1, size);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  hang();
}

bool misbehaves(const plan::Job& job) {
  if (!job.settings.contains("once")) return true;
  if (std::filesystem::exists(job.pvt.corner)) return false;
  std::ofstream(job.pvt.corner) << "was here\n";
  return true;
}

// Fills the outcome, or does not come back.
void perform(const TaskMessage& message, Outcome& outcome) {
  const plan::Job& job = message.task.job;
  const std::string& what = job.bench;
  if (what != "work" && misbehaves(job)) {
    if (what == "crash") die_by(SIGSEGV);
    if (what == "die_differently") die_by(answered == 0 ? SIGABRT : SIGSEGV);
    if (what == "be_killed") die_by(SIGKILL);
    if (what == "exit") std::_Exit(7);
    if (what == "hang") hang();
    if (what == "close") ::close(fd), hang();
    if (what == "spin")
      for (;;) ::getppid();
    if (what == "eat") eat_memory();
    if (what == "junk") send_all("junk, and no message"), hang();
    if (what == "torn") send_all(pack(ReplyMessage{}).substr(0, 20)), std::_Exit(0);
    if (what == "wrong_number") send_all(pack(ReplyMessage{message.number + 1, {}, {}}));
    if (what == "answer_twice") {
      ReplyMessage reply{message.number, {}, {}};
      reply.outcome.state = State::measured;
      reply.outcome.measurement["x"] = {{job.pvt.vdd}, {}};
      send_all(pack(reply) + pack(reply));
    }
    if (what == "fail" || (what == "fail_when_used" && answered > 0)) {
      outcome.state = State::failed;
      outcome.message = "timestep too small";
      return;
    }
    if (what == "short_of_memory") {
      outcome.state = State::unfinished;
      outcome.message = "can't allocate";
      return;
    }
  }
  for (const std::string& hash : job.deck_hashes) {
    if (decks.contains(hash) && decks[hash] == "text of " + hash) continue;
    outcome.state = State::failed;
    outcome.message = "no deck " + hash;
    return;
  }
  outcome.state = State::measured;
  outcome.measurement["x"] = {{job.pvt.vdd}, {}};
  outcome.measurement["answered"] = {{static_cast<double>(answered)}, {}};
}

}  // namespace

int main(int argc, char** argv) {
  fd = std::atoi(argv[argc - 1]);
  const std::string mode = argc > 2 ? argv[1] : "";
  if (mode == "never_ready") return 4;
  if (mode == "hello_trouble") send_all(pack(HelloMessage{"ngspice is not there"})), hang();
  send_all(pack(HelloMessage{}));
  FrameReader reader;
  for (;;) {
    const std::optional<Frame> frame = reader.next();
    if (!frame) {
      char bytes[4096];
      const ssize_t got = ::recv(fd, bytes, sizeof bytes, 0);
      if (got <= 0) return 0;
      reader.feed({bytes, static_cast<std::size_t>(got)});
    } else if (frame->kind == DeckMessage::kKind) {
      const auto deck = unpack<DeckMessage>(*frame);
      decks[deck.hash] = deck.text;
    } else {
      const auto message = unpack<TaskMessage>(*frame);
      const auto& needed = message.task.job.deck_hashes;
      std::erase_if(decks, [&](const auto& d) {
        return std::find(needed.begin(), needed.end(), d.first) == needed.end();
      });
      ReplyMessage reply{message.number, {0.001, 0}, {}};
      perform(message, reply.outcome);
      send_all(pack(reply));
      ++answered;
    }
  }
}
