// What the stages of the failure probability share: a little vector arithmetic, draws and normal tails.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

#include "util/draws.h"
#include "util/hash.h"

namespace mavis::stats {

using Point = std::vector<double>;

inline double dot(const Point& a, const Point& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

inline double norm(const Point& a) {
  return std::sqrt(dot(a, a));
}

inline Point scaled(Point a, double factor) {
  for (double& x : a) x *= factor;
  return a;
}

// a + factor * b
inline Point along(Point a, double factor, const Point& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
  return a;
}

// Point `index` of the sequence `name`: standard normal draws.
inline Point normal_point(std::size_t dimensions, std::uint64_t seed, std::string_view name,
                          std::uint32_t index) {
  const std::uint64_t address = hash64(name);
  Point z(dimensions);
  for (std::size_t i = 0; i < dimensions; ++i) z[i] = normal_draw(seed, Stream::search, index, address, i);
  return z;
}

}  // namespace mavis::stats
