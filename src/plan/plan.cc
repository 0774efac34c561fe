#include "plan/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "spice/connections.h"
#include "util/draws.h"
#include "util/error.h"
#include "util/files.h"
#include "util/hash.h"
#include "util/home.h"

namespace mavis::plan {
namespace {

// All combinations of the axes' values, the last axis fastest.
std::vector<Condition> grid_of(const std::vector<tables::Axis>& axes) {
  std::vector<Condition> grid = {{}};
  for (const tables::Axis& axis : axes) {
    std::vector<Condition> next;
    for (const Condition& condition : grid)
      for (std::size_t i = 0; i < axis.size(); ++i) {
        next.push_back(condition);
        next.back().emplace_back(axis.name, axis.discrete() ? static_cast<double>(i) : axis.values[i]);
      }
    grid = std::move(next);
  }
  return grid;
}

void require_range(const char* what, const std::vector<double>& values, double low, double high,
                   const char* unit, const std::string& pdk) {
  if (values.empty()) throw InputError(fmt::format("no {} is given", what));
  for (double value : values)
    if (!(value >= low && value <= high))
      throw InputError(fmt::format("{} {} {} is outside {} to {} {}, the range of the process {}", what,
                                   value, unit, low, high, unit, pdk));
}

// The smallest gradient that counts, as a share of the quantity's size: below it are rounding and step
// control.
constexpr double kGradientFloor = 1e-3;

constexpr std::string_view kInDut = "xdut.";  // what lies in the block that a bench measures

// What ngspice's generator starts from, for mismatch that a kit draws itself: 1 to 2^31 - 1.
double kit_seed(const Draw& draw) {
  constexpr double kSeeds = 2147483647;
  return 1 + std::floor(uniform_draw(draw.seed, Stream::local, draw.index, hash64("kit")) * kSeeds);
}

}  // namespace

std::string Point::text() const {
  std::string text = fmt::format("{} {:g} V {:g} C", pvt.corner, pvt.vdd, pvt.temp_c);
  for (const auto& [name, value] : condition) text += fmt::format(", {} {:g}", name, value);
  return text;
}

Plan::Plan(Subject subject, Campaign campaign)
    : subject_(std::move(subject)), campaign_(std::move(campaign)) {
  const pdk::Pdk& pdk = subject_.pdk;
  for (const std::string& corner : campaign_.corners) pdk.corner(corner);
  require_range("supply", campaign_.vdd, pdk.vdd_min, pdk.vdd_max, "V", pdk.name);
  require_range("temperature", campaign_.temp_c, pdk.temp_min_c, pdk.temp_max_c, "C", pdk.name);
  if (campaign_.corners.empty()) throw InputError("no corner is given");
  if (campaign_.samples < 2)
    throw InputError(fmt::format("{} samples have no spread; ask for 2 or more", campaign_.samples));

  const auto& corners = campaign_.corners;
  reference_.corner =
      std::find(corners.begin(), corners.end(), "tt") != corners.end() ? "tt" : corners.front();
  reference_.vdd = campaign_.vdd[campaign_.vdd.size() / 2];
  reference_.temp_c = campaign_.temp_c[campaign_.temp_c.size() / 2];

  for (const std::filesystem::path& path : {subject_.path, pdk.folder / "pdk.toml"})
    files_[label_of(path)] = read_text(path, "description");
  for (const std::string& name : campaign_.benches) {
    const Bench& bench = find_bench(name);
    const std::vector<Condition> conditions = grid_of(bench.conditions(subject_));
    for (const std::string& corner : corners)
      for (double vdd : campaign_.vdd)
        for (double temp_c : campaign_.temp_c)
          for (const Condition& condition : conditions) add_point(bench, {corner, vdd, temp_c}, condition);
  }
}

void Plan::add_point(const Bench& bench, const PvtPoint& pvt, const Condition& condition) {
  Point point{&bench, pvt, condition, {}, {}, 0};
  if (!points_.empty() && points_.back().bench == &bench)
    point.first_sample = points_.back().first_sample + static_cast<std::size_t>(sample_count(points_.back()));
  const std::size_t place = points_.size();
  points_.push_back(std::move(point));
  Point& added = points_.back();
  const bool tight = !this->tight(place).empty();
  for (spice::DeckSpec& spec : bench.decks(subject_, pvt, condition)) {
    added.decks.push_back(spice::build_deck(spec));
    files_.insert(added.decks.back().files.begin(), added.decks.back().files.end());
    deck_places_[added.decks.back().hash] = {place, added.decks.size() - 1, false};
    if (!tight) continue;
    spec.options.insert(spec.options.end(), kTightOptions.begin(), kTightOptions.end());
    added.tight_decks.push_back(spice::build_deck(spec));
    deck_places_[added.tight_decks.back().hash] = {place, added.tight_decks.size() - 1, true};
  }
}

const spice::Deck& Plan::deck(const std::string& hash) const {
  const auto& [point, deck, tight] = deck_places_.at(hash);
  return (tight ? points_[point].tight_decks : points_[point].decks)[deck];
}

int Plan::sample_count(const Point& point) const {
  return varies(point) ? point.bench->samples(campaign_.samples) : 1;
}

bool Plan::varies(const Point& point) const {
  return point.bench->variation() != Variation::none;
}

bool Plan::is_reference(const Point& point) const {
  return point.pvt == reference_;
}

std::vector<Request> Plan::next_round(const Results& results) {
  while (round_ < 3) {
    std::vector<Request> requests = round(++round_, results);
    if (!requests.empty()) return requests;
  }
  return {};
}

std::vector<Request> Plan::round(int number, const Results& results) {
  if (number == 1) return describe_round();
  if (number == 3) return response_round(results);
  for (const Request& request : describe_round())
    if (const auto* devices = results.devices(request)) {
      require_connected(*devices);
      try {
        parameters_[points_[request.point].bench] = subject_.pdk.parameters(*devices);
      } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}", subject_.path.string(), error.what()));
      }
    }
  return sample_round();
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

