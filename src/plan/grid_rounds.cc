#include "plan/grid_rounds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "plan/quantity_table.h"
#include "util/draws.h"
#include "util/error.h"
#include "util/hash.h"
#include "util/units.h"

namespace mavis::plan {
namespace {

using tables::Axis;
using tables::Status;
using tables::Table;

// The circuits of each bench, for plans that need not describe them again.
class KnownCircuits : public Results {
 public:
  KnownCircuits(const Plan& plan, const std::vector<Point>& points, const std::vector<Request>& described,
                const Results& results)
      : plan_(plan) {
    for (const Request& request : described) devices_[points[request.point].bench] = results.devices(request);
  }
  const Measurement* measurement(const Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const Request& request) const override {
    const auto found = devices_.find(plan_.points()[request.point].bench);
    return found == devices_.end() ? nullptr : found->second;
  }

 private:
  const Plan& plan_;
  std::map<const Bench*, const std::vector<spice::Device>*> devices_;
};

// What is measured at a node: the nominal circuits of the benches that have one value without mismatch.
Campaign nominal_campaign(Campaign campaign) {
  campaign.grid_error.clear();
  campaign.accuracy.clear();
  campaign.responses = Responses::none;
  campaign.samples = 2;
  std::erase_if(campaign.benches,
                [](const std::string& name) { return find_bench(name).variation() == Variation::noise; });
  return campaign;
}

void add_values(Table& table, const Quantity& quantity, const Measurement* measurement) {
  const std::size_t size = inner_size(quantity);
  const auto found = measurement ? measurement->find(quantity.name) : Measurement::const_iterator{};
  if (!measurement || found == measurement->end()) {
    table.values.insert(table.values.end(), size, 0);
    table.status.insert(table.status.end(), size, measurement ? Status::not_applicable : Status::unfinished);
    return;
  }
  const Measured& measured = found->second;
  for (std::size_t cell = 0; cell < size; ++cell) {
    table.values.push_back(measured.values.at(cell));
    table.status.push_back(measured.status_at(cell));
  }
}

std::size_t most_nodes(const Campaign& campaign) {
  const GridError error = parse_grid_error(campaign.grid_error);  // refuse it first
  const auto least = (campaign.vdd.front() == campaign.vdd.back() ? 1 : kStartVdd) *
                     (campaign.temp_c.front() == campaign.temp_c.back() ? 1 : kStartTemp);
  if (campaign.grid_nodes < static_cast<int>(least))
    throw InputError(fmt::format("--grid-nodes {}: a grid starts with {}", campaign.grid_nodes, least));
  return static_cast<std::size_t>(campaign.grid_nodes);
}

}  // namespace

GridRounds::GridRounds(Subject subject, Campaign campaign)
    : subject_(std::move(subject)),
      asked_(std::move(campaign)),
      measured_(nominal_campaign(asked_)),
      search_(parse_grid_error(asked_.grid_error),
              even_nodes(asked_.vdd.front(), asked_.vdd.back(), kStartVdd),
              even_nodes(asked_.temp_c.front(), asked_.temp_c.back(), kStartTemp), most_nodes(asked_)) {
  add_part(asked_.corners, search_.vdd(), search_.temp_c());
}

void GridRounds::add_part(const std::vector<std::string>& corners, const std::vector<double>& vdd,
                          const std::vector<double>& temp_c) {
  Campaign campaign = measured_;
  campaign.corners = corners;
  campaign.vdd = vdd;
  campaign.temp_c = temp_c;
  parts_.push_back({points_.size(), Plan(subject_, std::move(campaign))});
  for (const Point& point : parts_.back().plan.points()) {
    places_[point.bench][{point.pvt, point.condition}] = points_.size();
    for (const spice::Deck& deck : point.decks) deck_parts_.emplace(deck.hash, parts_.size() - 1);
    points_.push_back(point);
  }
}

// Lets a part know the circuits' devices, which its jobs name.
void GridRounds::learn(Part& part, const Results& results) {
  const KnownCircuits known(part.plan, points_, circuits(), results);
  part.plan.next_round(known);
  part.plan.next_round(known);
}

const GridRounds::Part& GridRounds::part_of(std::size_t point) const {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), point,
                                      [](std::size_t p, const Part& part) { return p < part.first; });
  return *std::prev(after);
}

