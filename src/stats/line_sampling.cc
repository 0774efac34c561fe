#include "stats/line_sampling.h"

#include <string>

#include "stats/crossing.h"

namespace mavis::stats {
namespace {

constexpr double kBeyond = 4;  // sigma beyond the most probable point: further crossings add nothing

}  // namespace

LineSampling::LineSampling(std::size_t dimensions, std::vector<Mode> modes, std::uint64_t seed)
    : dimensions_(dimensions),
      modes_(std::move(modes)),
      seed_(seed),
      sums_(modes_.size(), 0.0),
      squares_(modes_.size(), 0.0) {}

Task<bool> LineSampling::add(Rounds& rounds, std::size_t lines) {
  std::vector<Line> all;
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    const Mode& mode = modes_[m];
    for (std::size_t i = 0; i < lines; ++i) {
      const Point z = normal_point(dimensions_, seed_, "lines " + std::to_string(m),
                                   static_cast<std::uint32_t>(lines_ + i));
      all.push_back({along(z, -dot(z, mode.direction), mode.direction), mode.direction, mode.beta, mode.slope,
                     -mode.beta, mode.beta + kBeyond});
    }
  }
  const std::vector<Crossing> found = co_await crossings(rounds, all, CrossingAccuracy{0.1, 6});
  for (std::size_t k = 0; k < all.size(); ++k) {
    unusable_ += !found[k].usable;
    if (!found[k].found) continue;
    // Where regions overlap a failure belongs to the mode whose half-space it is deepest in.
    const std::size_t own = k / lines;
    const Point z = along(all[k].origin, found[k].c, all[k].direction);
    if (nearest_mode(z, modes_) != own) continue;
    const double p = normal_tail(found[k].c);
    sums_[own] += p;
    squares_[own] += p * p;
  }
  lines_ += lines;
  co_return true;
}

double LineSampling::p() const {
  double p = 0;
  for (double s : sums_) p += s / static_cast<double>(lines_);
  return p;
}

double LineSampling::stderr_of_p() const {
  const auto n = static_cast<double>(lines_);
  double variance = 0;
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    const double mean = sums_[m] / n;
    variance += std::max(0.0, squares_[m] / n - mean * mean) / (n - 1);
  }
  return std::sqrt(variance);
}

double LineSampling::p_if_unusable_fail() const {
  return p() + static_cast<double>(unusable_) / static_cast<double>(lines_);
}

std::vector<double> LineSampling::shares() const {
  std::vector<double> shares;
  for (double s : sums_) shares.push_back(p() > 0 ? s / static_cast<double>(lines_) / p() : 0);
  return shares;
}

}  // namespace mavis::stats
