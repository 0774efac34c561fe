// Nodes of a flat circuit that nothing holds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spice/session.h"

namespace mavis::spice {

struct FloatingNode {
  std::string node;    // ngspice's flat name, "xdut.mid"
  std::string device;  // one that is connected to it
};

// The nodes whose names begin with `prefix` and that no device gives a voltage: nodes of gates, substrates
// and capacitors alone, and drains or sources that end nowhere. In the order of the devices. Pure,
// thread-safe.
std::vector<FloatingNode> floating_nodes(const std::vector<Device>& devices, std::string_view prefix);

}  // namespace mavis::spice