Request GridRounds::local(Request request) const {
  request.point -= part_of(request.point).first;
  return request;
}

Job GridRounds::job(const Request& request) const {
  return part_of(request.point).plan.job(local(request));
}

std::string GridRounds::text(const Request& request) const {
  return part_of(request.point).plan.text(local(request));
}

const spice::Deck& GridRounds::deck(const std::string& hash) const {
  return parts_[deck_parts_.at(hash)].plan.deck(hash);
}

// At the first point of each bench, as the plan of the whole campaign asks.
std::vector<Request> GridRounds::circuits() const {
  std::vector<Request> requests;
  const Bench* last = nullptr;
  for (std::size_t i = 0; i < parts_.front().plan.points().size(); ++i) {
    if (points_[i].bench != last && points_[i].bench->variation() == Variation::mismatch)
      requests.push_back({i, {}, true});
    last = points_[i].bench;
  }
  return requests;
}

std::vector<Request> GridRounds::nominals(std::size_t first) const {
  std::vector<Request> requests;
  for (std::size_t i = first; i < points_.size(); ++i)
    requests.push_back({i, {DrawKind::nominal, 0, asked_.seed}, false});
  return requests;
}

std::vector<Request> GridRounds::next_round(const Results& results) {
  if (stage_.empty()) {
    stage_ = "circuits";
    if (const std::vector<Request> requests = circuits(); !requests.empty()) return requests;
  }
  if (stage_ == "circuits") {
    learn(parts_.front(), results);
    stage_ = grid_text();
    if (!points_.empty()) return nominals(0);
  }
  read_held_out(results);
  const std::vector<double> vdd = search_.vdd(), temp_c = search_.temp_c();
  const std::vector<Table> tables = this->tables(asked_.corners, vdd, temp_c, results);
  const std::size_t first = points_.size(), first_part = parts_.size();
  switch (search_.next(tables, held_out_)) {
    case GridSearch::Step::finished:
      return {};
    case GridSearch::Step::check:
      add_held_out();
      break;
    case GridSearch::Step::measure_nodes:
      for (const double v : search_.vdd())
        if (!std::binary_search(vdd.begin(), vdd.end(), v)) add_part(asked_.corners, {v}, temp_c);
      for (const double t : search_.temp_c())
        if (!std::binary_search(temp_c.begin(), temp_c.end(), t)) add_part(asked_.corners, vdd, {t});
      stage_ = grid_text();
  }
  for (std::size_t i = first_part; i < parts_.size(); ++i) learn(parts_[i], results);
  return nominals(first);
}

std::string GridRounds::grid_text() const {
  return fmt::format("grid {} x {}", search_.vdd().size(), search_.temp_c().size());
}

// Uniform in the box of the two ranges, the corners in turn.
void GridRounds::add_held_out() {
  const auto uniform = [&](std::size_t i, const char* axis, const std::vector<double>& nodes) {
    const double share = uniform_draw(asked_.seed, Stream::local, static_cast<std::uint32_t>(i),
                                      hash64(std::string("held-out ") + axis));
    const double x = nodes.front() + share * (nodes.back() - nodes.front());
    return std::clamp(std::round(x * 1e6) / 1e6, nodes.front(), nodes.back());
  };
  for (std::size_t k = 0; k < kHeldOut; ++k) {
    const std::size_t i = asked_held_out_.size();
    asked_held_out_.push_back({asked_.corners[i % asked_.corners.size()], uniform(i, "vdd", search_.vdd()),
                               uniform(i, "temp_c", search_.temp_c())});
    const PvtPoint& pvt = asked_held_out_.back();
    add_part({pvt.corner}, {pvt.vdd}, {pvt.temp_c});
  }
  stage_ = fmt::format("held-out points {}", asked_held_out_.size() / kHeldOut);
}

