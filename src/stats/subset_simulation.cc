#include "stats/subset_simulation.h"

#include <algorithm>
#include <limits>
#include <string>

namespace mavis::stats {
namespace {

constexpr std::size_t kSamples = 500;  // a level
constexpr std::size_t kChains = 50;    // a tenth
// Proposals a z + sqrt(1 - a^2) N keep the nominal distribution (Papaioannou, Betz, Zwirglmaier and Straub,
// Probabilistic Engineering Mechanics 41, 89, 2015, who advise about this much).
constexpr double kCorrelation = 0.8;

struct State {
  Point z;
  double margin;  // lowest for failures of unknown margin; infinite where unusable
};

double ranked_margin(const Answer& a) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (a.status == Answer::Status::measured) return a.margin;
  return a.status == Answer::Status::sign_only && a.margin <= 0 ? -kInfinity : kInfinity;
}

// Variance of the mean of the event's indicator over the squared mean: Au and Beck's equations 27 to 29.
// States are in the order in which they were made: one of each chain, again and again.
double relative_variance(const std::vector<State>& states, std::size_t chains, double limit) {
  const std::size_t n = states.size(), length = n / chains;
  std::vector<double> event;
  double p = 0;
  for (const State& s : states) event.push_back(s.margin <= limit), p += event.back();
  p /= static_cast<double>(n);
  const double r0 = p * (1 - p);
  if (!(r0 > 0)) return 0;
  double factor = 1;
  for (std::size_t lag = 1; lag < length; ++lag) {
    double r = 0;
    for (std::size_t i = lag * chains; i < n; ++i) r += event[i] * event[i - lag * chains];
    r = r / static_cast<double>(n - lag * chains) - p * p;
    factor += 2 * (1 - static_cast<double>(lag) / static_cast<double>(length)) * r / r0;
  }
  return std::max(factor, 1.0) * (1 - p) / (p * static_cast<double>(n));
}

}  // namespace

Task<std::optional<SubsetEstimate>> subset_simulation(Rounds& rounds, std::size_t dimensions,
                                                      std::uint64_t seed, double least) {
  std::vector<State> states;
  std::vector<Point> points;
  for (std::uint32_t i = 0; i < kSamples; ++i) points.push_back(normal_point(dimensions, seed, "subset", i));
  const std::vector<Answer> first = co_await rounds.measure(points);
  for (std::size_t i = 0; i < kSamples; ++i) states.push_back({points[i], ranked_margin(first[i])});
  double p = 1, variance = 0;
  for (std::uint32_t level = 1; p > least; ++level) {
    std::vector<State> seeds = states;
    std::stable_sort(seeds.begin(), seeds.end(),
                     [](const State& a, const State& b) { return a.margin < b.margin; });
    const double limit = std::max(0.0, (seeds[kChains - 1].margin + seeds[kChains].margin) / 2);
    std::size_t events = 0;
    for (const State& s : states) events += s.margin <= limit;
    variance += relative_variance(states, level == 1 ? kSamples : kChains, limit);
    p *= static_cast<double>(events) / kSamples;
    if (limit <= 0) co_return SubsetEstimate{p, p * std::sqrt(variance)};
    if (events == 0 || events == kSamples) break;  // margins do not tell points apart
    seeds.resize(kChains);
    states.clear();
    const std::string name = "subset " + std::to_string(level);
    for (std::uint32_t i = 0; i < kSamples / kChains; ++i) {
      points.clear();
      for (std::uint32_t c = 0; c < kChains; ++c) {
        const Point noise = normal_point(dimensions, seed, name, i * kChains + c);
        points.push_back(
            along(scaled(seeds[c].z, kCorrelation), std::sqrt(1 - kCorrelation * kCorrelation), noise));
      }
      const std::vector<Answer> answers = co_await rounds.measure(points);
      for (std::size_t c = 0; c < kChains; ++c) {
        const double margin = ranked_margin(answers[c]);
        if (margin <= limit) seeds[c] = {points[c], margin};
        states.push_back(seeds[c]);
      }
    }
  }
  co_return std::nullopt;
}

}  // namespace mavis::stats
