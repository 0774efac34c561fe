#include "pdk/pdk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "pdk/models.h"
#include "util/error.h"
#include "util/home.h"
#include "util/nearest.h"
#include "util/toml_fields.h"

namespace mavis::pdk {
namespace fs = std::filesystem;

namespace {

constexpr double kFemtofarad = 1e-15;
constexpr std::string_view kDut = "xdut.";
const std::vector<std::string> kBases = {"read", "estimated", "constructed", "measured"};

// Reads pdk.toml top down; `sources` holds the keys that figures may name.
class Reader {
 public:
  explicit Reader(const fs::path& path) : root_(TomlFields::read(path, "process description")) {
    const TomlFields sources = root_.table("sources");
    for (const std::string& name : sources.names()) {
      sources.text(name);
      sources_.push_back(name);
    }
  }

  Pdk read() {
    Pdk pdk;
    pdk.folder = root_.path().parent_path();
    pdk.name = root_.text("name");
    pdk.summary = root_.text("summary");
    const TomlFields devices = root_.table("devices");
    pdk.nmos = devices.text("nmos");
    pdk.pmos = devices.text("pmos");
    read_corners(pdk);
    read_limits(pdk);
    read_mismatch(pdk);
    read_geometry(pdk);
    read_expected(pdk);
    root_.refuse_unknown();
    return pdk;
  }

 private:
  // Refuses a figure that does not say where it comes from. Returns its basis.
  std::string origin(const TomlFields& figure) const {
    const std::string basis = figure.choice("basis", kBases);
    const std::string source = figure.text("source");
    if (std::find(sources_.begin(), sources_.end(), source) == sources_.end()) {
      const std::string near = nearest(source, sources_);
      figure.refuse("source", fmt::format("'{}' is not in [sources]; {}", source,
                                          near.empty() ? "add it there" : "did you mean '" + near + "'?"));
    }
    return basis;
  }

  double figure(const TomlFields& table, std::string_view field, std::string_view unit,
                Range range = kPositive) const {
    const TomlFields figure = table.table(field);
    origin(figure);
    return figure.quantity("value", unit, range);
  }

  struct Polarities {
    double n = 0, p = 0;
  };
  Polarities figures(const TomlFields& table, std::string_view field, std::string_view unit) const {
    const TomlFields figure = table.table(field);
    origin(figure);
    return {figure.quantity("n", unit, kPositive), figure.quantity("p", unit, kPositive)};
  }

  // What turns a mismatch figure into that of one device.
  static double per_device(const TomlFields& table, std::string_view field) {
    const TomlFields figure = table.table(field);
    if (!figure.has("convention"))
      figure.refuse(
          "convention",
          "is missing, and the two conventions differ by sqrt 2; say \"pair\" (sigma of the difference "
          "of two devices) or \"device\" (sigma of one)");
    return figure.choice("convention", {"pair", "device"}) == "pair" ? 1 / std::numbers::sqrt2 : 1;
  }

  void read_corners(Pdk& pdk) const {
    std::set<std::string> names;
    for (const TomlFields& fields : root_.tables("corner")) {
      Corner corner;
      corner.name = fields.text("name");
      if (!names.insert(corner.name).second)
        fields.refuse("name", fmt::format("'{}' is used twice; rename one corner", corner.name));
      corner.summary = fields.text("summary");
      corner.include = pdk.folder / fields.text("file");
      if (!fs::is_regular_file(corner.include))
        fields.refuse(
            "file", fmt::format("there is no {}; correct the name or add the file", corner.include.string()));
      corner.constructed = origin(fields) == "constructed";
      pdk.corners.push_back(std::move(corner));
    }
  }

  void read_limits(Pdk& pdk) const {
    const TomlFields supply = root_.table("supply");
    pdk.vdd_nominal = figure(supply, "nominal", "V");
    pdk.vdd_min = figure(supply, "min", "V", {0.05, pdk.vdd_nominal});
    pdk.vdd_max = figure(supply, "max", "V", {pdk.vdd_nominal, 100});
    const TomlFields temperature = root_.table("temperature");
    pdk.temp_min_c = figure(temperature, "min", "C", {-273, 27});
    pdk.temp_max_c = figure(temperature, "max", "C", {27, 1000});
  }

  void read_mismatch(Pdk& pdk) const {
    const TomlFields mismatch = root_.table("mismatch");
    const Polarities a_vt = figures(mismatch, "a_vt", "V.m");
    const Polarities a_beta = figures(mismatch, "a_beta", "%.m");
    const double vt_share = per_device(mismatch, "a_vt"), beta_share = per_device(mismatch, "a_beta") / 100;
    pdk.n = {a_vt.n * vt_share, a_beta.n * beta_share};
    pdk.p = {a_vt.p * vt_share, a_beta.p * beta_share};
    const Range percent = {0, 100};
    pdk.mom_c_sigma = figure(mismatch, "mom_c", "%", percent) / 100 * per_device(mismatch, "mom_c");
    pdk.wire_c_sigma = figure(mismatch, "wire_c", "%", percent) / 100 * per_device(mismatch, "wire_c");
  }

