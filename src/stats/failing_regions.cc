#include "stats/failing_regions.h"

#include <algorithm>
#include <numeric>

#include "stats/crossing.h"
#include "stats/neighbouring_points.h"

namespace mavis::stats {
namespace {

constexpr double kScoutSigma = 2.8;
// A scout wider by the factor s meets a half-space at beta with P(N > beta / s); at beta / s = 1.7, where
// scouts of 2.8 sigma meet p = 1e-6, that is 4.5 %: 9 of 200. Wider ones would meet more, but further out.
constexpr double kScoutReach = 1.7;
constexpr double kFlatGradient = 0.3;    // of the response: below, the margin is an even function
constexpr std::size_t kMostTested = 40;  // failing scouts in a round
constexpr int kFruitless = 3;            // searches in a row that found nothing new
constexpr int kHopeless = 10;            // while nothing is found at all
constexpr double kOpposite = 1;          // sigma beyond a point's distance
constexpr std::size_t kMostCurved = 4;   // more points than these show themselves how the limit curves

// What of a failing point the known regions do not explain: it without its components towards them.
Point unexplained(Point z, const std::vector<Mode>& modes) {
  for (int pass = 0; pass < 2; ++pass)
    for (const Mode& mode : modes) z = along(z, -std::max(0.0, dot(z, mode.direction)), mode.direction);
  return z;
}

Task<std::vector<Point>> failing_scouts(Rounds& rounds, const Screen& screen, const FailureOptions& options,
                                        double sigma, std::uint32_t first, FailingRegions& regions) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < options.scouts; ++i) {
    const auto index = static_cast<std::uint32_t>(first + i);
    points.push_back(scaled(normal_point(screen.gradient.size(), options.seed, "scouts", index), sigma));
  }
  const std::vector<Answer> answers = co_await rounds.measure(points);
  std::vector<Point> failing;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (answers[i].status == Answer::Status::unusable) continue;
    ++regions.scouts;
    if (answers[i].margin > 0) continue;
    ++regions.failing_scouts;
    failing.push_back(points[i]);
  }
  co_return failing;
}

// Follows up failing scouts until the known regions explain them all (true) or nothing new comes of it.
Task<bool> explain(Rounds& rounds, std::vector<Point> failing, const Screen& screen,
                   const FailureOptions& options, std::vector<Mode>& modes) {
  int fruitless = 0;
  bool tested = false;  // against the present modes
  const std::size_t dimensions = screen.gradient.size();
  std::vector<std::size_t> every(dimensions);
  std::iota(every.begin(), every.end(), std::size_t{0});
  while (!failing.empty() && fruitless < (modes.empty() ? kHopeless : kFruitless) &&
         modes.size() < kMostModes) {
    if (!tested && !modes.empty()) {
      std::vector<Point> rests;
      for (const Point& z : failing) rests.push_back(unexplained(z, modes));
      if (rests.size() > kMostTested) rests.resize(kMostTested);
      const std::vector<Answer> answers = co_await rounds.measure(rests);
      failing.clear();
      for (std::size_t i = 0; i < rests.size(); ++i)
        if (answers[i].status != Answer::Status::unusable && answers[i].margin <= 0)
          failing.push_back(rests[i]);
      tested = true;
      continue;
    }
    const auto nearest = std::min_element(failing.begin(), failing.end(),
                                          [](const Point& a, const Point& b) { return norm(a) < norm(b); });
    const Point start = *nearest;
    failing.erase(nearest);
    // Mostly the active dimensions alone fail, too; a parameter that the screen did not see may be the cause.
    Point active(dimensions, 0.0);
    for (std::size_t k : screen.active) active[k] = start[k];
    bool alone = active == start;
    if (!alone) {
      const std::vector<Point> asked(1, active);
      const std::vector<Answer> answers = co_await rounds.measure(asked);
      alone = answers[0].status != Answer::Status::unusable && answers[0].margin <= 0;
    }
    const Basis basis = axes(dimensions, alone ? screen.active : every);
    const Point from = alone ? active : start;
    const bool fresh = co_await add_region_of(rounds, from, basis, options, modes);
    fruitless = fresh ? 0 : fruitless + 1;
    if (fresh) tested = false;
  }
  co_return failing.empty();
}

// A limit on a magnitude fails on the other side, too.
Task<bool> look_opposite(Rounds& rounds, const Basis& basis, const FailureOptions& options,
                         std::vector<Mode>& modes) {
  std::vector<Point> opposite;
  for (const Mode& mode : modes)
    opposite.push_back(scaled(mode.direction, -std::min(mode.beta + kOpposite, options.most_sigma)));
  std::erase_if(opposite, [&](const Point& z) { return covered(z, modes); });
  const std::vector<Answer> answers = co_await rounds.measure(opposite);
  for (std::size_t i = 0; i < opposite.size(); ++i) {
    if (answers[i].status == Answer::Status::unusable || answers[i].margin > 0) continue;
    co_await add_region_of(rounds, opposite[i], basis, options, modes);
  }
  co_return true;
}

