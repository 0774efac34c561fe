#include "stats/failing_regions.h"

#include <algorithm>

#include "stats/crossing.h"

namespace mavis::stats {
namespace {

constexpr double kScoutSigma = 2.5;
// A scout wider by the factor s meets a half-space at beta with P(N > beta / s); at beta / s = 1.9, where
// 300 scouts of 2.5 sigma meet p = 1e-6, that is 2.9 %: 9 of them.
constexpr double kScoutReach = 1.9;
constexpr double kSameRegion = 0.95;     // cosine between directions
constexpr double kSamePoint = 0.98;      // cosine: one sigma apart at 5 sigma
constexpr double kNegligible = 1e-3;     // of the nearest region's probability, as half-spaces
constexpr double kFlatGradient = 0.3;    // of the response: below, the margin is an even function
constexpr std::size_t kMostTested = 40;  // failing scouts in a round
constexpr int kFruitless = 3;            // searches in a row that found nothing new
constexpr std::size_t kMostModes = 24;
constexpr std::size_t kProbes = 16;  // directions for each dimension spanned but one
constexpr int kProbeRounds = 8;
constexpr double kProbeShort = 0.95;  // of the distance at which known half-spaces fail
constexpr double kProbeBeyond = 1;    // sigma beyond the nearest point: further out does not matter

// Gram and Schmidt's; directions that add nothing are left out.
Basis orthonormal(const Basis& directions) {
  Basis basis;
  for (Point v : directions) {
    const double length = norm(v);
    for (int pass = 0; pass < 2; ++pass)
      for (const Point& b : basis) v = along(v, -dot(v, b), b);
    if (norm(v) > 0.1 * length && length > 0) basis.push_back(scaled(v, 1 / norm(v)));
  }
  return basis;
}

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
    const Point draw =
        normal_point(screen.gradient.size(), options.seed, "scouts", first + static_cast<std::uint32_t>(i));
    points.emplace_back(draw.size(), 0.0);
    for (std::size_t k : screen.active) points.back()[k] = sigma * draw[k];
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

// Follows up failing scouts until the known regions explain them all.
Task<bool> explain(Rounds& rounds, std::vector<Point> failing, const Screen& screen, double most_sigma,
                   std::vector<Mode>& modes) {
  int fruitless = 0;
  bool tested = false;  // against the present modes
  const Basis basis = axes(screen.gradient.size(), screen.active);
  while (!failing.empty() && fruitless < kFruitless && modes.size() < kMostModes) {
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
    const bool fresh = co_await add_region_of(rounds, start, basis, most_sigma, modes);
    fruitless = fresh ? 0 : fruitless + 1;
    if (fresh) tested = false;
  }
  co_return true;
}

// The known points span a subspace. Does the limit, within it, bulge towards the nominal point between them?
// One run a direction, just short of where the half-spaces of the known points say it fails.
// False when it still does after all that is tried: too many failure points to know them all.
Task<bool> probe_between(Rounds& rounds, const FailureOptions& options, std::vector<Mode>& modes) {
  std::uint32_t draws = 0;
  for (int round = 0; round < kProbeRounds && modes.size() < kMostModes; ++round) {
    Basis directions;
    for (const Mode& mode : modes) directions.push_back(mode.direction);
    const Basis basis = orthonormal(directions);
    if (basis.size() < 2) co_return true;
    std::vector<Point> probes;
    for (std::size_t i = 0; i < kProbes * (basis.size() - 1) && i < kMostTested; ++i) {
      const Point mix = normal_point(basis.size(), options.seed, "probes", draws++);
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
      const auto covers = [&](const Mode& m) {
        return dot(m.direction, probes[i]) > kSameRegion * norm(probes[i]);
      };
      if (std::any_of(modes.begin(), modes.end(), covers)) continue;
      const bool added = co_await add_region_of(rounds, probes[i], basis, options.most_sigma, modes);
      fresh = fresh || added;
    }
    if (!fresh) co_return true;
  }
  co_return false;
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

Task<bool> add_region_of(Rounds& rounds, const Point& failing, const Basis& basis, double most_sigma,
                         std::vector<Mode>& modes) {
  const double radius = norm(failing);
  if (!(radius > 0)) co_return false;
  const Line ray{Point(failing.size(), 0.0), scaled(failing, 1 / radius), radius, 0, 0, radius};
  const std::vector<Line> rays(1, ray);
  const std::vector<Crossing> found = co_await crossings(rounds, rays, CrossingAccuracy{0.3, 8});
  if (!found[0].found || std::isnan(found[0].nearest_margin)) co_return false;
  const Start start{scaled(ray.direction, found[0].nearest_c), found[0].nearest_margin, {}};
  const std::optional<Mode> mode = co_await most_probable_point(rounds, start, basis, most_sigma);
  co_return mode&& add_mode(modes, *mode);
}

Task<bool> add_region_of_outlier(Rounds& rounds, const Point& failing, const Basis& basis, double most_sigma,
                                 std::vector<Mode>& modes) {
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
    if (!found[i].found || found[i].c > std::min(most_sigma, radius + 0.5)) continue;
    const Mode itself{rays[i].direction, found[i].c, found[i].slope};
    const Start on_limit{scaled(itself.direction, found[i].nearest_c), found[i].nearest_margin, {}};
    const std::optional<Mode> mode = co_await most_probable_point(rounds, on_limit, matters, most_sigma);
    const bool found_new = (mode && add_mode(modes, *mode)) || add_mode(modes, itself, kSamePoint);
    fresh = fresh || found_new;
  }
  co_return fresh;
}

Task<std::vector<Mode>> regions_along_gradient(Rounds& rounds, const Screen& screen, double most_sigma) {
  std::vector<Mode> modes;
  const double steepness = norm(screen.gradient);
  if (!(steepness > kFlatGradient * screen.response) || !(steepness > 0)) co_return modes;
  const Basis basis = axes(screen.gradient.size(), screen.active);
  const Start start{Point(screen.gradient.size(), 0.0), screen.nominal.margin, screen.gradient};
  const std::optional<Mode> down = co_await most_probable_point(rounds, start, basis, most_sigma);
  if (down) add_mode(modes, *down);
  const std::vector<Line> back(
      1, Line{start.z, scaled(screen.gradient, 1 / steepness), most_sigma / 2, 0, 0, most_sigma});
  const std::vector<Crossing> up = co_await crossings(rounds, back, CrossingAccuracy{0.3, 8});
  if (up[0].found) {
    const Point failing = scaled(back[0].direction, std::min(up[0].c + 0.3, most_sigma));
    co_await add_region_of(rounds, failing, basis, most_sigma, modes);
  }
  co_return modes;
}

Task<FailingRegions> failing_regions(Rounds& rounds, const Screen& screen, const FailureOptions& options,
                                     FailureResult::Runs& runs) {
  FailingRegions regions;
  rounds.count_into(runs.search);
  regions.modes = co_await regions_along_gradient(rounds, screen, options.most_sigma);
  std::vector<double> sigmas;
  double sigma = kScoutSigma;
  for (std::uint32_t round = 0; round < 2; ++round) {
    rounds.count_into(runs.scouts);
    const auto first = static_cast<std::uint32_t>(round * options.scouts);
    sigmas.push_back(sigma);
    const std::vector<Point> failing =
        co_await failing_scouts(rounds, screen, options, sigma, first, regions);
    rounds.count_into(runs.search);
    co_await explain(rounds, failing, screen, options.most_sigma, regions.modes);
    // Wider once more where the first could have missed regions as near as the nearest found.
    const double beta = regions.modes.empty() ? options.most_sigma : regions.modes[0].beta;
    if (beta <= 1.05 * kScoutReach * kScoutSigma) break;
    sigma = beta / kScoutReach;
  }
  regions.complete = co_await probe_between(rounds, options, regions.modes);
  regions.likely_beta = reach(sigmas, options.scouts, options.most_sigma);
  co_return regions;
}

}  // namespace mavis::stats
