// What a bench measures with: a circuit that can be altered and analysed. Workers have a SharedSession; tests
// also one that starts plain ngspice for each analysis, to compare with.
//
// Life of a sample: set(...) every parameter that any sample changes, then run; read the copied vectors.
// Everything said to ngspice is kept as a transcript, so that a deck can replay the sample by hand.
#pragma once

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

  // Another sample begins: external sources are 0 again.
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
