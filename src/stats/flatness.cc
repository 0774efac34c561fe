#include "stats/flatness.h"

#include <limits>

namespace mavis::stats {
namespace {

constexpr std::size_t kPairs = 4;  // in each of two rounds
constexpr double kInside = 0.5;    // sigma: so that draws mostly pass, where margins are more often known
// A mode that is 0.06 radians off lies 0.3 sigma from the failure point at 5 sigma: sampling takes 10 % more
// runs. Eight pairs overlook five times as much once in 4e4, four once in 300.
constexpr double kTurned = 0.06;
constexpr double kFlat = 0.06;  // curvature times beta, which adds as much

}  // namespace

bool Flatness::turned() const {
  return turn > kTurned;
}

bool curved(double curvature, double beta) {
  return !(curvature * beta < kFlat);
}

Task<Flatness> flatness(Rounds& rounds, const Point& z, double margin, const Point& seen, const Basis& basis,
                        std::uint64_t seed) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr Flatness kUnknown{kInfinity, kInfinity};
  const double radius = norm(z);
  const Point direction = scaled(z, 1 / radius), centre = along(z, -kInside, direction);
  double inside = 0, slope = 0, turn = 0, bend = 0, pairs = 0;
  for (int round = 0; round < 2; ++round) {
    std::vector<Point> points;
    if (round == 0) points.push_back(centre);
    for (std::size_t i = 0; i < kPairs; ++i) {
      // Runs left: other draws each time.
      Point across = normal_within(basis, z.size(), seed, "flatness",
                                   static_cast<std::uint32_t>(rounds.left() * kPairs + i));
      across = along(across, -dot(across, direction), direction);
      if (!seen.empty()) across = along(across, -dot(across, seen), seen);
      points.push_back(along(centre, 1, across));
      points.push_back(along(centre, -1, across));
    }
    const std::vector<Answer> answers = co_await rounds.measure(points);
    const auto measured = [&](std::size_t i) { return answers[i].status == Answer::Status::measured; };
    const std::size_t first = round == 0 ? 1 : 0;
    if (round == 0) {
      inside = answers[0].margin;
      slope = (inside - margin) / kInside;  // towards the nominal point
      if (!measured(0) || !(slope > 0)) co_return kUnknown;
    }
    for (std::size_t i = first; i < answers.size(); i += 2) {
      if (!measured(i) || !measured(i + 1)) continue;
      const double odd = (answers[i].margin - answers[i + 1].margin) / 2;
      turn += odd * odd / (slope * slope);
      bend += (2 * inside - answers[i].margin - answers[i + 1].margin) / slope;
      ++pairs;
    }
    if (2 * pairs < kPairs * (round + 1)) co_return kUnknown;
    // Clear by now?
    if (turn > 4 * kTurned * kTurned * pairs || bend * radius > 4 * kFlat * pairs) break;
  }
  co_return Flatness{std::sqrt(turn / pairs), bend / pairs};
}

}  // namespace mavis::stats
