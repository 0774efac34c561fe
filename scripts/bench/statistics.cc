// What an exact sigma costs, and whether its intervals hold, on real circuits: the error of sigma from few
// runs (screening included) against a plain Monte Carlo reference, the coverage of intervals on blocks of the
// reference's own samples, and CPU time to sigma within 1 % against plain ngspice on the reference case.
//
//   bench_statistics FOLDER [SAMPLES [SEEDS]]
//
// References (SAMPLES of them, 20000 by default) are kept in FOLDER by the hash of their deck and used again.
#include <fmt/format.h>

#include <atomic>
#include <cmath>

#include "../../characterize/threshold.h"
#include "figure.h"
#include "plan/looks.h"
#include "plan/plan.h"
#include "reference_case.h"
#include "run/pool.h"
#include "run/worker.h"
#include "stats/accuracy.h"
#include "stats/screening.h"
#include "stats/spread.h"
#include "util/hash.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;
using stats::Method;

// What is measured in each case: one number a sample, "value", and "time" of the reference case.
class Value : public DecklessBench {
 public:
  std::string summary() const override { return "one number of a circuit"; }
  plan::Measurement measure(plan::Probe& probe) const override {
    plan::Measurement result;
    result["value"].values = {value(probe.session(), probe.job())};
    return result;
  }

 private:
  virtual double value(spice::Session& session, const plan::Job& job) const = 0;
};

// ln of the time from the half of CL's edge to a tenth of the precharge level; CL falls at 140 ps in both.
class Discharge : public Value {
 public:
  std::string name() const override { return "discharge"; }

 private:
  double value(spice::Session& session, const plan::Job&) const override {
    constexpr double kFrom = 150e-12;
    // Steps of 10 ps, as the bench of the product line has them, scatter by a percent: a tenth of the spread,
    // which no surrogate follows. One line in ten thousand takes longer than 0.5 ns.
    for (const double stop : {0.5e-9, 2e-9}) {
      const spice::Waveforms run = session.run_tran(1e-12, stop, 0, 1e-12);
      const auto time = spice::crossing(run.scale(), run["pl"], 0.1, spice::Edge::falling, kFrom);
      if (time) return std::log(*time - kFrom);
    }
    throw spice::RunFailure("the product line did not fall");
  }
};

class Offset : public Value {
 public:
  std::string name() const override { return "offset"; }

 private:
  double value(spice::Session& session, const plan::Job& job) const override {
    const Decide decide = decider(session, 1.0, 0.5, {kWindow, kLongestWindow});
    if (!curve_) {
      plan::set_nominal(session, job);
      curve_ = DelayCurve::measure(decide);
      plan::set_sample(session, job);
    }
    const Threshold threshold =
        find_threshold(decider_within(session, 1.0, 0.5, *curve_), *curve_, {.accuracy = 20e-6});
    if (!threshold.found) throw spice::RunFailure("no threshold");
    return threshold.value;
  }
  mutable std::optional<DelayCurve> curve_;  // of the circuit without mismatch
};

class LogRead : public Value {
 public:
  std::string name() const override { return "log_read"; }

 private:
  double value(spice::Session& session, const plan::Job&) const override {
    const spice::Waveforms run = session.run_tran(1e-12, 0.4e-9, 0, SramRead::kMaxStep);
    const auto time = spice::crossing(run.scale(), run["bl"], 0.9, spice::Edge::falling);
    if (!time) throw spice::RunFailure("the bit line did not fall");
    return std::log(*time);
  }
};

const bool registered = plan::register_bench(std::make_unique<Discharge>()) &&
                        plan::register_bench(std::make_unique<Offset>()) &&
                        plan::register_bench(std::make_unique<LogRead>());

constexpr std::uint64_t kVersion = 3;  // of what value() does: raised, references are measured anew

struct Case {
  std::string name;
  std::string bench;
  spice::Deck deck;
  std::size_t budget = 170;
  std::vector<pdk::Parameter> parameters = {};
};

class Simulator {
 public:
  Simulator() : pool_({.jobs = 1}) {}

  void describe(Case& c, const pdk::Pdk& process) {
    run::Task task = task_of(c);
    task.describe = true;
    run(c, {task},
        [&](std::size_t, run::Outcome&& outcome) { c.parameters = process.parameters(outcome.devices); });
  }

