#include "stats/failure_probability.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "stats/failing_regions.h"
#include "stats/line_sampling.h"
#include "stats/mixture_sampling.h"
#include "stats/neighbouring_points.h"
#include "stats/plain_sampling.h"
#include "stats/subset_simulation.h"

namespace mavis::stats {
namespace {

using Verdict = FailureResult::Verdict;
using Method = FailureOptions::Method;

constexpr double kNormal95 = 1.959963984540054;
constexpr double kCommon = 0.05;        // plain Monte Carlo serves failures at least as likely as this
constexpr std::size_t kPilot = 100;     // plain draws that decide whether they are
constexpr double kScoutsFailing = 0.2;  // of the scouts: failures may be common
constexpr int kSearches = 6;            // for failure points that the sampling shows to be missing
constexpr std::size_t kLines = 16;      // a mode, in the cross-check
constexpr std::size_t kAllLines = 32;   // of all modes, about
constexpr std::size_t kLeastLines = 4;  // a mode
constexpr std::size_t kMoreLines = 3;   // times as many again before an estimate is called inconsistent
constexpr double kAgree = 3;            // standard errors

class Estimator {
 public:
  Estimator(std::size_t dimensions, const FailureOptions& options, Rounds& rounds, FailureResult& result)
      : dimensions_(dimensions), options_(options), rounds_(rounds), result_(result) {}

  Task<bool> run() {
    try {
      if (dimensions_ == 0)
        co_await certain();
      else if (options_.method == Method::plain)
        co_await plain();
      else
        co_await staged();
    } catch (const OutOfRuns&) {
      result_.notes.push_back(
          fmt::format("The search needs more than the {} runs allowed.", options_.most_runs));
    }
    if (result_.verdict == Verdict::running) result_.verdict = Verdict::not_reached;
    result_.unusable = rounds_.unusable();
    if (result_.unusable > 0)
      result_.notes.push_back(
          fmt::format("{} of {} runs could not be simulated; the interval's upper end counts "
                      "those of the sampling as failures.",
                      result_.unusable, result_.runs.total()));
    co_return true;
  }

 private:
  // Nothing varies: one run decides.
  Task<bool> certain() {
    rounds_.count_into(result_.runs.sampling);
    const std::vector<Point> nominal(1);
    const std::vector<Answer> answers = co_await rounds_.measure(nominal);
    result_.notes.push_back("No parameter varies: the nominal run decides.");
    if (answers[0].status == Answer::Status::unusable) {
      result_.interval = {0, 1};
      co_return false;
    }
    result_.failures = answers[0].margin <= 0;
    result_.p = static_cast<double>(result_.failures);
    result_.interval = {result_.p, result_.p};
    result_.verdict = Verdict::ok;
    co_return true;
  }

  Task<bool> plain() {
    PlainSampling sampling(dimensions_, options_);
    rounds_.count_into(result_.runs.sampling);
    const bool settled = co_await sampling.sample(rounds_, options_.most_runs);
    take(sampling, settled);
    co_return settled;
  }

  void take(const PlainSampling& sampling, bool settled) {
    result_.p = sampling.p();
    result_.stderr_of_p = sampling.stderr_of_p();
    result_.interval = sampling.interval();
    result_.failures = sampling.failures();
    result_.verdict = settled && !too_uncertain() ? Verdict::ok : Verdict::not_reached;
    if (sampling.failures() == 0) {
      result_.verdict = Verdict::bounded;
      result_.stderr_of_p = std::numeric_limits<double>::quiet_NaN();
      result_.notes.push_back(fmt::format("p < {:.2g} (95 %): none of {} plain draws failed.",
                                          result_.interval.high, sampling.runs()));
    }
  }

  Task<bool> staged() {
    rounds_.count_into(result_.runs.screen);
    const Screen seen = co_await screen(rounds_, dimensions_);
    if (seen.nominal.status == Answer::Status::unusable || seen.nominal.margin <= 0) {
      result_.notes.push_back("The nominal point itself does not pass: plain Monte Carlo answers.");
      co_await plain();
      co_return true;
    }
    if (options_.method == Method::lines) {
      co_await lines_alone(seen);
      co_return true;
    }
    FailingRegions regions = co_await failing_regions(rounds_, seen, options_, result_.runs);
    const bool near = !regions.modes.empty() && normal_tail(regions.modes[0].beta) > kCommon;
    if (near ||
        static_cast<double>(regions.failing_scouts) > kScoutsFailing * static_cast<double>(regions.scouts)) {
      PlainSampling sampling(dimensions_, options_);
      rounds_.count_into(result_.runs.sampling);
      bool settled = co_await sampling.sample(rounds_, kPilot);
      if (sampling.p() >= kCommon) {
        if (!settled) settled = co_await sampling.sample(rounds_, options_.most_runs);
        result_.notes.push_back("Failures are common: plain Monte Carlo answers.");
        take(sampling, settled);
        co_return true;
      }
    }
    if (regions.modes.empty()) {
      bound(regions);
      co_return true;
    }
    co_await importance(seen, regions);
    co_return true;
  }

