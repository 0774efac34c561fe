// A process: pdk/<name>/pdk.toml and the corner files beside it, or an installed kit that it points at. Every
// figure in the TOML carries its source and its basis: read (from the source), estimated, constructed (by us,
// from what was read) or measured (by us). Plain data; the functions are pure and thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spice/device_lines.h"
#include "spice/kit.h"
#include "spice/session.h"

namespace mavis::pdk {

// The transistor model of a polarity, as a corner's files have it.
struct ModelFacts {
  std::string name, level, version;  // version empty: the card gives none
  int cards = 0;                     // more than one: bins
};

struct Corner {
  std::string name;               // "ss"
  std::string summary;            // a line for people
  std::filesystem::path include;  // file that a deck includes; empty for an installed kit
  std::shared_ptr<const spice::Kit> kit;
  std::string place;         // where its models are, for people: "tt.inc", "sky130.lib.spice, section tt"
  bool constructed = false;  // made by us, not by the foundry
  ModelFacts n, p;
};

// Local mismatch of one transistor polarity: sigma of one device = figure / sqrt(W L m), with W and L as
// drawn and m the number of parallel copies.
struct Mismatch {
  double a_vt = 0;    // V.m, per device (a figure per pair, the sigma of a difference, is divided by sqrt 2)
  double a_beta = 0;  // m (relative gain x length), per device
};

// A parameter that mismatch moves. A normal draw z makes it nominal + sigma * z.
struct Parameter {
  std::string name;  // address of the draw and label in tables: "xcell.mpd:vth", "xcell.mpd:beta", "cwire1:c"
  std::string device;     // ngspice's name, "m.xdut.xcell.mpd"
  std::string parameter;  // what is altered: delvto (V), mulu0 (a factor), capacitance (F)
  double nominal = 0;     // value at z = 0
  double sigma = 0;  // of the value. z > 0 raises |Vth|, gain or C: so delvto of a PMOS, which ngspice adds
                     // to its negative threshold, has a negative sigma
};

// Figures that `mavis pdk check` compares at one corner: devices 1 um wide and lmin long, nominal supply, 27
// C.
struct Expected {
  double ion_n = 0, ion_p = 0;    // A
  double ioff_n = 0, ioff_p = 0;  // A
  double stage_delay = 0;         // s, ring of characterize/process.cir
  double tolerance = 0;           // relative
};

struct Pdk {
  std::string name;
  std::string summary;
  std::filesystem::path folder;
  std::filesystem::path kit_root;  // folder of an installed kit; empty: corner files beside pdk.toml
  std::string nmos, pmos;  // model names, in lower case; of the inner transistors if they are sub-circuits
  std::map<std::string, spice::DeviceForm> forms;  // how to spell `nch` and `pch`; none: so
  double listed_unit = 1;  // m: in what ngspice lists W and L (1e-6 under `.option scale=1u`)
  std::vector<Corner> corners;
  double vdd_nominal = 1.0, vdd_min = 0, vdd_max = 0;  // V
  double temp_min_c = 0, temp_max_c = 0;
  Mismatch n, p;                           // zero where the kit draws it
  std::string mismatch_switch;             // parameter that turns on the kit's own mismatch; empty: ours
  double wire_c = 0;                       // F/m
  double wire_r = 0;                       // ohm/m
  double wire_c_sigma = 0;                 // relative sigma of a 1 fF wire; falls with 1 / sqrt(C)
  double mom_c_sigma = 0;                  // the same of a metal-oxide-metal capacitor
  double cell_width = 0, cell_height = 0;  // m
  double wmin_n = 0, wmin_p = 0;           // m, least width of a transistor; 0: no limit is known
  std::map<std::string, double> netlist_params;  // lmin, ldif, cwire_um ...: what netlists may use; every
                                                 // corner file defines them so
  std::map<std::string, Expected> expected;      // by corner; a corner may have none

  const Corner& corner(std::string_view name) const;  // InputError listing the corners

  // Is every transistor of a netlist one model card, neither a sub-circuit nor one of several bins?
  bool has_plain_models() const;

  // The parameters with mismatch among the devices below `xdut`, in deck order: threshold and gain of every
  // transistor (unless the kit draws them), value of every capacitor named cwire* or cmom*. Throws InputError
  // for a transistor whose model is neither `nmos` nor `pmos` nor a bin of them, that has no W or L or that
  // is smaller than the process can make it.
  std::vector<Parameter> parameters(const std::vector<spice::Device>& devices) const;
};

// `name` is a folder below pdk/, or a path to one. Reads pdk.toml, looks up an installed kit, and checks both
// against each other (models.h). Throws InputError.
Pdk read_pdk(const std::string& name);

// The line for people from pdk.toml, whether or not the kit that it points at is installed. Throws
// InputError.
std::string summary_of(const std::string& name);

}  // namespace mavis::pdk
