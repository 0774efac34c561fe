// The spread of one number between samples that are scrambled Sobol points (stats/spread.h), and whether it
// is known as well as the campaign asks for. Pure, thread-safe.
//
// A campaign with an accuracy looks after 64, 128, 256 ... samples a point (kFirstLook a replicate, doubled)
// until every cell of every responding quantity at the point is known that well, or Campaign::most samples
// are taken. Surrogates are made of the responses at the point and of pairs of the parameters that matter
// most; the samples of the first look decide which of them serves, if any.
#pragma once

#include <optional>
#include <vector>

#include "plan/plan.h"
#include "stats/accuracy.h"
#include "stats/spread.h"

namespace mavis::plan {

inline constexpr int kFirstLook = 8;  // points a replicate

// Look k ends with this many samples a point.
int look_samples(int look);
// The look that ends with `samples`; 0 if none does.
int look_of(int samples);

struct CellSpread {
  stats::Choice choice;     // method sobol: no surrogate served, or there was none
  bool surrogates = false;  // was there a response to make them of?
  stats::Estimate mean, sigma;
  std::vector<stats::Estimate> quantiles;  // of the accuracy's quantile targets, in its order
  double skew = 0;
  double kurtosis = 3;
  std::size_t runs = 0;  // samples, and what the surrogates are made of
};

// Everything of one point that estimates need, fetched once.
class PointSpread {
 public:
  PointSpread(const Plan& plan, const Results& results, std::size_t point);
  // On the quantity's scale (logarithm of a time). Nothing where a sample gave no number or fewer than the
  // first look are in.
  std::optional<CellSpread> at(const Quantity& quantity, std::size_t cell) const;
  // Is every target met at every cell that has a spread?
  bool reached() const;

 private:
  const Plan& plan_;
  std::size_t point_;
  std::vector<stats::Target> targets_;
  const Measurement* nominal_ = nullptr;
  std::vector<std::pair<stats::Shift, const Measurement*>> moved_;  // over positions in ranked()
  std::vector<const Measurement*> samples_;
  std::vector<std::vector<double>> draws_;  // by sample, of the ranked parameters
};

}  // namespace mavis::plan
