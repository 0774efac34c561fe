// What a bench measures with: a circuit that can be altered and analysed. Workers have a SharedSession; tests
// also one that starts plain ngspice for each analysis, to compare with.
//
// Life of a sample: set(...) every parameter that any sample changes, then run; read the copied vectors.
// Everything said to ngspice is kept as a transcript, so that a deck can replay the sample by hand.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mavis::spice {

// A run that ngspice failed or did not finish: data about a sample, not an error of the program.
class RunFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// ngspice refused the deck or gave up for good (ControlledExit): this process can't go on.
class SessionLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A device of the loaded deck, as ngspice expanded it.
struct Device {
  std::string name;  // ngspice's flat name: "m.xdut.xcell.mpd", "c.xdut.cwire1"
  std::string
      model;  // "nch", "pch", or "x1:nch" inside a sub-circuit that has its own; empty for passive parts
  char letter = 'm';  // m, c, r, ...
  std::vector<std::string>
      nodes;              // of other letters than m, c and r: all words of the line, nodes among them
  double w = 0, l = 0;    // m, or what `.option scale` makes of it; transistors only
  double multiplier = 1;  // parallel copies (m); w is the total width of a device's nf fingers
  double value = 0;       // F or ohm; passive parts only
};

// Commands that read the loaded deck again with the kit's own mismatch on, drawn from `seed` (1 to 2^31 - 1),
// or off for 0. `parameter` is the kit's switch. The draws follow from the deck and the seed alone, in any
// process and after any history (measured with ngspice 39.3: setseed restarts the generator that agauss()
// draws from).
std::string redraw_commands(std::string_view parameter, double seed);

// Copied result of one analysis: vectors of equal length on one scale ("time" for tran, "v-sweep" for dc).
class Waveforms {
 public:
  using Vectors = std::map<std::string, std::vector<double>, std::less<>>;
  // REQUIRES vectors of the scale's length; an operating point has no scale and vectors of length 1.
  Waveforms(std::vector<double> scale, Vectors vectors)
      : scale_(std::move(scale)), vectors_(std::move(vectors)) {}

  std::span<const double> scale() const { return scale_; }  // s, or the swept source's V
  std::span<const double> operator[](
      std::string_view vector) const;  // "pl", "xdut.xcell.q", "vhold#branch"; throws RunFailure if absent
  bool has(std::string_view vector) const;

 private:
  std::vector<double> scale_;
  Vectors vectors_;
};

// Values of saved vectors at one time of a transient that is under way.
class Instant {
 public:
  virtual ~Instant() = default;
  virtual double operator[](std::string_view vector) const = 0;  // throws RunFailure if it is not saved
};

using TimePoints = std::vector<std::pair<double, double>>;  // (s, V or A), times ascending

// Closes a loop within a transient: external sources go on by what the circuit has answered so far.
struct Feedback {
  // Where the sources begin: straight lines between points, constant after the last. As with set_external, no
  // source forces time points; let other sources have edges where these have theirs.
  std::map<std::string, TimePoints> sources;
  // When the circuit is looked at, s, ascending. Another source must have an edge, and so a time point, at
  // each: ngspice tries time points beyond it only when that one is accepted, and no later rejection undoes
  // it.
  std::vector<double> times;
  // Called once for each of `times`, in order: further points of the sources, after all earlier ones and
  // after times[i]. What it throws ends the run.
  std::function<std::map<std::string, TimePoints>(std::size_t i, const Instant& instant)> decide;
};

class Session {
 public:
  virtual ~Session() = default;

  // Loads a deck and drops the one before. Throws SessionLost with ngspice's own message (the process must be
  // given up: a bad deck can corrupt ngspice's heap).
  virtual void load(const std::string& deck_text) = 0;

  // Every element of the loaded deck, by expanded name, in deck order.
  virtual std::vector<Device> devices() = 0;

  // What is set stays set until it is set again or another deck is loaded. Without a device: the mismatch
  // that a kit draws itself while ngspice reads the deck (redraw_commands); this may undo every other
  // setting.
  virtual void set(std::string_view device, std::string_view parameter,
                   double value) = 0;  // @device[parameter]
  virtual void set_dc(std::string_view source, double volts) = 0;
  virtual void set_pwl(std::string_view source,
                       std::span<const std::pair<double, double>> points) = 0;  // (s, V)

  // A source declared `iname a b external` in the deck (the word alone: `dc 0 external` crashes ngspice 39)
  // follows these values, `step` seconds apart from time 0, linear between and constant after the last;
  // unlike a PWL source it forces no time points.
  virtual void set_external(std::string_view source, double step, std::vector<double> values) = 0;

  // Sources declared `vname a b external` follow `feedback` in every transient from now on, each from its
  // beginning. What they followed in the latest one is part of the transcript. Only the shared library can.
  virtual void set_feedback(Feedback feedback);

  // Another sample begins: external sources are 0 again, there is no feedback.
  virtual void begin_sample() {}

  // Steps of run_tran and run_dc are multiplied by this from now on.
  void scale_steps(double scale) { step_scale_ = scale; }

  // Throw RunFailure when ngspice reports an error, the final time or sweep end is not reached, or a value is
  // not finite.
  virtual Waveforms run_tran(double step, double stop, double start = 0, double max_step = 0) = 0;
  virtual Waveforms run_dc(std::string_view source, double from, double to, double step) = 0;
  virtual Waveforms run_op() = 0;
  // Noise spectrum at one frequency (Hz): vector "onoise_spectrum", V/sqrt(Hz) at node `output`.
  virtual Waveforms run_noise(std::string_view output, std::string_view source, double frequency) = 0;

 protected:
  double step_scale_ = 1;
};

}  // namespace mavis::spice
