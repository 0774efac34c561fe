// The one ngspice of this process, through its shared library. Only workers make one: libngspice keeps global
// state, is not thread-safe, and some errors end the process.
#pragma once

#include <memory>

#include "spice/session.h"

namespace mavis::spice {

class SharedSession : public Session {
 public:
  // REQUIRES: the first in this process, cwd an empty private folder (ngspice executes ./.spiceinit).
  // Throws MachineError when the library is another version than the one that the program was built for.
  SharedSession();
  ~SharedSession() override;
  SharedSession(const SharedSession&) = delete;
  SharedSession& operator=(const SharedSession&) = delete;

  // "ngspice-39", as linked; needs no session.
  static std::string version();

  void load(const std::string& deck_text) override;
  std::vector<Device> devices() override;
  void begin_sample() override;
  void set(std::string_view device, std::string_view parameter, double value) override;
  void set_dc(std::string_view source, double volts) override;
  void set_pwl(std::string_view source, std::span<const std::pair<double, double>> points) override;
  void set_external(std::string_view source, double step, std::vector<double> values) override;
  void set_feedback(Feedback feedback) override;
  Waveforms run_tran(double step, double stop, double start = 0, double max_step = 0) override;
  Waveforms run_dc(std::string_view source, double from, double to, double step) override;
  Waveforms run_op() override;
  Waveforms run_noise(std::string_view output, std::string_view source, double frequency) override;

  // Commands of this sample, as .control lines that give the same in plain ngspice; what external sources
  // follow now stands before them (external_source.h).
  std::string transcript() const;

  double cpu_in_run() const;  // s, process CPU time spent inside analyses since construction

 private:
  struct Impl;
  void redraw(std::string_view parameter, double seed);
  Waveforms run(const std::string& command);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mavis::spice
