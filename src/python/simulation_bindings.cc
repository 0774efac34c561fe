#include <pybind11/stl.h>

#include <limits>

#include "arrays.h"
#include "bindings.h"
#include "macro_bindings.h"

namespace mavis::python {
namespace {

using namespace macro;

py::ssize_t size(std::size_t n) {
  return static_cast<py::ssize_t>(n);
}

struct Shapes {
  explicit Shapes(const Simulation& s)
      : chips(size(s.chips.size())),
        batch(size(s.batch)),
        outputs(size(s.outputs)),
        tiles(s.tiles),
        planes(size(s.planes.size())),
        ones_planes(size(s.ones_planes.size())) {}
  Shape codes() const { return {chips, batch, outputs, tiles, 2, planes}; }
  Shape counts() const { return {batch, outputs, tiles, 2, planes}; }
  Shape ones_codes() const { return {chips, batch, tiles, 2, ones_planes}; }
  Shape ones_counts() const { return {batch, tiles, 2, ones_planes}; }
  Shape results() const { return {chips, batch, outputs}; }
  Shape exact() const { return {batch, outputs}; }
  py::ssize_t chips, batch, outputs, tiles, planes, ones_planes;
};

// A property that shows a member of the simulation; `shape` of Shapes.
template <class T>
auto shown(std::vector<T> Simulation::*member, Shape (Shapes::*shape)() const, const char* unit = nullptr) {
  return [=](py::handle self) -> py::object {
    const Simulation& simulation = self.cast<const SimulationResult&>().simulation;
    const py::array array = view(simulation.*member, (Shapes(simulation).*shape)(), self);
    return unit ? with_unit(array, unit) : py::object(array);
  };
}

std::vector<std::string> plane_names(const std::vector<int>& planes) {
  std::vector<std::string> names;
  for (int plane : planes) names.emplace_back(kPlaneNames[static_cast<std::size_t>(plane)]);
  return names;
}

py::object energy_of(const SimulationResult& self) {
  std::vector<double> joules;
  for (const Ledger& chip : self.simulation.energy)
    for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase)
      for (std::size_t part = 0; part < kPartNames.size(); ++part)
        joules.push_back(chip.of(static_cast<Phase>(phase), static_cast<Part>(part)));
  return with_unit(moved(std::move(joules), {size(self.simulation.energy.size()), size(kPhaseNames.size()),
                                             size(kPartNames.size())}),
                   "J");
}

}  // namespace

void bind_simulation(py::module_& module) {
  py::class_<SimulationResult> simulation(module, "Simulation",
                                          "What chips gave for a workload. Arrays are read-only views; the "
                                          "axis `half` is left, right, `plane` as in "
                                          "`planes`.");
  simulation
      .def_property_readonly("results", shown(&Simulation::results, &Shapes::results),
                             "int64 (chip, input, output): w (+) x by the macro")
      .def_property_readonly("exact", shown(&Simulation::exact, &Shapes::exact),
                             "int64 (input, output): w (+) x of the numbers as given")
      .def_property_readonly("quantized", shown(&Simulation::quantized, &Shapes::exact),
                             "int64 (input, output): w (+) x by a macro without errors at these bits")
      .def_property_readonly("codes", shown(&Simulation::codes, &Shapes::codes),
                             "int64 (chip, input, output, tile, half, plane): what every conversion gave")
      .def_property_readonly("counts", shown(&Simulation::counts, &Shapes::counts),
                             "int64 (input, output, tile, half, plane): products")
      .def_property_readonly("levels", shown(&Simulation::levels, &Shapes::codes, "V"),
                             "V, as codes: sum line at the first comparison, without temporal noise")
      .def_property_readonly("ones_codes", shown(&Simulation::ones_codes, &Shapes::ones_codes),
                             "int64 (chip, input, tile, half, plane of ones_planes): of the rows of ones")
      .def_property_readonly("ones_counts", shown(&Simulation::ones_counts, &Shapes::ones_counts),
                             "int64 (input, tile, half, plane of ones_planes)")
      .def_property_readonly("ones_levels", shown(&Simulation::ones_levels, &Shapes::ones_codes, "V"),
                             "V, as ones_codes")
      .def_property_readonly("planes",
                             [](const SimulationResult& r) { return plane_names(r.simulation.planes); })
      .def_property_readonly("ones_planes",
                             [](const SimulationResult& r) { return plane_names(r.simulation.ones_planes); })
      .def_property_readonly(
          "chips", [](const SimulationResult& r) { return r.simulation.chips; }, "Index of each chip")
      .def_property_readonly(
          "calibration", [](const SimulationResult& r) { return r.simulation.calibration; },
          "Setting of each comparator's N and P side, by chip and uArray")
      .def_property_readonly("energy", &energy_of, "J (chip, phase, part), of the whole workload")
      .def_property_readonly_static("phases", [](py::object) { return kPhaseNames; })
      .def_property_readonly_static("parts", [](py::object) { return kPartNames; })
      .def_property_readonly(
          "latency", [](const SimulationResult& r) { return r.simulation.latency; }, "s, of one w (+) x")
      .def_property_readonly(
          "total_time", [](const SimulationResult& r) { return r.simulation.total_time; }, "s, of all inputs")
      .def_property_readonly(
          "operations", [](const SimulationResult& r) { return r.simulation.operations; },
          "Of the workload on one chip, two a weight-input pair")
      .def_property_readonly(
          "notes", [](const SimulationResult& r) { return r.simulation.notes; },
          "What a reader of the numbers must know")
      .def_property_readonly(
          "code_error_rms", [](const SimulationResult& r) { return code_errors(r.simulation).rms; },
          "Codes, rms against ideal conversions, static and temporal error together")
      .def_property_readonly(
          "result_error", [](const SimulationResult& r) { return relative_result_error(r.simulation); },
          "rms error of results over their rms; NaN where all exact results are 0");
}

}  // namespace mavis::python