std::vector<Request> Plan::sample_round() {
  std::vector<Request> requests;
  for (std::size_t i : mixed_points()) {
    const Bench& bench = *points_[i].bench;
    if (varies(points_[i])) requests.push_back(nominal(i));
    for (const Request& sample : samples(i)) requests.push_back(sample);
    for (const Request& again : tight(i)) requests.push_back(again);
    if (!is_reference(points_[i]) || campaign_.responses == Responses::none) continue;
    for (std::size_t p = 0; p < parameters(bench).size(); ++p)
      for (bool up : {true, false}) requests.push_back(response(i, p, up));
  }
  return requests;
}

std::vector<Request> Plan::response_round(const Results& results) {
  for (const std::string& name : campaign_.benches) find_active(find_bench(name), results);
  std::vector<Request> requests;
  if (campaign_.responses != Responses::all) return requests;
  for (std::size_t i : mixed_points()) {
    if (is_reference(points_[i])) continue;
    for (std::size_t p : active(*points_[i].bench))
      for (bool up : {true, false}) requests.push_back(response(i, p, up));
  }
  return requests;
}

void Plan::find_active(const Bench& bench, const Results& results) {
  std::vector<bool> is_active(parameters(bench).size(), false);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].bench != &bench || !is_reference(points_[i])) continue;
    const Measurement* centre = results.measurement(nominal(i));
    if (!centre) continue;
    for (const Quantity& quantity : bench.quantities(subject_)) {
      const auto found = centre->find(quantity.name);
      if (!quantity.responds || found == centre->end()) continue;
      const std::vector<double>& values = found->second.values;
      double size = 0;
      for (double value : values)
        if (std::isfinite(value)) size = std::max(size, std::fabs(value));
      for (std::size_t cell = 0; cell < values.size(); ++cell) {
        std::vector<double> gradient(is_active.size(), 0);
        double total = 0;
        for (std::size_t p = 0; p < is_active.size(); ++p) {
          const Measurement* up = results.measurement(response(i, p, true));
          const Measurement* down = results.measurement(response(i, p, false));
          if (!up || !down || !up->contains(quantity.name) || !down->contains(quantity.name)) continue;
          const double g = (up->at(quantity.name).values[cell] - down->at(quantity.name).values[cell]) / 2;
          if (std::isfinite(g)) gradient[p] = g;
          total += gradient[p] * gradient[p];
        }
        if (std::sqrt(total) < kGradientFloor * size) continue;
        for (std::size_t p = 0; p < is_active.size(); ++p)
          if (gradient[p] * gradient[p] > kActiveShare * total) is_active[p] = true;
      }
    }
  }
  active_[&bench].clear();
  for (std::size_t p = 0; p < is_active.size(); ++p)
    if (is_active[p]) active_[&bench].push_back(p);
}

