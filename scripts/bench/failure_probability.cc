// Does the estimator of rare failures find the probabilities that are known exactly, within its runs, and
// does its standard error mean what it says? Every limit state is answered for 100 seeds; about two minutes.
#include "stats/failure_probability.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "figure.h"
#include "stats/points.h"

namespace mavis::stats {
namespace {

using Status = Answer::Status;

// A limit state in rotated coordinates, so that every one of the d parameters takes part in it.
struct Case {
  std::string name;
  std::size_t dimensions;
  std::function<Answer(const Point&)> limit;
  double truth;
  std::size_t most_runs;  // goal; 0: none
};

// Reflection that turns the first axis into a direction in which all parameters take part.
Point rotated(const Point& z) {
  Point v(z.size(), 0.0);
  for (std::size_t i = 0; i < z.size(); ++i) v[i] = std::cos(1.0 + 2.3 * static_cast<double>(i));
  v = scaled(v, 1 / norm(v));
  v[0] -= 1;
  const double square = dot(v, v);
  return square > 0 ? along(z, -2 * dot(v, z) / square, v) : z;
}

// Integral of f(x) phi(x): the trapezoid rule converges exponentially on what falls off as fast as this.
double expectation(const std::function<double(double)>& f) {
  constexpr double kStep = 0.02;
  double sum = 0;
  for (double x = -12; x < 12; x += kStep)
    sum += f(x) * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi) * kStep;
  return sum;
}

// A fixed pattern of errors, of unit sigma, that depends on every bit of z.
double noise(const Point& z) {
  const std::string_view bytes(reinterpret_cast<const char*>(z.data()), z.size() * sizeof(double));
  return normal_draw(1, Stream::noise, 0, hash64(bytes), 0);
}

Answer measured(double margin) {
  return {margin, Status::measured};
}

double beta_of(double p) {
  return -normal_quantile(p);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (double p : {1e-6, 1e-9}) {
    const std::size_t single = p > 1e-7 ? 900 : 4000, several = p > 1e-7 ? 2500 : 4000;
    const double b = beta_of(p);
    const std::string size = p > 1e-7 ? "1e-6" : "1e-9";
    for (std::size_t d : {4, 16, 64}) {
      const auto add = [&](const std::string& name, double truth, std::size_t runs,
                           std::function<Answer(const Point&)> limit) {
        all.push_back({fmt::format("{}_{}_d{}", name, size, d), d, std::move(limit), truth, runs});
      };
      add("linear", p, single, [b](const Point& z) { return measured(b - rotated(z)[0]); });
      // Curvature across the first axis, in three directions.
      for (double k : {0.06, -0.06}) {
        const auto chi = [k](double b0, double x) {  // average over two of the three
          double sum = 0;
          constexpr double kStep = 5e-3;
          for (double r = kStep / 2; r < 9; r += kStep)
            sum += r * std::exp(-r * r / 2) * normal_tail(b0 + k / 2 * (r * r + x * x)) * kStep;
          return sum;
        };
        const double truth = expectation([&](double x) { return std::fabs(x) < 9 ? chi(b, x) : 0.0; });
        add(k > 0 ? "curved_away" : "curved_towards", truth, single, [b, k](const Point& z) {
          const Point y = rotated(z);
          return measured(b - y[0] + k / 2 * (y[1] * y[1] + y[2] * y[2] + y[3] * y[3]));
        });
      }
      // A time: two stages in series, each log-normal.
      const double limit = p > 1e-7 ? 4.42 : 6.3;
      const double late = expectation([limit](double x) {
        const double rest = limit - std::exp(0.25 * x);
        return rest <= 0 ? 1.0 : normal_tail(std::log(rest) / 0.2);
      });
      add("time", late, single, [limit](const Point& z) {
        const Point y = rotated(z);
        return measured(std::log(limit / (std::exp(0.25 * y[0]) + std::exp(0.2 * y[1]))));
      });
      add("time_not_in_logarithm", late, single, [limit](const Point& z) {
        const Point y = rotated(z);
        return measured(limit - (std::exp(0.25 * y[0]) + std::exp(0.2 * y[1])));
      });
      add("two_sided", p, several,
          [p](const Point& z) { return measured(beta_of(p / 2) - std::fabs(rotated(z)[0])); });
      add("two_sided_unequal", normal_tail(b) + normal_tail(b + 0.3), several,
          [b](const Point& z) { return measured(b + 0.15 - std::fabs(rotated(z)[0] + 0.15)); });
      const double others = (1 - normal_tail(b + 0.1)) * (1 - normal_tail(b + 0.25));
      add("three_regions", 1 - (1 - p) * others, several, [b](const Point& z) {
        const Point y = rotated(z);
        return measured(std::min({b - y[0], b + 0.1 - y[1], 1.5 * (b + 0.25 + 0.6 * y[0] - 0.8 * y[2])}));
      });
      all.back().truth = 0;  // filled in below: two of the three are correlated
      // Failures about a parabola: a continuum of nearly equal failure points.
      const double k = 0.15;
      add("parabola", expectation([b, k](double y) { return normal_tail(b - k * y * y / 2); }), several,
          [b, k](const Point& z) {
            const Point y = rotated(z);
            return measured(b - y[0] - k * y[1] * y[1] / 2);
          });
      const double k2 = 0.4, b2 = b + 0.8;
      add("parabola_two_points", expectation([b2, k2](double y) { return normal_tail(b2 - k2 * y * y / 2); }),
          several, [b2, k2](const Point& z) {
            const Point y = rotated(z);
            return measured(b2 - y[0] - k2 * y[1] * y[1] / 2);
          });
      add("circle", p, several, [p](const Point& z) {
        const Point y = rotated(z);
        return measured(std::sqrt(-2 * std::log(p)) - std::hypot(y[0], y[1]));
      });
      double sphere = 2.0;  // radius at which three squares exceed with p
      const auto beyond = [](double r) {
        return 2 * normal_tail(r) + std::sqrt(2 / std::numbers::pi) * r * std::exp(-r * r / 2);
      };
      while (beyond(sphere) > p) sphere += 1e-6;
      add("sphere", p, 0, [sphere](const Point& z) {
        const Point y = rotated(z);
        return measured(sphere - std::hypot(y[0], y[1], y[2]));
      });
      add("noisy", p, single, [b](const Point& z) {
        const double x = rotated(z)[0];
        return measured(0.3 * (b - x) + 1e-3 * noise(z));
      });
      add("failures_by_sign_only", p, single, [b](const Point& z) {
        const double margin = 0.3 * (b - rotated(z)[0]);
        return Answer{margin, margin > 0 ? Status::measured : Status::sign_only};
      });
    }
  }
  for (Case& c : all) {
    if (c.truth != 0) continue;
    // Regions 1 and 3 overlap (their normals have a cosine of -0.6, so hardly); inclusion and exclusion to
    // the first order is exact to 1e-5 of p.
    const double b = beta_of(c.name.find("1e-6") != std::string::npos ? 1e-6 : 1e-9);
    c.truth = normal_tail(b) + normal_tail(b + 0.1) + normal_tail(b + 0.25);
  }
  return all;
}

FailureResult estimate(const Case& c, const FailureOptions& options) {
  FailureProbability estimator(c.dimensions, options);
  while (!estimator.ask().empty()) {
    std::vector<Answer> answers;
    for (const Point& z : estimator.ask()) answers.push_back(c.limit(z));
    estimator.tell(answers);
  }
  return estimator.result();
}

bool measure(const Case& c, int seeds) {
  double sum = 0, squares = 0, stated = 0, checks = 0, points = 0;
  std::size_t most_runs = 0;
  int low = 0, flagged = 0, covered = 0, subsets = 0;
  FailureResult::Runs runs;
  for (int seed = 1; seed <= seeds; ++seed) {
    FailureOptions options;
    options.seed = static_cast<std::uint64_t>(seed);
    const FailureResult r = estimate(c, options);
    const bool ok = r.verdict == FailureResult::Verdict::ok;
    flagged += !ok;
    low += ok && r.p < 0.7 * c.truth;
    covered += r.interval.low <= c.truth && c.truth <= r.interval.high;
    sum += r.p / c.truth;
    squares += r.p / c.truth * r.p / c.truth;
    stated += r.stderr_of_p / r.p;
    checks += r.check.p / c.truth;
    subsets += r.check.method == FailureResult::Check::Method::subset;
    points += static_cast<double>(r.points.size());
    most_runs = std::max(most_runs, r.runs.total());
    runs.screen += r.runs.screen, runs.scouts += r.runs.scouts, runs.search += r.runs.search;
    runs.sampling += r.runs.sampling, runs.check += r.runs.check;
  }
  const double n = seeds, mean = sum / n;
  const double ratio =
      std::sqrt(std::max(0.0, (squares / n - mean * mean) * n / (n - 1))) / mean / (stated / n);
  fmt::print(
      "# {}: p {:.4g}, mean {:.3f} p, cross-check {:.3f} p ({} by subsets), {} flagged, {:.1f} points, runs "
      "{:.0f} = {:.0f} screen + {:.0f} scouts + {:.0f} search + {:.0f} sampling + {:.0f} check\n",
      c.name, c.truth, mean, checks / n, subsets, flagged, points / n, static_cast<double>(runs.total()) / n,
      static_cast<double>(runs.screen) / n, static_cast<double>(runs.scouts) / n,
      static_cast<double>(runs.search) / n, static_cast<double>(runs.sampling) / n,
      static_cast<double>(runs.check) / n);
  bool ok = report(c.name + "_low_unflagged", low, "seeds", "0", low == 0);
  if (c.most_runs > 0) {
    const std::string goal = fmt::format("<={}", c.most_runs);
    ok &= report(c.name + "_runs", static_cast<double>(most_runs), "runs_at_most", goal,
                 most_runs <= c.most_runs);
    ok &= report(c.name + "_stderr", stated / n, "of_p", "<=0.1", stated / n <= 0.1);
    ok &= report(c.name + "_spread", ratio, "of_stderr", "0.77..1.3", ratio >= 0.77 && ratio <= 1.3);
    ok &= report(c.name + "_coverage", 100.0 * covered / n, "%", ">=90", covered >= 0.9 * n);
  }
  std::fflush(stdout);
  return ok;
}

}  // namespace
}  // namespace mavis::stats

// Arguments: the number of seeds, and a part of the names of the wanted cases.
int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::max(2, std::atoi(argv[1])) : 100;
  const std::string wanted = argc > 2 ? argv[2] : "";
  bool ok = true;
  for (const mavis::stats::Case& c : mavis::stats::cases())
    if (c.name.find(wanted) != std::string::npos) ok &= mavis::stats::measure(c, seeds);
  return ok ? 0 : 1;
}
