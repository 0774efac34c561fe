// dac: level, linearity, settling, droop and energy of every code of a DAC. The netlist of the same name
// explains the circuit around it and what happens when.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plan/bench.h"
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
using spice::Waveforms;
using tables::Axis;
using tables::Scale;
using tables::Status;
using tables::Worse;

// s, as in the netlist
constexpr double kEdge = 20e-12, kRelease = 0.2e-9, kSet = 0.5e-9, kRead = 1.5e-9, kReturn = 1.6e-9,
                 kEnd = 2.6e-9;
constexpr double kHold = 10e-9;  // s, from reading
constexpr double kStep = 1e-12, kMaxStep = 100e-12;
constexpr int kMostBits = 10;
constexpr double kLeastRange = 0.01;  // of vdd: what spans less is no DAC, or is stuck
constexpr double kHalf = 0.5;         // LSB: a level this close to the one that is read has settled
// A level that moves by more than this in the last tenth of the nanosecond before it is read has not settled,
// LSB: with a time constant of a nanosecond ten times as much is still to come.
constexpr double kStill = 0.02;

// Bits of the subject's DAC, or of our own where it has none.
int bits_of(const Subject& subject) {
  const auto found = subject.blocks.find("dac");
  const spice::Block own = found == subject.blocks.end()
                               ? spice::read_block(home() / "netlists/dacs/cap_dac_5b.cir")
                               : found->second;
  int bits = 0;
  while (bits < kMostBits && own.has_port(fmt::format("bit{}", bits))) ++bits;
  for (int i = bits; i < kMostBits; ++i)
    if (own.has_port(fmt::format("bit{}", i)))
      throw InputError(fmt::format("{}: has the role 'bit{}' but not 'bit{}'; number the bits without a gap",
                                   own.path.string(), i, bits));
  return bits;
}

struct Code {
  double level = 0;    // V, when it is read
  double earlier = 0;  // V, a tenth of the time before
  double energy = 0;   // J
};

// Added to a quantity.
void add(plan::Measured& measured, double value, bool settled) {
  measured.values.push_back(value);
  measured.status.push_back(settled ? Status::ok : Status::censored);
}

