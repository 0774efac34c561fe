// Is the comparator's input noise a property of the circuit and not of the time grid? Measures it at the
// bench's noise and time step, at half of both (twice the bandwidth), and at half the time step alone, and
// compares.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "../../tests/temporary_folder.h"
#include "plan/plan.h"
#include "run/sample_probe.h"
#include "spice/shared_session.h"
#include "stats/moments.h"
#include "util/home.h"

namespace mavis {
namespace {

constexpr int kRealisations = 250;

// Sigma of the noise at each common mode, V.
std::vector<double> noise(const plan::Plan& plan, run::Circuit& circuit, double noise_step,
                          double time_step) {
  std::vector<std::vector<double>> values;
  for (const plan::Request& request : plan.samples(0)) {
    plan::Job job = plan.job(request);
    job.settings["noise_step"] = noise_step;
    job.settings["time_step"] = time_step;
    run::SampleProbe probe(circuit, std::move(job), [&](const std::string& hash) -> const std::string& {
      return plan.deck(hash).text;
    });
    const std::vector<double> sample = plan.points()[0].bench->measure(probe).at("input_noise").values;
    values.resize(sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i) values[i].push_back(sample[i]);
  }
  std::vector<double> sigmas;
  for (const auto& at_common_mode : values) sigmas.push_back(stats::moments(at_common_mode).sigma);
  fmt::print("noise step {:g} ps, time step {:g} ps: sigma", 1e12 * noise_step, 1e12 * time_step);
  for (double sigma : sigmas) fmt::print(" {:.3f}", 1e3 * sigma);
  fmt::print(" mV at common mode 0.1, 0.5, 0.9 of vdd, {} realisations\n", kRealisations);
  std::fflush(stdout);
  return sigmas;
}

// Root mean square over common modes of the ratio of sigmas.
double ratio(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] / b[i]) * (a[i] / b[i]);
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
  const std::vector<double> base = noise(plan, circuit, 2e-12, 2e-12);
  bool ok = true;
  const auto report = [&](const char* name, double value) {
    const bool within = value >= 0.9 && value <= 1.1;
    fmt::print("{} {:.3f} ratio 0.9..1.1 {}\n", name, value, within ? "ok" : "short");
    ok = ok && within;
  };
  const double bandwidth = ratio(noise(plan, circuit, 1e-12, 1e-12), base);
  const double step = ratio(noise(plan, circuit, 2e-12, 1e-12), base);
  report("noise_at_twice_the_bandwidth", bandwidth);
  report("noise_at_half_the_time_step", step);
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main() {
  return mavis::measure();
}
