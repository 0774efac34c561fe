#include "distill/table_maker.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "distill/search_error.h"
#include "plan/quantity_table.h"
#include "stats/moments.h"
#include "tables/interpolate.h"

namespace mavis::distill {
namespace {

using plan::Bench;
using plan::Plan;
using plan::Quantity;
using plan::Request;
using tables::Method;
using tables::Scale;
using tables::Status;
using tables::Table;

// The same list twice: tables know nothing of statistics.
static_assert(static_cast<int>(Method::curved) == static_cast<int>(stats::Method::curved));

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// One number of one sample: inner cell `cell` of a quantity.
struct Reading {
  double value = kNone;
  Status status = Status::unfinished;
};

Reading read(const run::Outcome* outcome, const Quantity& quantity, std::size_t cell) {
  if (!outcome) return {};
  if (outcome->state == run::State::failed) return {kNone, Status::failed};
  const auto found = outcome->measurement.find(quantity.name);
  if (found == outcome->measurement.end()) return {kNone, Status::not_applicable};
  const plan::Measured& measured = found->second;
  return {measured.values.at(cell), measured.status_at(cell)};
}

// Fills one quantity's table. The points of a bench lie in table order: corner, vdd, temperature, conditions.
class TableMaker {
 public:
  TableMaker(const Plan& plan, const run::LoggedResults& results, const Bench& bench,
             const Quantity& quantity, const Spreads& spreads)
      : plan_(plan), results_(results), bench_(bench), quantity_(quantity), spreads_(spreads) {
    if (!spreads.empty()) targets_ = stats::parse_accuracy(plan.campaign().accuracy);
  }

  Table make() {
    const plan::Campaign& campaign = plan_.campaign();
    table_ = plan::empty_table(bench_, quantity_, plan_.subject(),
                               plan::pvt_axes(campaign.corners, campaign.vdd, campaign.temp_c));
    if (responds()) {
      table_.parameters = {.name = bench_.name() + "_parameter", .long_name = "device parameter"};
      for (std::size_t p : plan_.active(bench_))
        table_.parameters.labels.push_back(plan_.parameters(bench_)[p].name);
    }
    for (std::size_t i = 0; i < plan_.points().size(); ++i)
      if (plan_.points()[i].bench == &bench_ && plan::exists_at(quantity_, plan_.points()[i].condition))
        add_point(i);
    table_.interpolation_error = tables::leave_one_out_error(table_);
    if (floor_.n > 0) {
      floor_.value = std::sqrt(floor_.value / static_cast<double>(floor_.n));
      table_.noise_floor = floor_;
    }
    return std::move(table_);
  }

 private:
  bool responds() const {
    return quantity_.responds && bench_.variation() == plan::Variation::mismatch &&
           !plan_.active(bench_).empty();
  }

  void add_point(std::size_t point) {
    const auto outcome = [&](const Request& request) { return results_.outcome(request); };
    std::vector<const run::Outcome*> samples;
    for (const Request& request : plan_.samples(point)) samples.push_back(outcome(request));
    const run::Outcome* nominal = outcome(plan_.nominal(point));
    std::vector<std::pair<const run::Outcome*, const run::Outcome*>> moved;
    if (responds())
      for (std::size_t p : plan_.active(bench_))
        moved.emplace_back(outcome(plan_.response(point, p, true)), outcome(plan_.response(point, p, false)));
    for (const Request& request : plan_.tight(point)) compare(outcome(request), samples[request.draw.index]);

    const auto spread = spreads_.find(point);
    for (std::size_t cell = 0; cell < inner_size(quantity_); ++cell) {
      if (spread == spreads_.end())
        add_statistics(samples, cell);
      else
        add_spread(samples, cell, spread->second.at(quantity_, cell));
      const Reading centre = read(nominal, quantity_, cell);
      table_.planes["nominal"].push_back(centre.status == Status::ok ? centre.value : kNone);
      std::vector<double> bends;
      for (const auto& [up, down] : moved) {
        const Reading a = read(up, quantity_, cell), b = read(down, quantity_, cell);
        const bool both = a.status == Status::ok && b.status == Status::ok;
        table_.response.push_back(both ? (scaled(a.value) - scaled(b.value)) / 2 : kNone);
        bends.push_back(both && centre.status == Status::ok
                            ? (scaled(a.value) + scaled(b.value)) / 2 - scaled(centre.value)
                            : kNone);
      }
      if (quantity_.bends == plan::Bends::none) continue;
      if (quantity_.bends == plan::Bends::searched) remove_search_error(bends);
      table_.bend.insert(table_.bend.end(), bends.begin(), bends.end());
    }
  }

  void compare(const run::Outcome* tight, const run::Outcome* sample) {
    for (std::size_t cell = 0; cell < inner_size(quantity_); ++cell) {
      const Reading a = read(tight, quantity_, cell), b = read(sample, quantity_, cell);
      if (a.status != Status::ok || b.status != Status::ok) continue;
      const double difference = scaled(a.value) - scaled(b.value);
      floor_.value += difference * difference;
      ++floor_.n;
    }
  }

