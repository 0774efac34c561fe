#include "threshold.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace mavis {
namespace {

// By what else ln(distance) differs from the law in SearchSettings, as measured on rail_to_rail and
// strongarm; the second grows with the span of ln(distance), as the law holds better near the threshold than
// across decades.
constexpr double kNoise = 0.02, kNoisePerSpan = 0.05, kNoisePerVolt = 12;
constexpr double kFarthest = 0.3, kNearest = 1e-8;  // V from a decision
// Runs after which delays are no longer believed, and in all.
constexpr int kRunsByDelay = 8, kMostRuns = 30;
// Sum of squares a decision, in standard deviations, above which the delays contradict the law.
constexpr double kContradiction = 12;
constexpr double kShortestWindow = 0.05e-9, kWindowMargin = 1.15;  // s; for a sample slower than the curve
constexpr double kSmallest = 1e-7;                                 // V, decided in the second window
constexpr double kExpectedShare = 0.2;  // of sigma: decisions nearer than this need the second window

struct Probe {
  double at;
  int sign;
  double y;  // ln V
};

// What the decisions say of a threshold at `t`: ln of their probability density, and their sum of squares.
struct Likelihood {
  double log = 0, squares = 0;
  double shift = 0;  // mean of a
};

Likelihood likelihood(const std::vector<Probe>& all, const SearchSettings& settings, double t) {
  constexpr std::size_t kMost = kRunsByDelay;
  const std::size_t n = std::min(all.size(), kMost);
  std::array<double, kMost> u{}, r{}, ones{};
  double least = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < n; ++i) {
    u[i] = std::log(std::max(kNearest, std::fabs(all[i].at - t)));
    const double lop = std::min(0.0, u[i] - std::log(kLopsidedBelow));
    r[i] = all[i].y - u[i] - settings.shift - settings.scale * (u[i] - std::log(settings.shift_at)) -
           all[i].sign * (settings.side + settings.lopsided * lop);
    ones[i] = 1;
    least = std::min(least, u[i]);
  }
  std::array<std::array<double, kMost>, kMost> s{};  // covariance, then its Cholesky factor
  Likelihood result;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const auto lop = [&](std::size_t k) {
        return all[k].sign * std::min(0.0, u[k] - std::log(kLopsidedBelow));
      };
      s[i][j] = settings.shift_spread * settings.shift_spread +
                settings.scale_spread * settings.scale_spread * (u[i] - std::log(settings.shift_at)) *
                    (u[j] - std::log(settings.shift_at)) +
                settings.lopsided_spread * settings.lopsided_spread * lop(i) * lop(j) +
                settings.side_spread * settings.side_spread * all[i].sign * all[j].sign;
      if (i == j) {
        const double span = kNoisePerSpan * (u[i] - least), far = kNoisePerVolt * std::exp(u[i]);
        s[i][i] += kNoise * kNoise + span * span + far * far;
      }
      for (std::size_t k = 0; k < j; ++k) s[i][j] -= s[i][k] * s[j][k];
      s[i][j] = i == j ? std::sqrt(s[i][i]) : s[i][j] / s[j][j];
    }
    for (std::size_t k = 0; k < i; ++k) {
      r[i] -= s[i][k] * r[k];
      ones[i] -= s[i][k] * ones[k];
    }
    r[i] /= s[i][i];
    ones[i] /= s[i][i];
    result.shift += ones[i] * r[i];
    result.squares += r[i] * r[i];
    result.log -= std::log(s[i][i]);
  }
  result.log -= result.squares / 2;
  result.shift = settings.shift + settings.shift_spread * settings.shift_spread * result.shift;
  return result;
}

// What is known of the threshold.
struct Knowledge {
  double mean = 0, sigma = 0;     // V
  double squares = 0, shift = 0;  // of the likeliest threshold
};

class Search {
 public:
  Search(const DelayCurve& curve, const SearchSettings& settings) : curve_(curve), settings_(settings) {}

  void add(double at, const Decision& decision) {
    (decision.sign > 0 ? high_ : low_) = decision.sign > 0 ? std::min(high_, at) : std::max(low_, at);
    probes_.push_back({at, decision.sign, curve_.log_distance(decision.delay)});
  }
  double low() const { return low_; }  // V, highest decision for zero and lowest for one; infinite without
  double high() const { return high_; }

