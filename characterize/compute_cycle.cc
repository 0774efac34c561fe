#include "compute_cycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mavis {
namespace {

using spice::Level;

// s, break points of compute.cir.
constexpr double kSet = 10e-12, kEdge = 20e-12, kEarly = 40e-12, kFloat = 300e-12, kGap = 60e-12,
                 kReturn = 1e-9;

void put(std::map<std::string, double>& settings, const std::string& name, const Level& level) {
  settings[name + "_volts"] = level.volts;
  settings[name + "_of_vdd"] = level.of_vdd;
}

}  // namespace

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

std::vector<std::string> latch_tags(const ColumnSpec& spec) {
  std::vector<std::string> tags;
  for (int row = 0; row < spec.rows; ++row) {
    tags.push_back(std::to_string(row));
    if (spec.latches == 2) tags.push_back("l" + std::to_string(row));
  }
  return tags;
}

double volts_of(const ColumnSpec& spec, const Drive& drive, int x, const Operating& at) {
  const Level& level = x == 1 ? drive.one : drive.zero;
  const bool scales = drive.is_input && level != drive.rest && spec.bias < 0;
  return level.at(at.vdd) * (scales ? at.drive_scale : 1);
}

double drive_of(const ColumnSpec& spec, const Operating& at) {
  if (spec.bias >= 0) return spec.constants[static_cast<std::size_t>(spec.bias)].at(at.vdd) * at.drive_scale;
  double most = 0;
  for (const Drive& drive : spec.drives)
    if (drive.is_input)
      for (int x : {0, 1}) most = std::max(most, volts_of(spec, drive, x, at));
  return most;
}

Stimulus stimulate(const ColumnSpec& spec, const Operating& at, const std::function<int(int row)>& pair_of,
                   const Kind& kind) {
  Stimulus s;
  Times& t = s.times;
  const double act = kFloat + kEdge + spec.lead;
  t.alone = kSet + kEdge;
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
  if (spec.bias >= 0) s.constant.emplace_back(fmt::format("vc{}", spec.bias), drive_of(spec, at));
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

int pair_at(const ColumnSpec& spec, int row, int products, int zero) {
  if (row >= products && zero >= 0) return zero;
  const std::vector<int>& kinds = row < products ? spec.ones : spec.zeros;
  return kinds[static_cast<std::size_t>(row) % kinds.size()];
}

}  // namespace mavis
