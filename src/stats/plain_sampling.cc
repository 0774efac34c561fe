#include "stats/plain_sampling.h"

#include <algorithm>

namespace mavis::stats {
namespace {

constexpr std::size_t kLeastBatch = 50, kMostBatch = 1000;
constexpr std::size_t kLeastFailures = 30;

}  // namespace

Task<bool> PlainSampling::sample(Rounds& rounds, std::size_t most) {
  while (runs_ < most && rounds.left() > 0) {
    const std::size_t batch =
        std::min({std::clamp(runs_ / 2, kLeastBatch, kMostBatch), most - runs_, rounds.left()});
    std::vector<Point> points;
    for (std::size_t i = 0; i < batch; ++i)
      points.push_back(
          normal_point(dimensions_, options_.seed, "plain", static_cast<std::uint32_t>(runs_ + i)));
    const std::vector<Answer> answers = co_await rounds.measure(points);
    runs_ += batch;
    for (const Answer& a : answers) {
      const bool unusable = a.status == Answer::Status::unusable;
      unusable_ += unusable;
      failures_ += !unusable && a.margin <= 0;
    }
    if (failures_ >= kLeastFailures && stderr_of_p() < options_.relative_stderr * p()) co_return true;
  }
  co_return false;
}

double PlainSampling::p() const {
  return runs_ == 0 ? 0 : static_cast<double>(failures_) / static_cast<double>(runs_);
}

double PlainSampling::stderr_of_p() const {
  return runs_ == 0 ? 0 : std::sqrt(p() * (1 - p()) / static_cast<double>(runs_));
}

Interval PlainSampling::interval() const {
  if (runs_ == 0) return {0, 1};
  return {proportion_interval(failures_, runs_).low, proportion_interval(failures_ + unusable_, runs_).high};
}

}  // namespace mavis::stats