  // Values of the samples that gave one, and the status of the cell.
  std::pair<std::vector<double>, Status> values_of(const std::vector<const run::Outcome*>& samples,
                                                   std::size_t cell) const {
    std::vector<double> values;
    Status status = Status::ok;
    for (const run::Outcome* sample : samples) {
      const Reading reading = read(sample, quantity_, cell);
      if (reading.status == Status::ok) values.push_back(scaled(reading.value));
      status = std::max(status, reading.status);
    }
    return {values, status};
  }

  void add_statistics(const std::vector<const run::Outcome*>& samples, std::size_t cell) {
    const auto [values, status] = values_of(samples, cell);
    double mean = kNone, error = kNone, sigma = kNone, sigma_error = kNone;
    // The samples whose event did not come would have been the late ones: what is left has no honest mean.
    // Of a single one, which a bench may be content with, it is the mean; there is no spread.
    if (status != Status::censored && (values.size() >= 2 || (samples.size() == 1 && values.size() == 1))) {
      const stats::Moments moments = stats::moments(values);
      mean = unscaled(moments.mean);
      error = moments.mean_stderr;
      sigma = moments.sigma;
      sigma_error = moments.sigma_stderr;
    }
    add_cell(mean, status, values.size());
    add("stderr", error);
    add("sigma", sigma);
    add("sigma_stderr", sigma_error);
    if (bench_.variation() != plan::Variation::none) table_.method.push_back(Method::plain);
  }

  // Of scrambled samples; a cell where one gave no number has only its status and n.
  void add_spread(const std::vector<const run::Outcome*>& samples, std::size_t cell,
                  const std::optional<plan::CellSpread>& spread) {
    const auto [values, status] = values_of(samples, cell);
    add_cell(spread ? unscaled(spread->mean.value) : kNone, status, values.size());
    const auto given = [&](double value) { return spread ? value : kNone; };
    const plan::CellSpread s = spread.value_or(plan::CellSpread{});
    add("stderr", given(s.mean.standard_error));
    add("low", given(unscaled(s.mean.interval.low)));
    add("high", given(unscaled(s.mean.interval.high)));
    add("sigma", given(s.sigma.value));
    add("sigma_stderr", given(s.sigma.standard_error));
    add("sigma_low", given(s.sigma.interval.low));
    add("sigma_high", given(s.sigma.interval.high));
    add("skew", given(s.skew));
    add("surrogate_r2", s.surrogates ? std::max(s.choice.r2_linear, s.choice.r2_curved) : kNone);
    add("runs", given(static_cast<double>(s.runs)));
    // Plain samples with as small a standard error of sigma: sigma sqrt((kurtosis - 1) / (4 n)).
    const double relative = s.sigma.standard_error / s.sigma.value;
    const double plain = (s.kurtosis - 1) / (4 * relative * relative);
    add("factor", std::isfinite(plain) ? given(plain / static_cast<double>(s.runs)) : kNone);
    std::size_t k = 0;
    for (const stats::Target& target : targets_) {
      if (target.kind != stats::Target::Kind::quantile) continue;
      std::string name = target.name;
      std::replace(name.begin(), name.end(), '.', '_');
      const stats::Estimate q = spread ? s.quantiles[k++] : stats::Estimate{};
      add(name, given(unscaled(q.value)));
      add(name + "_low", given(unscaled(q.interval.low)));
      add(name + "_high", given(unscaled(q.interval.high)));
    }
    table_.method.push_back(static_cast<Method>(s.sigma.method));
  }

  void add_cell(double value, Status status, std::size_t n) {
    table_.values.push_back(value);
    table_.status.push_back(status);
    table_.n.push_back(static_cast<std::int64_t>(n));
  }
  void add(const std::string& plane, double value) { table_.planes[plane].push_back(value); }

  double scaled(double value) const { return table_.scale == Scale::log ? std::log(value) : value; }
  double unscaled(double value) const { return table_.scale == Scale::log ? std::exp(value) : value; }

  const Plan& plan_;
  const run::LoggedResults& results_;
  const Bench& bench_;
  const Quantity& quantity_;
  const Spreads& spreads_;
  std::vector<stats::Target> targets_;
  Table table_;
  tables::NoiseFloor floor_;  // its value is the sum of squares until the end
};

}  // namespace

Spreads spreads_of(const Plan& plan, const run::LoggedResults& results, const Bench& bench) {
  Spreads spreads;
  if (plan.campaign().accuracy.empty() || bench.variation() != plan::Variation::mismatch) return spreads;
  for (std::size_t i = 0; i < plan.points().size(); ++i)
    if (plan.points()[i].bench == &bench) spreads.emplace(i, plan::PointSpread(plan, results, i));
  return spreads;
}

Table make_table(const Plan& plan, const run::LoggedResults& results, const Bench& bench,
                 const Quantity& quantity, const Spreads& spreads) {
  return TableMaker(plan, results, bench, quantity, spreads).make();
}

}  // namespace mavis::distill
