#include "stats/neighbouring_points.h"

#include <algorithm>

#include "stats/crossing.h"
#include "stats/flatness.h"

namespace mavis::stats {
namespace {

constexpr double kCurved = 0.2;       // curvature times beta: failures spread 12 % wider than a half-space's
constexpr std::uint32_t kPlaces = 4;  // of which the one where the limit curves most is looked at
constexpr double kBeside = 2;         // sigma, from point to point
constexpr double kMostBeside = 6;     // sigma from the mode's
constexpr double kNearly = 0.4;       // of the mode's probability, as half-spaces
constexpr std::size_t kProbes = 16, kMostProbes = 40;  // directions: for each dimension but one, in a round
constexpr int kProbeRounds = 12;
constexpr double kGolden = 0.618033988749895;  // steps on: never near where an earlier round was
constexpr double kProbeShort = 0.97;           // of the distance at which known half-spaces fail
constexpr double kProbeBeyond = 1;             // sigma beyond the nearest point: further out does not matter

// Points to both sides of the mode's along the direction `across` (of length 1), if the limit curves much
// there, and further ones while they are nearly as probable. Returns the curvature, > 0 towards the nominal
// point.
Task<double> add_points_beside(Rounds& rounds, const Mode& mode, const Point& across,
                               std::vector<Mode>& modes) {
  double curvature = 0;
  std::vector<double> sides{kBeside, -kBeside};
  while (!sides.empty()) {
    std::vector<Line> rays;
    for (double side : sides) {
      const Point beside = along(scaled(mode.direction, mode.beta), side, across);
      const double radius = norm(beside);
      rays.push_back({Point(beside.size(), 0.0), scaled(beside, 1 / radius), radius, 0, 0, radius});
    }
    const std::vector<Crossing> found = co_await crossings(rounds, rays, CrossingAccuracy{0.1, 6});
    if (curvature == 0) {
      // Of a parabola through the mode's point: depth = curvature / 2 * way^2.
      for (std::size_t i = 0; i < rays.size(); ++i) {
        if (!found[i].found) continue;
        const double deep = found[i].c * dot(rays[i].direction, mode.direction);
        const double way = found[i].c * dot(rays[i].direction, across);
        curvature += (mode.beta - deep) / (way * way);
      }
      if (curvature * mode.beta < kCurved) break;
    }
    std::vector<double> further;
    for (std::size_t i = 0; i < rays.size(); ++i) {
      if (!found[i].found) continue;
      add_mode(modes, {rays[i].direction, found[i].c, found[i].slope}, kSamePoint);
      if (normal_tail(found[i].c) > kNearly * normal_tail(mode.beta) && std::fabs(sides[i]) < kMostBeside)
        further.push_back(sides[i] + std::copysign(kBeside, sides[i]));
    }
    sides = std::move(further);
  }
  co_return curvature;
}

}  // namespace

Task<bool> follow_curvature(Rounds& rounds, const FailureOptions& options, const Basis& basis,
                            const Mode& mode, std::uint32_t index, std::vector<Mode>& modes) {
  if (basis.size() < 2 || !(mode.slope < 0)) co_return false;
  bool fresh = false;
  if (!mode.turn.empty())
    fresh = kCurved < mode.beta * co_await add_points_beside(rounds, mode, mode.turn, modes);
  if (!curved(mode.curvature, mode.beta)) co_return fresh;
  std::vector<Line> to_limit;
  for (std::uint32_t i = 0; i < kPlaces; ++i) {
    Point across =
        normal_within(basis, mode.direction.size(), options.seed, "curvature", kPlaces * index + i);
    across = along(across, -dot(across, mode.direction), mode.direction);
    if (!mode.turn.empty()) across = along(across, -dot(across, mode.turn), mode.turn);
    to_limit.push_back({across, mode.direction, mode.beta, mode.slope, 0, options.most_sigma});
  }
  const std::vector<Crossing> there = co_await crossings(rounds, to_limit, CrossingAccuracy{0.3, 4});
  const Crossing* nearest = nullptr;
  Point across;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    if (!there[i].found || std::isnan(there[i].nearest_margin) || (nearest && there[i].c > nearest->c))
      continue;
    nearest = &there[i];
    across = to_limit[i].origin;
  }
  if (!nearest) co_return fresh;
  const Point z = along(across, nearest->nearest_c, mode.direction);
  const Point gradient = co_await measured_gradient(rounds, z, nearest->nearest_margin, basis);
  Point change = along(gradient, -dot(gradient, mode.direction), mode.direction);
  if (!mode.turn.empty()) change = along(change, -dot(change, mode.turn), mode.turn);
  // As curvatures of the limit: its change times the way, and squared, over the slope.
  const double towards = dot(change, across) / mode.slope;
  const double much = dot(change, change) / (mode.slope * mode.slope);
  if (!(towards > 0) || much < kCurved / mode.beta * towards) co_return fresh;
  co_await add_points_beside(rounds, mode, scaled(change, 1 / norm(change)), modes);
  co_return true;
}

