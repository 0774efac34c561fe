#include "stats/modes.h"

#include <algorithm>

namespace mavis::stats {
namespace {

constexpr double kAdds = 0.1;         // of a direction's length: a new dimension
constexpr double kNegligible = 1e-3;  // of the nearest region's probability, as half-spaces

}  // namespace

std::size_t nearest_mode(const Point& z, const std::vector<Mode>& modes) {
  std::size_t nearest = 0;
  double depth = dot(z, modes[0].direction) - modes[0].beta;
  for (std::size_t m = 1; m < modes.size(); ++m) {
    const double d = dot(z, modes[m].direction) - modes[m].beta;
    if (d > depth) depth = d, nearest = m;
  }
  return nearest;
}

bool add_mode(std::vector<Mode>& modes, const Mode& mode, double same_cosine) {
  bool fresh = true;
  const auto same = std::find_if(modes.begin(), modes.end(), [&](const Mode& known) {
    return dot(known.direction, mode.direction) > same_cosine;
  });
  if (same != modes.end()) {
    fresh = false;
    if (mode.beta < same->beta) *same = mode;
  } else {
    modes.push_back(mode);
  }
  std::sort(modes.begin(), modes.end(), [](const Mode& a, const Mode& b) { return a.beta < b.beta; });
  const double least = kNegligible * normal_tail(modes[0].beta);
  if (normal_tail(mode.beta) < least) fresh = false;
  std::erase_if(modes, [&](const Mode& m) { return normal_tail(m.beta) < least; });
  return fresh;
}

bool covered(const Point& z, const std::vector<Mode>& modes, double same_cosine) {
  return std::any_of(modes.begin(), modes.end(),
                     [&](const Mode& m) { return dot(m.direction, z) > same_cosine * norm(z); });
}

Basis axes(std::size_t dimensions, const std::vector<std::size_t>& which) {
  Basis basis(which.size(), Point(dimensions, 0.0));
  for (std::size_t i = 0; i < which.size(); ++i) basis[i][which[i]] = 1;
  return basis;
}

Basis orthonormal(const Basis& directions) {
  Basis basis, rests;
  for (const Point& v : directions)
    if (norm(v) > 0) rests.push_back(scaled(v, 1 / norm(v)));
  // The longest rest first: two that are nearly parallel would define a plane badly.
  while (!rests.empty()) {
    const auto longest = std::max_element(rests.begin(), rests.end(),
                                          [](const Point& a, const Point& b) { return norm(a) < norm(b); });
    if (norm(*longest) < kAdds) break;
    Point axis = *longest;
    rests.erase(longest);
    for (const Point& b : basis) axis = along(axis, -dot(axis, b), b);  // rounding
    axis = scaled(axis, 1 / norm(axis));
    for (Point& v : rests) v = along(v, -dot(v, axis), axis);
    basis.push_back(std::move(axis));
  }
  return basis;
}

Point normal_within(const Basis& basis, std::size_t dimensions, std::uint64_t seed, std::string_view name,
                    std::uint32_t index) {
  const Point mix = normal_point(basis.size(), seed, name, index);
  Point draw(dimensions, 0.0);
  for (std::size_t k = 0; k < basis.size(); ++k) draw = along(draw, mix[k], basis[k]);
  return draw;
}

}  // namespace mavis::stats
