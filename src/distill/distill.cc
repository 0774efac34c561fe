#include "distill/distill.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "distill/margin.h"
#include "spice/shared_session.h"
#include "stats/moments.h"
#include "tables/interpolate.h"

namespace mavis::distill {
namespace {

using plan::Bench;
using plan::Measurement;
using plan::Plan;
using plan::Quantity;
using plan::Request;
using tables::Axis;
using tables::Scale;
using tables::Status;
using tables::Table;

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
  return {measured.values.at(cell), measured.status.empty() ? Status::ok : measured.status.at(cell)};
}

std::size_t inner_size(const Quantity& quantity) {
  std::size_t size = 1;
  for (const Axis& axis : quantity.inner) size *= axis.size();
  return size;
}

// Fills one quantity's table. The points of a bench lie in table order: corner, vdd, temperature, conditions.
class TableMaker {
 public:
  TableMaker(const Plan& plan, const run::LoggedResults& results, const Bench& bench,
             const Quantity& quantity)
      : plan_(plan), results_(results), bench_(bench), quantity_(quantity) {}

  Table make() {
    table_.name = bench_.name() + "/" + quantity_.name;
    table_.unit = quantity_.unit;
    table_.long_name = quantity_.long_name;
    table_.scale = quantity_.scale;
    table_.worse = quantity_.worse;
    const plan::Campaign& campaign = plan_.campaign();
    table_.axes = {{.name = "corner", .long_name = "process corner", .labels = campaign.corners},
                   {.name = "vdd", .unit = "V", .long_name = "supply", .values = campaign.vdd},
                   {.name = "temp_c", .unit = "C", .long_name = "temperature", .values = campaign.temp_c}};
    for (const Axis& axis : bench_.conditions(plan_.subject()))
      if (!quantity_.only.contains(axis.name)) table_.axes.push_back(axis);
    for (const Axis& axis : quantity_.inner) table_.axes.push_back(axis);
    if (responds()) {
      table_.parameters = {.name = bench_.name() + "_parameter", .long_name = "device parameter"};
      for (std::size_t p : plan_.active(bench_))
        table_.parameters.labels.push_back(plan_.parameters(bench_)[p].name);
    }
    for (std::size_t i = 0; i < plan_.points().size(); ++i)
      if (plan_.points()[i].bench == &bench_ && exists_at(plan_.points()[i])) add_point(i);
    table_.interpolation_error = tables::leave_one_out_error(table_);
    if (floor_.n > 0) {
      floor_.value = std::sqrt(floor_.value / static_cast<double>(floor_.n));
      table_.noise_floor = floor_;
    }
    return std::move(table_);
  }

 private:
  bool exists_at(const plan::Point& point) const {
    for (const auto& [name, value] : point.condition)
      if (const auto found = quantity_.only.find(name);
          found != quantity_.only.end() && found->second != value)
        return false;
    return true;
  }

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

