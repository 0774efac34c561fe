// The one ngspice of this process. Only workers make one: libngspice keeps global state, is not thread-safe,
// and some errors end the process.
//
// Life of a sample: set(...) every parameter that any sample changes, then run; read the copied vectors.
// Everything said to ngspice is kept as a transcript, so that a deck can replay the sample by hand.
#pragma once

#include <map>
#include <memory>
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
  std::string name;   // ngspice's flat name: "m.xdut.xcell.mpd", "c.xdut.cwire1"
  std::string model;  // "nch", "pch"; empty for passive parts
  char letter = 'm';  // m, c, r, ...
  std::vector<std::string> nodes;
  double w = 0, l = 0;    // m; transistors only
  double multiplier = 1;  // parallel copies: m x nf
  double value = 0;       // F or ohm; passive parts only
};

// Copied result of one analysis: vectors of equal length on one scale ("time" for tran, "v-sweep" for dc).
class Waveforms {
 public:
  std::span<const double> scale() const { return scale_; }  // s, or the swept source's V
  std::span<const double> operator[](
      std::string_view vector) const;  // "pl", "xdut.xcell.q", "vhold#branch"; throws RunFailure if absent
  bool has(std::string_view vector) const;

 private:
  friend class Session;
  std::vector<double> scale_;
  std::map<std::string, std::vector<double>, std::less<>> vectors_;
};

class Session {
 public:
  Session();  // REQUIRES: the first in this process, cwd an empty private folder (ngspice executes
              // ./.spiceinit)
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  static std::string
  version();  // "ngspice-39.3": of the library that is linked; may be called without a Session

  // Loads a deck and drops the one before. Throws SessionLost with ngspice's own message (the process must be
  // given up: a bad deck can corrupt ngspice's heap).
  void load(const std::string& deck_text);

  // Every transistor, capacitor and resistor of the loaded deck, by expanded name, in deck order.
  std::vector<Device> devices();

  void set(std::string_view device, std::string_view parameter,
           double value);  // alter @device[parameter]=value
  void set_dc(std::string_view source, double volts);
  void set_pwl(std::string_view source, std::span<const std::pair<double, double>> points);  // (s, V)

  // A source declared `iname a b external` in the deck (the word alone: `dc 0 external` crashes ngspice 39)
  // follows these values, `step` seconds apart from time 0, linear between and constant after the last;
  // unlike a PWL source it forces no time points. Stays until clear_external().
  void set_external(std::string_view source, double step, std::vector<double> values);
  void clear_external();

  // Runs one transient / dc sweep / operating point, copies all vectors, frees ngspice's own.
  // Throws RunFailure when ngspice reports an error, the final time or sweep end is not reached, or a value
  // is not finite.
  Waveforms run_tran(double step, double stop, double start = 0, double max_step = 0);
  Waveforms run_dc(std::string_view source, double from, double to, double step);
  Waveforms run_op();

  double parameter(std::string_view device, std::string_view name);  // @device[name] after a run_op

  // Commands since begin_transcript, as .control lines that give the same in plain ngspice.
  void begin_transcript();
  std::string transcript() const;

  double cpu_in_run() const;  // s, process CPU time spent inside analyses since construction

 private:
  struct Impl;
  Waveforms run(const std::string& command);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mavis::spice
