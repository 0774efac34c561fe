#include "distill/distill.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "distill/margin.h"
#include "distill/table_maker.h"
#include "spice/shared_session.h"
#include "tables/sensitivity.h"

namespace mavis::distill {
namespace {

using plan::Bench;
using plan::Plan;
using plan::Quantity;
using plan::Request;

tables::Provenance provenance_of(const Plan& plan, const std::string& program) {
  tables::Provenance provenance;
  const plan::Campaign& campaign = plan.campaign();
  provenance.facts = {{"mavis_version", program},
                      {"ngspice_version", spice::SharedSession::version()},
                      {"process", plan.subject().pdk.name},
                      {"seed", fmt::format("{}", campaign.seed)},
                      {"samples", campaign.accuracy.empty() ? fmt::format("{}", campaign.samples)
                                                            : "as many as " + campaign.accuracy + " takes"},
                      {"campaign", campaign.text()}};
  if (!campaign.accuracy.empty()) provenance.facts.emplace_back("accuracy", campaign.accuracy);
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
    add("decision_time", subject.decision_time());
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

void add_failure(tables::Library& library, const plan::Rounds& plan, const run::LoggedResults& results,
                 const Request& request) {
  const run::Outcome* outcome = results.outcome(request);
  if (!outcome || outcome->state != run::State::failed) return;
  library.failures.push_back({plan.points()[request.point].bench->name(), plan.text(request),
                              request.draw.index, outcome->message,
                              "failed/" + results.key(request) + ".cir"});
}

tables::Library distill(const Plan& plan, const run::LoggedResults& results, const std::string& program) {
  tables::Library library(plan.subject().name);
  library.provenance = provenance_of(plan, program);
  for (const std::string& name : plan.campaign().benches) {
    const Bench& bench = plan::find_bench(name);
    const Spreads spreads = spreads_of(plan, results, bench);
    for (const Quantity& quantity : bench.quantities(plan.subject()))
      library.put(make_table(plan, results, bench, quantity, spreads));
  }
  add_margins(library, plan.subject());
  library.sensitivities = tables::sensitivities(library);
  const auto add = [&](const Request& request) { add_failure(library, plan, results, request); };
  for (std::size_t i = 0; i < plan.points().size(); ++i) {
    if (plan.points()[i].bench->variation() != plan::Variation::none) add(plan.nominal(i));
    for (const Request& request : plan.samples(i)) add(request);
    for (const Request& request : plan.tight(i)) add(request);
    const Bench& bench = *plan.points()[i].bench;
    for (std::size_t p : plan.active(bench))
      for (bool up : {true, false}) add(plan.response(i, p, up));
    for (const auto& [first, second] : plan.pairs(bench))
      add(plan.pair(i, plan.ranked(bench)[first], plan.ranked(bench)[second]));
  }
  return library;
}

}  // namespace mavis::distill