  // No failing region within reach.
  void bound(const FailingRegions& regions) {
    if (!regions.explained) {
      result_.notes.push_back(fmt::format(
          "{} of {} scouts failed, but no failure point within {:g} sigma was found: p is unknown.",
          regions.failing_scouts, regions.scouts, options_.most_sigma));
      return;  // not reached
    }
    result_.verdict = Verdict::bounded;
    result_.stderr_of_p = std::numeric_limits<double>::quiet_NaN();
    result_.interval = {0, normal_tail(regions.likely_beta)};
    result_.notes.push_back(fmt::format(
        "p < {:.2g}, no failure region found within {:g} sigma. The bound holds with 95 % for a failing "
        "half-space: nearer than {:.3g} sigma one of {} scouts would have met it.",
        result_.interval.high, options_.most_sigma, regions.likely_beta, regions.scouts));
    if (regions.failing_scouts > 0)
      result_.notes.push_back(
          fmt::format("{} scouts failed, further out than that.", regions.failing_scouts));
  }

  Task<bool> importance(const Screen& seen, const FailingRegions& regions) {
    std::vector<Mode> modes = regions.modes;
    const std::vector<std::size_t> dimensions = regions.dimensions(seen);
    const Basis basis = axes(dimensions_, dimensions);
    MixtureSampling sampling(dimensions_, dimensions, options_);
    sampling.draw_about(modes);
    bool settled = false;
    for (int searches = 0; !settled && rounds_.left() > 0;) {
      rounds_.count_into(result_.runs.sampling);
      settled = co_await sampling.sample(rounds_);
      take(sampling, modes);
      if (settled || searches == kSearches || sampling.failures() == 0) continue;
      // One failure outweighs the others: does it belong to a region that is not known yet?
      ++searches;
      rounds_.count_into(result_.runs.search);
      const bool fresh = co_await add_region_of_outlier(rounds_, sampling.heaviest(), basis, options_, modes);
      if (fresh) sampling.draw_about(modes);
    }
    if (!settled)
      result_.notes.push_back(
          fmt::format("The sampling did not settle in the {} runs allowed.", options_.most_runs));
    if (settled && !too_uncertain()) {
      result_.verdict = Verdict::ok;
      co_await check(sampling, modes, regions.complete);
    }
    co_return settled;
  }

  void take(const MixtureSampling& sampling, const std::vector<Mode>& modes) {
    result_.p = sampling.p();
    result_.stderr_of_p = sampling.stderr_of_p();
    result_.failures = sampling.failures();
    set_interval(sampling.p_if_unusable_fail());
    set_points(modes, sampling.shares());
  }

  void set_interval(double p_if_unusable_fail) {
    const double p = result_.p;
    if (!(p > 0)) return;  // nothing is known yet
    const double factor = std::exp(kNormal95 * result_.stderr_of_p / p);
    result_.interval = {p / factor, std::min(1.0, std::max(p, p_if_unusable_fail) * factor)};
  }

  // Unusable runs leave p more uncertain than was asked.
  bool too_uncertain() const {
    return result_.interval.high > result_.p * std::exp(2 * kNormal95 * options_.relative_stderr);
  }

  void set_points(const std::vector<Mode>& modes, const std::vector<double>& shares) {
    result_.points.clear();
    for (std::size_t i = 0; i < modes.size(); ++i)
      result_.points.push_back({scaled(modes[i].direction, modes[i].beta), modes[i].beta, shares[i]});
    std::stable_sort(result_.points.begin(), result_.points.end(),
                     [](const FailurePoint& a, const FailurePoint& b) { return a.share > b.share; });
  }