  void read_geometry(Pdk& pdk) const {
    const TomlFields wire = root_.table("wire");
    pdk.wire_c = figure(wire, "c", "F/m");
    pdk.wire_r = figure(wire, "r", "ohm/m");
    const TomlFields geometry = root_.table("geometry");
    pdk.cell_width = figure(geometry, "cell_width", "m");
    pdk.cell_height = figure(geometry, "cell_height", "m");
    constexpr double kPerMicro = 1e6;  // micrometres a metre
    pdk.netlist_params = {
        {"lmin", figure(geometry, "lmin", "m")},   {"ldif", figure(geometry, "ldif", "m")},
        {"cwire_um", pdk.wire_c / kPerMicro},      {"rwire_um", pdk.wire_r / kPerMicro},
        {"cell_w_um", pdk.cell_width * kPerMicro}, {"cell_h_um", pdk.cell_height * kPerMicro}};
  }

  void read_expected(Pdk& pdk) const {
    if (!root_.has("expected")) return;
    const TomlFields corners = root_.table("expected");
    for (const Corner& corner : pdk.corners) {
      if (!corners.has(corner.name)) continue;
      const TomlFields fields = corners.table(corner.name);
      const Polarities ion = figures(fields, "ion", "A"), ioff = figures(fields, "ioff", "A");
      pdk.expected[corner.name] = {ion.n,
                                   ion.p,
                                   ioff.n,
                                   ioff.p,
                                   figure(fields, "stage_delay", "s"),
                                   fields.quantity("tolerance", "%", {0, 100}) / 100};
    }
  }

  TomlFields root_;
  std::vector<std::string> sources_;
};

// "m.xdut.xcell.mpd" -> "xcell.mpd"; empty for a device outside xdut.
std::string below_dut(const std::string& device) {
  const std::size_t dot = device.find('.');
  if (dot == device.npos || !std::string_view(device).substr(dot + 1).starts_with(kDut)) return "";
  return device.substr(dot + 1 + kDut.size());
}

}  // namespace

const Corner& Pdk::corner(std::string_view wanted) const {
  std::vector<std::string> names;
  for (const Corner& corner : corners) {
    if (corner.name == wanted) return corner;
    names.push_back(corner.name);
  }
  throw InputError(
      fmt::format("process {} has no corner '{}'; it has: {}", name, wanted, fmt::join(names, ", ")));
}

std::vector<Parameter> Pdk::parameters(const std::vector<spice::Device>& devices) const {
  std::vector<Parameter> parameters;
  for (const spice::Device& device : devices) {
    const std::string place = below_dut(device.name);
    if (place.empty()) continue;
    if (device.letter == 'c') {
      const std::string own = place.substr(place.rfind('.') + 1);
      const bool wire = own.starts_with("cwire");
      if ((!wire && !own.starts_with("cmom")) || device.value <= 0) continue;
      const double copies = device.value * device.multiplier / kFemtofarad;
      parameters.push_back({place + ":c", device.name, "capacitance", device.value,
                            device.value * (wire ? wire_c_sigma : mom_c_sigma) / std::sqrt(copies)});
    }
    if (device.letter != 'm') continue;
    const bool is_n = device.model == nmos;
    if (!is_n && device.model != pmos)
      throw InputError(
          fmt::format("transistor {} uses the model '{}', but process {} gives mismatch for '{}' and "
                      "'{}' only; use one of these",
                      place, device.model, name, nmos, pmos));
    if (device.w <= 0 || device.l <= 0)
      throw InputError(
          fmt::format("transistor {} has no w or l, so its mismatch is unknown; give both", place));
    const Mismatch& mismatch = is_n ? n : p;
    const double root_area = std::sqrt(device.w * device.l * device.multiplier);
    // ngspice adds delvto to vth0 as signed: +20 mV weakens an NMOS and strengthens a PMOS.
    parameters.push_back(
        {place + ":vth", device.name, "delvto", 0, (is_n ? 1 : -1) * mismatch.a_vt / root_area});
    parameters.push_back({place + ":beta", device.name, "mulu0", 1, mismatch.a_beta / root_area});
  }
  return parameters;
}

Pdk read_pdk(const std::string& name) {
  const auto is_process = [](const fs::path& folder) { return fs::is_regular_file(folder / "pdk.toml"); };
  fs::path folder = home() / "pdk" / name;
  if (!is_process(folder)) folder = name;
  if (fs::path(name).filename() == "pdk.toml") folder = fs::path(name).parent_path();
  if (!is_process(folder)) {
    std::vector<std::string> known;
    for (const auto& entry : fs::directory_iterator(home() / "pdk"))
      if (is_process(entry.path())) known.push_back(entry.path().filename().string());
    std::sort(known.begin(), known.end());
    throw InputError(fmt::format("{}: no such process (a folder with a pdk.toml); there are: {}", name,
                                 fmt::join(known, ", ")));
  }
  Pdk pdk = Reader(fs::weakly_canonical(folder) / "pdk.toml").read();
  for (const Corner& corner : pdk.corners) check_corner_file(pdk, corner);
  return pdk;
}

}  // namespace mavis::pdk
