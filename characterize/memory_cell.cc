#include "memory_cell.h"

#include <algorithm>

namespace mavis {

using tables::Status;
using tables::Worse;

std::vector<std::pair<std::string, std::string>> memory_roles() {
  std::vector<std::pair<std::string, std::string>> roles;
  for (const char* role : {"cell_supply", "ground", "storage", "storage_bar"})
    roles.emplace_back("bitcell", role);
  return roles;
}

tables::Axis bit_axis(const std::string& name, const std::string& long_name) {
  return {.name = name, .long_name = long_name, .labels = {"0", "1"}};
}

std::vector<spice::DeckSpec> MemoryBench::decks(const plan::Subject& subject, const plan::PvtPoint& pvt,
                                                const plan::Condition&) const {
  spice::DeckSpec spec = deck_spec(*this, subject, pvt);
  spec.saves = {"v(bit)", "v(bit_bar)"};
  return {spec};
}

std::vector<plan::Quantity> by_bit(const std::vector<plan::Quantity>& figures, const tables::Axis& bits) {
  std::vector<plan::Quantity> all;
  for (const plan::Quantity& figure : figures) {
    plan::Quantity worst = figure, each = figure;
    worst.long_name +=
        figure.worse == Worse::low ? ", the lesser of both bits" : ", the greater of both bits";
    worst.responds = false;
    each.name += "_by_bit";
    each.long_name += ", by " + bits.long_name;
    each.inner.push_back(bits);
    all.insert(all.end(), {worst, each});
  }
  return all;
}

void add_by_bit(plan::Measurement& result, const std::string& name, Worse worse,
                const std::array<double, 2>& values, const std::array<Status, 2>& status) {
  plan::Measured &each = result[name + "_by_bit"], &worst = result[name];
  each.values.insert(each.values.end(), values.begin(), values.end());
  each.status.insert(each.status.end(), status.begin(), status.end());
  for (const std::size_t bit : {std::size_t{0}, std::size_t{1}})
    if (status[bit] == Status::not_applicable) {
      worst.values.push_back(values[1 - bit]);
      worst.status.push_back(status[1 - bit]);
      return;
    }
  worst.values.push_back(worse == Worse::low ? std::min(values[0], values[1])
                                             : std::max(values[0], values[1]));
  worst.status.push_back(std::max(status[0], status[1]));
}

std::optional<double> narrow_down(
    double from, double to,
    const std::function<std::optional<double>(double from, double to, double steps)>& sweep) {
  constexpr double kAround = 1.25;  // steps to either side of the finding: it is known to one
  constexpr double kCloser = 1.5;   // as many steps around it
  std::optional<double> found;
  // Large steps can make ngspice lose a state before its time: then the closer sweep loses it nowhere, or at
  // once.
  for (const double steps : {40.0, 80.0, 160.0}) {
    found = sweep(from, to, steps);
    if (!found) return std::nullopt;
    const double half = kAround * (from - to) / steps, high = std::min(from, *found + half);
    const std::optional<double> again = sweep(high, std::max(to, *found - half), kCloser * steps);
    if (again && *again < high) return again;
  }
  return found;
}

}  // namespace mavis
