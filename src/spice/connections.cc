#include "spice/connections.h"

#include <map>

namespace mavis::spice {
namespace {

struct Terminals {
  std::string device;  // the first
  int channels = 0;    // drains and sources
  int others = 0;      // gates, substrates, plates of capacitors
  bool held = false;   // by a resistor, a source, a diode ...
};

}  // namespace

std::vector<FloatingNode> floating_nodes(const std::vector<Device>& devices, std::string_view prefix) {
  std::map<std::string, Terminals> nodes;
  std::vector<std::string> order;
  for (const Device& device : devices)
    for (std::size_t k = 0; k < device.nodes.size(); ++k) {
      const std::string& name = device.nodes[k];
      if (!name.starts_with(prefix)) continue;
      Terminals& node = nodes[name];
      if (node.device.empty()) {
        node.device = device.name;
        order.push_back(name);
      }
      const bool channel = device.letter == 'm' && (k == 0 || k == 2);
      if (channel)
        ++node.channels;
      else if (device.letter == 'm' || device.letter == 'c')
        ++node.others;
      else
        node.held = true;
    }
  std::vector<FloatingNode> floating;
  for (const std::string& name : order) {
    const Terminals& node = nodes.at(name);
    const bool ends_nowhere = node.channels == 1 && node.others == 0;
    if (!node.held && (node.channels == 0 || ends_nowhere)) floating.push_back({name, node.device});
  }
  return floating;
}

}  // namespace mavis::spice
