#include "stats/mixture_sampling.h"

#include <algorithm>
#include <string>

namespace mavis::stats {
namespace {

constexpr std::size_t kBatch = 50;
constexpr std::size_t kLeastFailures = 30;
constexpr double kLargestWeight = 0.1;  // of the sum
constexpr double kNominal = 0.05;       // share of the nominal distribution
constexpr double kFloor = 0.1;          // least weight of a mode, of the sum of all

// Along its direction a mode is sampled by a narrow normal distribution just beyond the limit and by one of
// nominal width at the limit, which bounds the weights of failures nearer or further than the most probable
// point. For a half-space at 4.75 sigma the variance of a weight is 1.8 p^2; by the wide one alone 5.7 p^2
// (and 2.9 against 5.4 where the limit is really 0.3 sigma nearer than thought).
constexpr double kNarrowShare = 0.7;
constexpr double kNarrowSigma = 1.6;  // over beta; failures beyond the limit fall off as exp(-beta c)
constexpr double kNarrowBeyond = 0.1;

}  // namespace

MixtureSampling::MixtureSampling(std::size_t dimensions, std::vector<Mode> modes,
                                 const FailureOptions& options, std::uint32_t attempt)
    : modes_(std::move(modes)),
      options_(options),
      dimensions_(dimensions),
      attempt_(attempt),
      mode_sums_(modes_.size(), 0.0) {
  double all = 0, floored = 0;
  for (const Mode& mode : modes_) all += normal_tail(mode.beta);
  std::vector<double> weights;
  for (const Mode& mode : modes_) {
    weights.push_back(std::max(normal_tail(mode.beta) / all, kFloor));
    floored += weights.back();
  }
  for (std::size_t i = 0; i < modes_.size(); ++i) {
    const double share = (1 - kNominal) * weights[i] / floored, beta = modes_[i].beta;
    const double sigma = std::min(1.0, kNarrowSigma / std::max(beta, kNarrowSigma));
    components_.push_back({i, kNarrowShare * share, beta + kNarrowBeyond, sigma});
    components_.push_back({i, (1 - kNarrowShare) * share, beta, 1});
  }
}

Point MixtureSampling::draw(std::uint32_t index) const {
  const std::string name = "sampling " + std::to_string(attempt_);
  Point z = normal_point(dimensions_, options_.seed, name, index);
  double pick = uniform_draw(options_.seed, Stream::search, index, hash64(name + " component"));
  for (const Component& c : components_) {
    pick -= c.weight;
    if (pick >= 0) continue;
    const Point& direction = modes_[c.mode].direction;
    return along(std::move(z), c.mean + (c.sigma - 1) * dot(z, direction), direction);
  }
  return z;  // nominal
}

double MixtureSampling::weight(const Point& z) const {
  double over_nominal = kNominal;
  for (const Component& c : components_) {
    const double t = dot(z, modes_[c.mode].direction), u = (t - c.mean) / c.sigma;
    over_nominal += c.weight / c.sigma * std::exp((t * t - u * u) / 2);
  }
  return 1 / over_nominal;
}

Task<bool> MixtureSampling::sample(Rounds& rounds) {
  while (rounds.left() > 0) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < std::min(kBatch, rounds.left()); ++i)
      points.push_back(draw(static_cast<std::uint32_t>(runs_ + i)));
    const std::vector<Answer> answers = co_await rounds.measure(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
      ++runs_;
      const bool unusable = answers[i].status == Answer::Status::unusable;
      if (!unusable && answers[i].margin > 0) continue;
      const double w = weight(points[i]);
      if (unusable) {
        unusable_sum_ += w;
        continue;
      }
      ++failures_;
      sum_ += w;
      squares_ += w * w;
      if (w > largest_) largest_ = w, heaviest_ = points[i];
      std::size_t nearest = 0;
      for (std::size_t m = 1; m < modes_.size(); ++m)
        if (dot(points[i], modes_[m].direction) - modes_[m].beta >
            dot(points[i], modes_[nearest].direction) - modes_[nearest].beta)
          nearest = m;
      mode_sums_[nearest] += w;
    }
    if (settled()) co_return true;
    if (runs_ >= 2 * kBatch && failures_ > 1 / kLargestWeight && largest_ > kLargestWeight * sum_ &&
        largest_ > reported_) {
      reported_ = largest_;
      co_return false;
    }
  }
  co_return false;
}

bool MixtureSampling::settled() const {
  return failures_ >= kLeastFailures && stderr_of_p() < options_.relative_stderr * p() &&
         largest_ < kLargestWeight * sum_;
}

double MixtureSampling::p() const { return runs_ == 0 ? 0 : sum_ / static_cast<double>(runs_); }

double MixtureSampling::stderr_of_p() const {
  const auto n = static_cast<double>(runs_);
  return runs_ < 2 ? 0 : std::sqrt(std::max(0.0, squares_ / n - p() * p()) / (n - 1));
}

double MixtureSampling::p_if_unusable_fail() const {
  return runs_ == 0 ? 0 : (sum_ + unusable_sum_) / static_cast<double>(runs_);
}

std::vector<double> MixtureSampling::shares() const {
  std::vector<double> shares;
  for (double s : mode_sums_) shares.push_back(sum_ > 0 ? s / sum_ : 0);
  return shares;
}

}  // namespace mavis::stats
