// Importance sampling from a mixture of normal distributions about most probable failure points.
#pragma once

#include "stats/most_probable_point.h"

namespace mavis::stats {

class MixtureSampling {
 public:
  // `active`: the dimensions in which modes lie.
  MixtureSampling(std::size_t dimensions, const std::vector<std::size_t>& active,
                  const FailureOptions& options);

  // Draws from here on are about these modes, at least one. Draws made before keep counting, all weighted by
  // the mixture of everything that was drawn from (the balance heuristic: Veach and Guibas, SIGGRAPH 1995).
  void draw_about(const std::vector<Mode>& modes);

  // Settle at another standard error over p from here on.
  void aim_at(double relative_stderr) { relative_stderr_ = relative_stderr; }

  // Samples in batches until the estimate has settled (true), or a single weight dominates it that did not
  // before, or the runs are used up (false). Can be continued.
  Task<bool> sample(Rounds& rounds);

  double p() const;
  double stderr_of_p() const;
  double p_if_unusable_fail() const;
  std::size_t failures() const { return failures_.size(); }
  const Point& heaviest() const;       // failing point of the largest weight; REQUIRES a failure
  std::vector<double> shares() const;  // of p, by the latest modes: of the failures nearest to each

 private:
  struct Component {
    Point direction;
    double weight, mean, sigma;  // along the direction
    double across;               // sigma across it in the active dimensions; 1 in the others
  };
  struct Proposal {
    std::vector<Component> components;  // the rest of the weight is nominal
    double runs = 0;
  };
  struct Drawn {
    Point z;
    std::vector<double> density;  // of each proposal at z, over the nominal density
  };
  std::size_t batch() const;
  Point draw(std::uint32_t index) const;
  void add_density(Drawn& drawn, const Proposal& proposal) const;
  double weight(const Drawn& drawn) const;  // nominal density over that of everything drawn from
  void sum_up();
  bool settled() const;
  bool dominated() const;

  std::size_t dimensions_;
  std::vector<std::size_t> active_;
  std::uint64_t seed_;
  double relative_stderr_;
  std::vector<Mode> modes_;  // the latest
  std::vector<Proposal> proposals_;
  std::size_t runs_ = 0;
  std::vector<Drawn> failures_, unusable_;
  // Over failures, by sum_up(): sums of weights and their squares, the largest and its place.
  double sum_ = 0, squares_ = 0, largest_ = 0, unusable_sum_ = 0;
  std::size_t heaviest_ = 0;
  std::size_t reported_ = static_cast<std::size_t>(-1);  // the dominating failure that was reported last
};

}  // namespace mavis::stats
