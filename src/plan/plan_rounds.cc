// The rounds of a plan.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "plan/activity.h"
#include "plan/looks.h"
#include "plan/plan.h"
#include "spice/connections.h"
#include "util/error.h"

namespace mavis::plan {
namespace {

constexpr std::string_view kInDut = "xdut.";  // what lies in the block that a bench measures
constexpr int kRounds = 3;                    // before the looks

}  // namespace

std::vector<Request> Plan::next_round(const Results& results) {
  while (round_ < kRounds) {
    ++round_;
    if (round_ == 2) learn_circuits(results);
    std::vector<Request> requests = round_ == 1   ? describe_round()
                                    : round_ == 2 ? sample_round()
                                                  : response_round(results);
    if (!requests.empty()) return requests;
  }
  ++round_;
  return look_round(results);
}

std::string Plan::stage() const {
  switch (round_) {
    case 1:
      return "circuits";
    case 2:
      return campaign_.accuracy.empty() ? "samples" : "screening";
    case 3:
      return "responses";
    default:
      return fmt::format("look {}", round_ - kRounds);
  }
}

void Plan::learn_circuits(const Results& results) {
  for (const Request& request : describe_round())
    if (const auto* devices = results.devices(request)) {
      require_connected(*devices);
      try {
        const Bench* bench = points_[request.point].bench;
        parameters_[bench] = bench->parameters(subject_, *devices);
      } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}", subject_.path.string(), error.what()));
      }
    }
}

void Plan::require_connected(const std::vector<spice::Device>& devices) const {
  const auto floating = spice::floating_nodes(devices, kInDut);
  if (floating.empty()) return;
  const auto name = [](const std::string& whole) { return whole.substr(whole.find(kInDut) + kInDut.size()); };
  std::vector<std::string> nodes;
  for (const spice::FloatingNode& node : floating)
    nodes.push_back(fmt::format("'{}' (of {})", name(node.node), name(node.device)));
  throw InputError(fmt::format("{}: nothing holds the node {}; correct its name, or connect it",
                               subject_.path.string(), fmt::join(nodes, ", ")));
}

std::vector<Request> Plan::describe_round() const {
  std::vector<Request> requests;
  const Bench* last = nullptr;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].bench == last) continue;
    last = points_[i].bench;
    if (last->variation() == Variation::mismatch) requests.push_back({i, {}, true});
  }
  return requests;
}

// Every point, the benches side by side: so the time that a part of a round takes tells how long the rest
// will.
std::vector<std::size_t> Plan::mixed_points() const {
  std::map<const Bench*, std::size_t> counts, seen;
  for (const Point& point : points_) ++counts[point.bench];
  std::vector<std::pair<double, std::size_t>> places;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const Bench* bench = points_[i].bench;
    places.emplace_back(static_cast<double>(seen[bench]++) / static_cast<double>(counts[bench]), i);
  }
  std::sort(places.begin(), places.end());
  std::vector<std::size_t> order;
  for (const auto& [place, i] : places) order.push_back(i);
  return order;
}

std::vector<Request> Plan::sample_round() const {
  std::vector<Request> requests;
  for (std::size_t i : mixed_points()) {
    const Bench& bench = *points_[i].bench;
    if (varies(points_[i])) requests.push_back(nominal(i));
    if (!grows(points_[i])) {
      for (const Request& sample : samples(i)) requests.push_back(sample);
      for (const Request& again : tight(i)) requests.push_back(again);
    }
    if (!is_reference(points_[i]) || campaign_.responses == Responses::none) continue;
    for (std::size_t p = 0; p < parameters(bench).size(); ++p)
      for (bool up : {true, false}) requests.push_back(response(i, p, up));
  }
  return requests;
}

std::vector<Request> Plan::response_round(const Results& results) {
  for (const std::string& name : campaign_.benches) {
    const Bench& bench = find_bench(name);
    const std::size_t count = parameters(bench).size();
    std::vector<Screening> screened;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (points_[i].bench != &bench || !is_reference(points_[i])) continue;
      Screening point{results.measurement(nominal(i)), {}};
      for (std::size_t p = 0; p < count; ++p)
        point.moved.emplace_back(results.measurement(response(i, p, true)),
                                 results.measurement(response(i, p, false)));
      screened.push_back(std::move(point));
    }
    ranked_[&bench] = active_parameters(bench.quantities(subject_), screened, count);
    active_[&bench] = ranked_[&bench];
    std::sort(active_[&bench].begin(), active_[&bench].end());
  }
  std::vector<Request> requests;
  for (std::size_t i : mixed_points()) {
    const Bench& bench = *points_[i].bench;
    if (!campaign_.responds_everywhere(bench.name())) continue;
    if (!is_reference(points_[i]))
      for (std::size_t p : active(bench))
        for (bool up : {true, false}) requests.push_back(response(i, p, up));
    for (const auto& [first, second] : pairs(bench))
      requests.push_back(pair(i, ranked(bench)[first], ranked(bench)[second]));
  }
  return requests;
}

std::vector<Request> Plan::look_round(const Results& results) {
  std::vector<Request> requests;
  for (std::size_t i : mixed_points()) {
    if (!grows(points_[i])) continue;
    const int next = look_samples(round_ - kRounds), before = counts_[i];
    if (before > 0 &&
        (before < next / 2 || next > campaign_.most || PointSpread(*this, results, i).reached()))
      continue;
    counts_[i] = next;
    const std::vector<Request> all = samples(i);
    requests.insert(requests.end(), all.begin() + before, all.end());
    if (before == 0)
      for (const Request& again : tight(i)) requests.push_back(again);
  }
  return requests;
}

}  // namespace mavis::plan
