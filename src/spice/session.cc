#include "spice/session.h"

#include <fmt/format.h>

namespace mavis::spice {

std::string redraw_commands(std::string_view parameter, double seed) {
  if (seed == 0) return fmt::format("alterparam {}=0\nreset\n", parameter);
  return fmt::format("alterparam {}=1\nsetseed {:.0f}\nreset\n", parameter, seed);
}

std::span<const double> Waveforms::operator[](std::string_view vector) const {
  const auto found = vectors_.find(vector);
  if (found == vectors_.end()) throw RunFailure(fmt::format("the run has no vector '{}'", vector));
  return found->second;
}

bool Waveforms::has(std::string_view vector) const {
  return vectors_.find(vector) != vectors_.end();
}

void Session::set_feedback(Feedback) {
  throw std::logic_error("this session can't close a loop within a transient");
}

}  // namespace mavis::spice