void GridRounds::read_held_out(const Results& results) {
  for (std::size_t i = held_out_.size(); i < asked_held_out_.size(); ++i) {
    const PvtPoint& pvt = asked_held_out_[i];
    held_out_.push_back({{{"corner", pvt.corner}, {"vdd", pvt.vdd}, {"temp_c", pvt.temp_c}},
                         tables({pvt.corner}, {pvt.vdd}, {pvt.temp_c}, results)});
    for (Table& table : held_out_.back().measured)
      table.axes.erase(table.axes.begin(), table.axes.begin() + 3);
  }
}

std::vector<Table> GridRounds::tables(const std::vector<std::string>& corners, const std::vector<double>& vdd,
                                      const std::vector<double>& temp_c, const Results& results) const {
  std::vector<Table> all;
  for (const std::string& name : measured_.benches) {
    const Bench& bench = find_bench(name);
    std::vector<Condition> conditions;  // in table order
    for (const Point& point : parts_.front().plan.points())
      if (point.bench == &bench && point.pvt == points_.front().pvt) conditions.push_back(point.condition);
    for (const Quantity& quantity : bench.quantities(subject_)) {
      Table table = empty_table(bench, quantity, subject_, pvt_axes(corners, vdd, temp_c));
      for (const std::string& corner : corners)
        for (const double v : vdd)
          for (const double t : temp_c)
            for (const Condition& condition : conditions) {
              if (!exists_at(quantity, condition)) continue;
              const std::size_t point = places_.at(&bench).at({{corner, v, t}, condition});
              add_values(table, quantity,
                         results.measurement({point, {DrawKind::nominal, 0, asked_.seed}, false}));
            }
      all.push_back(std::move(table));
    }
  }
  return all;
}

Campaign GridRounds::campaign() const {
  Campaign found = asked_;
  found.vdd = search_.vdd();
  found.temp_c = search_.temp_c();
  return found;
}

void GridRounds::store(tables::Library& library) const {
  for (const GridFinding& finding : findings()) {
    const auto found = library.tables().find(finding.table);
    if (found == library.tables().end() || finding.points == 0) continue;
    Table table = found->second;
    tables::InterpolationError error{finding.bound, "", finding.points};
    for (std::size_t k = 0; k < table.axes.size(); ++k) {
      if (table.axes[k].name == "vdd" || table.axes[k].name == "temp_c") continue;
      for (const double left_out : tables::leave_one_out(table, k))
        if (left_out > error.value) error = {left_out, table.axes[k].name, finding.points};
    }
    table.interpolation_error = error;
    library.put(std::move(table));
  }
  for (auto& [name, text] : library.provenance.facts)
    if (name == "campaign") text = asked_.text();
  library.provenance.facts.emplace_back("grid", summary());
}

std::string GridRounds::text_of(const GridFinding& finding, double error) const {
  const std::size_t slash = finding.table.find('/');
  for (const Quantity& quantity : find_bench(finding.table.substr(0, slash)).quantities(subject_))
    if (quantity.name == finding.table.substr(slash + 1) && quantity.scale == tables::Scale::linear)
      return format_quantity(error, quantity.unit, 2);
  return format_quantity(100 * error, "%", 2);
}

std::string GridRounds::summary() const {
  std::vector<std::string> missed;
  std::size_t judged = 0;
  for (const GridFinding& finding : findings()) {
    if (finding.points == 0) continue;
    ++judged;
    if (finding.reached()) continue;
    missed.push_back(finding.table);
  }
  std::string text = fmt::format(
      "{} x {} nodes in vdd x temp_c for --grid-error {}, from {} x {}; {} held-out points; {} of {} tables "
      "within the error",
      search_.vdd().size(), search_.temp_c().size(), asked_.grid_error,
      even_nodes(asked_.vdd.front(), asked_.vdd.back(), kStartVdd).size(),
      even_nodes(asked_.temp_c.front(), asked_.temp_c.back(), kStartTemp).size(), held_out_.size(),
      judged - missed.size(), judged);
  if (!missed.empty()) text += fmt::format("; not: {}", fmt::join(missed, ", "));
  return text;
}

}  // namespace mavis::plan
