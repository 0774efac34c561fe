#include "device_places.h"

namespace mavis {

std::vector<pdk::Parameter> parameters_at(const plan::Subject& subject,
                                          const std::vector<spice::Device>& devices, const std::string& place,
                                          const std::string& label) {
  // The process knows mismatch below xdut alone.
  const std::string inside = "." + place + ".", dut = ".xdut.";
  std::vector<spice::Device> own;
  for (spice::Device device : devices) {
    if (!std::string_view(device.name).substr(1).starts_with(inside)) continue;
    device.name.replace(1, inside.size(), dut);
    own.push_back(std::move(device));
  }
  std::vector<pdk::Parameter> parameters = subject.pdk.parameters(own);
  for (pdk::Parameter& parameter : parameters) {
    parameter.device.replace(1, dut.size(), inside);
    parameter.name.insert(0, label);
  }
  return parameters;
}

}  // namespace mavis
