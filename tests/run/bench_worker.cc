// The real worker with a bench of its own: a divider measured by ngspice, with settings that make it fail.
#include <cstdlib>
#include <limits>
#include <memory>

#include "plan/bench.h"
#include "run/worker.h"

namespace mavis::plan {
namespace {

class Divider : public Bench {
 public:
  std::string name() const override { return "divider"; }
  int version() const override { return 1; }
  std::string summary() const override { return "two resistors"; }
  std::vector<std::string> kinds() const override { return {}; }
  std::vector<Quantity> quantities(const Subject&) const override { return {}; }
  std::vector<spice::DeckSpec> decks(const Subject&, const PvtPoint&, const Condition&) const override {
    return {};
  }

  // out: the divided voltage, of every deck of the job; seed: what the probe shows of the draw.
  Measurement measure(Probe& probe) const override {
    const auto asked = [&](const char* what) { return probe.job().settings.contains(what); };
    if (asked("fail_at_once")) throw spice::RunFailure("before any session");
    Measurement result;
    for (std::size_t deck = 0; deck < probe.job().deck_hashes.size(); ++deck) {
      const spice::Waveforms op = probe.session(deck).run_op();
      if (asked("fail")) op["nowhere"];
      result["out"].values.push_back(op["out"].back());
    }
    if (asked("lose")) probe.session(0).set("rnowhere", "resistance", 1);
    if (asked("infinite")) result["out"].values[0] = std::numeric_limits<double>::infinity();
    if (asked("large")) result["out"].values.assign(std::size_t{9} << 20, 1.0);
    result["seed"].values = {static_cast<double>(probe.job().draw.seed)};
    return result;
  }
};

const bool registered = register_bench(std::make_unique<Divider>());

}  // namespace
}  // namespace mavis::plan

int main(int argc, char** argv) {
  return mavis::run::worker_main(std::atoi(argv[argc - 1]));
}
