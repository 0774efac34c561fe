#include "compute_circuit.h"

#include <fmt/format.h>

#include "device_places.h"
#include "util/home.h"

namespace mavis {
namespace {

using spice::ComputePort;
using spice::Level;
using spice::Part;

constexpr const char* kLowStates[] = {"storage_low", "storage_low_bar"};

bool is_common(Part part) {
  return part == Part::line || part == Part::line_bar || part == Part::side_line;
}

bool is_own(Part part) {
  return part == Part::own_line || part == Part::share || part == Part::share_bar;
}

// Where a port that takes no part in computing rests.
Level rest_level(const std::string& role, const Level& supply) {
  if (role == "bit_line" || role == "bit_line_bar" || role == "n_well") return supply;
  if (role == "read_bit_line" || role == "read_bit_line_bar" || role == "product_line" ||
      role == "column_line")
    return {0, 1};
  return {};
}

// Node of a source that follows something: vpre, vshare, v0_3, vbit3.
std::string node_of(const std::string& source) {
  if (source.starts_with("vbit")) return "wq" + source.substr(4);
  return (source.find_first_of("0123456789") == 1 ? "in" : "") + source.substr(1);
}

// Ports of the cell, by what the column connects them to.
struct Wiring {
  ColumnSpec spec;
  std::vector<std::string> nodes;  // by port; "{row}" in them is the row's
  std::vector<std::string> cards;  // of the column, without its rows
  std::vector<std::string> own;    // of each row
};

// Level as an expression of a netlist.
std::string expression(const Level& level) {
  return fmt::format("{{{:.17g}+{:.17g}*vdd}}", level.volts, level.of_vdd);
}

Wiring wire(const plan::Subject& subject) {
  const spice::Block& cell = subject.blocks.at("bitcell");
  const spice::Operation& operation = *cell.operation;
  Wiring w;
  ColumnSpec& spec = w.spec;
  spec.rows = subject.rows;
  spec.latches = cell.has_state(kLowStates[0]) && cell.has_state(kLowStates[1]) ? 2 : 1;
  spec.lead = operation.lead, spec.time = operation.time, spec.settle = operation.settle;
  spec.ones = operation.ones, spec.zeros = operation.zeros;

  const auto supply = cell.compute.find(cell.port_with("cell_supply"));
  spec.constants = {supply == cell.compute.end() ? Level{0, 1} : supply->second.rest, Level{0, 1},
                    Level{0, 1}};
  const auto add_constant = [&](const Level& level) {
    spec.constants.push_back(level);
    return fmt::format("c{}", spec.constants.size() - 1);
  };
  const auto precharge = [&](const std::string& node, const std::string& source, double load, double pitch) {
    w.cards.push_back(fmt::format("spre_{0} {1} {0} pre 0 charging_all", node, source));
    w.cards.push_back(
        fmt::format("cwire_{} {} 0 {{rows*({:.17g}+{:.17g}*cwire_um)}}", node, node, load, pitch * 1e6));
  };
  const auto is_twin = [](const ComputePort& port) {
    return port.part == Part::line_bar || port.part == Part::share_bar;
  };
  const auto common_node = [&](const ComputePort& port) -> std::string {
    return is_twin(port) ? "line_bar" : "line";
  };
  const auto common_source = [&](const ComputePort& port) {
    const int constant = is_twin(port) ? kTwin : kLine;
    spec.constants[static_cast<std::size_t>(constant)] = port.rest;
    return fmt::format("c{}", constant);
  };
  for (const spice::Port& port : cell.ports) {
    const auto found = cell.compute.find(port.name);
    const ComputePort* computing = found == cell.compute.end() ? nullptr : &found->second;
    if (port.role == "ground" || port.role == "p_well") {
      w.nodes.emplace_back("0");
    } else if (port.role == "cell_supply") {
      w.nodes.emplace_back("c0");
    } else if (!computing) {
      const Level level = rest_level(port.role, spec.constants[kSupply]);
      w.nodes.push_back(level == Level{}                   ? "0"
                        : level == spec.constants[kSupply] ? "c0"
                                                           : add_constant(level));
    } else if (computing->part == Part::bias) {
      w.nodes.push_back(add_constant(computing->rest));
      spec.bias = static_cast<int>(spec.constants.size()) - 1;
    } else if (is_common(computing->part)) {
      const bool read = computing->part != Part::side_line;
      const std::string node = read ? common_node(*computing) : "side_" + std::to_string(w.nodes.size());
      precharge(node, read ? common_source(*computing) : add_constant(computing->rest), computing->load,
                subject.pdk.cell_height);
      w.nodes.push_back(node);
    } else {
      const std::size_t i = spec.drives.size();
      spec.drives.push_back({computing->rest, computing->one, computing->zero, computing->start,
                             computing->holds, computing->part == Part::input});
      if (!is_own(computing->part)) {
        w.nodes.push_back(fmt::format("in{}_{{row}}", i));
        continue;
      }
      // A precharge by the input stands before lines float, and until they are precharged again.
      spec.drives.back().start = spice::Start::precharge;
      spec.drives.back().holds = true;
      const std::string node = fmt::format("own{}_{{row}}", i);
      w.nodes.push_back(node);
      w.own.push_back(fmt::format("spre{0}_{{row}} in{0}_{{row}} {1} {2} 0 charging", i, node,
                                  computing->part == Part::own_line ? "pre_own" : "pre"));
      if (computing->part == Part::own_line) continue;
      spec.read_drives.insert(is_twin(*computing) ? spec.read_drives.end() : spec.read_drives.begin(),
                              static_cast<int>(i));
      const std::string common = common_node(*computing);
      w.own.push_back(fmt::format("sshare{}_{{row}} {} {} share 0 charging", i, node, common));
      precharge(common, common_source(*computing), computing->load, subject.pdk.cell_width);
      spec.shares = true;
    }
    spec.twin = spec.twin || (computing && is_twin(*computing));
  }
  for (std::size_t i = 0; i < spec.constants.size(); ++i)
    w.cards.push_back(fmt::format("vc{0} c{0} 0 {1}", i, expression(spec.constants[i])));
  return w;
}

std::string of_row(std::string text, int row) {
  const std::string place = "{row}", number = std::to_string(row);
  for (auto at = text.find(place); at != text.npos; at = text.find(place, at))
    text.replace(at, place.size(), number);
  return text;
}

void add_row(const plan::Subject& subject, const Wiring& w, int row, std::vector<std::string>& cards) {
  const spice::Block& cell = subject.blocks.at("bitcell");
  std::string line = fmt::format("xr{}", row);
  for (const std::string& node : w.nodes) line += " " + of_row(node, row);
  cards.push_back(line + " " + cell.subckt);
  for (const std::string& card : w.own) cards.push_back(of_row(card, row));
  // vbit3: the bit; vbitl3: that of the low latch.
  for (int latch = 0; latch < w.spec.latches; ++latch) {
    const std::string tag = (latch == 0 ? "" : "l") + std::to_string(row);
    const std::string& q = cell.state_with(latch == 0 ? "storage" : kLowStates[0]);
    const std::string& qb = cell.state_with(latch == 0 ? "storage_bar" : kLowStates[1]);
    cards.push_back(fmt::format("ebit{0} wqb{0} 0 c0 wq{0} 1", tag));
    cards.push_back(fmt::format("ssq{0} xr{1}.{2} wq{0} set 0 joined", tag, row, q));
    cards.push_back(fmt::format("ssqb{0} xr{1}.{2} wqb{0} set 0 joined", tag, row, qb));
    cards.push_back(fmt::format("eq{0} q{0} 0 xr{1}.{2} 0 1", tag, row, q));
    cards.push_back(fmt::format("eqb{0} qb{0} 0 xr{1}.{2} 0 1", tag, row, qb));
  }
}

}  // namespace

std::string no_computing(const plan::Subject& subject) {
  const spice::Block& cell = subject.blocks.at("bitcell");
  if (!cell.operation) return "needs a bitcell whose netlist says how it computes ('*@ operation:')";
  for (const char* role : {"cell_supply", "storage", "storage_bar"})
    if (!cell.has_port(role) && !cell.has_state(role))
      return fmt::format("needs a bitcell with the role '{}'", role);
  return "";
}

ColumnSpec column_spec(const plan::Subject& subject) {
  return wire(subject).spec;
}

spice::DeckSpec column_deck(const plan::Bench& bench, const plan::Subject& subject,
                            const plan::PvtPoint& pvt) {
  const Wiring w = wire(subject);
  spice::DeckSpec deck = deck_spec(bench, subject, pvt);
  deck.bench = home() / "characterize" / "compute.cir";
  deck.params.emplace_back("rows", w.spec.rows);
  deck.cards = w.cards;
  const Stimulus stimulus = stimulate(w.spec, {.vdd = pvt.vdd},
                                      [&](int row) { return pair_at(w.spec, row, w.spec.rows / 2, -1); }, {});
  for (const auto& [source, points] : stimulus.followed) {
    std::string card = fmt::format("{} {} 0 pwl(", source, node_of(source));
    for (const auto& [t, volts] : points) card += fmt::format(" {:.17g} {:.17g}", t, volts);
    deck.cards.push_back(card + ")");
  }
  for (const auto& [source, volts] : stimulus.constant)
    if (source.starts_with("vbit"))
      deck.cards.push_back(fmt::format("{} {} 0 {:.17g}", source, node_of(source), volts));
  deck.params.emplace_back("tstop", stimulus.times.stop);
  deck.saves = {"v(line)"};
  if (w.spec.twin) deck.saves.emplace_back("v(line_bar)");
  for (int row = 0; row < w.spec.rows; ++row) {
    add_row(subject, w, row, deck.cards);
    for (std::size_t i = 0; i < w.spec.drives.size(); ++i)
      deck.saves.push_back(fmt::format("v{}_{}#branch", i, row));
  }
  for (std::size_t i = 0; i < w.spec.constants.size(); ++i)
    deck.saves.push_back(fmt::format("vc{}#branch", i));
  for (const std::string& tag : latch_tags(w.spec)) {
    deck.saves.push_back(fmt::format("v(q{})", tag));
    deck.saves.push_back(fmt::format("v(qb{})", tag));
    deck.saves.push_back(fmt::format("vbit{}#branch", tag));
    deck.saves.push_back(fmt::format("ebit{}#branch", tag));
  }
  return deck;
}

std::vector<pdk::Parameter> column_parameters(const plan::Subject& subject,
                                              const std::vector<spice::Device>& devices) {
  std::vector<pdk::Parameter> all;
  for (int row = 0; row < subject.rows; ++row)
    for (pdk::Parameter& parameter :
         parameters_at(subject, devices, fmt::format("xr{}", row), fmt::format("row{}.", row)))
      all.push_back(std::move(parameter));
  return all;
}

tables::Axis pair_axis(const std::string& name, const std::string& long_name, const std::vector<int>& pairs) {
  tables::Axis axis{.name = name, .long_name = long_name};
  for (int pair : pairs) axis.labels.push_back(fmt::format("{}{}", pair / 2, pair % 2));
  return axis;
}

}  // namespace mavis
