// Importance sampling from a mixture of normal distributions about most probable failure points.
#pragma once

#include "stats/most_probable_point.h"

namespace mavis::stats {

class MixtureSampling {
 public:
  // `attempt` tells the draws of a repetition with other modes from those before it.
  MixtureSampling(std::size_t dimensions, std::vector<Mode> modes, const FailureOptions& options,
                  std::uint32_t attempt);

  // Samples in batches until the estimate has settled (true), or a single weight dominates it, or the runs
  // are used up (false). Can be continued.
  Task<bool> sample(Rounds& rounds);

  double p() const;
  double stderr_of_p() const;
  double p_if_unusable_fail() const;
  std::size_t failures() const { return failures_; }
  std::size_t runs() const { return runs_; }
  const Point& heaviest() const { return heaviest_; }  // failing point of the largest weight
  std::vector<double> shares() const;                  // of p, by nearest mode

 private:
  struct Component {
    std::size_t mode;
    double weight, mean, sigma;  // along the mode's direction; 1 across it
  };
  Point draw(std::uint32_t index) const;
  double weight(const Point& z) const;  // nominal density over that of the mixture
  bool settled() const;

  std::vector<Mode> modes_;
  std::vector<Component> components_;
  FailureOptions options_;
  std::size_t dimensions_;
  std::uint32_t attempt_;
  std::size_t runs_ = 0, failures_ = 0;
  double sum_ = 0, squares_ = 0, unusable_sum_ = 0, largest_ = 0;
  double reported_ = 0;  // the dominating weight that was already reported
  Point heaviest_;
  std::vector<double> mode_sums_;
};

}  // namespace mavis::stats
