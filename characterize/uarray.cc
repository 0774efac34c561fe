// uarray_ideal, uarray_full: a whole uArray for one vector, a multiply-average in the left half and its
// conversion against the right one, with the loop of the successive approximation closed in the transient.
// uarray.cir explains the circuit and its clocks. `mavis validate` places their runs: draws by the addresses
// of macro/chip.h, and the vector and the comparator's calibration among the settings.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "calibration_gates.h"
#include "device_places.h"
#include "plan/bench.h"
#include "plan/bit_settings.h"
#include "spice/waveform.h"
#include "util/error.h"
#include "util/home.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using spice::TimePoints;
using tables::Axis;

constexpr double kFirstDecision = 10e-12, kEdge = 20e-12, kGap = 20e-12, kSet = 100e-12,
                 kProductFloats = 240e-12, kReturn = 600e-12, kStep = 10e-12, kLongestStep = 200e-12;
// Part of a clock into a step at which its lines are set: the decision before has been read.
constexpr double kSetAt = Subject::kReadAt + 0.02;
constexpr int kMostBits = 6;  // sources with an edge in each cycle: as long as an ngspice command may be

constexpr std::array<const char*, 7> kDrivers = {"pl", "sl", "mux", "rl", "cl", "switch", "hold"};

// Break points, s: uarray.cir.
struct Times {
  double act, fall, restore, sum_floats, average;  // of the left half; kSet, kProductFloats before
  struct Cycle {
    double set, floats, average, compare, read;
  };
  std::vector<Cycle> cycles;
  double back, end;

  explicit Times(const Probe& probe) {
    act = kProductFloats + kEdge + kGap;
    fall = act + probe.setting("product_time");
    restore = fall + kEdge + kGap;
    sum_floats = restore + kEdge;
    average = sum_floats + kEdge + kGap;
    const double clock = probe.setting("clock"), period = probe.setting("clocks_sa") * clock;
    for (int i = 0; i < static_cast<int>(probe.setting("adc_bits")); ++i) {
      const double begin = average + i * period, closes = begin + period - clock;
      cycles.push_back({.set = begin + kSetAt * clock,
                        .floats = closes - kEdge - kGap,
                        .average = closes,
                        .compare = closes + probe.setting("settle_time"),
                        .read = begin + period + Subject::kReadAt * clock});
    }
    back = cycles.back().set + period;
    end = back + kReturn;
  }
};

class Uarray : public plan::Bench {
 public:
  explicit Uarray(bool ideal) : ideal_(ideal) {}

  std::string name() const override { return ideal_ ? "uarray_ideal" : "uarray_full"; }
  int version() const override { return ideal_ ? 1 : 2; }
  std::string summary() const override {
    return ideal_ ? "one vector on a whole uArray, latches ideal: for mavis validate"
                  : "one vector on a whole uArray, every transistor: for mavis validate";
  }
  std::vector<std::string> kinds() const override {
    return {"bitcell", "line", "gate", "sum_line", "driver", "comparator"};
  }
  bool for_macros() const override { return false; }