Request Plan::nominal(std::size_t point) const {
  return {point, {DrawKind::nominal, 0, campaign_.seed}, false};
}

std::vector<Request> Plan::samples(std::size_t point) const {
  if (!varies(points_[point])) return {nominal(point)};
  std::vector<Request> requests;
  for (int i = 0; i < sample_count(points_[point]); ++i)
    requests.push_back({point, {DrawKind::sample, static_cast<std::uint32_t>(i), campaign_.seed}, false});
  return requests;
}

std::vector<Request> Plan::tight(std::size_t point) const {
  std::vector<Request> requests;
  for (Request request : samples(point)) {
    if ((points_[point].first_sample + request.draw.index) % kTightEvery != 0) continue;
    request.draw.kind = DrawKind::tight;
    requests.push_back(request);
  }
  return requests;
}

Request Plan::response(std::size_t point, std::size_t parameter, bool up) const {
  const auto index = static_cast<std::uint32_t>(2 * parameter + (up ? 0 : 1));
  return {point, {DrawKind::response, index, campaign_.seed}, false};
}

const std::vector<pdk::Parameter>& Plan::parameters(const Bench& bench) const {
  static const std::vector<pdk::Parameter> none;
  const auto found = parameters_.find(&bench);
  return found == parameters_.end() ? none : found->second;
}

const std::vector<std::size_t>& Plan::active(const Bench& bench) const {
  static const std::vector<std::size_t> none;
  const auto found = active_.find(&bench);
  return found == active_.end() ? none : found->second;
}

std::size_t Plan::requests_of_round_2() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < points_.size(); ++i)
    count += (varies(points_[i]) ? 1 : 0) + samples(i).size() + tight(i).size();
  return count;
}

Job Plan::job(const Request& request) const {
  const Point& point = points_[request.point];
  const bool tight = request.draw.kind == DrawKind::tight;
  Job job{.bench = point.bench->name(),
          .pvt = point.pvt,
          .condition = point.condition,
          .settings = point.bench->settings(subject_),
          .draw = request.draw,
          .assignments = {},
          .deck_hashes = {},
          .step_scale = tight ? kTightStep : 1};
  for (const spice::Deck& deck : tight ? point.tight_decks : point.decks)
    job.deck_hashes.push_back(deck.hash);
  if (request.describe) return job;
  const std::string& own_switch = subject_.pdk.mismatch_switch;
  if (!own_switch.empty() && point.bench->variation() == Variation::mismatch)
    job.assignments.push_back({"", own_switch, request.draw.random() ? kit_seed(request.draw) : 0, 0});
  const auto& parameters = this->parameters(*point.bench);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    double z = 0;
    if (request.draw.random())
      z = normal_draw(request.draw.seed, Stream::local, request.draw.index, parameters[p].name);
    if (request.draw.kind == DrawKind::response && request.draw.index / 2 == p)
      z = request.draw.index % 2 == 0 ? 1 : -1;
    job.assignments.push_back({parameters[p].device, parameters[p].parameter,
                               parameters[p].nominal + parameters[p].sigma * z, parameters[p].nominal});
  }
  return job;
}

std::string Plan::text(const Request& request) const {
  const Point& point = points_[request.point];
  const std::uint32_t index = request.draw.index;
  switch (request.draw.kind) {
    case DrawKind::nominal:
      return point.text() + ", nominal";
    case DrawKind::sample:
      return fmt::format("{}, sample {}", point.text(), index);
    case DrawKind::tight:
      return fmt::format("{}, sample {} at tight settings", point.text(), index);
    case DrawKind::response:
      break;
  }
  return fmt::format("{}, {}1 sigma of {}", point.text(), index % 2 == 0 ? '+' : '-',
                     parameters(*point.bench)[index / 2].name);
}

}  // namespace mavis::plan