  // A sample without a value is an error: none of the cases fails.
  std::vector<double> measure(const Case& c, const std::vector<std::vector<double>>& draws) {
    std::vector<run::Task> tasks;
    for (const std::vector<double>& z : draws) {
      tasks.push_back(task_of(c));
      for (std::size_t i = 0; i < z.size(); ++i) {
        const pdk::Parameter& p = c.parameters[i];
        tasks.back().job.assignments.push_back(
            {p.device, p.parameter, p.nominal + p.sigma * z[i], p.nominal});
      }
    }
    std::vector<double> values(draws.size());
    run(c, tasks, [&](std::size_t i, run::Outcome&& outcome) {
      values[i] = outcome.measurement.at("value").values.at(0);
    });
    return values;
  }

  double cpu = 0;  // s so far, of workers and this process

 private:
  static run::Task task_of(const Case& c) {
    run::Task task;
    task.job.bench = c.bench;
    task.job.pvt = {"tt", 1.0, 27};
    task.job.draw = {plan::DrawKind::sample, 0, 1};
    task.job.deck_hashes = {c.deck.hash};
    return task;
  }

  void run(const Case& c, const std::vector<run::Task>& tasks,
           const std::function<void(std::size_t, run::Outcome&&)>& take) {
    const std::atomic<bool> stop{false};
    const double before = cpu_s(RUSAGE_SELF);
    pool_.run(
        tasks, [&](const std::string&) -> const std::string& { return c.deck.text; },
        [&](std::size_t i, run::Outcome&& outcome, const run::Cost& cost) {
          cpu += cost.cpu_s;
          if (outcome.state != run::State::measured)
            throw std::runtime_error(c.name + ": " + outcome.message);
          take(i, std::move(outcome));
        },
        stop);
    cpu += cpu_s(RUSAGE_SELF) - before;
  }

  run::Pool pool_;
};

std::vector<double> plain_draws(const Case& c, std::uint32_t sample) {
  std::vector<double> z;
  for (const pdk::Parameter& p : c.parameters) z.push_back(normal_draw(1, Stream::local, sample, p.name));
  return z;
}

// Values of plain samples 0, 1, ...; from the folder as far as it has them.
std::vector<double> reference(Simulator& simulator, const Case& c, std::size_t samples,
                              const fs::path& folder) {
  Hasher hasher;
  hasher.add(c.deck.text).add(c.bench).add(kVersion);
  for (const pdk::Parameter& p : c.parameters) hasher.add(p.name).add(p.sigma);
  const fs::path path = folder / fmt::format("{}-{}.txt", c.name, hasher.hex().substr(0, 12));
  std::vector<double> values;
  std::ifstream in(path);
  for (double value = 0; values.size() < samples && in >> value;) values.push_back(value);
  std::ofstream out(path, std::ios::app);
  while (values.size() < samples) {
    std::vector<std::vector<double>> draws;
    for (std::size_t i = values.size(); i < std::min(samples, values.size() + 500); ++i)
      draws.push_back(plain_draws(c, static_cast<std::uint32_t>(i)));
    for (const double value : simulator.measure(c, draws)) {
      out << fmt::format("{:.17g}\n", value);
      values.push_back(value);
    }
    out.flush();
  }
  return values;
}

struct Screened {
  std::size_t runs = 0;
  std::vector<std::size_t> active;
  stats::Surrogate linear, curved;
};

Screened screen(Simulator& simulator, const Case& c) {
  const std::size_t d = c.parameters.size();
  std::vector<stats::ShiftedRun> runs;
  const auto ask = [&](const std::vector<stats::Shift>& shifts) {
    std::vector<std::vector<double>> draws;
    for (const stats::Shift& shift : shifts) {
      draws.emplace_back(d, 0.0);
      for (const auto& [parameter, z] : shift) draws.back()[parameter] = z;
    }
    const std::vector<double> values = simulator.measure(c, draws);
    for (std::size_t i = 0; i < shifts.size(); ++i) runs.push_back({shifts[i], values[i]});
  };
  ask(stats::screening_step_1(d));
  std::vector<std::size_t> active = stats::active_parameters(d, runs);
  const std::size_t fewest = static_cast<std::size_t>(plan::look_samples(1)) + runs.size();
  ask(stats::screening_step_2(active, c.budget - std::min(c.budget, fewest)));
  return {runs.size(), std::move(active), stats::Surrogate(d, runs, stats::Surrogate::Form::linear),
          stats::Surrogate(d, runs, stats::Surrogate::Form::curved)};
}

struct Sample {
  std::uint32_t replicate;
  std::vector<double> z;
  double y;
};

struct Estimates {
  stats::Choice choice;
  stats::Estimate mean, sigma;
};

