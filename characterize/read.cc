// read: disturbed bit, read current and access time of a memory cell. The netlist of the same name explains
// the runs.
#include <algorithm>
#include <cmath>
#include <optional>

#include "memory_cell.h"
#include "plan/bench.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using spice::Edge;
using tables::Scale;
using tables::Status;
using tables::Worse;

// s, break points of the netlist.
constexpr double kWord = 40e-12, kEdge = 20e-12;
constexpr double kStep = 0.1;                                        // of vdd: of a word line's sweep
constexpr std::array<double, 4> kWordLevels = {0.6, 0.8, 1.0, 1.2};  // of vdd; the sweep ends at the last
constexpr double kSwing = 0.1;                                       // V: what a sense amplifier needs
constexpr std::array<double, 3> kWindows = {1e-9, 1e-8,
                                            1e-7};  // s after the word line, until the line has moved
constexpr double kWindowSteps = 25;                 // least time points in one

struct Line {
  const char *node, *branch;
};
constexpr std::array<Line, 2> kBitLines = {{{"bl", "vbl#branch"}, {"blb", "vblb#branch"}}};
constexpr std::array<Line, 2> kReadLines = {{{"rbl", "vrbl#branch"}, {"rblb", "vrblb#branch"}}};

class Read : public MemoryBench {
 public:
  std::string name() const override { return "read"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "read disturb, read current and access time on a loaded line of a memory cell";
  }

