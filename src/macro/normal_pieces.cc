#include "macro/normal_pieces.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "util/draws.h"

namespace mavis::macro {
namespace {

// Of f at the left end of a piece.
double left_end(std::size_t piece) {
  const auto bits = (static_cast<std::uint32_t>(piece) + NormalPieces::kFirst) << NormalPieces::kShift;
  return std::bit_cast<float>(bits);
}

double quantile(double f) {
  return f >= 0x1.0p31 ? 0 : normal_quantile(f * 0x1.0p-32);
}

NormalPieces build() {
  NormalPieces pieces{};
  constexpr double kSize = 1U << NormalPieces::kShift;  // of t over a piece
  for (std::size_t k = 0; k < NormalPieces::kCount; ++k) {
    const double begin = left_end(k), width = k + 1 < NormalPieces::kCount ? left_end(k + 1) - begin : 0;
    // Through the four Chebyshev nodes of the piece, by divided differences, u = t / kSize.
    std::array<double, 4> u{}, d{};
    for (std::size_t i = 0; i < 4; ++i) {
      u[i] = 0.5 - 0.5 * std::cos(std::numbers::pi * (2.0 * static_cast<double>(i) + 1) / 8);
      d[i] = quantile(begin + width * u[i]);
    }
    for (std::size_t order = 1; order < 4; ++order)
      for (std::size_t i = 3; i >= order; --i) d[i] = (d[i] - d[i - 1]) / (u[i] - u[i - order]);
    std::array<double, 4> c{};
    for (std::size_t i = 4; i-- > 0;) {  // c = c (u - u_i) + d_i
      for (std::size_t p = 3; p > 0; --p) c[p] = c[p - 1] - c[p] * u[i];
      c[0] = d[i] - c[0] * u[i];
    }
    double scale = 1;
    for (std::size_t p = 0; p < 4; ++p, scale /= kSize) pieces.c[p][k] = static_cast<float>(c[p] * scale);
  }
  return pieces;
}

}  // namespace

const NormalPieces& normal_pieces() {
  static const NormalPieces pieces = build();
  return pieces;
}

}  // namespace mavis::macro
