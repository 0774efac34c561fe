#include "stats/most_probable_point.h"

#include <algorithm>

#include "stats/crossing.h"

namespace mavis::stats {
namespace {

constexpr int kSteps = 8;            // with one gradient
constexpr int kGradients = 3;        // measured, at most
constexpr double kFarMove = 1;       // sigma: a gradient is good for this far
constexpr double kDifference = 0.5;  // sigma: above numerical noise, below curvature
constexpr double kSettled = 0.1;     // sigma

// The margin and its gradient about z.
struct LocalModel {
  Point z;
  double margin = 0;
  Point gradient;

  // Nearest point to 0 at which the linear model crosses the limit.
  Point target() const { return scaled(gradient, (dot(gradient, z) - margin) / dot(gradient, gradient)); }
};

// Hasofer-Lind steps until they settle or are used up.
Task<bool> settle(Rounds& rounds, LocalModel& at, double most_sigma) {
  double damping = 1, last_length = 0;
  for (int step = 0; step < kSteps; ++step) {
    const double steepness = norm(at.gradient);
    if (!(steepness > 0)) co_return false;
    Point target = at.target();
    if (const double r = norm(target); r > most_sigma) target = scaled(target, most_sigma / r);
    Point move = along(target, -1, at.z);
    const double length = norm(move);
    if (length < kSettled && std::fabs(at.margin) < kSettled * steepness) co_return true;
    // A step that does not shorten overshoots: a strongly curved limit.
    if (step > 1 && length > 0.8 * last_length) damping = std::max(damping / 2, 0.25);
    last_length = length;
    move = scaled(move, damping);
    Point next;
    Answer answer;
    for (int halving = 0; halving < 4; ++halving) {
      next = along(at.z, 1, move);
      const std::vector<Point> asked(1, next);
      const std::vector<Answer> answers = co_await rounds.measure(asked);
      answer = answers[0];
      if (answer.status == Answer::Status::measured) break;
      move = scaled(move, 0.5);
    }
    if (answer.status != Answer::Status::measured) co_return false;
    const double surprise = answer.margin - at.margin - dot(at.gradient, move);
    at.gradient = along(at.gradient, surprise / dot(move, move), move);
    at.z = next;
    at.margin = answer.margin;
  }
  co_return false;
}

}  // namespace

Task<Point> measured_gradient(Rounds& rounds, const Point& z, double margin, const Basis& basis) {
  Point gradient(z.size(), 0.0);
  std::vector<const Point*> open;
  for (const Point& axis : basis) open.push_back(&axis);
  // Margins are more often known nearer to the nominal point; away from it is the second choice.
  for (double side : {-kDifference, kDifference}) {
    std::vector<Point> points;
    std::vector<double> steps;
    for (const Point* axis : open) {
      steps.push_back(dot(z, *axis) < 0 ? -side : side);
      points.push_back(along(z, steps.back(), *axis));
    }
    const std::vector<Answer> answers = co_await rounds.measure(points);
    std::vector<const Point*> again;
    for (std::size_t k = 0; k < open.size(); ++k) {
      if (answers[k].status == Answer::Status::measured)
        gradient = along(gradient, (answers[k].margin - margin) / steps[k], *open[k]);
      else
        again.push_back(open[k]);
    }
    open = std::move(again);
  }
  co_return gradient;
}

Task<std::optional<Mode>> most_probable_point(Rounds& rounds, const Start& start, const Basis& basis,
                                              double most_sigma, const std::vector<Mode>& known) {
  LocalModel at{start.z, start.margin, start.gradient};
  bool settled = false;
  for (int gradients = start.gradient.empty() ? 0 : 1;; ++gradients) {
    if (gradients > 0) {
      const Point before = at.z;
      settled = co_await settle(rounds, at, most_sigma);
      if (norm(along(at.z, -1, before)) < kFarMove || gradients >= kGradients) break;
      // Far beyond the reach of most_sigma even by the linear model: no use to look closer.
      if (norm(at.z) > 0.99 * most_sigma && at.margin > 0 && !settled) break;
    }
    if (gradients > 0 && covered(at.z, known)) co_return std::nullopt;
    at.gradient = co_await measured_gradient(rounds, at.z, at.margin, basis);
  }
  const double radius = norm(at.z);
  if (!(radius > 0)) co_return std::nullopt;
  Line ray{Point(at.z.size(), 0.0), scaled(at.z, 1 / radius), radius, 0, 0, most_sigma};
  ray.slope = std::min(0.0, dot(at.gradient, ray.direction));
  if (settled && radius <= most_sigma && ray.slope < 0) {
    const double beta = std::clamp(radius - at.margin / ray.slope, 0.0, most_sigma);
    co_return Mode{ray.direction, beta, ray.slope};
  }
  const std::vector<Line> rays(1, ray);
  const std::vector<Crossing> found = co_await crossings(rounds, rays, CrossingAccuracy{});
  if (!found[0].found) co_return std::nullopt;
  co_return Mode{ray.direction, found[0].c, found[0].slope};
}

}  // namespace mavis::stats