  std::vector<Quantity> quantities(const Subject&) const override {
    const tables::Axis bits = bit_axis("stored_bit", "stored bit");
    const tables::Axis word{.name = "word_line_voltage",
                            .unit = "1",
                            .long_name = "word line over vdd",
                            .values = {kWordLevels.begin(), kWordLevels.end()}};
    return by_bit({{.name = "disturb",
                    .unit = "V",
                    .long_name = "rise of the low storage node by a word line, bit lines at vdd",
                    .inner = {word},
                    .worse = Worse::high},
                   {.name = "current",
                    .unit = "A",
                    .long_name = "read current, line at vdd",
                    .scale = Scale::log,
                    .worse = Worse::low},
                   {.name = "access_time",
                    .unit = "s",
                    .long_name = "word line to 100 mV on a line of 64 rows, idle cells leaking against it",
                    .scale = Scale::log,
                    .worse = Worse::high}},
                  bits);
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    const spice::Block& cell = subject.blocks.at("bitcell");
    const bool port = has_port(subject);
    return {{"port", port ? 1 : 0},
            {"line", !port || cell.has_port("read_bit_line") ? 1 : 0},
            {"line_bar", cell.has_port(port ? "read_bit_line_bar" : "bit_line_bar") ? 1 : 0}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition& condition) const override {
    std::vector<spice::DeckSpec> specs = MemoryBench::decks(subject, pvt, condition);
    spice::DeckSpec& spec = specs[0];
    spec.params.emplace_back("port", has_port(subject) ? 1 : 0);
    for (const auto& lines : {kBitLines, kReadLines})
      for (const Line& line : lines) {
        spec.saves.push_back(std::string("v(") + line.node + ")");
        spec.saves.emplace_back(line.branch);
      }
    return specs;
  }

  Measurement measure(Probe& probe) const override {
    Measurement result;
    std::array<Sweep, 2> sweeps;
    for (const std::size_t bit : {std::size_t{0}, std::size_t{1}})
      sweeps[bit] = sweep(probe, bit == 1, "vwl", kBitLines);
    for (std::size_t k = 0; k < kWordLevels.size(); ++k)
      add_by_bit(result, "disturb", Worse::high, {sweeps[0].rise[k], sweeps[1].rise[k]},
                 {sweeps[0].status[k], sweeps[1].status[k]});
    if (probe.setting("port") == 1)
      for (const std::size_t bit : {std::size_t{0}, std::size_t{1}})
        sweeps[bit] = sweep(probe, bit == 1, "vrwl", kReadLines);
    add_reads(probe, sweeps, result);
    return result;
  }

 private:
  static bool has_port(const Subject& subject) {
    return subject.blocks.at("bitcell").has_port("read_word_line");
  }

  // A word line that goes up, lines at vdd.
  struct Sweep {
    std::array<double, kWordLevels.size()> rise{};  // V, of the low storage node
    std::array<Status, kWordLevels.size()> status{};
    std::array<double, 2> current{};  // A, out of the line's source and its twin's, at vdd
    bool lost = false;                // the bit, at vdd
  };

  static void set_bit(spice::Session& session, double vdd, bool bit) {
    session.set_dc("vq", bit ? vdd : 0);
    session.set_dc("vqb", bit ? 0 : vdd);
  }

  static Sweep sweep(Probe& probe, bool bit, const char* word, const std::array<Line, 2>& lines) {
    const double vdd = probe.job().pvt.vdd;
    spice::Session& session = probe.session();
    set_bit(session, vdd, bit);
    session.set_dc("vrelease", 2);
    for (const char* source : {"vwl", "vrwl"}) session.set_dc(source, 0);
    const spice::Waveforms run = session.run_dc(word, -kStep * vdd, kWordLevels.back() * vdd, kStep * vdd);
    const auto at = [&](const char* vector, double level) {
      return spice::value_at(run.scale(), run[vector], level * vdd);
    };
    const char *low = bit ? "bit_bar" : "bit", *high = bit ? "bit" : "bit_bar";
    if (at(low, 0) >= at(high, 0)) throw spice::RunFailure("the cell does not keep its bit");
    Sweep result;
    for (std::size_t k = 0; k < kWordLevels.size(); ++k) {
      result.rise[k] = at(low, kWordLevels[k]);
      if (result.rise[k] >= at(high, kWordLevels[k])) result.status[k] = Status::censored;
    }
    result.lost = at(low, 1) >= at(high, 1);
    for (const std::size_t line : {std::size_t{0}, std::size_t{1}})
      result.current[line] = -at(lines[line].branch, 1);
    return result;
  }

  // Currents and access times of the bits that move a line: each its own where there are two, one of them
  // where there is one.
  static void add_reads(Probe& probe, const std::array<Sweep, 2>& sweeps, Measurement& result) {
    const bool line = probe.setting("line") == 1, bar = probe.setting("line_bar") == 1;
    std::array<double, 2> current{}, time{};
    std::array<Status, 2> current_status{}, time_status{};
    const std::size_t only = bar ? 1 : 0;  // the line of a cell that has one
    for (const std::size_t bit : {std::size_t{0}, std::size_t{1}}) {
      const std::array<double, 2>& own = sweeps[bit].current;
      // A bit that its own read destroys moves no line for long.
      if (sweeps[bit].lost) {
        current_status[bit] = time_status[bit] = Status::censored;
        continue;
      }
      std::size_t moving = only;
      if (line && bar)
        moving = own[1] > own[0] ? 1 : 0;
      else if (sweeps[1 - bit].lost || own[only] < sweeps[1 - bit].current[only])
        current_status[bit] = time_status[bit] = Status::not_applicable;
      if (current_status[bit] == Status::not_applicable) continue;
      current[bit] = own[moving];
      if (current[bit] <= 0) current_status[bit] = Status::censored;
      std::tie(time[bit], time_status[bit]) = access(probe, bit == 1, moving, line && bar);
    }
    add_by_bit(result, "current", Worse::low, current, current_status);
    add_by_bit(result, "access_time", Worse::high, time, time_status);
  }

  // The time that line `moving` takes; 100 ns, censored, where it does not move.
  static std::pair<double, Status> access(Probe& probe, bool bit, std::size_t moving, bool twins) {
    const double vdd = probe.job().pvt.vdd, start = kWord + kEdge / 2;
    const bool port = probe.setting("port") == 1;
    const auto& lines = port ? kReadLines : kBitLines;
    spice::Session& session = probe.session();
    set_bit(session, vdd, bit);
    session.set_dc("vrelease", 0);
    for (const double window : kWindows) {
      const spice::Waveforms run = session.run_tran(window / 1000, kWord + window, 0, window / kWindowSteps);
      const auto at = [&](const char* vector) { return spice::value_at(run.scale(), run[vector], kWord); };
      if ((at("bit") > at("bit_bar")) != bit)
        throw spice::RunFailure("the cell does not keep its bit until it is read");
      const auto fallen = run[lines[moving].node], twin = run[lines[1 - moving].node];
      std::vector<double> swing(fallen.size());
      for (std::size_t i = 0; i < swing.size(); ++i) swing[i] = (twins ? twin[i] : vdd) - fallen[i];
      if (const auto moved = spice::crossing(run.scale(), swing, kSwing, Edge::rising, start))
        return {*moved - start, Status::ok};
    }
    return {kWindows.back(), Status::censored};
  }
};

const bool registered = plan::register_bench(std::make_unique<Read>());

}  // namespace
}  // namespace mavis
