// The parts of the Python module `mavis._core`, each in a file of its own.
#pragma once

#include <pybind11/pybind11.h>

namespace mavis::python {

void bind_library(pybind11::module_& module);  // Library, Table, Axis, Failure
void bind_macro(pybind11::module_& module);    // Macro, Chip
// Simulation and CodeRates, which Macro returns.
void bind_simulation(pybind11::module_& module);
void bind_codes(pybind11::module_& module);

}  // namespace mavis::python
