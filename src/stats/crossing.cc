#include "stats/crossing.h"

#include <algorithm>
#include <limits>

namespace mavis::stats {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kStep = 3;  // sigma: longest step into the unknown

class Search {
 public:
  Search(const Line& line, const CrossingAccuracy& accuracy) : line_(line), accuracy_(accuracy) {
    crossing_.nearest_margin = kNaN;
    crossing_.slope = line.slope;
    next_ = std::clamp(line.guess, line.low, line.high);
  }

  bool done() const { return done_; }
  const Crossing& crossing() const { return crossing_; }
  Point point() const { return along(line_.origin, next_, line_.direction); }

  void tell(const Answer& answer) {
    ++runs_;
    const double c = next_;
    if (answer.status == Answer::Status::unusable) {
      // Nothing learnt: halfway back to what is known, or towards the nominal point.
      next_ = has_pass_ ? (pass_ + c) / 2 : has_fail_ ? (fail_ + c) / 2 : (line_.low + c) / 2;
      done_ = runs_ >= accuracy_.most_runs;
      return;
    }
    crossing_.usable = true;
    const bool fails = answer.margin <= 0;
    if (fails) fail_ = has_fail_ ? std::min(fail_, c) : c, has_fail_ = true;
    if (!fails) pass_ = has_pass_ ? std::max(pass_, c) : c, has_pass_ = true;
    if (has_pass_ && has_fail_ && pass_ > fail_) {
      // Not monotonic: keep the crossing nearest to the latest point.
      (fails ? has_pass_ : has_fail_) = false;
    }
    double wanted = kNaN;
    if (answer.status == Answer::Status::measured) {
      if (!std::isnan(crossing_.nearest_margin) && c != crossing_.nearest_c) {
        const double slope = (answer.margin - crossing_.nearest_margin) / (c - crossing_.nearest_c);
        if (slope < 0) crossing_.slope = slope;
      }
      if (std::isnan(crossing_.nearest_margin) ||
          std::fabs(answer.margin) <= std::fabs(crossing_.nearest_margin)) {
        crossing_.nearest_margin = answer.margin;
        crossing_.nearest_c = c;
      }
      if (crossing_.slope < 0) wanted = c - answer.margin / crossing_.slope;
    }
    advance(c, wanted);
  }

 private:
  void advance(double c, double wanted) {
    if (has_pass_ && has_fail_) {
      const double margin = 0.05 * (fail_ - pass_);
      next_ = std::isnan(wanted) ? (pass_ + fail_) / 2 : std::clamp(wanted, pass_ + margin, fail_ - margin);
      if (fail_ - pass_ < accuracy_.tolerance) return finish(next_);
    } else if (has_fail_) {
      if (c <= line_.low) return finish(line_.low);
      next_ = std::isnan(wanted) ? c - kStep : std::clamp(wanted, c - kStep, c);
    } else {
      if (c >= line_.high) {
        done_ = true;
        return;
      }
      next_ = std::isnan(wanted) ? c + kStep : std::clamp(wanted, c, c + kStep);
    }
    next_ = std::clamp(next_, line_.low, line_.high);
    if (!std::isnan(wanted) && std::fabs(wanted - c) < accuracy_.tolerance)
      return finish(std::clamp(wanted, line_.low, line_.high));
    if (runs_ >= accuracy_.most_runs) {
      // Out of runs: what is known to fail, or is predicted to cross, crosses.
      if (has_fail_ || !std::isnan(wanted)) return finish(next_);
      done_ = true;
    }
  }

  void finish(double c) {
    crossing_.found = true;
    crossing_.c = c;
    done_ = true;
  }

  Line line_;
  CrossingAccuracy accuracy_;
  Crossing crossing_;
  double next_ = 0;
  double pass_ = 0, fail_ = 0;
  bool has_pass_ = false, has_fail_ = false;
  bool done_ = false;
  int runs_ = 0;
};

}  // namespace

Task<std::vector<Crossing>> crossings(Rounds& rounds, const std::vector<Line>& lines,
                                      const CrossingAccuracy& accuracy) {
  std::vector<Search> searches;
  for (const Line& line : lines) searches.emplace_back(line, accuracy);
  for (;;) {
    std::vector<Search*> open;
    std::vector<Point> points;
    for (Search& search : searches) {
      if (search.done()) continue;
      open.push_back(&search);
      points.push_back(search.point());
    }
    if (open.empty()) break;
    const std::vector<Answer> answers = co_await rounds.measure(points);
    for (std::size_t i = 0; i < open.size(); ++i) open[i]->tell(answers[i]);
  }
  std::vector<Crossing> found;
  for (const Search& search : searches) found.push_back(search.crossing());
  co_return found;
}

}  // namespace mavis::stats
