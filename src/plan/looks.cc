#include "plan/looks.h"

#include <algorithm>
#include <cmath>

#include "stats/screening.h"

namespace mavis::plan {
namespace {

constexpr int kReplicates = stats::kReplicates;

// The value on the quantity's scale; nothing if there is none or it is not ok.
std::optional<double> reading(const Measurement* measurement, const Quantity& quantity, std::size_t cell) {
  if (!measurement) return {};
  const auto found = measurement->find(quantity.name);
  if (found == measurement->end()) return {};
  const Measured& measured = found->second;
  if (measured.status_at(cell) != tables::Status::ok) return {};
  const double value = measured.values.at(cell);
  return quantity.scale == tables::Scale::log ? std::log(value) : value;
}

}  // namespace

int look_samples(int look) {
  return kReplicates * kFirstLook << (look - 1);
}

int look_of(int samples) {
  for (int look = 1; look_samples(look) <= samples; ++look)
    if (look_samples(look) == samples) return look;
  return 0;
}

PointSpread::PointSpread(const Plan& plan, const Results& results, std::size_t point)
    : plan_(plan), point_(point), targets_(stats::parse_accuracy(plan.campaign().accuracy)) {
  const Bench& bench = *plan.points()[point].bench;
  const std::vector<std::size_t>& ranked = plan.ranked(bench);
  nominal_ = results.measurement(plan.nominal(point));
  for (std::size_t k = 0; k < ranked.size(); ++k)
    for (bool up : {true, false})
      moved_.push_back({{{k, up ? 1.0 : -1.0}}, results.measurement(plan.response(point, ranked[k], up))});
  for (const auto& [first, second] : plan.pairs(bench))
    moved_.push_back({{{first, 1.0}, {second, 1.0}},
                      results.measurement(plan.pair(point, ranked[first], ranked[second]))});
  for (const Request& request : plan.samples(point)) {
    samples_.push_back(results.measurement(request));
    const std::vector<double> z = plan.draws(request);
    draws_.emplace_back();
    for (std::size_t p : ranked) draws_.back().push_back(z[p]);
  }
}

std::optional<CellSpread> PointSpread::at(const Quantity& quantity, std::size_t cell) const {
  const int look = look_of(static_cast<int>(samples_.size()));
  if (look == 0) return {};
  CellSpread spread;
  spread.runs = samples_.size();
  std::vector<stats::Sampled> points;
  std::vector<double> values;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    const std::optional<double> y = reading(samples_[i], quantity, cell);
    if (!y) return {};
    values.push_back(*y);
    points.push_back({static_cast<std::uint32_t>(i % kReplicates), *y, 0});
  }

  std::vector<stats::ShiftedRun> runs;
  const std::optional<double> centre = reading(nominal_, quantity, cell);
  if (centre) runs.push_back({{}, *centre});
  for (const auto& [shift, measurement] : moved_)
    if (const std::optional<double> y = reading(measurement, quantity, cell)) runs.push_back({shift, *y});
  // With a part of them missing there is no telling what the rest stands for.
  spread.surrogates = quantity.responds && !moved_.empty() && runs.size() == moved_.size() + 1;
  std::optional<stats::Known> known;
  if (spread.surrogates) {
    spread.runs += runs.size();
    const std::size_t dimensions = draws_.front().size();
    const stats::Surrogate linear(dimensions, runs, stats::Surrogate::Form::linear);
    const stats::Surrogate curved(dimensions, runs, stats::Surrogate::Form::curved);
    const auto first = static_cast<std::size_t>(look_samples(1));
    std::vector<double> l, c;
    for (std::size_t i = 0; i < first; ++i) {
      l.push_back(linear.value(draws_[i]));
      c.push_back(curved.value(draws_[i]));
    }
    spread.choice = stats::choose_surrogate(std::span(values).first(first), l, c);
    if (spread.choice.method != stats::Method::sobol) {
      const stats::Surrogate& chosen = spread.choice.method == stats::Method::linear ? linear : curved;
      known = stats::Known{spread.choice.method, chosen.mean(), chosen.variance(), {}};
      const auto is_quantile = [](const stats::Target& t) { return t.kind == stats::Target::Kind::quantile; };
      if (std::any_of(targets_.begin(), targets_.end(), is_quantile)) known->sorted = chosen.sorted_sample();
      for (std::size_t i = 0; i < points.size(); ++i) points[i].g = chosen.value(draws_[i]);
    }
  }
  const double confidence = stats::look_confidence(look);
  const stats::Known* with = known ? &*known : nullptr;
  spread.mean = stats::mean_estimate(points, with, confidence);
  spread.sigma = stats::sigma_estimate(points, with, confidence);
  for (const stats::Target& target : targets_)
    if (target.kind == stats::Target::Kind::quantile)
      spread.quantiles.push_back(stats::quantile_estimate(points, with, target.p, confidence));
  const stats::Shape shape = stats::shape(values);
  spread.skew = shape.skewness, spread.kurtosis = shape.kurtosis;
  return spread;
}

bool PointSpread::reached() const {
  const Bench& bench = *plan_.points()[point_].bench;
  for (const Quantity& quantity : bench.quantities(plan_.subject())) {
    if (!quantity.responds) continue;
    for (std::size_t cell = 0; cell < inner_size(quantity); ++cell) {
      const std::optional<CellSpread> spread = at(quantity, cell);
      if (!spread) continue;
      std::size_t quantile = 0;
      for (const stats::Target& target : targets_) {
        const stats::Estimate& estimate = target.kind == stats::Target::Kind::mean ? spread->mean
                                          : target.kind == stats::Target::Kind::sigma
                                              ? spread->sigma
                                              : spread->quantiles[quantile++];
        if (!stats::reached(target, estimate, quantity.scale == tables::Scale::log)) return false;
      }
    }
  }
  return true;
}

}  // namespace mavis::plan