  // Estimates that disagree are first both made better: a rare accident of one need not cost 3000 runs.
  Task<bool> check(MixtureSampling& sampling, const std::vector<Mode>& modes, bool complete) {
    rounds_.count_into(result_.runs.check);
    try {
      // Lines see what the known points show; where those are not all, only the subsets are another view.
      if (complete) {
        LineSampling lines(dimensions_, modes, options_.seed);
        const std::size_t few = std::clamp(kAllLines / modes.size(), kLeastLines, kLines);
        for (std::size_t more : {few, kMoreLines * few}) {
          co_await lines.add(rounds_, more);
          result_.check = {FailureResult::Check::Method::lines, lines.p(), lines.stderr_of_p()};
          if (agrees()) co_return true;
        }
        sampling.aim_at(options_.relative_stderr / 2);
        co_await sampling.sample(rounds_);
        take(sampling, modes);
        if (agrees()) co_return true;
      }
      const std::optional<SubsetEstimate> subset =
          co_await subset_simulation(rounds_, dimensions_, options_.seed, result_.p / 100);
      if (subset) {
        result_.check = {FailureResult::Check::Method::subset, subset->p, subset->stderr_of_p};
        if (agrees() && complete) co_return true;
      }
    } catch (const OutOfRuns&) {
      result_.notes.push_back("The runs ended before the cross-check could settle.");
    }
    if (complete || !agrees()) {
      result_.verdict = Verdict::inconsistent;
      result_.notes.push_back(fmt::format("Inconsistent: the cross-check finds {:.3g} +- {:.2g}.",
                                          result_.check.p, result_.check.stderr_of_p));
    } else {
      result_.verdict = Verdict::not_reached;
      result_.notes.push_back(
          fmt::format("There are more failure points than the {} that were followed: p may be "
                      "higher than stated. Subset simulation finds {:.3g} +- {:.2g}.",
                      modes.size(), result_.check.p, result_.check.stderr_of_p));
    }
    co_return false;
  }

  bool agrees() const {
    // Of the larger of both: the error of an estimate that came out low came out low, too.
    const double p = result_.p, q = result_.check.p;
    if (!(p > 0) || !(q > 0)) return false;
    return std::fabs(p - q) <=
           kAgree * std::max(p, q) * std::hypot(result_.stderr_of_p / p, result_.check.stderr_of_p / q);
  }

  Task<bool> lines_alone(const Screen& seen) {
    rounds_.count_into(result_.runs.search);
    const std::vector<Mode> modes = co_await regions_along_gradient(rounds_, seen, options_);
    if (modes.empty()) {
      result_.interval = {0, 1};
      result_.notes.push_back(
          fmt::format("No failure was found along the gradient within {:g} sigma; lines alone "
                      "bound nothing. Use importance sampling.",
                      options_.most_sigma));
      result_.verdict = Verdict::bounded;
      result_.stderr_of_p = std::numeric_limits<double>::quiet_NaN();
      co_return false;
    }
    LineSampling lines(dimensions_, modes, options_.seed);
    rounds_.count_into(result_.runs.sampling);
    do {
      co_await lines.add(rounds_, lines.lines() == 0 ? kLines : kLines / 2);
      result_.p = lines.p();
      result_.stderr_of_p = lines.stderr_of_p();
      set_interval(lines.p_if_unusable_fail());
      set_points(modes, lines.shares());
    } while (!(result_.p > 0) || result_.stderr_of_p >= options_.relative_stderr * result_.p);
    if (!too_uncertain()) result_.verdict = Verdict::ok;
    co_return true;
  }

  std::size_t dimensions_;
  FailureOptions options_;
  Rounds& rounds_;
  FailureResult& result_;
};

}  // namespace

struct FailureProbability::State {
  std::size_t dimensions;
  Rounds rounds;
  FailureResult result;
  Estimator estimator;
  Task<bool> task;

  State(std::size_t d, const FailureOptions& options)
      : dimensions(d),
        rounds(options.most_runs),
        estimator(d, options, rounds, result),
        task(estimator.run()) {}
};

FailureProbability::FailureProbability(std::size_t dimensions, const FailureOptions& options) {
  if (!(options.relative_stderr > 0) || !(options.most_sigma > 0) || options.most_runs == 0)
    throw std::invalid_argument(
        "a failure probability needs relative_stderr, most_sigma and most_runs above 0");
  state_ = std::make_unique<State>(dimensions, options);
  state_->task.start();
  if (state_->task.done()) state_->task.take();
}

FailureProbability::~FailureProbability() = default;
FailureProbability::FailureProbability(FailureProbability&&) noexcept = default;
FailureProbability& FailureProbability::operator=(FailureProbability&&) noexcept = default;

const std::vector<std::vector<double>>& FailureProbability::ask() const {
  return state_->rounds.asked();
}

void FailureProbability::tell(std::span<const Answer> answers) {
  if (answers.empty() || answers.size() != state_->rounds.asked().size())
    throw std::invalid_argument("a failure probability needs one answer a point asked");
  for (const Answer& a : answers)
    if (a.status != Answer::Status::unusable && std::isnan(a.margin))
      throw std::invalid_argument("a margin is NaN");
  state_->rounds.tell(answers);
  if (state_->task.done()) state_->task.take();
}

const FailureResult& FailureProbability::result() const {
  return state_->result;
}

}  // namespace mavis::stats
