#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <numbers>
#include <set>

#include "pdk/models.h"
#include "pdk/pdk.h"
#include "spice/listing.h"
#include "util/error.h"
#include "util/home.h"
#include "util/nearest.h"
#include "util/toml_fields.h"

namespace mavis::pdk {
namespace fs = std::filesystem;

namespace {

constexpr double kPerMicro = 1e6;  // micrometres a metre
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
    read_kit_place(pdk);
    read_corners(pdk);
    read_devices(pdk);
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

  // Where the kit is installed; nothing for a process that is only a folder of ours.
  void read_kit_place(Pdk& pdk) {
    pdk.kit_root = pdk.folder;
    if (!root_.has("kit")) return;
    const TomlFields kit = root_.table("kit");
    const std::string folder = kit.has("folder") ? kit.text("folder") : ".";
    if (kit.has("prelude")) prelude_ = kit.texts("prelude");
    remedy_ = "correct the path";
    if (kit.has("variable")) {
      const std::string variable = kit.text("variable"), file = first_file(folder);
      const char* value = std::getenv(variable.c_str());
      remedy_ = fmt::format("install the kit, or set {} to the folder that holds {}", variable,
                            fs::path(file).begin()->string());
      if (!value || !*value)
        kit.refuse("variable",
                   fmt::format("{} is not set, so {} can't be found; {}", variable, file, remedy_));
      pdk.kit_root = value;
    }
    pdk.kit_root = fs::weakly_canonical(pdk.kit_root / folder);
  }

  // The first file of the kit that a corner names, for messages.
  std::string first_file(const std::string& folder) const {
    const TomlFields corner = root_.tables("corner").front();
    const std::string file = corner.has("library")    ? corner.text("library")
                             : corner.has("includes") ? corner.texts("includes").front()
                                                      : corner.text("file");
    return (fs::path(folder) / file).lexically_normal().generic_string();
  }

  // Our own netlist beside pdk.toml.
  void read_file(const Pdk& pdk, const TomlFields& fields, Corner& corner) const {
    corner.include = pdk.folder / fields.text("file");
    corner.place = corner.include.filename().string();
    if (!fs::is_regular_file(corner.include))
      fields.refuse("file",
                    fmt::format("there is no {}; correct the name or add the file", corner.include.string()));
    if (!prelude_.empty())
      fields.refuse("file",
                    "is not of the kit, so its prelude does not reach it; name a library or includes");
  }

  // Sections of the kit's library, or files of the kit.
  void read_library(const Pdk& pdk, const TomlFields& fields, Corner& corner) const {
    std::vector<std::string> cards = prelude_;
    const auto add = [&](const char* field, const std::string& file, const std::string& card) {
      if (const fs::path path = pdk.kit_root / file; !fs::is_regular_file(path))
        fields.refuse(field, fmt::format("there is no {}; {}", path.string(), remedy_));
      cards.push_back(card);
    };
    if (fields.has("library")) {
      const std::string file = fields.text("library"), sections = fields.text("section");
      for (const std::string& section : spice::words_of(sections))
        add("library", file, fmt::format(".lib \"{}\" {}", file, section));
      corner.place = fmt::format("{}, section {}", file, sections);
    }
    if (fields.has("includes"))
      for (const std::string& file : fields.texts("includes")) {
        add("includes", file, fmt::format(".include \"{}\"", file));
        corner.place += (corner.place.empty() ? "" : ", ") + file;
      }
    corner.kit = spice::read_kit(cards, pdk.kit_root, "pdk.toml",
                                 fmt::format("{}{} {}", spice::kKitLabel, pdk.name, corner.name));
  }

  void read_devices(Pdk& pdk) const {
    const TomlFields devices = root_.table("devices");
    const bool micro = devices.has("unit") && devices.choice("unit", {"m", "um"}) == "um";
    const auto read = [&](const char* field, const char* netlist, std::string& model) {
      spice::DeviceForm form;
      form.per_metre = micro ? kPerMicro : 1;
      if (devices.is_table(field)) {
        const TomlFields fields = devices.table(field);
        form.name = fields.text("subcircuit");
        if (fields.has("inner")) form.inner = spice::lower(fields.text("inner"));
        for (const Corner& corner : pdk.corners) {
          if (!corner.kit)
            devices.refuse(field, "is a sub-circuit, which only a kit's library or includes can have");
          model = spice::model_name(find_inner(*corner.kit, form));
        }
      } else {
        form.name = devices.text(field);
        model = spice::lower(form.name);
      }
      if (!form.inner.empty() || model != netlist || micro) pdk.forms[netlist] = form;
    };
    read("nmos", "nch", pdk.nmos);
    read("pmos", "pch", pdk.pmos);
  }

  void read_corners(Pdk& pdk) const {
    std::set<std::string> names;
    for (const TomlFields& fields : root_.tables("corner")) {
      Corner corner;
      corner.name = fields.text("name");
      if (!names.insert(corner.name).second)
        fields.refuse("name", fmt::format("'{}' is used twice; rename one corner", corner.name));
      corner.summary = fields.text("summary");
      if (!fields.has("library") && !fields.has("includes"))
        read_file(pdk, fields, corner);
      else
        read_library(pdk, fields, corner);
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
    if (mismatch.has("owner") && mismatch.choice("owner", {"mavis", "kit"}) == "kit") {
      pdk.mismatch_switch = spice::lower(mismatch.text("switch"));
    } else {
      const Polarities a_vt = figures(mismatch, "a_vt", "V.m");
      const Polarities a_beta = figures(mismatch, "a_beta", "%.m");
      const double vt_share = per_device(mismatch, "a_vt"), beta_share = per_device(mismatch, "a_beta") / 100;
      pdk.n = {a_vt.n * vt_share, a_beta.n * beta_share};
      pdk.p = {a_vt.p * vt_share, a_beta.p * beta_share};
    }
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
    if (geometry.has("wmin")) {
      const Polarities wmin = figures(geometry, "wmin", "m");
      pdk.wmin_n = wmin.n;
      pdk.wmin_p = wmin.p;
    }
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
  std::vector<std::string> prelude_;  // cards before the kit's
  std::string remedy_ = "correct the path";
};

fs::path toml_of(const std::string& name) {
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
  return fs::weakly_canonical(folder) / "pdk.toml";
}

}  // namespace

Pdk read_pdk(const std::string& name) {
  Pdk pdk = Reader(toml_of(name)).read();
  for (Corner& corner : pdk.corners) {
    const double scale = check_corner(pdk, corner);
    if (&corner == pdk.corners.data()) pdk.listed_unit = scale;
    if (scale != pdk.listed_unit)
      throw InputError(
          fmt::format("process {}: corner {} has `.option scale` {:g}, {} has {:g}; all must count alike",
                      pdk.name, corner.name, scale, pdk.corners[0].name, pdk.listed_unit));
  }
  for (const auto& [netlist, form] : pdk.forms)
    if (form.inner.empty() && form.per_metre * pdk.listed_unit != 1)
      throw InputError(
          fmt::format("{}: devices.unit makes a width of 1 um {:g}, which the kit's `.option scale` {:g} "
                      "does not turn back; correct the unit",
                      (pdk.folder / "pdk.toml").string(), form.per_metre / kPerMicro, pdk.listed_unit));
  return pdk;
}

std::string summary_of(const std::string& name) {
  return TomlFields::read(toml_of(name), "process description").text("summary");
}

}  // namespace mavis::pdk
