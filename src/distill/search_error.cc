#include "distill/search_error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mavis::distill {
namespace {

constexpr double kSigmaOfMedian = 1.4826, kSigmas = 3;

// Of those that are numbers; NaN if none is.
double median(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void remove_search_error(std::vector<double>& bends) {
  const double centre = median(bends);
  std::vector<double> apart;
  for (double& bend : bends) apart.push_back(std::fabs(bend -= centre));
  const double scatter = kSigmaOfMedian * median(apart);
  for (double& bend : bends)
    if (std::fabs(bend) <= kSigmas * scatter) bend = 0;
}

}  // namespace mavis::distill
