#include "report/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "stats/moments.h"
#include "stats/screening.h"
#include "util/draws.h"

namespace mavis::report {
namespace {

using tables::Axis;
using tables::Library;
using tables::Method;
using tables::Scale;
using tables::Status;
using tables::Table;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Position in `b` of every node of `a`; empty where `b` lacks it.
std::vector<std::optional<std::size_t>> nodes_in(const Axis& a, const Axis& b) {
  std::vector<std::optional<std::size_t>> found;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a.discrete()) {
      found.push_back(b.find(a.values[i]));
      continue;
    }
    const auto at = std::find(b.labels.begin(), b.labels.end(), a.labels[i]);
    found.push_back(at == b.labels.end() ? std::nullopt : std::optional<std::size_t>(at - b.labels.begin()));
  }
  return found;
}

// Why two tables of one name can't be compared; empty where they can.
std::string objection(const Table& a, const Table& b) {
  if (a.unit != b.unit) return fmt::format("in {} against {}", a.unit, b.unit);
  if (a.scale != b.scale) return fmt::format("{} against {} scale", name_of(a.scale), name_of(b.scale));
  const auto names = [](const Table& table) {
    std::set<std::string> found;
    for (const Axis& axis : table.axes) found.insert(axis.name);
    return found;
  };
  if (names(a) != names(b)) return "on other axes";
  for (const Axis& axis : a.axes)
    if (axis.discrete() != b.find_axis(axis.name)->discrete()) return "another kind of axis " + axis.name;
  return {};
}

// Cell of `b` for each cell of `a`; empty where `b` has not those coordinates.
std::vector<std::optional<std::size_t>> cells_in(const Table& a, const Table& b) {
  std::vector<std::vector<std::optional<std::size_t>>> nodes;
  std::vector<std::size_t> place;  // of each axis of a among those of b
  for (const Axis& axis : a.axes) {
    const Axis* other = b.find_axis(axis.name);
    nodes.push_back(nodes_in(axis, *other));
    place.push_back(static_cast<std::size_t>(other - b.axes.data()));
  }
  std::vector<std::optional<std::size_t>> cells;
  std::vector<std::size_t> to(b.axes.size());
  for (std::size_t cell = 0; cell < a.cells(); ++cell) {
    const std::vector<std::size_t> index = a.index(cell);
    bool there = true;
    for (std::size_t k = 0; k < index.size() && there; ++k) {
      there = nodes[k][index[k]].has_value();
      if (there) to[place[k]] = *nodes[k][index[k]];
    }
    cells.push_back(there ? std::optional(b.offset(to)) : std::nullopt);
  }
  return cells;
}

double plane_at(const Table& table, const char* plane, std::size_t cell) {
  const auto found = table.planes.find(plane);
  return found == table.planes.end() ? kNone : found->second[cell];
}

double largest(const Table& table) {
  double most = 0;
  for (const double value : table.values)
    if (std::isfinite(value)) most = std::max(most, std::fabs(value));
  return most;
}

// Of one library's standard error; infinite where it was not found from samples.
double freedom(const Table& table, std::size_t cell) {
  if (!table.method.empty() && table.method[cell] != Method::plain) return stats::kReplicates - 1;
  if (table.n.empty() || table.n[cell] < 2) return std::numeric_limits<double>::infinity();
  return static_cast<double>(table.n[cell] - 1);
}

// Two-sided, of x sigma.
double chance(double x, double freedom) {
  return std::min(
      1.0, 2 * (std::isfinite(freedom) ? stats::t_tail(std::fabs(x), freedom) : normal_tail(std::fabs(x))));
}

// Compares the cells of two tables of one name.
class TablePair {
 public:
  TablePair(const Table& a, const Table& b, LibraryDiff& to)
      : a_(a), b_(b), to_(to), log_(a.scale == Scale::log) {
    numerical_ = log_ ? kNumerical : kNumerical * std::max(largest(a), largest(b));
    const auto floor = [](const Table& table) {
      return table.noise_floor && std::isfinite(table.noise_floor->value) ? table.noise_floor->value : 0;
    };
    floor_ = std::max(numerical_, std::hypot(floor(a), floor(b)));
  }

