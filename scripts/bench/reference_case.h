// The reference case for the cost of a sample, for every program here that compares with plain ngspice: the
// read of sram_6t_read.cir with six threshold shifts of 30 mV sigma.
#pragma once

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "plan/bench.h"
#include "run/outcome.h"
#include "spice/waveform.h"
#include "util/draws.h"
#include "util/home.h"

namespace mavis {

inline constexpr const char* kDevices[] = {"mpul", "mpdl", "mpur", "mpdr", "mpgl", "mpgr"};

// A bench that measures decks which its program makes itself: no plan asks it for any.
class DecklessBench : public plan::Bench {
 public:
  int version() const override { return 1; }
  std::vector<std::string> kinds() const override { return {"reference"}; }
  std::vector<plan::Quantity> quantities(const plan::Subject&) const override { return {}; }
  std::vector<spice::DeckSpec> decks(const plan::Subject&, const plan::PvtPoint&,
                                     const plan::Condition&) const override {
    return {};
  }
};

// The read of sram_6t_read.cir: time until the bit line has fallen by 100 mV.
class SramRead : public DecklessBench {
 public:
  std::string name() const override { return "sram_6t_read"; }
  std::string summary() const override { return "the reference case for the cost of a sample"; }
  plan::Measurement measure(plan::Probe& probe) const override {
    const spice::Waveforms run = probe.session().run_tran(1e-12, 0.4e-9, 0, kMaxStep);
    for (std::size_t end : {std::size_t{0}, run.scale().size() - 1})
      if (run["xdut.q"][end] > 0.3 || run["xdut.qb"][end] < 0.7)
        throw spice::RunFailure("the stored bit is wrong");
    const auto time = spice::crossing(run.scale(), run["bl"], 0.9, spice::Edge::falling);
    if (!time) throw spice::RunFailure("the bit line did not fall");
    plan::Measurement result;
    result["points"].values = {static_cast<double>(run.scale().size())};
    result["time"].values = {*time};
    return result;
  }
  static constexpr double kMaxStep = 6.7e-12;
};
inline const bool sram_read_registered = plan::register_bench(std::make_unique<SramRead>());

inline double cpu_s(int who) {
  rusage used{};
  ::getrusage(who, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

inline spice::Deck reference_deck() {
  spice::DeckSpec spec;
  spec.title = "reference case";
  spec.bench = home() / "scripts/bench/sram_6t_read.cir";
  return spice::build_deck(spec);
}

// Six threshold shifts of 30 mV sigma.
inline run::Task reference_task(const spice::Deck& deck, std::uint32_t sample) {
  run::Task task;
  task.job.bench = "sram_6t_read";
  task.job.draw = {plan::DrawKind::sample, sample, 1};
  task.job.deck_hashes = {deck.hash};
  for (const char* device : kDevices)
    task.job.assignments.push_back({fmt::format("m.xdut.{}", device), "delvto",
                                    0.03 * normal_draw(1, Stream::local, sample, device), 0});
  task.key = fmt::format("{:032x}", sample);
  return task;
}

// The same sample as a deck of its own for plain ngspice.
inline double plain_cpu_s(const spice::Deck& deck, const std::filesystem::path& folder, std::uint32_t first,
                          int count) {
  std::vector<std::string> commands;
  for (int i = 0; i < count; ++i) {
    std::string text = deck.text.substr(0, deck.text.rfind(".end")) + ".control\n";
    for (const plan::Assignment& a :
         reference_task(deck, first + static_cast<std::uint32_t>(i)).job.assignments)
      text += fmt::format("alter @{}[{}]={:.17g}\n", a.device, a.parameter, a.value);
    text += fmt::format(
        "tran 1e-12 0.4e-9 0 {:.17g}\nmeas tran t_read when v(bl)=0.9 fall=1\nmeas tran q find v(xdut.q) "
        "at=0.39n\n.endc\n.end\n",
        SramRead::kMaxStep);
    const std::filesystem::path path = folder / fmt::format("{}.cir", i);
    std::ofstream(path) << text;
    commands.push_back(
        fmt::format("ngspice -b {} > {} 2>&1 < /dev/null", path.string(), (folder / "log").string()));
  }
  const double before = cpu_s(RUSAGE_CHILDREN);
  for (const std::string& command : commands)
    if (std::system(command.c_str()) == -1) throw std::runtime_error("cannot start ngspice");
  // Its exit code is 1 for decks without output cards: the measurement tells whether it ran.
  std::stringstream log;
  log << std::ifstream(folder / "log").rdbuf();
  if (log.str().find("t_read              =") == std::string::npos)
    throw std::runtime_error("ngspice failed: " + log.str());
  return (cpu_s(RUSAGE_CHILDREN) - before) / count;
}

}  // namespace mavis
