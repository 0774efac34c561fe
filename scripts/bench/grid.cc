// Are tables right between the nodes that --grid-error places, and do their bounds say the truth? The product
// line of the reference macro at tt, over all supplies and temperatures that the process claims: mean and
// spread of 16 samples at 64 Sobol points that the search has not seen, of the same draws as at the nodes,
// against the tables. About 6 minutes of CPU, one process.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../../tests/temporary_folder.h"
#include "distill/distill.h"
#include "plan/grid_rounds.h"
#include "run/sample_probe.h"
#include "spice/shared_session.h"
#include "stats/sobol.h"
#include "util/home.h"

namespace mavis {
namespace {

constexpr int kSamples = 16;
constexpr std::uint32_t kPoints = 64;
constexpr double kStep = 27e-3;  // V, of the reference macro between two levels: 1.0 to 0.15 V in 31
constexpr double kTimeGoal = 0.005, kLevelGoal = 0.02, kSigmaGoal = 0.02, kCoverGoal = 0.95;
constexpr double kKinkTemp = -33, kNearKink = 7;  // Celsius, of the model cards; -40 is the least temperature

// Does what run::execute does, in this process.
void execute(plan::Rounds& rounds, run::RunLog& log, run::Circuit& circuit) {
  const run::LoggedResults results(rounds, log);
  for (;;) {
    const std::vector<plan::Request> requests = rounds.next_round(results);
    if (requests.empty()) return;
    for (const plan::Request& request : requests) {
      const std::string key = results.key(request);
      if (log.lookup(key)) continue;
      run::SampleProbe probe(
          circuit, rounds.job(request),
          [&](const std::string& hash) -> const std::string& { return rounds.deck(hash).text; });
      run::Outcome outcome;
      if (request.describe)
        outcome.devices = probe.session(0).devices();
      else
        outcome.measurement = rounds.points()[request.point].bench->measure(probe);
      outcome.state = run::State::measured;
      log.append(key, outcome);
    }
  }
}

struct Errors {
  double largest = 0, largest_near_kink = 0;
  plan::PvtPoint worst;
  int points = 0, within_bound = 0;

