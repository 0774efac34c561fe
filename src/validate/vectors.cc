#include "validate/vectors.h"

#include <fmt/format.h>

#include <cmath>

#include "util/draws.h"
#include "util/hash.h"

namespace mavis::validate {

std::vector<Vector> random_vectors(std::uint64_t seed, int count, int columns) {
  std::vector<Vector> vectors;
  for (int i = 0; i < count; ++i) {
    const auto draw = [&](const char* what, int column) {
      return uniform_draw(seed, Stream::noise, static_cast<std::uint32_t>(i),
                          hash64(fmt::format("validate/{}/{}", what, column)));
    };
    const double density = std::sqrt((i + 0.5) / count), other = draw("density", 0);
    Vector vector;
    for (int j = 0; j < columns; ++j) {
      vector.stored.push_back(draw("stored", j) < density);
      vector.input.push_back(draw("input", j) < density);
      vector.dac_stored.push_back(draw("dac_stored", j) < other);
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

}  // namespace mavis::validate
