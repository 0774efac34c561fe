#include "macro/code_rates.h"

#include <cmath>

namespace mavis::macro {
namespace {

constexpr double kReach = 6;  // sigma
constexpr int kSteps = 48;    // of a quarter sigma: exact to 1e-9 for anything as wide as the normal itself

// Calls `at(level, weight)`; weights add up to 1.
template <class At>
void over_normal(double mean, double sigma, const At& at) {
  if (!(sigma > 0)) return at(mean, 1.0);
  double sum = 0;
  for (int i = -kSteps / 2; i <= kSteps / 2; ++i)
    sum += std::exp(-0.5 * std::pow(2 * kReach / kSteps * i, 2));
  for (int i = -kSteps / 2; i <= kSteps / 2; ++i) {
    const double z = 2 * kReach / kSteps * i;
    at(mean + sigma * z, std::exp(-0.5 * z * z) / sum);
  }
}

}  // namespace

CodeRates code_rates(const MacroModel& model, const LevelSpread& level, const Decisions& decisions,
                     double shift) {
  const auto codes = static_cast<std::size_t>(decisions.codes());
  CodeRates rates{.p = std::vector<double>(codes)};
  double squared_means = 0, squares = 0;
  over_normal(level.mean + shift, level.sigma, [&](double data, double weight) {
    std::vector<double> p(codes);
    over_normal(data, model.mav_noise,
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

CodeRates code_rates(const MacroModel& model, const HalfRow& computing, const Decisions& decisions,
                     int products, double density) {
  return code_rates(model, level_spread(model, computing, products, density), decisions);
}

}  // namespace mavis::macro
