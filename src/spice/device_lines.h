// Transistors as a process spells them. Netlists write `m... d g s b nch|pch w= l= ad= as= pd= ps= m=` in
// metres; a foundry's kit may call the model otherwise, make each transistor a sub-circuit, or count in
// micrometres.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "spice/netlist.h"

namespace mavis::spice {

// What becomes of `nch` or `pch`.
struct DeviceForm {
  std::string name;  // of the model or sub-circuit
  std::string
      inner;  // the transistor inside the sub-circuit, "m0", in lower case; empty: a model, no sub-circuit
  double per_metre = 1;  // of w, l, pd and ps as the kit wants them (1e6: um); ad and as go by its square
};

// Rewrites the M lines of `nch` and `pch` in `lines` by `forms`; their kind of name is the key. A line of a
// sub-circuit becomes an instance with an `x` before its name. Lines with other models, the kit's own, stay.
// Throws InputError for a parameter that a sub-circuit can't pass on and for an instance that would be there
// twice.
void translate_devices(std::vector<Line>& lines, const std::map<std::string, DeviceForm>& forms);

// "xcell.xmpd.m0", the transistor of a sub-circuit, -> "xcell.mpd", what the netlist calls it; others
// unchanged.
std::string netlist_name(const std::string& device, const std::map<std::string, DeviceForm>& forms);

}  // namespace mavis::spice
