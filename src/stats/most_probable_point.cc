#include "stats/most_probable_point.h"

#include <algorithm>

#include "stats/crossing.h"
#include "stats/flatness.h"

namespace mavis::stats {
namespace {

constexpr int kSteps = 8;            // with one gradient
constexpr int kFewSteps = 3;         // with one that costs a few runs
constexpr int kGradients = 3;        // measured, at most
constexpr double kTurned = 0.1;      // of a gradient: the part of it that the way has turned off
constexpr double kFarMove = 1;       // sigma: a gradient is good for this far
constexpr double kNearMove = 0.5;    // sigma: likewise, one that costs a few runs
constexpr int kAgain = 3;            // times that such a one is measured
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
Task<bool> settle(Rounds& rounds, LocalModel& at, int steps, double most_sigma) {
  double damping = 1, last_length = 0;
  for (int step = 0; step < steps; ++step) {
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

// The same with the gradient measured, now and then, along a few directions: these and that from 0.
Task<bool> settle_among(Rounds& rounds, LocalModel& at, const Basis& directions, double most_sigma) {
  bool settled = false;
  for (int again = 0; again < kAgain; ++again) {
    Basis among = directions;
    among.push_back(at.z);
    among = orthonormal(among);
    at.gradient = co_await measured_gradient(rounds, at.z, at.margin, among);
    const Point before = at.z;
    settled = co_await settle(rounds, at, kFewSteps, most_sigma);
    if (settled && norm(along(at.z, -1, before)) < kNearMove) break;
  }
  co_return settled;
}

// Where a search has come to.
struct Foot {
  LocalModel at;
  bool settled = false;
  bool flat = false;  // as far as was looked
  double curvature = std::numeric_limits<double>::quiet_NaN();
};

Task<bool> look_about(Rounds& rounds, Foot& foot, const Point& seen, const Basis& basis, std::uint64_t seed) {
  const Flatness flat = co_await flatness(rounds, foot.at.z, foot.at.margin, seen, basis, seed);
  foot.flat = !flat.turned();
  foot.curvature = flat.curvature;
  co_return foot.flat;
}

// Direction of the part of a gradient that is across z; empty where that is small, or for no gradient.
Point turned_off(const Point& gradient, const Point& z) {
  if (gradient.empty()) return {};
  const Point across = along(gradient, -dot(gradient, z) / dot(z, z), z);
  const double part = norm(across);
  return part > kTurned * norm(gradient) ? scaled(across, 1 / part) : Point();
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
                                              const FailureOptions& options, const std::vector<Mode>& known) {
  const double most_sigma = options.most_sigma;
  const bool many = basis.size() > kFlatnessRuns;  // dimensions, which make a gradient dear
  Basis seen, curving;                             // directions in which it is looked for first
  for (const Mode& mode : known) {
    seen.push_back(mode.direction);
    if (!mode.turn.empty()) curving.insert(curving.end(), {mode.direction, mode.turn});
  }
  Foot foot{{start.z, start.margin, start.gradient}};
  if (many && start.gradient.empty() && !curving.empty()) {
    // A region that was seen to curve may well reach here.
    Foot there = foot;
    there.settled = co_await settle_among(rounds, there.at, curving, most_sigma);
    if (covered(there.at.z, known)) co_return std::nullopt;
    if (there.settled && co_await look_about(rounds, there, {}, basis, options.seed)) foot = there;
  }
  LocalModel& at = foot.at;
  Point first = start.gradient;
  for (int gradients = 1; !foot.flat; ++gradients) {
    if (gradients > 1 || first.empty())
      at.gradient = co_await measured_gradient(rounds, at.z, at.margin, basis);
    if (first.empty()) first = at.gradient;
    seen.push_back(at.gradient);
    const Point before = at.z;
    const bool among = many && seen.size() > 1;
    foot.settled = co_await settle(rounds, at, among ? kFewSteps : kSteps, most_sigma);
    if (among) foot.settled = co_await settle_among(rounds, at, seen, most_sigma);
    if (norm(along(at.z, -1, before)) < kFarMove || gradients == kGradients) break;
    // Far beyond the reach of most_sigma even by the linear model: no use to look closer.
    if (norm(at.z) > 0.99 * most_sigma && at.margin > 0 && !foot.settled) break;
    if (covered(at.z, known)) co_return std::nullopt;
    if (many && foot.settled) co_await look_about(rounds, foot, turned_off(first, at.z), basis, options.seed);
  }
  const double radius = norm(at.z);
  if (!(radius > 0)) co_return std::nullopt;
  Mode mode{scaled(at.z, 1 / radius), 0, 0, turned_off(first, at.z), foot.curvature};
  mode.slope = std::min(0.0, dot(at.gradient, mode.direction));
  if (foot.settled && radius <= most_sigma && mode.slope < 0) {
    mode.beta = std::clamp(radius - at.margin / mode.slope, 0.0, most_sigma);
    co_return mode;
  }
  const std::vector<Line> rays(
      1, Line{Point(at.z.size(), 0.0), mode.direction, radius, mode.slope, 0, most_sigma});
  const std::vector<Crossing> found = co_await crossings(rounds, rays, CrossingAccuracy{});
  if (!found[0].found) co_return std::nullopt;
  mode.beta = found[0].c;
  mode.slope = found[0].slope;
  co_return mode;
}

}  // namespace mavis::stats
