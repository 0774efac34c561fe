// The export for CrossSim, run without CrossSim: its three names that the module needs stand in.
#include "export/sample_export.h"

namespace mavis::exports {
namespace {

constexpr const char* kBackend = R"py(
import numpy


def ComputeBackend():
    return numpy
)py";

constexpr const char* kAdc = R"py(
class IADC:
    def __init__(self, bits, top):
        from types import SimpleNamespace as names

        self.bits, self.min, self.max = bits, 0.0, top
        self.simulation_params = names(convolution=names(x_par=1, y_par=1))

    def set_limits(self, matrix):
        self.range = self.max - self.min
)py";

constexpr const char* kDevice = R"py(
class EmptyDevice:
    Gmin_norm, Grange_norm = 0.0, 1.0
)py";

// Codes of every chip and number of products, counted, beside the table.
constexpr const char* kProgram = R"py(
import json

import mavis_crosssim as mavis
import numpy as np

np.random.seed(3)
data = json.load(open("mavis_macro.json"))
n, chips, draws = data["columns_per_half"], len(data["chips"]), 40000
for name in ("MavisTableADC", "MavisThresholdADC"):
    adc = getattr(mavis, name)(data["adc_bits"], 10.0)  # a product is 10 / n of its units
    adc.set_limits(np.zeros((2 * chips, n)))
    worst = moved = 0
    for k in range(n + 1):
        codes = adc.convert(np.full((2 * chips, draws), 10.0 * k / n)) * n / 10.0
        assert np.abs(codes - np.rint(codes)).max() < 1e-9
        for output in range(2 * chips):
            rate = np.array(data["rate"][output % chips][k])
            found = np.bincount(np.rint(codes[output]).astype(int), minlength=n + 1) / draws
            sigma = np.sqrt(rate * (1 - rate) / draws) + 1e-4
            worst = max(worst, (np.abs(found - rate) / sigma).max())
            moved = max(moved, abs((found - rate) @ np.arange(n + 1)))
    print(name, worst < 5.5, moved < 0.3)
one = mavis.MavisThresholdADC(data["adc_bits"], float(n))
one.set_limits(np.zeros((chips, n)))
print(one.convert(np.full(chips, float(n))).shape, one.convert(np.full((5, chips, 7), 1.0)).shape)
cell = mavis.MavisCell()
stored = cell.programming_error(np.ones(200000))
print(abs(stored.std() / data["cell_sigma_one"] - 1) < 0.02, abs(stored.mean() - 1) < 1e-3)
try:
    mavis.MavisTableADC(7, 1.0).set_limits(np.zeros((chips, n)))
except ValueError as error:
    print(error)
)py";

TEST(CrossSim, Golden) {
  expect_golden("crosssim", SampleExport().files("crosssim"));
}

TEST(CrossSim, ConvertersDrawWhatTheLibrarySays) {
  const TemporaryFolder folder;
  for (const auto& [name, text] : SampleExport().files("crosssim")) folder.write(name, text);
  folder.write("simulator/__init__.py", "");
  folder.write("simulator/backend/__init__.py", kBackend);
  folder.write("simulator/circuits/adc/iadc.py", kAdc);
  folder.write("simulator/devices/idevice.py", kDevice);
  const auto [code, out] = run_python(folder.path(), kProgram);
  EXPECT_EQ(code, 0) << out;
  // Thresholds are one row's and leave out which zeros there are: codes may be a little off.
  EXPECT_NE(out.find("MavisTableADC True True\n"), out.npos) << out;
  EXPECT_NE(out.find("MavisThresholdADC "), out.npos) << out;
  EXPECT_NE(out.find(" True\n(2,) (5, 2, 7)\nTrue True\n"), out.npos) << out;
  EXPECT_NE(out.find("adc.mvm.bits is 7; this library's converter has 2"), out.npos) << out;
}

TEST(CrossSim, ParametersNameTheClassesAndTheMacro) {
  const TemporaryFolder folder;
  for (const auto& [name, text] : SampleExport().files("crosssim")) folder.write(name, text);
  const auto [code, out] = run_python(
      folder.path(),
      "import json\np = json.load(open('params.json'))\nadc = p['xbar']['adc']['mvm']\n"
      "print(adc['model'], adc['bits'], adc['calibrated_range'][7], len(adc['calibrated_range']))\n"
      "print(p['core']['rows_max'], p['core']['weight_bits'], p['core']['bit_sliced'])\n");
  EXPECT_EQ(code, 0) << out;
  EXPECT_EQ(out, "MavisTableADC 2 [0.0, 3.0] 8\n3 8 {'style': 3, 'num_slices': 8}\n");
}

}  // namespace
}  // namespace mavis::exports
