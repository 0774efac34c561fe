#include "compute_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "device_places.h"
#include "spice/roles.h"
#include "spice/waveform.h"
#include "util/home.h"

namespace mavis {
namespace {

using spice::ComputePort;
using spice::Level;
using spice::Part;

// s, break points of compute.cir.
constexpr double kSet = 10e-12, kEdge = 20e-12, kEarly = 40e-12, kFloat = 300e-12, kGap = 60e-12,
                 kReturn = 1e-9;
constexpr double kStep = 1e-12;
// Longest time steps: a hundredth of the operation moves levels by less than reltol does.
constexpr double kStepsAnOperation = 100;
constexpr int kSupply = 0, kLine = 1, kTwin = 2;  // constants

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

using Points = std::vector<std::pair<double, double>>;

struct Operating {
  double vdd = 0;          // V
  double time_scale = 1;   // of evaluation
  double drive_scale = 1;  // of inputs, or of the bias
};

double volts_of(const ColumnSpec& spec, const Drive& drive, int x, const Operating& at) {
  const Level& level = x == 1 ? drive.one : drive.zero;
  const bool scales = drive.is_input && level != drive.rest && spec.bias < 0;
  return level.at(at.vdd) * (scales ? at.drive_scale : 1);
}

double drive_of(const ColumnSpec& spec, double vdd, double scale) {
  if (spec.bias >= 0) return spec.constants[static_cast<std::size_t>(spec.bias)].at(vdd) * scale;
  double most = 0;
  for (const Drive& drive : spec.drives)
    if (drive.is_input)
      for (int x : {0, 1}) most = std::max(most, volts_of(spec, drive, x, {vdd, 1, scale}));
  return most;
}

// What the sources of a column do in one cycle.
struct Stimulus {
  Times times;
  std::vector<std::pair<std::string, Points>> followed;
  std::vector<std::pair<std::string, double>> constant;
};

struct Kind {
  bool held = false;  // lines that are read stay precharged
  int weight = 3;     // latches that store the bits: 2 the high one, 1 the low one
};

Stimulus stimulate(const ColumnSpec& spec, const Operating& at, const std::function<int(int row)>& pair_of,
                   const Kind& kind) {
  Stimulus s;
  Times& t = s.times;
  const double act = kFloat + kEdge + spec.lead;
  t.end = act + spec.time * at.time_scale;
  const double share = t.end + kGap;
  t.read = (spec.shares ? share : t.end) + kEdge + spec.settle;
  t.stop = t.read + kGap + kReturn;
  const auto follow = [&](const std::string& source, double rest, double from, double level, double until) {
    s.followed.emplace_back(
        source,
        Points{{0, rest}, {from, rest}, {from + kEdge, level}, {until, level}, {until + kEdge, rest}});
  };
  const auto stay = [&](const char* source, double level) {
    s.followed.emplace_back(source, Points{{0, level}, {t.stop, level}});
  };
  follow("vpre_own", 1, kFloat, 0, t.read + kGap);
  if (kind.held)
    stay("vpre", 1);
  else
    follow("vpre", 1, kFloat, 0, t.read + kGap);
  if (spec.shares && !kind.held)
    follow("vshare", 0, share, 1, t.read);
  else
    stay("vshare", 0);
  if (spec.bias >= 0)
    s.constant.emplace_back(fmt::format("vc{}", spec.bias), drive_of(spec, at.vdd, at.drive_scale));
  const double supply = spec.constants[kSupply].at(at.vdd);
  const std::array starts = {kEarly, kFloat + kEdge, act};  // by spice::Start
  for (int row = 0; row < spec.rows; ++row) {
    const int pair = pair_of(row), w = pair / 2, x = pair % 2;
    s.constant.emplace_back(fmt::format("vbit{}", row), (kind.weight & 2) != 0 ? w * supply : 0);
    if (spec.latches == 2)
      s.constant.emplace_back(fmt::format("vbitl{}", row), (kind.weight & 1) != 0 ? w * supply : 0);
    for (std::size_t i = 0; i < spec.drives.size(); ++i) {
      const Drive& drive = spec.drives[i];
      follow(fmt::format("v{}_{}", i, row), drive.rest.at(at.vdd),
             starts[static_cast<std::size_t>(drive.start)], volts_of(spec, drive, x, at),
             drive.holds ? t.read : t.end);
    }
  }
  return s;
}

// The first rows hold a product; kinds of either go round the rows in turn, unless `zero` is that of all
// zeros.
int pair_at(const ColumnSpec& spec, int row, int products, int zero) {
  if (row >= products && zero >= 0) return zero;
  const std::vector<int>& kinds = row < products ? spec.ones : spec.zeros;
  return kinds[static_cast<std::size_t>(row) % kinds.size()];
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

std::vector<std::string> latch_tags(const ColumnSpec& spec) {
  std::vector<std::string> tags;
  for (int row = 0; row < spec.rows; ++row) {
    tags.push_back(std::to_string(row));
    if (spec.latches == 2) tags.push_back("l" + std::to_string(row));
  }
  return tags;
}

void put(std::map<std::string, double>& settings, const std::string& name, const Level& level) {
  settings[name + "_volts"] = level.volts;
  settings[name + "_of_vdd"] = level.of_vdd;
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

std::map<std::string, double> column_settings(const ColumnSpec& spec) {
  std::map<std::string, double> s = {{"rows", spec.rows},
                                     {"latches", spec.latches},
                                     {"shares", spec.shares},
                                     {"twin", spec.twin},
                                     {"bias", spec.bias},
                                     {"lead", spec.lead},
                                     {"time", spec.time},
                                     {"settle", spec.settle},
                                     {"drives", static_cast<double>(spec.drives.size())},
                                     {"read_drives", static_cast<double>(spec.read_drives.size())},
                                     {"constants", static_cast<double>(spec.constants.size())},
                                     {"ones", static_cast<double>(spec.ones.size())},
                                     {"zeros", static_cast<double>(spec.zeros.size())}};
  for (std::size_t i = 0; i < spec.drives.size(); ++i) {
    const std::string name = fmt::format("drive_{}", i);
    put(s, name + "_rest", spec.drives[i].rest);
    put(s, name + "_one", spec.drives[i].one);
    put(s, name + "_zero", spec.drives[i].zero);
    s[name + "_start"] = static_cast<int>(spec.drives[i].start);
    s[name + "_holds"] = spec.drives[i].holds;
    s[name + "_input"] = spec.drives[i].is_input;
  }
  for (std::size_t i = 0; i < spec.read_drives.size(); ++i)
    s[fmt::format("read_drive_{}", i)] = spec.read_drives[i];
  for (std::size_t i = 0; i < spec.constants.size(); ++i)
    put(s, fmt::format("constant_{}", i), spec.constants[i]);
  for (std::size_t i = 0; i < spec.ones.size(); ++i) s[fmt::format("one_{}", i)] = spec.ones[i];
  for (std::size_t i = 0; i < spec.zeros.size(); ++i) s[fmt::format("zero_{}", i)] = spec.zeros[i];
  return s;
}

ColumnSpec column_spec(const plan::Job& job) {
  const auto get = [&](const std::string& name) { return job.settings.at(name); };
  const auto whole = [&](const std::string& name) { return static_cast<int>(get(name)); };
  const auto level = [&](const std::string& name) {
    return Level{get(name + "_volts"), get(name + "_of_vdd")};
  };
  ColumnSpec spec;
  spec.rows = whole("rows"), spec.latches = whole("latches"), spec.bias = whole("bias");
  spec.shares = get("shares") == 1, spec.twin = get("twin") == 1;
  spec.lead = get("lead"), spec.time = get("time"), spec.settle = get("settle");
  for (int i = 0; i < whole("drives"); ++i) {
    const std::string name = fmt::format("drive_{}", i);
    spec.drives.push_back({level(name + "_rest"), level(name + "_one"), level(name + "_zero"),
                           static_cast<spice::Start>(whole(name + "_start")), get(name + "_holds") == 1,
                           get(name + "_input") == 1});
  }
  for (int i = 0; i < whole("read_drives"); ++i)
    spec.read_drives.push_back(whole(fmt::format("read_drive_{}", i)));
  for (int i = 0; i < whole("constants"); ++i) spec.constants.push_back(level(fmt::format("constant_{}", i)));
  for (int i = 0; i < whole("ones"); ++i) spec.ones.push_back(whole(fmt::format("one_{}", i)));
  for (int i = 0; i < whole("zeros"); ++i) spec.zeros.push_back(whole(fmt::format("zero_{}", i)));
  return spec;
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

Column::Column(plan::Probe& probe)
    : probe_(probe), spec_(column_spec(probe.job())), vdd_(probe.job().pvt.vdd) {}

double Column::drive() const {
  return drive_of(spec_, vdd_, drive_scale_);
}

Times Column::set(const std::function<int(int row)>& pair_of, bool held, int weight) {
  spice::Session& session = probe_.session();
  const Stimulus stimulus =
      stimulate(spec_, {vdd_, time_scale_, drive_scale_}, pair_of, {.held = held, .weight = weight});
  for (const auto& [source, points] : stimulus.followed) session.set_pwl(source, points);
  for (const auto& [source, volts] : stimulus.constant) session.set_dc(source, volts);
  return stimulus.times;
}

Answer Column::operate(int products, int zero, int weight) {
  const auto pair_of = [&](int row) { return pair_at(spec_, row, products, zero); };
  const Times t = set(pair_of, false, weight);
  spice::Session& session = probe_.session();
  const spice::Waveforms run = session.run_tran(kStep, t.stop, 0, t.read / kStepsAnOperation);
  const auto at = [&](std::string_view node) { return spice::value_at(run.scale(), run[node], t.read); };
  Answer answer;
  answer.level = at("line") - (spec_.twin ? at("line_bar") : 0);

  const double from = kSet + kEdge;  // the storage nodes are on their own
  const auto charge = [&](const std::string& source, bool outward) {
    std::vector<double> current(run[source + "#branch"].begin(), run[source + "#branch"].end());
    for (double& i : current) i = outward ? std::max(-i, 0.0) : -i;
    return spice::integral(run.scale(), current, from, t.stop);
  };
  for (std::size_t i = 0; i < spec_.constants.size(); ++i) {
    const std::string source = fmt::format("vc{}", i);
    const double volts = static_cast<int>(i) == spec_.bias ? drive() : spec_.constants[i].at(vdd_);
    answer.energy += volts * charge(source, false);
    answer.static_current += std::max(out(run, source, t.end), 0.0);
  }
  for (int row = 0; row < spec_.rows; ++row)
    for (std::size_t i = 0; i < spec_.drives.size(); ++i) {
      const Drive& drive = spec_.drives[i];
      const std::string source = fmt::format("v{}_{}", i, row);
      const double high = std::max(
          drive.rest.at(vdd_), volts_of(spec_, drive, pair_of(row) % 2, {vdd_, time_scale_, drive_scale_}));
      answer.energy += high * charge(source, true);
      answer.static_current += std::max(out(run, source, t.end), 0.0);
    }

  const double supply = spec_.constants[kSupply].at(vdd_);
  for (const std::string& tag : latch_tags(spec_)) {
    const auto q = run["q" + tag], qb = run["qb" + tag];
    const bool high = q[0] > qb[0];
    const auto up = high ? q : qb, down = high ? qb : q;
    for (std::size_t i = 0; i < up.size(); ++i) {
      if (run.scale()[i] < from) continue;
      answer.disturb = std::max({answer.disturb, down[i], supply - up[i]});
    }
    answer.lost = answer.lost || up.back() <= down.back();
  }
  return answer;
}

double Column::out(const spice::Waveforms& run, const std::string& source, double t) const {
  return -spice::value_at(run.scale(), run[source + "#branch"], t);
}

double Column::line_current(int pair) {
  const Times t = set([&](int) { return pair; }, true, 3);
  const spice::Waveforms run = probe_.session().run_tran(kStep, t.end, 0, t.read / kStepsAnOperation);
  if (spec_.read_drives.empty()) {
    const double twin = spec_.twin ? out(run, fmt::format("vc{}", kTwin), t.end) : 0;
    return (out(run, fmt::format("vc{}", kLine), t.end) - twin) / spec_.rows;
  }
  double sum = 0;  // of what charges each cell's own lines
  for (int row = 0; row < spec_.rows; ++row)
    for (std::size_t i = 0; i < spec_.read_drives.size(); ++i)
      sum += (i == 0 ? 1 : -1) * out(run, fmt::format("v{}_{}", spec_.read_drives[i], row), t.end);
  return sum / spec_.rows;
}

double Column::idle_power() {
  set([](int row) { return 2 * (row % 2); }, true, 3);
  const spice::Waveforms rest = probe_.session().run_op();
  const auto current = [&](const std::string& source) { return -rest[source + "#branch"][0]; };
  double power = 0;
  const double supply = spec_.constants[kSupply].at(vdd_);
  for (std::size_t i = 0; i < spec_.constants.size(); ++i)
    power += (static_cast<int>(i) == spec_.bias ? drive() : spec_.constants[i].at(vdd_)) *
             current(fmt::format("vc{}", i));
  for (int row = 0; row < spec_.rows; ++row) {
    for (std::size_t i = 0; i < spec_.drives.size(); ++i)
      power += spec_.drives[i].rest.at(vdd_) * current(fmt::format("v{}_{}", i, row));
    // The switches hold the nodes where the latch would: what they supply is the latch's own leakage.
    for (int latch = 0; latch < spec_.latches; ++latch) {
      const std::string tag = (latch == 0 ? "" : "l") + std::to_string(row);
      power += supply * current((row % 2 == 1 ? "vbit" : "ebit") + tag);
    }
  }
  return power / spec_.rows;
}

}  // namespace mavis
