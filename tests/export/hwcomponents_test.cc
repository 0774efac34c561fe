// The export for hwcomponents, run without it: its three names that the model needs stand in.
#include "export/sample_export.h"

namespace mavis::exports {
namespace {

constexpr const char* kStandIn = R"py(
class ActionCost:
    def __init__(self, energy, latency, throughput):
        self.energy, self.latency, self.throughput = energy, latency, throughput


class ComponentModel:
    def __init__(self, area, leak_power):
        self.area, self.leak_power = area, leak_power


def action(function):
    return function
)py";

TEST(Hwcomponents, Golden) {
  expect_golden("hwcomponents", SampleExport().files("hwcomponents"));
}

TEST(Hwcomponents, ModelGivesTheLibrarysNumbers) {
  const SampleExport sample;
  const TemporaryFolder folder;
  for (const auto& [name, text] : sample.files("hwcomponents")) folder.write(name, text);
  folder.write("hwcomponents.py", kStandIn);
  const auto [code, out] = run_python(folder.path(), R"py(
from mavis_hwcomponents import MavisUArray

model = MavisUArray()
costs = [model.multiply_average(), model.convert(), model.compute()]
print(repr(model.area), repr(model.leak_power))
print(*(repr(number) for cost in costs for number in (cost.energy, cost.latency, cost.throughput)))
)py");
  EXPECT_EQ(code, 0) << out;
  const MacroData& macro = *sample.source.macro;
  const double both = macro.mav_energy + macro.conversion_energy,
               time = macro.mav_time + macro.conversion_time;
  EXPECT_EQ(Pieces(out).numbers,
            (std::vector<double>{125e-12, macro.leakage, macro.mav_energy, macro.mav_time, 1 / macro.mav_time,
                                 macro.conversion_energy, macro.conversion_time, 1 / macro.conversion_time,
                                 both, time, 1 / time}));
}

}  // namespace
}  // namespace mavis::exports
