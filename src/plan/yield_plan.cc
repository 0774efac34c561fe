#include "plan/yield_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "util/error.h"

namespace mavis::plan {
namespace {

using stats::Answer;
using stats::FailureOptions;

std::string_view name_of(FailureOptions::Method method) {
  switch (method) {
    case FailureOptions::Method::importance:
      return "importance";
    case FailureOptions::Method::lines:
      return "lines";
    case FailureOptions::Method::plain:
      break;
  }
  return "plain";
}

Campaign campaign_of(const Subject& subject, const YieldQuestion& question, const std::string& pdk) {
  Campaign campaign;
  campaign.subject = subject.path.string();
  campaign.pdk = pdk;
  campaign.corners = {question.pvt.corner};
  campaign.vdd = {question.pvt.vdd};
  campaign.temp_c = {question.pvt.temp_c};
  campaign.responses = Responses::none;
  campaign.benches = {question.limit.bench->name()};
  return campaign;
}

}  // namespace

YieldPlan::YieldPlan(Subject subject, YieldQuestion question, std::string pdk)
    : question_(std::move(question)), plan_(subject, campaign_of(subject, question_, pdk)) {
  const auto& points = plan_.points();
  const auto found = std::find_if(points.begin(), points.end(), [&](const Point& point) {
    return point.condition == question_.limit.condition;
  });
  point_ = static_cast<std::size_t>(found - points.begin());
}

std::vector<Request> YieldPlan::next_round(const Results& results) {
  if (++round_ == 1) return plan_.next_round(results);
  if (round_ == 2) {
    plan_.next_round(results);  // learns the circuit; its samples are not wanted
    if (!subject().pdk.mismatch_switch.empty())
      throw InputError(
          fmt::format("process {} draws mismatch itself, so that no run can be placed; a yield "
                      "needs a process whose mismatch is in its pdk.toml",
                      subject().pdk.name));
    search_.emplace(parameters().size(), question_.options);
  } else {
    std::vector<Answer> answers;
    for (; told_ < placed_.size(); ++told_) answers.push_back(answer(results, run(told_)));
    search_->tell(answers);
  }
  std::vector<Request> requests;
  for (const std::vector<double>& z : search_->ask()) {
    placed_.push_back(z);
    requests.push_back(run(placed_.size() - 1));
  }
  return requests;
}

Answer YieldPlan::answer(const Results& results, const Request& request) const {
  const Measurement* measurement = results.measurement(request);
  if (!measurement) {
    if (results.failed(request)) return {0, Answer::Status::unusable};
    throw MachineError(fmt::format("{} was not finished; run the same command again", text(request)));
  }
  const Limit& limit = question_.limit;
  const Measured& measured = measurement->at(limit.quantity.name);
  const tables::Status status = measured.status_at(limit.cell);
  if (status == tables::Status::ok) {
    const double value = measured.values.at(limit.cell);
    return {limit.margin(value), Answer::Status::measured, limit.smooth_margin(value)};
  }
  if (status != tables::Status::censored || limit.quantity.worse == tables::Worse::none)
    return {0, Answer::Status::unusable};
  // What did not happen within the window lies on the worse side of every limit there.
  const bool fails = (limit.quantity.worse == tables::Worse::high) == limit.above;
  return {fails ? -1.0 : 1.0, Answer::Status::sign_only};
}

std::string YieldPlan::stage() const {
  return round_ == 1 ? "circuits" : fmt::format("runs of step {}", round_ - 1);
}

Request YieldPlan::run(std::size_t number) const {
  return {point_, {DrawKind::placed, static_cast<std::uint32_t>(number), 0}, false};
}

Job YieldPlan::job(const Request& request) const {
  if (request.describe) return plan_.job(request);
  return plan_.job_at(request, placed_.at(request.draw.index));
}

std::string YieldPlan::text(const Request& request) const {
  return plan_.text(request);
}

std::string YieldPlan::campaign_text() const {
  const FailureOptions& options = question_.options;
  const Campaign& campaign = plan_.campaign();
  return fmt::format(
      "subject = {}\npdk = {}\nlimit = {}\npvt = {} {} {}\nmethod = {}\nerror = {}\nmost = {}\nseed = {}\n",
      campaign.subject, campaign.pdk, question_.limit.text(), question_.pvt.corner, question_.pvt.vdd,
      question_.pvt.temp_c, name_of(options.method), options.relative_stderr, options.most_runs,
      options.seed);
}

std::vector<std::string> YieldPlan::parameters() const {
  std::vector<std::string> names;
  for (const pdk::Parameter& parameter : plan_.parameters(*question_.limit.bench))
    names.push_back(parameter.name);
  return names;
}

}  // namespace mavis::plan
