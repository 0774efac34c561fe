#include "cli/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "plan/looks.h"
#include "spice/refusal.h"
#include "util/error.h"

namespace mavis::cli {
namespace {

// Answers kept in memory.
class Answers : public plan::Results {
 public:
  const plan::Measurement* measurement(const plan::Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const plan::Request& request) const override {
    const auto found = devices_.find(request.point);
    return found == devices_.end() ? nullptr : &found->second;
  }
  void add(std::size_t point, std::vector<spice::Device> devices) { devices_[point] = std::move(devices); }

 private:
  std::map<std::size_t, std::vector<spice::Device>> devices_;
};

class Trial {
 public:
  Trial(const plan::Plan& plan, run::PoolOptions options, const std::atomic<bool>& stop)
      : plan_(plan), pool_(std::move(options)), stop_(stop) {}

  std::vector<run::Cost> run(const std::vector<plan::Request>& requests, Answers& answers) {
    std::vector<run::Task> tasks;
    for (const plan::Request& request : requests)
      tasks.push_back({fmt::format("{}", tasks.size()), plan_.job(request), request.describe});
    std::vector<run::Cost> costs(tasks.size());
    pool_.run(
        tasks, [&](const std::string& hash) -> const std::string& { return plan_.deck(hash).text; },
        [&](std::size_t i, run::Outcome&& outcome, const run::Cost& cost) {
          require_described(requests[i], outcome);
          costs[i] = cost;
          if (requests[i].describe) answers.add(requests[i].point, std::move(outcome.devices));
        },
        stop_);
    return costs;
  }

 private:
  void require_described(const plan::Request& request, const run::Outcome& outcome) const {
    if (!request.describe || outcome.state == run::State::measured) return;
    const spice::Deck& deck = plan_.points()[request.point].decks.front();
    throw InputError(spice::located(outcome.message, deck) + "; correct the netlist and run again");
  }

  const plan::Plan& plan_;
  run::Pool pool_;
  const std::atomic<bool>& stop_;
};

}  // namespace

std::vector<Estimate> estimate(plan::Plan& plan, run::PoolOptions options, const std::atomic<bool>& stop) {
  options.jobs = 1;
  Answers answers;
  Trial trial(plan, std::move(options), stop);

  std::map<std::string, Estimate> by_bench;
  std::map<std::string, std::size_t> first_point;
  for (std::size_t i = 0; i < plan.points().size(); ++i) {
    const std::string name = plan.points()[i].bench->name();
    ++by_bench[name].points;
    first_point.emplace(name, i);
  }
  const auto bench_of = [&](const plan::Request& request) -> Estimate& {
    return by_bench[plan.points()[request.point].bench->name()];
  };

  const std::vector<plan::Request> circuits = plan.next_round(answers);
  for (const plan::Request& request : circuits) ++bench_of(request).circuits;
  trial.run(circuits, answers);

  for (const plan::Request& request : plan.next_round(answers)) {
    const bool response = request.draw.kind == plan::DrawKind::response;
    ++(response ? bench_of(request).responses : bench_of(request).samples);
  }

  std::vector<Estimate> estimates;
  for (auto& [name, bench] : by_bench) {
    if (stop) return {};
    const std::size_t point = first_point[name];
    // The first includes loading the circuit, the second does not.
    // With an accuracy no sample is drawn before the devices that matter are known; the circuit without
    // mismatch takes as long.
    const std::vector<plan::Request> samples = plan.samples(point);
    const std::vector<run::Cost> costs =
        trial.run({plan.nominal(point), samples.empty() ? plan.nominal(point) : samples.front()}, answers);
    if (samples.empty()) bench.samples += bench.points * static_cast<std::size_t>(plan::look_samples(1));
    const double load = std::max(0.0, costs[0].cpu_s - costs[1].cpu_s);
    const std::size_t moves = 2 * plan.parameters(*plan.points()[point].bench).size();
    if (moves > 0 && plan.campaign().responds_everywhere(name))
      bench.most_responses = bench.points * moves - bench.responses;
    bench.bench = name;
    bench.sample_cpu_s = costs[1].cpu_s;
    bench.cpu_s = static_cast<double>(bench.points) * load +
                  static_cast<double>(bench.samples + bench.responses) * bench.sample_cpu_s;
    bench.most_cpu_s = bench.cpu_s + static_cast<double>(bench.most_responses) * bench.sample_cpu_s;
    estimates.push_back(bench);
  }
  return stop ? std::vector<Estimate>{} : estimates;
}

}  // namespace mavis::cli
