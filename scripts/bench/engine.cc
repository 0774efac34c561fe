// What a sample costs: CPU time against plain ngspice on the reference case, share of it outside ngspice's
// analyses on every bench, and memory of a worker that lives long. Everything goes through the same pool,
// plan and log as a campaign; CPU time of coordinator and workers counts.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "../../tests/temporary_folder.h"
#include "figure.h"
#include "plan/plan.h"
#include "reference_case.h"
#include "run/execute.h"
#include "run/worker.h"
#include "util/home.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

double resident_mb(int pid) {
  std::ifstream in(fmt::format("/proc/{}/statm", pid));
  double size = 0, resident = 0;
  in >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Spent {
  double cpu_s = 0;  // a sample, coordinator and worker
  double growth_mb = 0;
  std::size_t failed = 0;
  double points = 0;
};

Spent shared_cpu_s(run::Pool& pool, const spice::Deck& deck, std::uint32_t first, std::size_t count) {
  std::vector<run::Task> tasks;
  for (std::size_t i = 0; i < count; ++i)
    tasks.push_back(reference_task(deck, first + static_cast<std::uint32_t>(i)));
  Spent spent;
  double worker = 0, settled = 0;
  std::size_t done = 0;
  const std::atomic<bool> stop{false};
  const double before = cpu_s(RUSAGE_SELF);
  pool.run(
      tasks, [&](const std::string&) -> const std::string& { return deck.text; },
      [&](std::size_t, run::Outcome&& outcome, const run::Cost& cost) {
        worker += cost.cpu_s;
        if (outcome.state != run::State::measured)
          ++spent.failed;
        else
          spent.points = outcome.measurement.at("points").values[0];
        // The heap has found its size after a few hundred samples.
        if (++done == std::min<std::size_t>(500, count)) settled = resident_mb(pool.worker_pids().at(0));
      },
      stop);
  spent.cpu_s = (worker + cpu_s(RUSAGE_SELF) - before) / static_cast<double>(count);
  spent.growth_mb = resident_mb(pool.worker_pids().at(0)) - settled;
  return spent;
}

// Share of a campaign's CPU time that is not spent in ngspice's analyses.
double share_outside(const std::string& bench, int samples, const fs::path& folder) {
  plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x62.toml");
  const std::string path = subject.path.string();
  const double before = cpu_s(RUSAGE_SELF);
  plan::Plan plan(std::move(subject), {.subject = path,
                                       .pdk = "ptm45hp",
                                       .corners = {"tt"},
                                       .vdd = {1.0},
                                       .temp_c = {27},
                                       .samples = samples,
                                       .seed = 1,
                                       .responses = plan::Responses::none,
                                       .benches = {bench}});
  run::RunLog log(folder / (bench + ".run"), "bench", false);
  const std::atomic<bool> stop{false};
  const run::Progress spent = run::execute(plan, log, {.jobs = 1}, stop, [](const run::Progress&) {});
  if (spent.failed + spent.unfinished > 0) throw std::runtime_error(bench + " has failed samples");
  const double coordinator = cpu_s(RUSAGE_SELF) - before;
  fmt::print(
      "{}: {:.3f} s in analyses, {:.3f} s elsewhere in workers, {:.3f} s in the coordinator, {} samples\n",
      bench, spent.cpu_in_run_s, spent.cpu_s - spent.cpu_in_run_s, coordinator, spent.measured);
  return 1 - spent.cpu_in_run_s / (spent.cpu_s + coordinator);
}

int measure() {
  ::setenv("OMP_THREAD_LIMIT", "1", 1);
  const TemporaryFolder scratch;
  const fs::path& folder = scratch.path();
  bool ok = true;
  const spice::Deck deck = reference_deck();
  run::Pool pool({.jobs = 1});
  shared_cpu_s(pool, deck, 0, 50);  // warm-up
  std::vector<double> ratios, shared, plain;
  Spent spent;
  for (std::uint32_t repeat = 0; repeat < 7; ++repeat) {
    spent = shared_cpu_s(pool, deck, 1000 * repeat, 300);
    shared.push_back(spent.cpu_s);
    plain.push_back(plain_cpu_s(deck, folder, 1000 * repeat, 20));
    ratios.push_back(plain.back() / shared.back());
  }
  fmt::print("reference case: {:.0f} time points, medians of 7 repeats\n", spent.points);
  report("mavis_cpu_a_sample", 1e3 * median(shared), "ms", "-", true);
  report("ngspice_b_cpu_a_sample", 1e3 * median(plain), "ms", "-", true);
  ok &= report("ngspice_b_over_mavis", median(ratios), "ratio", ">=4", median(ratios) >= 4);

  spent = shared_cpu_s(pool, deck, 100000, 20000);
  ok &= report("wrong_bits_in_20000_samples", static_cast<double>(spent.failed), "samples", "=0",
               spent.failed == 0);
  ok &= report("worker_growth_over_20000_samples", spent.growth_mb, "MB", "<5", spent.growth_mb < 5);

  for (const auto& [bench, samples] : {std::pair{"product_line", 16},
                                       {"line_charge", 300},
                                       {"leakage", 1000},
                                       {"comparator", 12},
                                       {"comparator_noise", 24},
                                       {"sum_line", 2},
                                       {"cdac", 2},
                                       {"sar_logic", 2}}) {
    const double share = 100 * share_outside(bench, samples, folder);
    ok &= report(fmt::format("{}_cpu_outside_run", bench), share, "%", "<=10", share <= 10);
  }
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main(int argc, char** argv) {
  // The pool starts this very program as its worker.
  if (argc > 2 && std::string(argv[1]) == "worker") return mavis::run::worker_main(std::atoi(argv[argc - 1]));
  return mavis::measure();
}
