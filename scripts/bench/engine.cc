// What a sample costs: CPU time against plain ngspice on the reference case, share of it outside ngspice's
// analyses on every bench, and memory of a worker that lives long. Everything goes through the same pool,
// plan and log as a campaign; CPU time of coordinator and workers counts.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "plan/plan.h"
#include "run/execute.h"
#include "run/worker.h"
#include "util/draws.h"
#include "util/home.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

const char* const kDevices[] = {"mpul", "mpdl", "mpur", "mpdr", "mpgl", "mpgr"};

// The read of sram_6t_read.cir: time until the bit line has fallen by 100 mV.
class SramRead : public plan::Bench {
 public:
  std::string name() const override { return "sram_6t_read"; }
  int version() const override { return 1; }
  std::string summary() const override { return "the reference case for the cost of a sample"; }
  std::vector<std::string> kinds() const override { return {"reference"}; }
  std::vector<plan::Quantity> quantities(const plan::Subject&) const override { return {}; }
  std::vector<spice::DeckSpec> decks(const plan::Subject&, const plan::PvtPoint&,
                                     const plan::Condition&) const override {
    return {};
  }
  plan::Measurement measure(plan::Probe& probe) const override {
    const spice::Waveforms run = probe.session().run_tran(1e-12, 0.4e-9, 0, kMaxStep);
    for (std::size_t end : {std::size_t{0}, run.scale().size() - 1})
      if (run["xdut.q"][end] > 0.3 || run["xdut.qb"][end] < 0.7)
        throw spice::RunFailure("the stored bit is wrong");
    const auto bl = run["bl"];
    std::size_t i = 0;
    while (i < bl.size() && bl[i] > 0.9) ++i;
    plan::Measurement result;
    result["points"].values = {static_cast<double>(run.scale().size())};
    result["time"].values = {run.scale()[std::min(i, bl.size() - 1)]};
    return result;
  }
  static constexpr double kMaxStep = 6.7e-12;
};
const bool registered = plan::register_bench(std::make_unique<SramRead>());

double cpu_s(int who) {
  rusage used{};
  ::getrusage(who, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

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

spice::Deck reference_deck() {
  spice::DeckSpec spec;
  spec.title = "reference case";
  spec.bench = home() / "scripts/bench/sram_6t_read.cir";
  return spice::build_deck(spec);
}

// Six threshold shifts of 30 mV sigma.
run::Task reference_task(const spice::Deck& deck, std::uint32_t sample) {
  run::Task task;
  task.job.bench = "sram_6t_read";
  task.job.draw = {plan::DrawKind::sample, sample, 1};
  task.job.deck_hashes = {deck.hash};
  for (const char* device : kDevices)
    task.job.assignments.push_back({fmt::format("m.xdut.{}", device), "delvto",
                                    0.03 * normal_draw(1, Stream::local, sample, device), 0});
  task.key = fmt::format("{:032x}", sample);
  return task;
}

// The same sample as a deck of its own for plain ngspice.
double plain_cpu_s(const spice::Deck& deck, const fs::path& folder, std::uint32_t first, int count) {
  std::vector<std::string> commands;
  for (int i = 0; i < count; ++i) {
    std::string text = deck.text.substr(0, deck.text.rfind(".end")) + ".control\n";
    for (const plan::Assignment& a :
         reference_task(deck, first + static_cast<std::uint32_t>(i)).job.assignments)
      text += fmt::format("alter @{}[{}]={:.17g}\n", a.device, a.parameter, a.value);
    text += fmt::format(
        "tran 1e-12 0.4e-9 0 {:.17g}\nmeas tran t_read when v(bl)=0.9 fall=1\nmeas tran q find v(xdut.q) "
        "at=0.39n\n.endc\n.end\n",
        SramRead::kMaxStep);
    const fs::path path = folder / fmt::format("{}.cir", i);
    std::ofstream(path) << text;
    commands.push_back(
        fmt::format("ngspice -b {} > {} 2>&1 < /dev/null", path.string(), (folder / "log").string()));
  }
  const double before = cpu_s(RUSAGE_CHILDREN);
  for (const std::string& command : commands)
    if (std::system(command.c_str()) == -1) throw std::runtime_error("cannot start ngspice");
  // Its exit code is 1 for decks without output cards: the measurement tells whether it ran.
  std::stringstream log;
  log << std::ifstream(folder / "log").rdbuf();
  if (log.str().find("t_read              =") == std::string::npos)
    throw std::runtime_error("ngspice failed: " + log.str());
  return (cpu_s(RUSAGE_CHILDREN) - before) / count;
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

bool report(const std::string& name, double value, const char* unit, const char* goal, bool ok) {
  fmt::print("{} {:.4g} {} {} {}\n", name, value, unit, goal, ok ? "ok" : "short");
  std::fflush(stdout);
  return ok;
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
  std::string name = (fs::temp_directory_path() / "mavis-bench-XXXXXX").string();
  const fs::path folder = ::mkdtemp(name.data());
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
  fs::remove_all(folder);
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main(int argc, char** argv) {
  // The pool starts this very program as its worker.
  if (argc > 2 && std::string(argv[1]) == "worker") return mavis::run::worker_main(std::atoi(argv[argc - 1]));
  return mavis::measure();
}
