// Line sampling (Koutsourelakis, Pradlwarter and Schueller, Probabilistic Engineering Mechanics 19, 409,
// 2004): parallel lines towards a most probable failure point, drawn at random across it; each contributes
// the normal tail beyond its crossing of the limit.
#pragma once

#include "stats/most_probable_point.h"

namespace mavis::stats {

class LineSampling {
 public:
  // REQUIRES at least one mode.
  LineSampling(std::size_t dimensions, std::vector<Mode> modes, std::uint64_t seed);

  // Adds `lines` lines to every mode.
  Task<bool> add(Rounds& rounds, std::size_t lines);

  double p() const;
  double stderr_of_p() const;
  double p_if_unusable_fail() const;            // lines on which no run was usable fail all along
  std::size_t lines() const { return lines_; }  // a mode
  std::vector<double> shares() const;           // of p, by mode

 private:
  std::size_t dimensions_;
  std::vector<Mode> modes_;
  std::uint64_t seed_;
  std::size_t lines_ = 0;
  std::size_t unusable_ = 0;            // lines, of all modes
  std::vector<double> sums_, squares_;  // by mode
};

}  // namespace mavis::stats