class Dac : public plan::Bench {
 public:
  std::string name() const override { return "dac"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "level, linearity, settling, droop and energy of every code of a DAC";
  }
  std::vector<std::string> kinds() const override { return {"dac"}; }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    Axis code{.name = "code", .unit = "1", .long_name = "code"};
    for (int c = 0; c < 1 << bits_of(subject); ++c) code.values.push_back(c);
    return {
        {.name = "level", .unit = "V", .long_name = "level of a code, 1 ns after it is set", .inner = {code}},
        {.name = "inl",
         .unit = "1",
         .long_name = "deviation from the straight line through the first and last level, LSB of that line",
         .inner = {code}},
        {.name = "dnl",
         .unit = "1",
         .long_name = "step from the code before less the mean step, LSB",
         .inner = {code}},
        {.name = "inl_max",
         .unit = "1",
         .long_name = "largest deviation of any code from the straight line, either way, LSB",
         .responds = false,
         .worse = Worse::high},
        {.name = "dnl_max",
         .unit = "1",
         .long_name = "largest deviation of any step from the mean step, either way, LSB",
         .responds = false,
         .worse = Worse::high},
        {.name = "settling_time",
         .unit = "s",
         .long_name = "all bits' edge to within half an LSB of the level",
         .scale = Scale::log,
         .responds = false,
         .worse = Worse::high},
        {.name = "droop",
         .unit = "V",
         .long_name = "change of the last code's level in the 10 ns after it is read, either way",
         .responds = false,
         .worse = Worse::high},
        {.name = "energy",
         .unit = "J",
         .long_name = "energy of setting a code and returning to reset, leakage of 2.6 ns included",
         .inner = {code},
         .responds = false,
         .worse = Worse::high}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"bits", bits_of(subject)}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.saves = {"v(out)", "vvdd#branch", "vreset#branch"};
    for (int i = 0; i < bits_of(subject); ++i) spec.saves.push_back(fmt::format("vbit{}#branch", i));
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    const int bits = static_cast<int>(probe.setting("bits")), last = (1 << bits) - 1;
    // A response is of levels alone: what comes after they are read is left out.
    const bool whole = probe.job().draw.whole();
    const double vdd = probe.job().pvt.vdd;
    std::vector<Code> codes;
    for (int code = 0; code <= last; ++code) {
      set_code(probe, bits, code, kReturn);
      const Waveforms run = probe.session().run_tran(kStep, whole ? kEnd : kRead, 0, kMaxStep);
      codes.push_back(read_code(run));
      if (whole) codes.back().energy = vdd * charge_of(run, bits, code);
    }
    const double lsb = (codes.back().level - codes.front().level) / last;
    if (!(lsb * last > kLeastRange * vdd))
      throw spice::RunFailure(fmt::format("the DAC's level does not rise: {:.4g} V at code 0, {:.4g} V at {}",
                                          codes.front().level, codes.back().level, last));
    Measurement result = linearity(codes, lsb);
    if (!whole) return result;
    for (const Code& code : codes) result["energy"].values.push_back(code.energy);
    set_code(probe, bits, last, kRead + 2 * kHold);
    const Waveforms held = probe.session().run_tran(kStep, kRead + kHold, 0, kMaxStep);
    const double level = read_code(held).level;
    add(result["settling_time"], settling_time(held, level, kHalf * lsb), still(codes.back(), lsb));
    result["droop"].values = {std::fabs(held["out"].back() - level)};
    return result;
  }

 private:
  // Resets, sets a code, and takes it back at `end`.
  static void set_code(Probe& probe, int bits, int code, double end) {
    using Points = std::vector<std::pair<double, double>>;
    spice::Session& session = probe.session();
    const double vdd = probe.job().pvt.vdd;
    session.set_pwl("vreset",
                    Points{{0, vdd}, {kRelease, vdd}, {kRelease + kEdge, 0}, {end, 0}, {end + kEdge, vdd}});
    for (int i = 0; i < bits; ++i) {
      const double high = (code >> i) & 1 ? vdd : 0;
      session.set_pwl(fmt::format("vbit{}", i),
                      Points{{0, 0}, {kSet, 0}, {kSet + kEdge, high}, {end, high}, {end + kEdge, 0}});
    }
  }

  static Code read_code(const Waveforms& run) {
    const auto time = run.scale(), out = run["out"];
    return {.level = spice::value_at(time, out, kRead),
            .earlier = spice::value_at(time, out, kRead - (kRead - kSet) / 10)};
  }

  // Out of the supply, and out of inputs while they rise and are high, A.s.
  static double charge_of(const Waveforms& run, int bits, int code) {
    const auto out_of = [&](const std::string& source, double from, double to) {
      return -spice::integral(run.scale(), run[source + "#branch"], from, to);
    };
    double charge = out_of("vvdd", 0, kEnd) + out_of("vreset", kReturn, kEnd);
    for (int i = 0; i < bits; ++i)
      if ((code >> i) & 1) charge += out_of(fmt::format("vbit{}", i), 0, kReturn);
    return charge;
  }

  static bool still(const Code& code, double lsb) {
    return std::fabs(code.level - code.earlier) <= kStill * lsb;
  }

  // Levels and how far they are from the straight line. One that still moves is known no better than its
  // line.
  static Measurement linearity(const std::vector<Code>& codes, double lsb) {
    Measurement result;
    const bool ends = still(codes.front(), lsb) && still(codes.back(), lsb);
    bool all = ends;
    double inl_max = 0, dnl_max = 0;
    for (std::size_t c = 0; c < codes.size(); ++c) {
      const bool settled = still(codes[c], lsb);
      const double inl = (codes[c].level - codes.front().level) / lsb - static_cast<double>(c);
      const double dnl = c == 0 ? 0 : (codes[c].level - codes[c - 1].level) / lsb - 1;
      add(result["level"], codes[c].level, settled);
      add(result["inl"], inl, settled && ends);
      add(result["dnl"], dnl, settled && ends && (c == 0 || still(codes[c - 1], lsb)));
      inl_max = std::max(inl_max, std::fabs(inl));
      dnl_max = std::max(dnl_max, std::fabs(dnl));
      all = all && settled;
    }
    add(result["inl_max"], inl_max, all);
    add(result["dnl_max"], dnl_max, all);
    return result;
  }

  // Middle of the bits' edge to the last time that the level is `band` or more from `level`; linear between
  // points.
  static double settling_time(const Waveforms& run, double level, double band) {
    const auto time = run.scale(), out = run["out"];
    double when = 0;
    for (std::size_t k = 1; k < time.size() && time[k] <= kRead; ++k) {
      const double before = std::fabs(out[k - 1] - level), after = std::fabs(out[k] - level);
      if (before >= band && after < band)
        when = time[k - 1] + (time[k] - time[k - 1]) * (before - band) / (before - after);
    }
    return when - (kSet + kEdge / 2);
  }
};

const bool registered = plan::register_bench(std::make_unique<Dac>());

}  // namespace
}  // namespace mavis
