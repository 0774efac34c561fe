// A session that runs nothing: it writes down what a bench says to ngspice before its transient, so that a
// measured sample can be replayed by hand. Of a closed loop it plays the circuit's part, whose answers are
// known by then.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "spice/session.h"

namespace mavis::validate {

class RecordingSession : public spice::Session {
 public:
  // What a vector ("op") was at look i at the circuit, V.
  using Answer = std::function<double(std::size_t i, std::string_view vector)>;
  explicit RecordingSession(Answer answer) : answer_(std::move(answer)) {}

  // The lines of a .control block, with those of external sources before them (run/replay.h).
  std::string transcript() const;

  void load(const std::string&) override {}
  std::vector<spice::Device> devices() override { return {}; }
  void set(std::string_view device, std::string_view parameter, double value) override;
  void set_dc(std::string_view source, double volts) override;
  void set_pwl(std::string_view source, std::span<const std::pair<double, double>> points) override;
  void set_external(std::string_view source, double step, std::vector<double> values) override;
  void set_feedback(spice::Feedback feedback) override;
  // Write the analysis down and throw RunFailure: there is no result.
  spice::Waveforms run_tran(double step, double stop, double start, double max_step) override;
  spice::Waveforms run_dc(std::string_view source, double from, double to, double step) override;
  spice::Waveforms run_op() override;
  spice::Waveforms run_noise(std::string_view output, std::string_view source, double frequency) override;

 private:
  [[noreturn]] void write(const std::string& analysis);

  Answer answer_;
  std::map<std::string, std::string> externals_;  // their lines
  spice::Feedback feedback_;
  std::string commands_;
};

}  // namespace mavis::validate
