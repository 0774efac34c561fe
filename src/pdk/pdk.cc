#include "pdk/pdk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "spice/listing.h"
#include "util/error.h"
#include "util/units.h"

namespace mavis::pdk {
namespace {

constexpr double kFemtofarad = 1e-15;
constexpr std::string_view kDut = "xdut.";
constexpr double kRounding = 1e-6;  // of a width or length that an expression gives

// "m.xdut.xcell.mpd" -> "xcell.mpd"; empty for a device outside xdut.
std::string below_dut(const std::string& device) {
  const std::size_t dot = device.find('.');
  if (dot == device.npos || !std::string_view(device).substr(dot + 1).starts_with(kDut)) return "";
  return device.substr(dot + 1 + kDut.size());
}

// The process' model cards say nothing about smaller devices.
void require_size(const Pdk& pdk, const std::string& device, double w, double l, double wmin) {
  if (wmin <= 0) return;
  const double lmin = pdk.netlist_params.at("lmin");
  if (w < wmin * (1 - kRounding))
    throw InputError(
        fmt::format("transistor {} is {} wide, but process {} makes none below {} (geometry.wmin); give the "
                    "block wider devices",
                    device, format_quantity(w, "m"), pdk.name, format_quantity(wmin, "m")));
  if (l < lmin * (1 - kRounding))
    throw InputError(
        fmt::format("transistor {} is {} long, but process {} makes none below {} (geometry.lmin); give it a "
                    "longer channel",
                    device, format_quantity(l, "m"), pdk.name, format_quantity(lmin, "m")));
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

bool Pdk::has_plain_models() const {
  const auto is_plain = [](const auto& form) { return form.second.inner.empty(); };
  const auto is_single = [](const Corner& corner) { return corner.n.cards <= 1 && corner.p.cards <= 1; };
  return std::all_of(forms.begin(), forms.end(), is_plain) &&
         std::all_of(corners.begin(), corners.end(), is_single);
}

std::vector<Parameter> Pdk::parameters(const std::vector<spice::Device>& devices) const {
  std::vector<Parameter> parameters;
  for (const spice::Device& device : devices) {
    const std::string place = spice::netlist_name(below_dut(device.name), forms);
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
    const std::string model = spice::model_name(device.model);
    const bool is_n = model == nmos;
    if (!is_n && model != pmos)
      throw InputError(
          fmt::format("transistor {} uses the model '{}', but process {} gives mismatch for '{}' and "
                      "'{}' only; use one of these",
                      place, device.model, name, nmos, pmos));
    if (device.w < 0 || device.l < 0)
      throw InputError(
          fmt::format("transistor {} has w={:g} and l={:g}; give positive ones", place, device.w, device.l));
    if (device.w == 0 || device.l == 0)
      throw InputError(
          fmt::format("transistor {} has no w or l, so its mismatch is unknown; give both", place));
    const double w = device.w * listed_unit, l = device.l * listed_unit;
    require_size(*this, place, w, l, is_n ? wmin_n : wmin_p);
    if (!mismatch_switch.empty()) continue;
    const Mismatch& mismatch = is_n ? n : p;
    const double root_area = std::sqrt(w * l * device.multiplier);
    // ngspice adds delvto to vth0 as signed: +20 mV weakens an NMOS and strengthens a PMOS.
    parameters.push_back(
        {place + ":vth", device.name, "delvto", 0, (is_n ? 1 : -1) * mismatch.a_vt / root_area});
    parameters.push_back({place + ":beta", device.name, "mulu0", 1, mismatch.a_beta / root_area});
  }
  return parameters;
}

}  // namespace mavis::pdk
