// Is the comparator's input noise a property of the circuit and not of the time grid? Measures it at the
// bench's noise and time step, at half of both (twice the bandwidth), and at half the time step alone, and
// compares. And is what decisions' delays tell of it what the decisions themselves do: P(one) against input?
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "../../tests/temporary_folder.h"
#include "figure.h"
#include "plan/plan.h"
#include "run/sample_probe.h"
#include "spice/shared_session.h"
#include "stats/moments.h"
#include "stats/probit_fit.h"
#include "util/home.h"

namespace mavis {
namespace {

constexpr int kRealisations = 250;

// Noise at one common mode, V.
struct Noise {
  double sigma = 0;         // by the delays
  stats::ProbitFit counts;  // by the decisions
};

std::vector<Noise> noise(const plan::Plan& plan, run::Circuit& circuit, double noise_step, double time_step) {
  const plan::Bench& bench = *plan.points()[0].bench;
  const std::vector<plan::Quantity> quantities = bench.quantities(plan.subject());
  const auto decided = std::find_if(quantities.begin(), quantities.end(),
                                    [](const plan::Quantity& q) { return q.name == "decided_one"; });
  const std::vector<double>& inputs = decided->inner.at(1).values;
  std::vector<std::vector<double>> values;
  std::vector<std::vector<stats::Decisions>> decisions;
  for (const plan::Request& request : plan.samples(0)) {
    plan::Job job = plan.job(request);
    job.settings["noise_step"] = noise_step;
    job.settings["time_step"] = time_step;
    run::SampleProbe probe(circuit, std::move(job), [&](const std::string& hash) -> const std::string& {
      return plan.deck(hash).text;
    });
    const plan::Measurement measured = bench.measure(probe);
    const std::vector<double>& sample = measured.at("input_noise").values;
    const std::vector<double>& ones = measured.at("decided_one").values;
    values.resize(sample.size());
    decisions.resize(sample.size(), std::vector<stats::Decisions>(inputs.size()));
    for (std::size_t i = 0; i < sample.size(); ++i) {
      values[i].push_back(sample[i]);
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        decisions[i][k].input = inputs[k];
        decisions[i][k].ones += ones[i * inputs.size() + k] > 0.5 ? 1 : 0;
        ++decisions[i][k].n;
      }
    }
  }
  std::vector<Noise> result;
  for (std::size_t i = 0; i < values.size(); ++i)
    result.push_back({stats::moments(values[i]).sigma, stats::probit_fit(decisions[i])});
  fmt::print("noise step {:g} ps, time step {:g} ps: sigma", 1e12 * noise_step, 1e12 * time_step);
  for (const Noise& n : result)
    fmt::print(" {:.3f} (by counts {:.3f} +- {:.3f})", 1e3 * n.sigma, 1e3 * n.counts.sigma,
               1e3 * n.counts.sigma_stderr);
  fmt::print(" mV at common mode 0.1, 0.5, 0.9 of vdd, {} realisations\n", kRealisations);
  std::fflush(stdout);
  return result;
}

// Root mean square over common modes of the ratio of sigmas.
double ratio(const std::vector<Noise>& a, const std::vector<Noise>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(a[i].sigma / b[i].sigma, 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

int measure() {
  plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x62.toml");
  const std::string path = subject.path.string();
  const plan::Plan plan(std::move(subject), {.subject = path,
                                             .pdk = "ptm45hp",
                                             .corners = {"tt"},
                                             .vdd = {1.0},
                                             .temp_c = {27},
                                             .samples = kRealisations,
                                             .seed = 1,
                                             .benches = {"comparator_noise"}});
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  spice::SharedSession session;
  run::Circuit circuit{session};
  const std::vector<Noise> base = noise(plan, circuit, 2e-12, 2e-12);
  double apart = 0;  // largest, in standard errors
  for (const Noise& n : base)
    apart = std::max(apart, std::fabs(n.counts.sigma - n.sigma) / n.counts.sigma_stderr);
  bool ok = true;
  const auto check = [&](const char* name, double value) {
    ok &= report(name, value, "ratio", "0.9..1.1", value >= 0.9 && value <= 1.1);
  };
  const double bandwidth = ratio(noise(plan, circuit, 1e-12, 1e-12), base);
  const double step = ratio(noise(plan, circuit, 2e-12, 1e-12), base);
  check("noise_at_twice_the_bandwidth", bandwidth);
  check("noise_at_half_the_time_step", step);
  ok &= report("noise_by_counted_decisions_apart", apart, "standard_errors", "<=3", apart <= 3);
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main() {
  return mavis::measure();
}
