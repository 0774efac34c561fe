#include "plan/activity.h"

#include <algorithm>
#include <cmath>

#include "stats/screening.h"

namespace mavis::plan {
namespace {

// The smallest gradient that counts, as a share of the quantity's size: below it are rounding and step
// control.
constexpr double kGradientFloor = 1e-3;

double largest(const std::vector<double>& values) {
  double size = 0;
  for (double value : values)
    if (std::isfinite(value)) size = std::max(size, std::fabs(value));
  return size;
}

}  // namespace

std::vector<std::size_t> active_parameters(const std::vector<Quantity>& quantities,
                                           std::span<const Screening> points, std::size_t parameters) {
  std::vector<double> shares(parameters, 0);
  for (const Screening& point : points) {
    if (!point.centre) continue;
    for (const Quantity& quantity : quantities) {
      const auto found = point.centre->find(quantity.name);
      if (!quantity.responds || found == point.centre->end()) continue;
      const std::vector<double>& values = found->second.values;
      const double size = largest(values);
      for (std::size_t cell = 0; cell < values.size(); ++cell) {
        std::vector<double> squared(parameters, 0);
        double total = 0;
        for (std::size_t p = 0; p < parameters; ++p) {
          const auto& [up, down] = point.moved[p];
          if (!up || !down || !up->contains(quantity.name) || !down->contains(quantity.name)) continue;
          const double g = (up->at(quantity.name).values[cell] - down->at(quantity.name).values[cell]) / 2;
          if (std::isfinite(g)) squared[p] = g * g;
          total += squared[p];
        }
        if (std::sqrt(total) < kGradientFloor * size || total == 0) continue;
        for (std::size_t p = 0; p < parameters; ++p) shares[p] = std::max(shares[p], squared[p] / total);
      }
    }
  }
  std::vector<std::size_t> active;
  for (std::size_t p = 0; p < parameters; ++p)
    if (shares[p] > stats::kActiveShare) active.push_back(p);
  std::stable_sort(active.begin(), active.end(),
                   [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
  return active;
}

}  // namespace mavis::plan
