// What a corner file offers, read from its text: enough to refuse, with the reason, a process that ngspice
// would refuse by ending the worker. Pure, thread-safe.
#pragma once

#include "pdk/pdk.h"

namespace mavis::pdk {

// Checks that the corner file and what it includes
//   * use only transistor models that ngspice 39 has (level and version),
//   * define pdk.nmos and pdk.pmos (or bins of them, nch.1) at a level whose threshold and gain can be moved
//   a
//     device (delvto and mulu0: BSIM4, and BSIM3 from version 3.2),
//   * define pdk.netlist_params by plain numbers, the same as in pdk.toml.
// Throws InputError "file:line: reason; remedy".
void check_corner_file(const Pdk& pdk, const Corner& corner);

}  // namespace mavis::pdk
