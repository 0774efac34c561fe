#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plan/looks.h"
#include "stats/screening.h"
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

// What ngspice's generator starts from, for mismatch that a kit draws itself: 1 to 2^31 - 1.
double kit_seed(const Draw& draw) {
  constexpr double kSeeds = 2147483647;
  return 1 + std::floor(uniform_draw(draw.seed, Stream::local, draw.index, hash64("kit")) * kSeeds);
}

}  // namespace

std::string Point::text() const {
  std::string text = pvt.text();
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
  if (!campaign_.accuracy.empty()) {
    stats::parse_accuracy(campaign_.accuracy);
    if (campaign_.responses != Responses::all)
      throw InputError("an accuracy needs the responses at every point; leave --responses out");
    if (campaign_.most < look_samples(1))
      throw InputError(fmt::format("at most {} samples a point are too few to tell an accuracy; allow {}",
                                   campaign_.most, look_samples(1)));
  }

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
    point.first_sample = points_.back().first_sample + static_cast<std::size_t>(first_count(points_.back()));
  const std::size_t place = points_.size();
  points_.push_back(std::move(point));
  counts_.push_back(grows(points_.back()) ? 0 : first_count(points_.back()));
  Point& added = points_.back();
  const bool tight = !this->tight(place).empty();
  for (spice::DeckSpec& spec : bench.decks(subject_, pvt, condition)) {
    added.decks.push_back(spice::build_deck(spec));
    files_.insert(added.decks.back().files.begin(), added.decks.back().files.end());
    deck_places_[added.decks.back().hash] = {place, added.decks.size() - 1, false};
    if (!tight) continue;
    // Of an option given twice ngspice takes the first.
    spec.options.insert(spec.options.begin(), kTightOptions.begin(), kTightOptions.end());
    added.tight_decks.push_back(spice::build_deck(spec));
    deck_places_[added.tight_decks.back().hash] = {place, added.tight_decks.size() - 1, true};
  }
}

const spice::Deck& Plan::deck(const std::string& hash) const {
  const auto& [point, deck, tight] = deck_places_.at(hash);
  return (tight ? points_[point].tight_decks : points_[point].decks)[deck];
}

int Plan::first_count(const Point& point) const {
  if (grows(point)) return look_samples(1);
  return varies(point) ? point.bench->samples(campaign_.samples) : 1;
}

bool Plan::grows(const Point& point) const {
  return !campaign_.accuracy.empty() && point.bench->variation() == Variation::mismatch;
}

bool Plan::varies(const Point& point) const {
  return point.bench->variation() != Variation::none;
}

bool Plan::is_reference(const Point& point) const {
  return point.pvt == reference_;
}

Request Plan::nominal(std::size_t point) const {
  return {point, {DrawKind::nominal, 0, campaign_.seed}, false};
}

std::vector<Request> Plan::samples(std::size_t point) const {
  if (!varies(points_[point])) return {nominal(point)};
  const DrawKind kind = grows(points_[point]) ? DrawKind::scrambled : DrawKind::sample;
  std::vector<Request> requests;
  for (int i = 0; i < counts_[point]; ++i)
    requests.push_back({point, {kind, static_cast<std::uint32_t>(i), campaign_.seed}, false});
  return requests;
}

std::vector<Request> Plan::tight(std::size_t point) const {
  std::vector<Request> requests;
  if (!varies(points_[point])) return requests;
  for (int i = 0; i < first_count(points_[point]); ++i)
    if ((points_[point].first_sample + static_cast<std::size_t>(i)) % kTightEvery == 0)
      requests.push_back({point, {DrawKind::tight, static_cast<std::uint32_t>(i), campaign_.seed}, false});
  return requests;
}

Request Plan::response(std::size_t point, std::size_t parameter, bool up) const {
  const auto index = static_cast<std::uint32_t>(2 * parameter + (up ? 0 : 1));
  return {point, {DrawKind::response, index, campaign_.seed}, false};
}

Request Plan::pair(std::size_t point, std::size_t first, std::size_t second) const {
  const std::size_t count = parameters(*points_[point].bench).size();
  return {point, {DrawKind::pair, static_cast<std::uint32_t>(first * count + second), campaign_.seed}, false};
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

const std::vector<std::size_t>& Plan::ranked(const Bench& bench) const {
  static const std::vector<std::size_t> none;
  const auto found = ranked_.find(&bench);
  return found == ranked_.end() ? none : found->second;
}

std::vector<std::pair<std::size_t, std::size_t>> Plan::pairs(const Bench& bench) const {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  if (campaign_.accuracy.empty()) return pairs;
  std::vector<std::size_t> ranks(ranked(bench).size());
  std::iota(ranks.begin(), ranks.end(), 0);
  for (const stats::Shift& shift : stats::screening_step_2(ranks))
    if (shift.size() == 2) pairs.emplace_back(shift[0].first, shift[1].first);
  return pairs;
}

std::vector<double> Plan::draws(const Request& request) const {
  const Bench& bench = *points_[request.point].bench;
  const auto& parameters = this->parameters(bench);
  const std::uint32_t index = request.draw.index;
  std::vector<double> z(parameters.size(), 0);
  const bool scrambled = grows(points_[request.point]);
  switch (request.draw.kind) {
    case DrawKind::nominal:
    case DrawKind::placed:
      return z;
    case DrawKind::response:
      z.at(index / 2) = index % 2 == 0 ? 1 : -1;
      return z;
    case DrawKind::pair:
      z.at(index / z.size()) = 1;
      z.at(index % z.size()) = 1;
      return z;
    case DrawKind::sample:
    case DrawKind::scrambled:
    case DrawKind::tight:
      break;
  }
  if (scrambled)
    return stats::sample_draws(request.draw.seed, index % stats::kReplicates, index / stats::kReplicates,
                               z.size(), ranked(bench));
  for (std::size_t p = 0; p < z.size(); ++p)
    z[p] = normal_draw(request.draw.seed, Stream::local, index, parameters[p].name);
  return z;
}

Job Plan::job(const Request& request) const {
  return job_at(request, draws(request));
}

Job Plan::job_at(const Request& request, const std::vector<double>& z) const {
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
  for (std::size_t p = 0; p < parameters.size(); ++p)
    job.assignments.push_back({parameters[p].device, parameters[p].parameter,
                               parameters[p].nominal + parameters[p].sigma * z.at(p), parameters[p].nominal});
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
    case DrawKind::scrambled:
      return fmt::format("{}, scrambled sample {}", point.text(), index);
    case DrawKind::placed:
      return fmt::format("{}, run {}", point.text(), index);
    case DrawKind::pair: {
      const auto& parameters = this->parameters(*point.bench);
      return fmt::format("{}, +1 sigma of {} and {}", point.text(),
                         parameters[index / parameters.size()].name,
                         parameters[index % parameters.size()].name);
    }
    case DrawKind::response:
      break;
  }
  return fmt::format("{}, {}1 sigma of {}", point.text(), index % 2 == 0 ? '+' : '-',
                     parameters(*point.bench)[index / 2].name);
}

}  // namespace mavis::plan