    for (std::size_t cell = 0; cell < inner_size(quantity_); ++cell) {
      add_statistics(samples, cell);
      const Reading centre = read(nominal, quantity_, cell);
      table_.planes["nominal"].push_back(centre.status == Status::ok ? centre.value : kNone);
      for (const auto& [up, down] : moved) {
        const Reading a = read(up, quantity_, cell), b = read(down, quantity_, cell);
        const bool both = a.status == Status::ok && b.status == Status::ok;
        table_.response.push_back(both ? (scaled(a.value) - scaled(b.value)) / 2 : kNone);
      }
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

  void add_statistics(const std::vector<const run::Outcome*>& samples, std::size_t cell) {
    std::vector<double> values;
    Status status = Status::ok;
    for (const run::Outcome* sample : samples) {
      const Reading reading = read(sample, quantity_, cell);
      if (reading.status == Status::ok) values.push_back(scaled(reading.value));
      status = std::max(status, reading.status);
    }
    double mean = kNone, error = kNone, sigma = kNone, sigma_error = kNone;
    // The samples whose event did not come would have been the late ones: what is left has no honest mean.
    if (status != Status::censored && values.size() >= 2) {
      const stats::Moments moments = stats::moments(values);
      mean = table_.scale == Scale::log ? std::exp(moments.mean) : moments.mean;
      error = moments.mean_stderr;
      sigma = moments.sigma;
      sigma_error = moments.sigma_stderr;
    }
    if (bench_.variation() == plan::Variation::none && values.size() == 1)
      mean = table_.scale == Scale::log ? std::exp(values[0]) : values[0];
    table_.values.push_back(mean);
    table_.status.push_back(status);
    table_.n.push_back(static_cast<std::int64_t>(values.size()));
    table_.planes["stderr"].push_back(error);
    table_.planes["sigma"].push_back(sigma);
    table_.planes["sigma_stderr"].push_back(sigma_error);
  }

  double scaled(double value) const { return table_.scale == Scale::log ? std::log(value) : value; }

  const Plan& plan_;
  const run::LoggedResults& results_;
  const Bench& bench_;
  const Quantity& quantity_;
  Table table_;
  tables::NoiseFloor floor_;  // its value is the sum of squares until the end
};

tables::Provenance provenance_of(const Plan& plan, const std::string& program) {
  tables::Provenance provenance;
  const plan::Campaign& campaign = plan.campaign();
  provenance.facts = {{"mavis_version", program},
                      {"ngspice_version", spice::SharedSession::version()},
                      {"process", plan.subject().pdk.name},
                      {"seed", fmt::format("{}", campaign.seed)},
                      {"samples", fmt::format("{}", campaign.samples)},
                      {"campaign", campaign.text()}};
  const plan::Subject& subject = plan.subject();
  const auto add = [&](const char* name, auto value) {
    provenance.facts.emplace_back(std::string("macro.") + name, fmt::format("{}", value));
  };
  if (subject.path.extension() == ".toml") {
    add("rows", subject.rows);
    add("columns_per_half", subject.columns_per_half);
    add("adc_bits", subject.adc_bits);
    add("vdd", subject.vdd);
    add("hold_voltage", subject.hold_voltage);
    add("product_time", subject.product_time);
    add("timing", subject.timing);
    add("dummy_rows", subject.dummy_rows);
    add("settle_time", subject.settle_time);
    add("clock", subject.clock);
    add("clocks_mav", subject.clocks_mav);
    add("clocks_sa", subject.clocks_sa);
    add("calibration", subject.calibration);
    for (std::size_t i = 0; i < subject.claims.size(); ++i)
      add(fmt::format("claim_{}", i + 1).c_str(), subject.claims[i].text());
  }
  for (const std::string& name : campaign.benches) {
    const Bench& bench = plan::find_bench(name);
    provenance.facts.emplace_back("bench_" + name,
                                  fmt::format("version {}: {}", bench.version(), bench.summary()));
  }
  provenance.files = plan.files();
  return provenance;
}

}  // namespace

tables::Library distill(const Plan& plan, const run::LoggedResults& results, const std::string& program) {
  tables::Library library(plan.subject().name);
  library.provenance = provenance_of(plan, program);
  for (const std::string& name : plan.campaign().benches) {
    const Bench& bench = plan::find_bench(name);
    for (const Quantity& quantity : bench.quantities(plan.subject()))
      library.put(TableMaker(plan, results, bench, quantity).make());
  }
  add_margins(library, plan.subject());
  const auto add_failure = [&](const Request& request) {
    const run::Outcome* outcome = results.outcome(request);
    if (!outcome || outcome->state != run::State::failed) return;
    library.failures.push_back({plan.points()[request.point].bench->name(), plan.text(request),
                                request.draw.index, outcome->message,
                                "failed/" + results.key(request) + ".cir"});
  };
  for (std::size_t i = 0; i < plan.points().size(); ++i) {
    if (plan.points()[i].bench->variation() != plan::Variation::none) add_failure(plan.nominal(i));
    for (const Request& request : plan.samples(i)) add_failure(request);
    for (const Request& request : plan.tight(i)) add_failure(request);
    for (std::size_t p : plan.active(*plan.points()[i].bench))
      for (bool up : {true, false}) add_failure(plan.response(i, p, up));
  }
  return library;
}

}  // namespace mavis::distill
