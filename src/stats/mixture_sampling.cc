#include "stats/mixture_sampling.h"

#include <algorithm>

namespace mavis::stats {
namespace {

constexpr std::size_t kFirstBatch = 100, kLeastBatch = 10, kMostBatch = 50;
constexpr std::size_t kLeastFailures = 30;
constexpr double kLargestWeight = 0.1;  // of the sum
constexpr double kPoorVariance = 6;     // of a weight, over p^2: the modes do not cover the failures
// Sampling stops where the weights look favourable: over all limit states of the bench the estimates spread
// this much more than the weights say.
constexpr double kStopping = 1.05;
constexpr double kNominal = 0.05;  // share of the nominal distribution
constexpr double kCost = 2;        // of a search, in runs a dimension: its gradient, and what follows
constexpr double kFloor = 0.1;     // least weight of a mode, of the sum of all

// Along its direction a mode is sampled at the limit by a narrow normal distribution and by one of nominal
// width, which bounds the weights of failures nearer or further than the most probable point. For a
// half-space at 4.75 sigma the variance of a weight is 1.6 p^2; by the wide one alone 5.7 p^2 (and 1.8
// against 5.4 where the limit is really 0.3 sigma nearer than thought). A narrow one that lies beyond the
// limit saves another 15 % of the runs there, but has large weights, rarely met, where the limit curves
// towards the nominal point.
constexpr double kNarrowShare = 0.8;
constexpr double kNarrowSigma = 1.4;  // over beta; failures beyond the limit fall off as exp(-beta c)

// The wide one is wider than nominal across the direction, too, so that a limit that curves towards the
// nominal point shows: by a factor per active dimension whose product is this. Measured on p = 1e-6 curving
// in 3 of 4 dimensions: 95 % intervals cover 95 % instead of 83 %; for half-spaces it costs 3 % more runs.
constexpr double kAcross = 5;
constexpr double kMostAcross = 1.5;

}  // namespace

MixtureSampling::MixtureSampling(std::size_t dimensions, const std::vector<std::size_t>& active,
                                 const FailureOptions& options)
    : dimensions_(dimensions),
      active_(active),
      seed_(options.seed),
      relative_stderr_(options.relative_stderr) {}

void MixtureSampling::draw_about(const std::vector<Mode>& modes) {
  modes_ = modes;
  double all = 0, floored = 0;
  for (const Mode& mode : modes_) all += normal_tail(mode.beta);
  std::vector<double> weights;
  for (const Mode& mode : modes_) {
    weights.push_back(std::max(normal_tail(mode.beta) / all, kFloor));
    floored += weights.back();
  }
  const double across =
      std::min(kMostAcross, std::pow(kAcross, 1 / std::max(1.0, static_cast<double>(active_.size()) - 1)));
  Proposal proposal;
  for (std::size_t i = 0; i < modes_.size(); ++i) {
    const double share = (1 - kNominal) * weights[i] / floored, beta = modes_[i].beta;
    const double sigma = std::min(1.0, kNarrowSigma / std::max(beta, kNarrowSigma));
    proposal.components.push_back({modes_[i].direction, kNarrowShare * share, beta, sigma, 1});
    proposal.components.push_back({modes_[i].direction, (1 - kNarrowShare) * share, beta, 1, across});
  }
  for (Drawn& drawn : failures_) add_density(drawn, proposal);
  for (Drawn& drawn : unusable_) add_density(drawn, proposal);
  proposals_.push_back(std::move(proposal));
}

Point MixtureSampling::draw(std::uint32_t index) const {
  Point z = normal_point(dimensions_, seed_, "sampling", index);
  double pick = uniform_draw(seed_, Stream::search, index, hash64("component"));
  for (const Component& c : proposals_.back().components) {
    pick -= c.weight;
    if (pick >= 0) continue;
    const double t = dot(z, c.direction);
    for (std::size_t k : active_) z[k] *= c.across;
    return along(z, c.mean + (c.sigma - c.across) * t, c.direction);
  }
  return z;  // nominal
}

void MixtureSampling::add_density(Drawn& drawn, const Proposal& proposal) const {
  double square = 0;  // of the active part's length
  for (std::size_t k : active_) square += drawn.z[k] * drawn.z[k];
  const double free = static_cast<double>(active_.size()) - 1;
  double density = kNominal;
  for (const Component& c : proposal.components) {
    const double t = dot(drawn.z, c.direction), u = (t - c.mean) / c.sigma;
    const double gain = (1 - 1 / (c.across * c.across)) * (square - t * t);
    density += c.weight / c.sigma * std::exp((t * t - u * u + gain) / 2 - free * std::log(c.across));
  }
  drawn.density.push_back(density);
}

double MixtureSampling::weight(const Drawn& drawn) const {
  double density = 0;
  for (std::size_t k = 0; k < proposals_.size(); ++k) density += proposals_[k].runs * drawn.density[k];
  return static_cast<double>(runs_) / density;
}

// As many draws as the estimate seems to lack: few looks at it, and little beyond what it needs.
std::size_t MixtureSampling::batch() const {
  if (runs_ < kFirstBatch) return kFirstBatch - runs_;
  if (!(p() > 0)) return kMostBatch;
  const double error = stderr_of_p() / p() / relative_stderr_;
  const double lacking = (error * error - 1) * static_cast<double>(runs_);
  return static_cast<std::size_t>(std::clamp(std::ceil(lacking), double{kLeastBatch}, double{kMostBatch}));
}

Task<bool> MixtureSampling::sample(Rounds& rounds) {
  while (rounds.left() > 0) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < std::min(batch(), rounds.left()); ++i)
      points.push_back(draw(static_cast<std::uint32_t>(runs_ + i)));
    const std::vector<Answer> answers = co_await rounds.measure(points);
    runs_ += points.size();
    proposals_.back().runs += static_cast<double>(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      const bool unusable = answers[i].status == Answer::Status::unusable;
      if (!unusable && answers[i].margin > 0) continue;
      Drawn drawn{points[i], {}};
      for (const Proposal& proposal : proposals_) add_density(drawn, proposal);
      (unusable ? unusable_ : failures_).push_back(std::move(drawn));
    }
    sum_up();
    if (settled()) co_return true;
    if (dominated() && heaviest_ != reported_) {
      reported_ = heaviest_;
      co_return false;
    }
  }
  co_return false;
}