Estimates estimate(const Screened& s, const std::vector<Sample>& samples) {
  std::vector<double> y, line, curve;
  for (const Sample& sample : samples) {
    y.push_back(sample.y);
    line.push_back(s.linear.value(sample.z));
    curve.push_back(s.curved.value(sample.z));
  }
  Estimates e;
  e.choice = stats::choose_surrogate(y, line, curve);
  const bool linear = e.choice.method == Method::linear;
  const stats::Surrogate& g = linear ? s.linear : s.curved;
  const stats::Known known{e.choice.method, g.mean(), g.variance(), {}};
  const stats::Known* used = e.choice.method == Method::sobol ? nullptr : &known;
  std::vector<stats::Sampled> points;
  for (std::size_t i = 0; i < samples.size(); ++i)
    points.push_back({samples[i].replicate, y[i], linear ? line[i] : curve[i]});
  e.mean = stats::mean_estimate(points, used);
  e.sigma = stats::sigma_estimate(points, used);
  return e;
}

bool holds(const stats::Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

std::vector<Sample> plain_samples(const Case& c, const std::vector<double>& values, std::size_t from,
                                  std::size_t to) {
  std::vector<Sample> samples;
  for (std::size_t i = from; i < to; ++i)
    samples.push_back({static_cast<std::uint32_t>(i % stats::kReplicates),
                       plain_draws(c, static_cast<std::uint32_t>(i)), values[i]});
  return samples;
}

// Coverage of `repeats` disjoint blocks of 128 plain samples taken as eight replicates of 16.
bool coverage(const Case& c, const Screened& s, const std::vector<double>& plain, const Estimates& truth) {
  constexpr std::size_t kBlock = 128;
  const std::size_t repeats = std::min<std::size_t>(100, plain.size() / kBlock);
  double mean = 0, sigma = 0;
  for (std::size_t k = 0; k < repeats; ++k) {
    const Estimates e = estimate(s, plain_samples(c, plain, k * kBlock, (k + 1) * kBlock));
    mean += 100.0 * holds(e.mean.interval, truth.mean.value) / static_cast<double>(repeats);
    sigma += 100.0 * holds(e.sigma.interval, truth.sigma.value) / static_cast<double>(repeats);
  }
  const auto within = [](double share) { return share >= 90 && share <= 99; };
  const bool both = report(c.name + "_coverage_of_mean", mean, "%", "90-99", within(mean));
  return report(c.name + "_coverage_of_sigma", sigma, "%", "90-99", within(sigma)) && both;
}

// Returns whether all goals are met; CPU time of an estimate in *cpu.
bool measure_case(Simulator& simulator, const Case& c, std::size_t samples, std::uint64_t seeds,
                  const fs::path& folder, double* cpu) {
  double before = simulator.cpu;
  const std::vector<double> plain = reference(simulator, c, samples, folder);
  const stats::Moments truth = stats::moments(plain);
  fmt::print("{}: {} parameters, {} plain samples ({:.0f} s CPU now): sigma {:.5g} +- {:.2g} %\n", c.name,
             c.parameters.size(), plain.size(), simulator.cpu - before, truth.sigma,
             100 * truth.sigma_stderr / truth.sigma);
  before = simulator.cpu;
  const Screened s = screen(simulator, c);
  const double screening = simulator.cpu - before;
  // The same samples know mean and sigma more exactly by the surrogate, whether or not that is good.
  const Estimates exact = estimate(s, plain_samples(c, plain, 0, plain.size()));
  fmt::print("  with a control variate: sigma {:.5g} +- {:.2g} %\n", exact.sigma.value,
             100 * exact.sigma.standard_error / exact.sigma.value);
  constexpr std::uint32_t n = plan::kFirstLook;  // more are not needed for 1 %
  const std::size_t runs = s.runs + n * stats::kReplicates;
  before = simulator.cpu;
  double squares = 0, exact_squares = 0, bias = 0, claimed = 0, r2_linear = 0, r2_curved = 0, held = 0;
  std::map<Method, int> methods;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    std::vector<Sample> drawn;
    std::vector<std::vector<double>> draws;
    for (std::uint32_t r = 0; r < stats::kReplicates; ++r)
      for (std::uint32_t i = 0; i < n; ++i) {
        draws.push_back(stats::sample_draws(seed, r, i, c.parameters.size(), s.active));
        drawn.push_back({r, draws.back(), 0});
      }
    const std::vector<double> values = simulator.measure(c, draws);
    for (std::size_t i = 0; i < values.size(); ++i) drawn[i].y = values[i];
    const Estimates e = estimate(s, drawn);
    const double share = 1 / static_cast<double>(seeds), error = e.sigma.value / truth.sigma - 1;
    squares += error * error * share;
    const double exact_error = e.sigma.value / exact.sigma.value - 1;
    exact_squares += exact_error * exact_error * share;
    bias += exact_error * share;
    claimed += e.sigma.standard_error / truth.sigma * share;
    held += holds(e.sigma.interval, exact.sigma.value);
    r2_linear += e.choice.r2_linear * share;
    r2_curved += e.choice.r2_curved * share;
    ++methods[e.choice.method];
  }
  *cpu = screening + (simulator.cpu - before) / static_cast<double>(seeds);
  const double rms = std::sqrt(squares);
  fmt::print("  {} active, {} screening runs + {} samples; R2 {:.4f} linear, {:.4f} curved;", s.active.size(),
             s.runs, runs - s.runs, r2_linear, r2_curved);
  for (const auto& [method, count] : methods) fmt::print(" {} {}x", stats::method_name(method), count);
  fmt::print("; bias {:.2f} %, claimed error {:.2f} %, {:.0f} of {} intervals hold\n", 100 * bias,
             100 * claimed, held, seeds);
  // Plain samples for the same error, from what the reference's own samples say of sigma's.
  const double alike =
      std::pow(truth.sigma_stderr / truth.sigma / rms, 2) * static_cast<double>(plain.size());
  bool ok = report(c.name + "_sigma_rms_error", 100 * rms, "%", "<=1", rms <= 0.01);
  ok &= report(c.name + "_runs", static_cast<double>(runs), "runs", fmt::format("<={}", c.budget),
               runs <= c.budget);
  report(c.name + "_plain_over_runs", alike / static_cast<double>(runs), "ratio", "-", true);
  return coverage(c, s, plain, exact) && ok;
}

