// Plain Monte Carlo: nominal draws, counted.
#pragma once

#include "stats/rounds.h"

namespace mavis::stats {

class PlainSampling {
 public:
  PlainSampling(std::size_t dimensions, const FailureOptions& options)
      : dimensions_(dimensions), options_(options) {}

  // Until the estimate has settled (true), or `most` runs in all are made or none is left (false). Can be
  // continued.
  Task<bool> sample(Rounds& rounds, std::size_t most);

  std::size_t runs() const { return runs_; }
  std::size_t failures() const { return failures_; }
  std::size_t unusable() const { return unusable_; }
  double p() const;
  double stderr_of_p() const;
  Interval interval() const;  // Wilson's; the upper end counts unusable runs as failures

 private:
  std::size_t dimensions_;
  FailureOptions options_;
  std::size_t runs_ = 0, failures_ = 0, unusable_ = 0;
};

}  // namespace mavis::stats