void MixtureSampling::sum_up() {
  sum_ = squares_ = largest_ = unusable_sum_ = 0;
  for (std::size_t i = 0; i < failures_.size(); ++i) {
    const double w = weight(failures_[i]);
    sum_ += w;
    squares_ += w * w;
    if (w > largest_) largest_ = w, heaviest_ = i;
  }
  for (const Drawn& drawn : unusable_) unusable_sum_ += weight(drawn);
}

bool MixtureSampling::settled() const {
  return failures_.size() >= kLeastFailures && stderr_of_p() < relative_stderr_ * p() &&
         largest_ < kLargestWeight * sum_;
}

// Whether to look for what is missing, which costs a run a dimension, rather than to go on.
bool MixtureSampling::dominated() const {
  if (runs_ < 2 * kFirstBatch || static_cast<double>(failures_.size()) < 1 / kLargestWeight) return false;
  const auto n = static_cast<double>(runs_);
  const double variance = stderr_of_p() * stderr_of_p() * n;
  return n * (largest_ / (kLargestWeight * sum_) - 1) > kCost * static_cast<double>(active_.size()) ||
         variance > kPoorVariance * p() * p();
}

double MixtureSampling::p() const {
  return runs_ == 0 ? 0 : sum_ / static_cast<double>(runs_);
}

double MixtureSampling::stderr_of_p() const {
  const auto n = static_cast<double>(runs_);
  return runs_ < 2 ? 0 : kStopping * std::sqrt(std::max(0.0, squares_ / n - p() * p()) / (n - 1));
}

double MixtureSampling::p_if_unusable_fail() const {
  return runs_ == 0 ? 0 : (sum_ + unusable_sum_) / static_cast<double>(runs_);
}

const Point& MixtureSampling::heaviest() const {
  return failures_[heaviest_].z;
}

std::vector<double> MixtureSampling::shares() const {
  std::vector<double> shares(modes_.size(), 0.0);
  for (const Drawn& drawn : failures_)
    if (sum_ > 0) shares[nearest_mode(drawn.z, modes_)] += weight(drawn) / sum_;
  return shares;
}

}  // namespace mavis::stats
