// The device parameters of one instance in a circuit of many; shared by benches, not a bench itself.
#pragma once

#include <string>
#include <vector>

#include "plan/subject.h"
#include "spice/session.h"

namespace mavis {

// Parameters of the devices of the instance `place` ("xt3.xline") of the circuit, named `label` + their name
// in the block ("xcell.mrl:vth").
std::vector<pdk::Parameter> parameters_at(const plan::Subject& subject,
                                          const std::vector<spice::Device>& devices, const std::string& place,
                                          const std::string& label);

}  // namespace mavis
