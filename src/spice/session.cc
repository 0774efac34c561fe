#include "spice/session.h"

#include <fmt/format.h>

namespace mavis::spice {

std::span<const double> Waveforms::operator[](std::string_view vector) const {
  const auto found = vectors_.find(vector);
  if (found == vectors_.end()) throw RunFailure(fmt::format("the run has no vector '{}'", vector));
  return found->second;
}

bool Waveforms::has(std::string_view vector) const {
  return vectors_.find(vector) != vectors_.end();
}

}  // namespace mavis::spice