  void compare() {
    const std::vector<std::optional<std::size_t>> cells = cells_in(a_, b_);
    std::size_t lost = 0;
    StatusChange changed{.table = &a_};
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      if (!cells[cell]) {
        ++lost;
        continue;
      }
      const Status a = a_.status_at(cell), b = b_.status_at(*cells[cell]);
      if (a != b && changed.cells++ == 0) changed.cell = cell, changed.a = a, changed.b = b;
      compare_cell(cell, *cells[cell]);
    }
    if (changed.cells > 0) to_.status.push_back(changed);
    const std::size_t common = cells.size() - lost, more = b_.cells() - common;
    if (lost > 0 || more > 0)
      note(fmt::format("{} of {} cells only in the first library, {} of {} only in the second", lost,
                       cells.size(), more, b_.cells()));
    if (without_error_ > 0)
      note(fmt::format("{} figures differ, but have no error bar to compare them by", without_error_));
  }

 private:
  void note(const std::string& what) { to_.not_compared.push_back(a_.name + ": " + what); }

  void compare_cell(std::size_t i, std::size_t j) {
    const double nominal_a = plane_at(a_, "nominal", i), nominal_b = plane_at(b_, "nominal", j);
    // Without spread in either, a table that is the circuit without mismatch says one number twice.
    const bool has_samples = sampled(a_) || sampled(b_);
    if (has_samples) {
      tested("mean", i, j, a_.values[i], b_.values[j], log_, "stderr");
      tested("sigma", i, j, plane_at(a_, "sigma", i), plane_at(b_, "sigma", j), false, "sigma_stderr");
      exact("nominal", i, nominal_a, nominal_b);
    } else if (a_.planes.contains("stderr") && std::isfinite(plane_at(a_, "stderr", i))) {
      tested("mean", i, j, a_.values[i], b_.values[j], log_, "stderr");
    } else {
      exact("value", i, a_.values[i], b_.values[j]);
    }
  }

  static bool sampled(const Table& table) { return !table.method.empty(); }

  // Both are numbers and differ; counts them.
  bool differ(double a, double b) {
    if (!std::isfinite(a) || !std::isfinite(b)) return false;
    ++to_.compared;
    return a != b;
  }

  void tested(const char* figure, std::size_t i, std::size_t j, double a, double b, bool by_log,
              const char* error) {
    if (!differ(a, b)) return;
    const double error_a = plane_at(a_, error, i), error_b = plane_at(b_, error, j);
    if (!std::isfinite(error_a) || !std::isfinite(error_b)) {
      ++without_error_;
      return;
    }
    const double square = error_a * error_a + error_b * error_b;
    if (!(std::sqrt(square) > numerical_)) {
      add(figure, i, a, b, by_log, floor_, std::numeric_limits<double>::infinity());
      return;
    }
    const double share = error_a * error_a / square;
    const double parts = share * share / freedom(a_, i) + (1 - share) * (1 - share) / freedom(b_, j);
    add(figure, i, a, b, by_log, std::sqrt(square), 1 / parts);
  }

  void exact(const char* figure, std::size_t i, double a, double b) {
    if (differ(a, b)) add(figure, i, a, b, log_, floor_, std::numeric_limits<double>::infinity());
  }

  void add(const char* figure, std::size_t cell, double a, double b, bool by_log, double error,
           double freedom) {
    const bool logs = by_log && a > 0 && b > 0;
    const double difference = logs ? std::log(b / a) : b - a;
    to_.figures.push_back({.table = &a_,
                           .figure = figure,
                           .cell = cell,
                           .a = a,
                           .b = b,
                           .difference = difference,
                           .error = error,
                           .p = chance(error > 0 ? difference / error : 0, freedom)});
  }

  const Table &a_, &b_;
  LibraryDiff& to_;
  bool log_;
  double numerical_ = 0, floor_ = 0;
  std::size_t without_error_ = 0;
};

void compare_inputs(const Library& a, const Library& b, std::vector<std::string>& to) {
  const auto compare = [&](const std::string& name, const std::string* mine, const std::string* other) {
    if (!mine) to.push_back(name + ": only in the second");
    if (!other) to.push_back(name + ": only in the first");
    if (!mine || !other || *mine == *other) return;
    const bool short_text = mine->size() + other->size() < 60 && mine->find('\n') == mine->npos;
    to.push_back(short_text ? fmt::format("{}: {} -> {}", name, *mine, *other) : name + ": changed");
  };
  std::set<std::string> facts, files;
  for (const Library* library : {&a, &b}) {
    for (const auto& fact : library->provenance.facts) facts.insert(fact.first);
    for (const auto& file : library->provenance.files) files.insert(file.first);
  }
  for (const std::string& name : facts) compare(name, a.provenance.fact(name), b.provenance.fact(name));
  const auto text = [](const Library& library, const std::string& name) {
    const auto found = library.provenance.files.find(name);
    return found == library.provenance.files.end() ? nullptr : &found->second;
  };
  for (const std::string& name : files) compare(name, text(a, name), text(b, name));
}

// REQUIRES figures in ascending order of p.
void mark_significant(std::vector<FigureChange>& figures, double level) {
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (figures[i].p > level / static_cast<double>(figures.size() - i)) return;
    figures[i].significant = true;
  }
}

}  // namespace

bool LibraryDiff::moved() const {
  return !status.empty() || (!figures.empty() && figures.front().significant);
}

LibraryDiff diff(const Library& a, const Library& b, double level) {
  LibraryDiff found;
  for (const auto& [name, table] : a.tables()) {
    const auto other = b.tables().find(name);
    if (other == b.tables().end()) {
      found.only_a.push_back(name);
      continue;
    }
    const std::string reason = objection(table, other->second);
    if (reason.empty())
      TablePair(table, other->second, found).compare();
    else
      found.not_compared.push_back(name + ": " + reason);
  }
  for (const auto& [name, table] : b.tables())
    if (!a.tables().contains(name)) found.only_b.push_back(name);
  compare_inputs(a, b, found.inputs);
  const std::string *seed_a = a.provenance.fact("seed"), *seed_b = b.provenance.fact("seed");
  found.same_seed = seed_a && seed_b && *seed_a == *seed_b;
  std::stable_sort(found.figures.begin(), found.figures.end(),
                   [](const FigureChange& x, const FigureChange& y) {
                     if (x.p != y.p) return x.p < y.p;
                     return std::fabs(x.sigmas()) > std::fabs(y.sigmas());
                   });
  mark_significant(found.figures, level);
  return found;
}

}  // namespace mavis::report