// beta up to which a half-space escapes all scouts with less than 5 %.
double reach(const std::vector<double>& sigmas, std::size_t scouts, double most_sigma) {
  double low = 0, high = most_sigma;
  for (int i = 0; i < 60; ++i) {
    const double beta = (low + high) / 2;
    double log_missed = 0;
    for (double s : sigmas) log_missed += static_cast<double>(scouts) * std::log1p(-normal_tail(beta / s));
    (log_missed < std::log(0.05) ? low : high) = beta;
  }
  return low;
}

}  // namespace

std::vector<std::size_t> FailingRegions::dimensions(const Screen& screen) const {
  std::vector<bool> used(screen.gradient.size(), false);
  for (std::size_t k : screen.active) used[k] = true;
  for (const Mode& mode : modes)
    for (std::size_t k = 0; k < used.size(); ++k) used[k] = used[k] || mode.direction[k] != 0;
  std::vector<std::size_t> all;
  for (std::size_t k = 0; k < used.size(); ++k)
    if (used[k]) all.push_back(k);
  return all;
}

Task<bool> add_region_of(Rounds& rounds, const Point& failing, const Basis& basis,
                         const FailureOptions& options, std::vector<Mode>& modes, double same_cosine) {
  const double radius = norm(failing);
  if (!(radius > 0)) co_return false;
  const Line ray{Point(failing.size(), 0.0), scaled(failing, 1 / radius), radius, 0, 0, radius};
  const std::vector<Line> rays(1, ray);
  const std::vector<Crossing> found = co_await crossings(rounds, rays, CrossingAccuracy{0.3, 8});
  if (!found[0].found || std::isnan(found[0].nearest_margin)) co_return false;
  const Start start{scaled(ray.direction, found[0].nearest_c), found[0].nearest_margin, {}};
  const std::optional<Mode> mode = co_await most_probable_point(rounds, start, basis, options, modes);
  const bool fresh = mode && add_mode(modes, *mode, same_cosine);
  co_return fresh;
}

Task<std::vector<Mode>> regions_along_gradient(Rounds& rounds, const Screen& screen,
                                               const FailureOptions& options) {
  std::vector<Mode> modes;
  const double steepness = norm(screen.gradient);
  if (!(steepness > kFlatGradient * screen.response) || !(steepness > 0)) co_return modes;
  const Basis basis = axes(screen.gradient.size(), screen.active);
  const Start start{Point(screen.gradient.size(), 0.0), screen.nominal.margin, screen.gradient};
  const std::optional<Mode> down = co_await most_probable_point(rounds, start, basis, options, modes);
  if (down) add_mode(modes, *down);
  const std::vector<Line> back(1, Line{start.z, scaled(screen.gradient, 1 / steepness),
                                       options.most_sigma / 2, 0, 0, options.most_sigma});
  const std::vector<Crossing> up = co_await crossings(rounds, back, CrossingAccuracy{0.3, 8});
  if (up[0].found) {
    const Point failing = scaled(back[0].direction, std::min(up[0].c + 0.3, options.most_sigma));
    co_await add_region_of(rounds, failing, basis, options, modes);
  }
  co_return modes;
}

Task<FailingRegions> failing_regions(Rounds& rounds, const Screen& screen, const FailureOptions& options,
                                     FailureResult::Runs& runs) {
  FailingRegions regions;
  rounds.count_into(runs.search);
  regions.modes = co_await regions_along_gradient(rounds, screen, options);
  std::vector<double> sigmas;
  double sigma = kScoutSigma;
  for (std::uint32_t round = 0; round < 2; ++round) {
    rounds.count_into(runs.scouts);
    const auto first = static_cast<std::uint32_t>(round * options.scouts);
    sigmas.push_back(sigma);
    const std::vector<Point> failing =
        co_await failing_scouts(rounds, screen, options, sigma, first, regions);
    rounds.count_into(runs.search);
    regions.explained = co_await explain(rounds, failing, screen, options, regions.modes);
    // Wider once more where the first could have missed regions as near as the nearest found.
    const double beta = regions.modes.empty() ? options.most_sigma : regions.modes[0].beta;
    if (beta <= 1.05 * kScoutReach * kScoutSigma) break;
    sigma = beta / kScoutReach;
  }
  const Basis basis = axes(screen.gradient.size(), regions.dimensions(screen));
  co_await look_opposite(rounds, basis, options, regions.modes);
  const std::vector<Mode> found = regions.modes;
  for (std::uint32_t i = 0; found.size() <= kMostCurved && i < found.size(); ++i)
    co_await follow_curvature(rounds, options, basis, found[i], i, regions.modes);
  regions.complete = co_await probe_between(rounds, options, regions.modes);
  regions.likely_beta = reach(sigmas, regions.scouts / sigmas.size(), options.most_sigma);
  co_return regions;
}

}  // namespace mavis::stats