Task<bool> probe_between(Rounds& rounds, const FailureOptions& options, std::vector<Mode>& modes) {
  std::uint32_t draws = 0;
  for (int round = 0; round < kProbeRounds && modes.size() < kMostModes; ++round) {
    Basis directions;
    for (const Mode& mode : modes) directions.push_back(mode.direction);
    const Basis basis = orthonormal(directions);
    if (basis.size() < 2) co_return true;
    std::vector<Point> probes;
    for (std::size_t i = 0; i < kProbes * (basis.size() - 1) && i < kMostProbes; ++i) {
      Point mix = normal_point(basis.size(), options.seed, "probes", draws++);
      if (basis.size() == 2) {  // a plane is small enough to go all round
        const double turns = (static_cast<double>(i) + kGolden * round) / kProbes;
        mix = {std::cos(2 * std::numbers::pi * turns), std::sin(2 * std::numbers::pi * turns)};
      }
      Point u(modes[0].direction.size(), 0.0);
      for (std::size_t k = 0; k < basis.size(); ++k) u = along(u, mix[k] / norm(mix), basis[k]);
      double radius = (modes[0].beta + kProbeBeyond) / kProbeShort;
      for (const Mode& m : modes)
        if (const double cosine = dot(u, m.direction); cosine > 0) radius = std::min(radius, m.beta / cosine);
      probes.push_back(scaled(u, kProbeShort * radius));
    }
    const std::vector<Answer> answers = co_await rounds.measure(probes);
    bool fresh = false;
    for (std::size_t i = 0; i < probes.size() && modes.size() < kMostModes; ++i) {
      if (answers[i].status == Answer::Status::unusable || answers[i].margin > 0) continue;
      if (covered(probes[i], modes, kSamePoint)) continue;
      const bool added = co_await add_region_of(rounds, probes[i], basis, options, modes, kSamePoint);
      fresh = fresh || added;
    }
    if (!fresh) co_return true;
  }
  co_return false;
}

Task<bool> add_region_of_outlier(Rounds& rounds, const Point& failing, const Basis& basis,
                                 const FailureOptions& options, std::vector<Mode>& modes) {
  // Its margin, and what matters to it: the gradient there and the direction of the nearest known point.
  const std::vector<Point> asked(1, failing);
  const std::vector<Answer> answers = co_await rounds.measure(asked);
  if (answers[0].status != Answer::Status::measured) co_return false;
  const Point gradient = co_await measured_gradient(rounds, failing, answers[0].margin, basis);
  const Point known = modes[nearest_mode(failing, modes)].direction;
  const Basis matters = orthonormal({known, gradient});
  Point start(failing.size(), 0.0);
  for (const Point& axis : matters) start = along(start, dot(failing, axis), axis);
  // And its mirror image: a limit that curves to one side of a known point may well do so to the other.
  const Point mirrored = along(scaled(start, -1), 2 * dot(start, known), known);
  const double radius = norm(start);
  std::vector<Line> rays;
  for (const Point& z : {start, mirrored})
    rays.push_back({Point(z.size(), 0.0), scaled(z, 1 / radius), radius, 0, 0, radius + 1});
  const std::vector<Crossing> found = co_await crossings(rounds, rays, CrossingAccuracy{0.1, 8});
  bool fresh = false;
  for (std::size_t i = 0; i < rays.size(); ++i) {
    if (!found[i].found || found[i].c > std::min(options.most_sigma, radius + 0.5)) continue;
    const Mode itself{rays[i].direction, found[i].c, found[i].slope};
    const Start on_limit{scaled(itself.direction, found[i].nearest_c), found[i].nearest_margin, {}};
    const std::optional<Mode> mode = co_await most_probable_point(rounds, on_limit, matters, options, modes);
    const bool found_new = (mode && add_mode(modes, *mode)) || add_mode(modes, itself, kSamePoint);
    fresh = fresh || found_new;
  }
  co_return fresh;
}

}  // namespace mavis::stats