// The deck of a macro's bench at tt, 1.0 V, 27 C, at the first point of these conditions.
spice::Deck deck_of(const plan::Plan& plan, const plan::Condition& condition) {
  for (const plan::Point& point : plan.points())
    if (point.condition == condition) return point.decks.at(0);
  throw std::runtime_error("no such point");
}

plan::Plan plan_of(const std::string& bench) {
  plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x62.toml");
  const std::string path = subject.path.string();
  return {std::move(subject),
          {.subject = path,
           .pdk = "ptm45hp",
           .corners = {"tt"},
           .vdd = {1.0},
           .temp_c = {27},
           .samples = 2,
           .seed = 1,
           .responses = plan::Responses::none,
           .benches = {bench}}};
}

spice::Deck own_deck(const char* file) {
  spice::DeckSpec spec;
  spec.title = file;
  spec.bench = home() / "scripts/bench" / file;
  return spice::build_deck(spec);
}

int measure(const fs::path& folder, std::size_t samples, std::uint64_t seeds) {
  ::setenv("OMP_THREAD_LIMIT", "1", 1);
  const plan::Plan lines = plan_of("product_line"), comparators = plan_of("comparator");
  Case read{"sram_6t_read", "log_read", reference_deck()};
  for (const char* device : kDevices)
    read.parameters.push_back({device, fmt::format("m.xdut.{}", device), "delvto", 0, 0.03});
  Case line{"product_line", "discharge", deck_of(lines, {{"hold_voltage", 0.6}, {"stored_bit", 1}})};
  Case column{"column", "discharge", own_deck("column.cir")};
  Case comparator{"comparator_offset", "offset", deck_of(comparators, {}), 300};
  Simulator simulator;
  for (Case* c : {&line, &column, &comparator}) simulator.describe(*c, lines.subject().pdk);

  bool ok = true;
  double cpu = 0;
  ok &= measure_case(simulator, read, samples, seeds, folder, &cpu);
  const double plain = plain_cpu_s(read.deck, folder, 0, 20);
  fmt::print("  {:.3g} s CPU an estimate; plain ngspice {:.3g} ms a sample, 5000 for the same\n", cpu,
             1e3 * plain);
  const double ratio = 5000 * plain / cpu;
  ok &= report("plain_ngspice_cpu_over_mavis", ratio, "ratio", ">=150", ratio >= 150);
  for (const Case* c : {&line, &column, &comparator})
    ok &= measure_case(simulator, *c, samples, seeds, folder, &cpu);
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main(int argc, char** argv) {
  // The pool starts this very program as its worker.
  if (argc > 2 && std::string(argv[1]) == "worker") return mavis::run::worker_main(std::atoi(argv[argc - 1]));
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_statistics FOLDER [SAMPLES [SEEDS]]\n");
    return 2;
  }
  return mavis::measure(argv[1], argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 20000,
                        argc > 3 ? static_cast<std::uint64_t>(std::atol(argv[3])) : 20);
}
