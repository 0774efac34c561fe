// What the macro simulator gives to Python.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "macro/chip_codes.h"
#include "macro/simulation.h"

namespace mavis::python {

struct SimulationResult {
  macro::Workload workload;
  macro::Simulation simulation;
};

struct CodesResult {
  std::shared_ptr<const tables::Library> library;
  macro::Pvt pvt;
  macro::Spec spec;
  std::vector<std::uint32_t> indices = {};
  std::vector<macro::ChipCodes> chips = {};
  std::vector<std::string> notes = {};
};

}  // namespace mavis::python
