// Probability that a measurement fails its limit, down to 1e-12 and below, from a few hundred to a few
// thousand runs. Parameters are independent standard-normal draws z; a run at z answers with its margin, the
// distance from the limit in any unit that is roughly linear in z (the logarithm for times): above 0 passes.
//
// Stages of Method::importance (each in a file of its own):
//   screen        gradient at +-1 sigma, which parameters are active
//   scouts        draws at 2.8 sigma and more look for failing regions
//   search        to each region's most probable failure point
//   sampling      importance sampling about those points: the estimate
//   check         line sampling, or else subset simulation, must agree with it
// Where failures are no rarity (about 5 % and more) plain Monte Carlo answers.
//
// Ask and tell: the object never measures anything. What it asks for is a pure function of the options and of
// the answers so far, so that a campaign resumes by telling the answers in its log again. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stats/moments.h"

namespace mavis::stats {

struct Answer {
  enum class Status {
    measured,
    sign_only,  // only whether it passes is known: an event that did not happen in the window
    unusable,   // the simulation failed: neither passes nor fails; counted, and widens the interval
  };
  double margin = 0;  // > 0 passes, <= 0 fails; only its sign counts for sign_only, nothing for unusable
  Status status = Status::measured;
  // What the screen takes slopes of where the margin has a kink in the middle: for a limit on |x| the margin
  // of x. Else the margin.
  std::optional<double> smooth = {};
};

struct FailureOptions {
  enum class Method {
    importance,  // the stages above
    lines,  // screen and search from the gradient alone, then line sampling: cheapest where there is a single
            // region, blind to a second one
    plain,  // plain Monte Carlo, for comparison
  };
  Method method = Method::importance;
  std::uint64_t seed = 1;
  double relative_stderr = 0.1;   // stop at this standard error over p; > 0
  std::size_t most_runs = 10000;  // >= 1
  double most_sigma = 8;          // no failure point is looked for beyond; > 0
  std::size_t scouts = 200;       // of each round of scouts
};

// A most probable failure point.
struct FailurePoint {
  std::vector<double> z;
  double beta = 0;   // its distance from the nominal point, sigma
  double share = 0;  // of p, by the sampling: of the failures nearest to it
};

struct FailureResult {
  enum class Verdict {
    running,
    ok,
    inconsistent,  // estimate and cross-check disagree: don't trust p
    bounded,  // no failure was found: p is 0 and interval.high an upper bound; `notes` says what it rests on
    not_reached,  // the runs ended first, or unusable runs leave p more uncertain than asked
  };
  struct Runs {
    std::size_t screen = 0, scouts = 0, search = 0, sampling = 0, check = 0;
    std::size_t total() const { return screen + scouts + search + sampling + check; }
  };
  struct Check {
    enum class Method { none, lines, subset };
    Method method = Method::none;
    double p = 0;
    double stderr_of_p = 0;
  };
  Verdict verdict = Verdict::running;
  double p = 0;
  double stderr_of_p = 0;  // NaN when bounded
  // 95 %: log-normal from the standard error of ln p; Wilson's for plain Monte Carlo. Its upper end counts
  // every unusable run of the sampling as a failure.
  Interval interval{0, 1};
  Runs runs;
  std::size_t failures = 0;          // in the sampling
  std::size_t unusable = 0;          // in all stages
  std::vector<FailurePoint> points;  // by falling share; empty for plain Monte Carlo
  Check check;
  std::vector<std::string> notes;  // whole sentences, for the user
};

class FailureProbability {
 public:
  // With no dimension at all one run decides: p is 0 or 1. Throws std::invalid_argument for options out of
  // range.
  FailureProbability(std::size_t dimensions, const FailureOptions& options);
  ~FailureProbability();
  FailureProbability(FailureProbability&&) noexcept;
  FailureProbability& operator=(FailureProbability&&) noexcept;

  // Points of the next round, each of `dimensions` draws; the same again until it is told. Empty: finished.
  const std::vector<std::vector<double>>& ask() const;

  // Answers to the latest ask, in its order. Throws std::invalid_argument for another number of them or a
  // measured margin that is NaN.
  void tell(std::span<const Answer> answers);

  // Valid in between, too, with Verdict::running: p is then what is known so far, 0 for nothing.
  const FailureResult& result() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mavis::stats
