// The Python module `mavis._core`: what src/python/mavis makes a package of.
#include "bindings.h"
#include "util/error.h"

PYBIND11_MODULE(_core, module) {
  using namespace mavis;
  module.doc() = "Compiled part of the package mavis";
  module.attr("__version__") = MAVIS_VERSION;
  pybind11::register_exception<InputError>(module, "InputError", PyExc_ValueError).doc() =
      "Bad input: one line says where and what to do.";
  pybind11::register_exception<MachineError>(module, "MachineError", PyExc_OSError).doc() =
      "Trouble with the machine: disk full, no permission.";
  python::bind_library(module);
  python::bind_simulation(module);
  python::bind_codes(module);
  python::bind_macro(module);
}
