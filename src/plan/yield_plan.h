// The plan that estimates how probable it is that a circuit fails a limit at a PVT point: what to measure is
// decided by stats/failure_probability.h from the results so far. Rounds: the circuit, then one a stage step.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/limit.h"
#include "plan/plan.h"
#include "stats/failure_probability.h"

namespace mavis::plan {

struct YieldQuestion {
  Limit limit;
  PvtPoint pvt;
  stats::FailureOptions options;
};

class YieldPlan : public Rounds {
 public:
  // Throws InputError for a PVT point that the process does not claim.
  YieldPlan(Subject subject, YieldQuestion question, std::string pdk);

  // Throws InputError for a process that draws mismatch itself (its runs can't be placed), MachineError when
  // a run of the round before is not in.
  std::vector<Request> next_round(const Results& results) override;
  std::string stage() const override;
  Job job(const Request& request) const override;
  std::string text(const Request& request) const override;
  const std::vector<Point>& points() const override { return plan_.points(); }
  const spice::Deck& deck(const std::string& hash) const override { return plan_.deck(hash); }

  const Subject& subject() const { return plan_.subject(); }
  const std::map<std::string, std::string>& files() const { return plan_.files(); }
  const YieldQuestion& question() const { return question_; }
  // One `name = value` a line: what the run log belongs to.
  std::string campaign_text() const;
  // Names of the parameters that vary, in the order of a failure point's z. Valid after the first round.
  std::vector<std::string> parameters() const;
  // Valid after the last round; in between what is known so far.
  const stats::FailureResult& result() const { return search_->result(); }
  // Run 0 ... run_count() - 1, in the order in which they were asked for.
  Request run(std::size_t number) const;
  std::size_t run_count() const { return placed_.size(); }

 private:
  stats::Answer answer(const Results& results, const Request& request) const;

  YieldQuestion question_;
  Plan plan_;
  std::size_t point_ = 0;
  std::optional<stats::FailureProbability> search_;
  std::vector<std::vector<double>> placed_;  // z of every run asked for
  std::size_t told_ = 0;                     // of them
  int round_ = 0;
};

}  // namespace mavis::plan