  Knowledge know() const {
    // Candidates from either end of the bracket, at distances in equal ratios; then finer about the mean.
    std::vector<double> grid;
    const double gap = high_ - low_, farthest = std::min(kFarthest, gap / 2);
    constexpr int kCoarse = 60, kFine = 40;
    const double ratio = std::pow(farthest / kNearest, 1.0 / kCoarse);
    double distance = kNearest;
    for (int i = 0; i <= kCoarse; ++i, distance *= ratio) {
      if (std::isfinite(low_)) grid.push_back(low_ + distance);
      if (std::isfinite(high_)) grid.push_back(high_ - distance);
    }
    Knowledge known = weigh(std::move(grid));
    for (int pass = 0; pass < 3; ++pass) {
      grid.clear();
      const double from = std::max(low_ + kNearest, known.mean - 4 * known.sigma);
      const double to = std::min(high_ - kNearest, known.mean + 4 * known.sigma);
      if (!(to > from)) break;
      for (int i = 0; i <= kFine; ++i) grid.push_back(from + (to - from) * i / kFine);
      known = weigh(std::move(grid));
    }
    return known;
  }

 private:
  Knowledge weigh(std::vector<double> grid) const {
    std::sort(grid.begin(), grid.end());
    std::vector<double> logs(grid.size());
    Knowledge known;
    double best = -std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const Likelihood likely = likelihood(probes_, settings_, grid[i]);
      const double away = (grid[i] - settings_.start) / settings_.spread;
      logs[i] = likely.log - std::log1p(away * away);
      if (logs[i] > best) {
        best = logs[i];
        known.squares = likely.squares;
        known.shift = likely.shift;
      }
    }
    // Each candidate stands for its surroundings, so what lies between two of them is not lost.
    double sum = 0, first = 0, second = 0;
    const auto width_of = [&](std::size_t i) {
      return (grid[std::min(i + 1, grid.size() - 1)] - grid[i == 0 ? 0 : i - 1]) / 2;
    };
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double weight = width_of(i) * std::exp(logs[i] - best);
      sum += weight;
      first += weight * grid[i];
    }
    known.mean = first / sum;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double width = width_of(i), away = grid[i] - known.mean;
      second += width * std::exp(logs[i] - best) * (away * away + width * width / 3);
    }
    known.sigma = std::sqrt(second / sum);
    return known;
  }

  const DelayCurve& curve_;
  SearchSettings settings_;
  std::vector<Probe> probes_;
  double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity();
};

double window_for(const DelayCurve& curve, double distance) {
  return std::min(kLongestWindow, kWindowMargin * curve.window(distance, kShortestWindow));
}

}  // namespace

DecideWithin decider_within(spice::Session& session, double vdd, double common_mode,
                            const DelayCurve& curve) {
  return [&session, vdd, common_mode, longest = window_for(curve, kSmallest), step = curve.step()](
             double difference, double window) {
    return decider(session, vdd, common_mode, {window, longest}, step)(difference);
  };
}

Threshold find_threshold(const DecideWithin& decide, const DelayCurve& curve,
                         const SearchSettings& settings) {
  Search search(curve, settings);
  Threshold result{.value = settings.start, .sigma = settings.spread, .shift = settings.shift};
  double reach = settings.spread;
  for (int probe = 1; result.runs < kMostRuns; ++probe) {
    // A sample that is slow seems nearer by its delay.
    const double seems = std::exp(std::min(0.0, result.shift));
    const double expected = std::clamp(kExpectedShare * seems * result.sigma, kSmallest, 1e-3);
    const Decision decision = decide(result.value, window_for(curve, expected));
    result.runs += decision.runs;
    result.found = true;
    if (decision.sign == 0) return result;  // as near as can be told
    search.add(result.value, decision);
    const double gap = search.high() - search.low();
    if (gap <= settings.accuracy) {
      result.value = (search.low() + search.high()) / 2;
      result.sigma = std::fabs(gap);
      return result;
    }
    if (!result.by_bisection) {
      const Knowledge known = search.know();
      result.value = known.mean;
      result.sigma = known.sigma;
      result.shift = known.shift;
      const bool agree = known.squares <= kContradiction * probe;
      if (agree && (known.sigma <= settings.accuracy || probe >= settings.most_probes)) return result;
      if (agree && probe < kRunsByDelay) continue;
      result.by_bisection = true;
    }
    if (std::isfinite(gap)) {
      result.value = (search.low() + search.high()) / 2;
      result.sigma = gap;
    } else {
      result.value = std::isfinite(search.low()) ? search.low() + reach : search.high() - reach;
      reach *= 2;
    }
  }
  result.found = false;
  return result;
}

}  // namespace mavis