  // Of the lines with their cells and of the comparator, by the addresses of a chip: "u0.left.c7/mpre:vth",
  // "u0.left.c7.r0/xcell.mrl:vth", "u0.comparator/mn_in_l:vth".
  std::vector<pdk::Parameter> parameters(const Subject& subject,
                                         const std::vector<spice::Device>& devices) const override {
    std::vector<pdk::Parameter> parameters = parameters_at(subject, devices, "xcomp", "u0.comparator/");
    for (const char* half : {"left", "right"})
      for (int j = 0; j < subject.columns_per_half; ++j) {
        const std::string line = fmt::format("u0.{}.c{}", half, j);
        for (pdk::Parameter& parameter :
             parameters_at(subject, devices, fmt::format("x{}{}.xline", half[0], j), "")) {
          const char* row = parameter.name.starts_with("xcell.") ? ".r0/" : "/";
          parameter.name.insert(0, line + row);
          parameters.push_back(std::move(parameter));
        }
      }
    return parameters;
  }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    const Axis cycle{
        .name = "cycle", .unit = "1", .long_name = "of the conversion", .values = numbers(subject.adc_bits)};
    const Axis driver{
        .name = "driver", .long_name = "what pays", .labels = {kDrivers.begin(), kDrivers.end()}};
    const Axis half{.name = "half", .long_name = "whose", .labels = {"left", "right"}};
    return {{.name = "signal",
             .unit = "V",
             .long_name = "left half's sum line when it is compared",
             .inner = {cycle}},
            {.name = "reference",
             .unit = "V",
             .long_name = "right half's sum line when it is compared",
             .inner = {cycle}},
            {.name = "decision",
             .unit = "1",
             .long_name = "1: signal above reference; 0: below; censored: none",
             .inner = {cycle}},
            {.name = "delay", .unit = "s", .long_name = "clock to decision", .inner = {cycle}},
            {.name = "energy", .unit = "J", .long_name = "energy by driver", .inner = {half, driver}},
            {.name = "comparator_energy", .unit = "J", .long_name = "energy of all decisions"}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"adc_bits", subject.adc_bits},
            {"hold_voltage", subject.hold_voltage},
            {"product_time", subject.product_time},
            {"settle_time", subject.settle_time},
            {"clock", subject.clock},
            {"clocks_sa", subject.clocks_sa}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    check(subject);
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.bench = home() / "characterize" / "uarray.cir";
    if (ideal_) spec.blocks["bitcell"] = ideal_cell(subject);
    spec.params.emplace_back("rows", subject.rows);
    spec.params.emplace_back("dummy_rows", subject.dummy_rows);
    spec.params.emplace_back("dummy_trim", subject.dummy_trim);
    spec.params.emplace_back("columns", subject.columns_per_half);
    spec.params.emplace_back("hold", subject.hold_voltage);
    for (int j = 1; j < subject.columns_per_half; ++j) add_column(spec.cards, j, bit_of(j));
    for (int bit = 1; bit < subject.adc_bits; ++bit)
      for (const char* what : {"pre", "pd"})
        spec.cards.push_back(fmt::format("v{0}_r{1} {0}_r{1} 0 external", what, bit));
    spec.saves = {"v(sl_l)", "v(sl_r)", "v(op)", "v(on)", "vcomp#branch"};
    for (const char* half : {"l", "r"})
      for (const char* driver : kDrivers) spec.saves.push_back(fmt::format("v{}_{}#branch", driver, half));
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    spice::Session& session = probe.session();
    const Times t(probe);
    const double vdd = probe.job().pvt.vdd;
    const auto bits = static_cast<int>(probe.setting("adc_bits"));
    set_phases(session, t, vdd);
    set_vector(probe, session, t);
    std::vector<int> decisions;
    session.set_feedback(feedback(t, vdd, bits, decisions));
    const spice::Waveforms run = session.run_tran(kStep, t.end, 0, kLongestStep);
    return read(run, t, probe, decisions);
  }

 private:
  static std::vector<double> numbers(int n) {
    std::vector<double> values;
    for (int i = 0; i < n; ++i) values.push_back(i);
    return values;
  }

  static int bit_of(int column) {
    int bit = 0;
    while ((2 << bit) - 1 <= column) ++bit;
    return bit;
  }

  static void check(const Subject& s) {
    const auto refuse = [&](const std::string& why) {
      throw InputError(fmt::format("{}: bench uarray {}", s.path.string(), why));
    };
    if (s.columns_per_half != (1 << s.adc_bits) - 1)
      refuse(
          fmt::format("needs columns_per_half = 2^adc_bits - 1 = {}, and the macro has {}; change the macro",
                      (1 << s.adc_bits) - 1, s.columns_per_half));
    if (s.adc_bits > kMostBits)
      refuse(fmt::format("knows {} bits at most, and the macro has {}", kMostBits, s.adc_bits));
    if (s.timing != "cl")
      refuse(fmt::format("knows the timing cl alone, and the macro has {}; change the macro", s.timing));
    if (s.clocks_sa < 2 || s.settle_time + kEdge > s.clock)
      refuse(
          "needs two clocks a conversion step or more and a settle_time below one clock; change the macro");
  }

  static spice::Block ideal_cell(const Subject& subject) {
    const std::filesystem::path path =
        home() / "netlists" / "ideal" / (subject.blocks.at("bitcell").subckt + ".cir");
    if (!std::filesystem::exists(path))
      throw InputError(
          fmt::format("bitcell {} has no {} with ideal levels in the place of its latch; write one "
                      "(see sram_8t.cir there), or use --cells full",
                      subject.blocks.at("bitcell").subckt, path.string()));
    return spice::read_block(path);
  }

  static void add_column(std::vector<std::string>& cards, int j, int bit) {
    cards.push_back(fmt::format("vx{0} x{0} 0 0", j));
    for (const char* side : {"l", "r"})
      for (const char* line : {"bl", "blb"})
        cards.push_back(fmt::format("v{0}_{1}{2} {0}_{1}{2} 0 0", line, side, j));
    cards.push_back(
        fmt::format("xl{0} pre_l pd_l x{0} sl_l on_l onb_l rl_l wl bl_l{0} blb_l{0} vpl_l vmux_l vcl_l "
                    "vhold_l vdd 0 column rows={{rows}}",
                    j));
    cards.push_back(
        fmt::format("xr{0} pre_r{1} pd_r{1} 0 sl_r on_r onb_r rl_r wl bl_r{0} blb_r{0} vpl_r vmux_r "
                    "vcl_r vhold_r vdd 0 column rows={{rows}}",
                    j, bit));
  }

  // An edge from the points' last level.
  static void edge(TimePoints& points, double at, double to) {
    points.emplace_back(at, points.back().second);
    points.emplace_back(at + kEdge, to);
  }

  static TimePoints starting(double level) { return {{0, level}}; }

  // The comparator has decided before, as it has in use: what its inputs take depends on that.
  static TimePoints warm_up(double vdd) {
    TimePoints points = starting(0);
    edge(points, kFirstDecision, vdd);
    edge(points, kFirstDecision + 2 * kEdge, 0);
    return points;
  }

  // Sources that do the same for every vector.
  static void set_phases(spice::Session& session, const Times& t, double vdd) {
    const auto single = [&](const char* source, double rest, double at, double to, double back) {
      TimePoints points = starting(rest);
      edge(points, at, to);
      edge(points, back, rest);
      session.set_pwl(source, points);
    };
    const double closing = t.back + kEdge;
    single("vrl_in", vdd, kSet, 0, t.fall);
    single("von_l", vdd, t.average, 0, t.back);
    single("vonb_l", 0, t.average, vdd, t.back);
    single("vslpre_l", vdd, t.sum_floats, 0, closing);
    single("vpre_l", vdd, kProductFloats, 0, closing);
    single("vpre_rd", vdd, t.cycles.front().set, 0, closing);
    TimePoints on = starting(vdd), onb = starting(0), sum = starting(vdd), clk = warm_up(vdd),
               pd = starting(vdd);
    for (std::size_t i = 0; i < t.cycles.size(); ++i) {
      const Times::Cycle& cycle = t.cycles[i];
      const double opens = i + 1 < t.cycles.size() ? t.cycles[i + 1].set : t.back;
      edge(on, cycle.average, 0);
      edge(on, opens, vdd);
      edge(onb, cycle.average, vdd);
      edge(onb, opens, 0);
      edge(sum, cycle.floats, 0);
      edge(sum, opens + kEdge, vdd);
      edge(clk, cycle.compare, vdd);
      edge(clk, cycle.read, 0);
      edge(pd, cycle.set + kEdge, 0);
      edge(pd, cycle.floats, vdd);
    }
    session.set_pwl("von_r", on);
    session.set_pwl("vonb_r", onb);
    session.set_pwl("vslpre_r", sum);
    session.set_pwl("vclk", clk);
    session.set_pwl("vpd_rd", pd);
    // Bit 0 is pulled down in every trial but its own.
    std::map<std::string, TimePoints> bit0 = {{"vpre_r0", starting(vdd)}, {"vpd_r0", starting(vdd)}};
    for (const Times::Cycle& cycle : t.cycles) drive(bit0, 0, cycle, &cycle != &t.cycles.back(), vdd);
    edge(bit0["vpre_r0"], closing, vdd);
    for (const auto& [source, points] : bit0) session.set_pwl(source, points);
  }

  // The lines of a bit in one cycle: pulled down if `low`, else precharged; then they float.
  static void drive(std::map<std::string, TimePoints>& sources, int bit, const Times::Cycle& cycle, bool low,
                    double vdd) {
    TimePoints &pre = sources[fmt::format("vpre_r{}", bit)], &pd = sources[fmt::format("vpd_r{}", bit)];
    const double set = cycle.set + kEdge;
    if (low) {
      if (pre.back().second != 0) edge(pre, set, 0);
      edge(pd, set, 0);
      edge(pd, cycle.floats, vdd);
    } else {
      if (pre.back().second != vdd) edge(pre, set, vdd);
      edge(pre, cycle.floats, 0);
    }
  }

  static void set_vector(Probe& probe, spice::Session& session, const Times& t) {
    const auto& settings = probe.job().settings;
    const double vdd = probe.job().pvt.vdd, hold = probe.setting("hold_voltage");
    const std::size_t columns = (std::size_t{1} << static_cast<int>(probe.setting("adc_bits"))) - 1;
    const auto stored = plan::bits_of(settings, "stored", columns),
               input = plan::bits_of(settings, "input", columns),
               other = plan::bits_of(settings, "dac_stored", columns);
    for (std::size_t j = 0; j < columns; ++j) {
      TimePoints x = starting(0);
      edge(x, t.act, input[j] * vdd);
      edge(x, t.restore, 0);
      session.set_pwl(fmt::format("vx{}", j), x);
      for (const auto& [side, bit] : {std::pair("l", stored[j]), std::pair("r", other[j])}) {
        session.set_dc(fmt::format("vbl_{}{}", side, j), bit * hold);
        session.set_dc(fmt::format("vblb_{}{}", side, j), (1 - bit) * hold);
      }
    }
    set_calibration(session, probe, vdd);
  }

  // Bit b of the code is 1 where the comparator decides 0. Trial m of bit b: the decided bits above, 0 at b,
  // 1 at every bit below. Edges of what it steers coincide with the dummy's.
  static spice::Feedback feedback(const Times& t, double vdd, int bits, std::vector<int>& decisions) {
    spice::Feedback feedback;
    for (int bit = 1; bit < bits; ++bit)
      for (const char* what : {"pre", "pd"})
        feedback.sources[fmt::format("v{}_r{}", what, bit)] = starting(vdd);
    for (int bit = 1; bit < bits; ++bit) drive(feedback.sources, bit, t.cycles[0], bit != bits - 1, vdd);
    for (const Times::Cycle& cycle : t.cycles) feedback.times.push_back(cycle.read);
    feedback.decide = [&t, vdd, bits, &decisions, known = feedback.sources](
                          std::size_t i, const spice::Instant& now) mutable {
      if (i == 0) decisions.clear();
      decisions.push_back(now["op"] > vdd / 2 ? 1 : now["on"] > vdd / 2 ? 0 : -1);
      std::map<std::string, TimePoints> further;
      for (const auto& [source, points] : known) further[source] = starting(points.back().second);
      for (int bit = 1; bit < bits; ++bit) {
        const int decided_bit = bits - 1 - static_cast<int>(i), trial_bit = decided_bit - 1;
        if (trial_bit < 0)
          edge(further[fmt::format("vpre_r{}", bit)], t.back + kEdge, vdd);
        else
          drive(further, bit, t.cycles[i + 1],
                bit < trial_bit ||
                    (bit > trial_bit && decisions[static_cast<std::size_t>(bits - 1 - bit)] != 1),
                vdd);
      }
      for (auto& [source, points] : further) {
        points.erase(points.begin());
        known[source].insert(known[source].end(), points.begin(), points.end());
      }
      return further;
    };
    return feedback;
  }

  static Measurement read(const spice::Waveforms& run, const Times& t, const Probe& probe,
                          const std::vector<int>& decisions) {
    const double vdd = probe.job().pvt.vdd;
    const auto time = run.scale(), left = run["sl_l"], right = run["sl_r"], op = run["op"], on = run["on"];
    Measurement result;
    for (std::size_t i = 0; i < t.cycles.size(); ++i) {
      result["signal"].values.push_back(spice::value_at(time, left, t.cycles[i].compare));
      result["reference"].values.push_back(spice::value_at(time, right, t.cycles[i].compare));
      const int decision = decisions.at(i);
      const bool decided = decision >= 0;
      result["decision"].values.push_back(decided ? decision : 0);
      result["decision"].status.push_back(decided ? tables::Status::ok : tables::Status::censored);
      const double start = t.cycles[i].compare + kEdge / 2;
      const auto when = spice::crossing(time, decision == 1 ? op : on, vdd / 2, spice::Edge::rising, start);
      result["delay"].values.push_back(decided && when ? *when - start : 0);
      result["delay"].status.push_back(decided && when ? tables::Status::ok : tables::Status::censored);
    }
    const double ready = kSet - kGap;
    for (const char* half : {"l", "r"})
      for (const char* driver : kDrivers) {
        const auto current = run[fmt::format("v{}_{}#branch", driver, half)];
        const bool is_hold = std::string_view(driver) == "hold";
        // What cells take all the time is the bench leakage's to tell.
        const double leak = is_hold ? spice::value_at(time, current, ready) * (t.end - ready) : 0;
        result["energy"].values.push_back(-(is_hold ? probe.setting("hold_voltage") : vdd) *
                                          (spice::integral(time, current, ready, t.end) - leak));
      }
    // Without what it leaks in reset, as the bench comparator counts.
    const auto supply = run["vcomp#branch"];
    const double from = t.cycles.front().floats,
                 leak = spice::value_at(time, supply, t.cycles.front().compare);
    result["comparator_energy"].values.push_back(
        -vdd * (spice::integral(time, supply, from, t.end) - leak * (t.end - from)));
    return result;
  }

  bool ideal_;
};

const bool registered = plan::register_bench(std::make_unique<Uarray>(true)) &&
                        plan::register_bench(std::make_unique<Uarray>(false));

}  // namespace
}  // namespace mavis
