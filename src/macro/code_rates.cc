#include "macro/code_rates.h"

#include <cmath>

namespace mavis::macro {
namespace {

constexpr double kReach = 6;  // sigma
// Steps of a quarter sigma are exact to 1e-9 for whatever is as wide as the normal itself; those of 0.75
// sigma, inside others, to 1e-7.
constexpr int kSteps = 48, kInnerSteps = 16;

// Calls `at(level, weight)`; weights add up to 1.
template <class At>
void over_normal(double mean, double sigma, int steps, const At& at) {
  if (!(sigma > 0)) return at(mean, 1.0);
  const auto z = [&](int i) { return 2 * kReach / steps * i; };
  double sum = 0;
  for (int i = -steps / 2; i <= steps / 2; ++i) sum += std::exp(-0.5 * z(i) * z(i));
  for (int i = -steps / 2; i <= steps / 2; ++i) at(mean + sigma * z(i), std::exp(-0.5 * z(i) * z(i)) / sum);
}

}  // namespace

CodeRates code_rates(const LevelSpread& level, const Decisions& decisions) {
  const auto codes = static_cast<std::size_t>(decisions.codes());
  CodeRates rates{.p = std::vector<double>(codes)};
  double squared_means = 0, squares = 0;
  over_normal(level.mean, level.sigma, kSteps, [&](double data, double weight) {
    std::vector<double> p(codes);
    over_normal(data, level.noise, kInnerSteps,
                [&](double inp, double part) { decisions.add_probabilities(inp, level.drift, part, p); });
    double mean = 0;
    for (std::size_t code = 0; code < codes; ++code) {
      const auto value = static_cast<double>(code);
      rates.p[code] += weight * p[code];
      mean += value * p[code];
      squares += weight * value * value * p[code];
    }
    rates.mean += weight * mean;
    squared_means += weight * mean * mean;
  });
  rates.data_sigma = std::sqrt(std::max(0.0, squared_means - rates.mean * rates.mean));
  rates.temporal_sigma = std::sqrt(std::max(0.0, squares - squared_means));
  return rates;
}

std::vector<double> mean_rates(const LevelSpread& level, const Decisions& decisions, double shift) {
  std::vector<double> p(static_cast<std::size_t>(decisions.codes()));
  over_normal(level.mean + shift, std::hypot(level.sigma, level.noise), kSteps,
              [&](double inp, double weight) { decisions.add_probabilities(inp, level.drift, weight, p); });
  return p;
}

}  // namespace mavis::macro
