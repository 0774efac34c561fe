// hwcomponents (MIT; also AccelForge): a component model in Python.
#include <fmt/format.h>

#include "export/json.h"
#include "export/target.h"

namespace mavis::exports {
namespace {

constexpr const char* kModel = R"py(
from hwcomponents import ActionCost, ComponentModel, action


class MavisUArray(ComponentModel):
    """A uArray of {macro}: two halves of {columns} columns, {rows} rows, {bits}-bit conversion.

    In AccelForge: component_models: [mavis_hwcomponents.py], component_class: MavisUArray.
    """

    component_name = ["MavisUArray", {name}]
    priority = 0.9
    rows = {rows}
    columns_per_half = {columns}
    adc_bits = {bits}
    clock = {clock}  # s

    def __init__(self):
        super().__init__(area={area}, leak_power={leakage})  # m2, W

    @action
    def multiply_average(self):
        """All columns of one half: products of one row with an input bit each, averaged."""
        return ActionCost(energy={mav_energy}, latency={mav_time}, throughput=1 / {mav_time})

    @action
    def convert(self):
        """Successive approximation of that level by the other half."""
        return ActionCost(energy={conversion_energy}, latency={conversion_time}, throughput=1 / {conversion_time})

    @action
    def compute(self):
        """Both: a number of products."""
        return ActionCost(energy={energy}, latency={time}, throughput=1 / {time})
)py";

std::vector<File> make(const Source& source, const Target& target) {
  const MacroData& macro = require_energy(source);
  std::string text = header_text(source, target, "# ");
  if (!source.area) text += "# area is 0: " + source.no_area + "\n";
  text += fmt::format(
      fmt::runtime(kModel + 1), fmt::arg("macro", source.library->macro()),
      fmt::arg("name", quoted(source.library->macro())), fmt::arg("columns", macro.spec.columns_per_half),
      fmt::arg("rows", macro.spec.rows), fmt::arg("bits", macro.spec.adc_bits),
      fmt::arg("clock", macro.spec.clock), fmt::arg("area", source.area.value_or(0)),
      fmt::arg("leakage", macro.leakage), fmt::arg("mav_energy", macro.mav_energy),
      fmt::arg("conversion_energy", macro.conversion_energy),
      fmt::arg("energy", macro.mav_energy + macro.conversion_energy), fmt::arg("mav_time", macro.mav_time),
      fmt::arg("conversion_time", macro.conversion_time),
      fmt::arg("time", macro.mav_time + macro.conversion_time));
  return {{"mavis_hwcomponents.py", text}};
}

const bool registered = register_target(
    {.name = "hwcomponents",
     .summary = "hwcomponents, AccelForge: energy, area and latency of a uArray's actions, Python",
     .limits = {"errors of any kind",
                "data dependence: energies are means over random signed 8-bit data on one chip",
                "that while one half computes the other converts, and then they swap: throughput is of one "
                "operation after another",
                "other technologies: the model does not scale", "writing weights: not measured, no action"},
     .make = make});

}  // namespace
}  // namespace mavis::exports
