// What the files of a corner offer, read from their text: enough to refuse, with the reason, a process that
// ngspice would refuse by ending the worker. Pure, thread-safe.
#pragma once

#include "pdk/pdk.h"

namespace mavis::pdk {

// Checks that the corner's files
//   * use only transistor models that ngspice 39 has (level and version); of an installed kit, which has many
//   more,
//     those of pdk.nmos and pdk.pmos,
//   * define pdk.nmos and pdk.pmos (or bins of them, nch.1) at a level whose threshold and gain can be moved
//   a
//     device (delvto and mulu0: BSIM4, and BSIM3 from version 3.2),
//   * define pdk.netlist_params by plain numbers, the same as in pdk.toml; those of a kit come from there
//   alone.
// Fills in corner.n and corner.p. Returns the value of `.option scale=`, 1 without. Throws InputError
// "file:line: reason; remedy".
double check_corner(const Pdk& pdk, Corner& corner);

// The transistor inside the sub-circuit form.name of a kit: sets form.inner, if it is empty, to its only one.
// Returns the name of its model. Throws InputError.
std::string find_inner(const spice::Kit& kit, spice::DeviceForm& form);

}  // namespace mavis::pdk