  void add(double error, double bound, const plan::PvtPoint& pvt) {
    if (error > largest) worst = pvt;
    largest = std::max(largest, error);
    if (std::fabs(pvt.temp_c - kKinkTemp) < kNearKink) largest_near_kink = std::max(largest_near_kink, error);
    ++points;
    within_bound += error <= bound ? 1 : 0;
  }
};

bool ok = true;

void report(const std::string& name, double value, const char* unit, const char* relation, double goal) {
  const bool reached = relation[0] == '<' ? value <= goal : value >= goal;
  ok = ok && reached;
  fmt::print("{} {:.3f} {} {}{:g} {}\n", name, value, unit, relation, goal, reached ? "ok" : "short");
}

// Largest error of the spread over the cells of one point, relative to itself; on linear scale to the table's
// largest, as there it can be nearly zero.
double sigma_error(const tables::Table& table, const tables::Table& measured, const tables::Point& where) {
  double largest = 0;
  for (const double sigma : table.plane("sigma")) largest = std::max(largest, sigma);
  double worst = 0;
  for (std::size_t cell = 0; cell < measured.values.size(); ++cell) {
    tables::Point point = where;
    const std::vector<std::size_t> index = measured.index(cell);
    for (std::size_t k = 0; k < index.size(); ++k) {
      const tables::Axis& axis = measured.axes[k];
      if (axis.discrete())
        point[axis.name] = axis.labels[index[k]];
      else
        point[axis.name] = axis.values[index[k]];
    }
    const double truth = measured.plane("sigma")[cell];
    const double error = std::fabs(tables::evaluate_plane(table, "sigma", point).value - truth);
    worst = std::max(worst, error / (table.scale == tables::Scale::log ? truth : largest));
  }
  return worst;
}

int measure() {
  plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x62.toml");
  subject.hold_voltages = {subject.hold_voltage};  // the one in use
  const pdk::Pdk& pdk = subject.pdk;
  plan::Campaign campaign{.subject = subject.path.string(),
                          .pdk = pdk.name,
                          .corners = {"tt"},
                          .vdd = {pdk.vdd_min, pdk.vdd_max},
                          .temp_c = {pdk.temp_min_c, pdk.temp_max_c},
                          .samples = kSamples,
                          .grid_error = "0.5%",
                          .responses = plan::Responses::none,
                          .benches = {"product_line"}};
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  spice::SharedSession session;
  run::Circuit circuit{session};
  run::RunLog log(folder.path() / "run", campaign.text(), false);

  plan::GridRounds grid(subject, campaign);
  execute(grid, log, circuit);
  plan::Plan whole(subject, grid.campaign());
  execute(whole, log, circuit);
  tables::Library library = distill::distill(whole, run::LoggedResults(whole, log), "bench");
  grid.store(library);
  fmt::print("{}\n", grid.summary());

  std::map<std::string, Errors> values, sigmas;
  for (std::uint32_t i = 0; i < kPoints; ++i) {
    plan::Campaign point = campaign;
    point.grid_error.clear();
    point.vdd = {pdk.vdd_min + (pdk.vdd_max - pdk.vdd_min) * stats::sobol_uniform(1, 0, i, 0)};
    point.temp_c = {pdk.temp_min_c + (pdk.temp_max_c - pdk.temp_min_c) * stats::sobol_uniform(1, 0, i, 1)};
    const plan::PvtPoint pvt{"tt", point.vdd[0], point.temp_c[0]};
    plan::Plan plan(subject, point);
    execute(plan, log, circuit);
    const tables::Library truth = distill::distill(plan, run::LoggedResults(plan, log), "bench");
    for (const auto& [name, measured] : truth.tables()) {
      const tables::Table& table = library.find(name);
      const tables::Point where = {{"corner", "tt"}, {"vdd", point.vdd[0]}, {"temp_c", point.temp_c[0]}};
      tables::Table reduced = measured;
      reduced.axes.erase(reduced.axes.begin(), reduced.axes.begin() + 3);
      values[name].add(plan::held_out_error(table, reduced, where), table.interpolation_error->value, pvt);

      sigmas[name].add(sigma_error(table, reduced, where), 0, pvt);
    }
  }
  for (const auto& [name, errors] : values) {
    const tables::Table& table = library.find(name);
    const std::string quantity = table.quantity();
    const double bound = table.interpolation_error->value;
    fmt::print("# {}: largest error at {:.3f} V {:.1f} C\n", quantity, errors.worst.vdd, errors.worst.temp_c);
    if (quantity == "level") {
      report(quantity + "_error", 100 * errors.largest / kStep, "%_of_a_step", "<=", 100 * kLevelGoal);
      report(quantity + "_error_near_kink", 100 * errors.largest_near_kink / kStep, "%_of_a_step",
             "<=", 100 * kLevelGoal);
      fmt::print("{}_bound {:.3f} %_of_a_step\n", quantity, 100 * bound / kStep);
    } else if (table.scale == tables::Scale::log) {
      report(quantity + "_error", 100 * errors.largest, "%", "<=", 100 * kTimeGoal);
      report(quantity + "_error_near_kink", 100 * errors.largest_near_kink, "%", "<=", 100 * kTimeGoal);
      fmt::print("{}_bound {:.3f} %\n", quantity, 100 * bound);
    } else {
      fmt::print("{}_error {:.3g} {}, bound {:.3g} {}\n", quantity, errors.largest, table.unit, bound,
                 table.unit);
    }
    if (quantity.starts_with("energy")) continue;
    report(quantity + "_sigma_error", 100 * sigmas[name].largest, "%", "<=", 100 * kSigmaGoal);
  }
  for (const auto& [name, errors] : values)
    report(library.find(name).quantity() + "_within_bound", 100.0 * errors.within_bound / errors.points, "%",
           ">=", 100 * kCoverGoal);
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main() {
  return mavis::measure();
}
