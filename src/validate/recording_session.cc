#include "validate/recording_session.h"

#include <fmt/format.h>

#include "spice/external_source.h"

namespace mavis::validate {

std::string RecordingSession::transcript() const {
  std::string text;
  for (const auto& [source, line] : externals_) text += line + "\n";
  return text + commands_;
}

void RecordingSession::set(std::string_view device, std::string_view parameter, double value) {
  commands_ += device.empty() ? spice::redraw_commands(parameter, value)
                              : fmt::format("alter @{}[{}] = {:.17g}\n", device, parameter, value);
}

void RecordingSession::set_dc(std::string_view source, double volts) {
  commands_ += fmt::format("alter {} dc = {:.17g}\n", source, volts);
}

void RecordingSession::set_pwl(std::string_view source, std::span<const std::pair<double, double>> points) {
  commands_ += fmt::format("alter @{}[pwl] = [", source);
  for (const auto& [time, volts] : points) commands_ += fmt::format(" {:.17g} {:.17g}", time, volts);
  commands_ += " ]\n";
}

void RecordingSession::set_external(std::string_view source, double step, std::vector<double> values) {
  externals_[std::string(source)] = spice::external_line(source, {step, std::move(values)});
}

void RecordingSession::set_feedback(spice::Feedback feedback) {
  feedback_ = std::move(feedback);
}

spice::Waveforms RecordingSession::run_tran(double step, double stop, double start, double max_step) {
  class Known : public spice::Instant {
   public:
    Known(const Answer& answer, std::size_t i) : answer_(answer), i_(i) {}
    double operator[](std::string_view vector) const override { return answer_(i_, vector); }

   private:
    const Answer& answer_;
    std::size_t i_;
  };
  std::map<std::string, spice::ExternalValues> followed;
  const auto append = [&](const std::map<std::string, spice::TimePoints>& sources) {
    for (const auto& [source, points] : sources)
      for (const auto& [time, value] : points)
        followed[source].values.insert(followed[source].values.end(), {time, value});
  };
  append(feedback_.sources);
  for (std::size_t i = 0; i < feedback_.times.size(); ++i) append(feedback_.decide(i, Known(answer_, i)));
  for (const auto& [source, values] : followed) externals_[source] = spice::external_line(source, values);
  write(fmt::format("tran {:.17g} {:.17g} {:.17g} {:.17g}", step * step_scale_, stop, start,
                    (max_step > 0 ? max_step : step) * step_scale_));
}

spice::Waveforms RecordingSession::run_dc(std::string_view source, double from, double to, double step) {
  write(fmt::format("dc {} {:.17g} {:.17g} {:.17g}", source, from, to, step * step_scale_));
}

spice::Waveforms RecordingSession::run_op() {
  write("op");
}

spice::Waveforms RecordingSession::run_noise(std::string_view output, std::string_view source,
                                             double frequency) {
  write(fmt::format("noise v({}) {} lin 1 {:.17g} {:.17g}", output, source, frequency, frequency));
}

void RecordingSession::write(const std::string& analysis) {
  commands_ += analysis + "\n";
  throw spice::RunFailure(analysis + ": written down, not run");
}

}  // namespace mavis::validate
