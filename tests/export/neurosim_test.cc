#include "expect_error.h"
#include "export/sample_export.h"

namespace mavis::exports {
namespace {

TEST(NeuroSim, Golden) {
  expect_golden("neurosim", SampleExport().files("neurosim"));
}

TEST(NeuroSim, OutputNoiseIsThatOfAllChips) {
  const SampleExport sample;
  const auto rows = rows_of(sample.files("neurosim").at("output_noise.csv"), ',');
  ASSERT_EQ(rows.size(), 1u + 4 + 1) << "2^adc + 1 rows below the header";
  EXPECT_EQ(rows[0][0] + rows[0][1] + rows[0][2], "outputmeanstd");
  const MacroData& macro = *sample.source.macro;
  for (std::size_t k = 0; k < 4; ++k) {
    double mean = 0, squares = 0;
    for (const macro::ChipCodes& chip : macro.codes) {
      // A chip's own mean; its spread over data and noise.
      mean += chip.mean[k] / 2;
      squares += (chip.mean[k] * chip.mean[k] + chip.data_sigma[k] * chip.data_sigma[k] +
                  chip.temporal_sigma[k] * chip.temporal_sigma[k]) /
                 2;
    }
    EXPECT_EQ(std::stoi(rows[k + 1][0]), static_cast<int>(k));
    EXPECT_NEAR(std::stod(rows[k + 1][1]), mean, 1e-9);
    EXPECT_NEAR(std::stod(rows[k + 1][2]), std::sqrt(squares - mean * mean), 1e-6);
  }
  EXPECT_EQ(rows[5][1], rows[4][1]);
}

TEST(NeuroSim, StatesAreTheLinesCapacitance) {
  const auto rows = rows_of(SampleExport().files("neurosim").at("mem_states.csv"), ',');
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1], (std::vector<std::string>{"0", "0", "0"}));
  EXPECT_EQ(std::stod(rows[2][1]), 3.5e-15);  // at the hold voltage of the macro, input 1
  EXPECT_EQ(std::stod(rows[2][2]), 4e-17);
}

TEST(NeuroSim, SaysWhatTheLibraryLacks) {
  SampleExport sample;
  sample.source.macro = macro_data(macro::sample_library(), macro::kTypical, small_options());
  expect_input_error([&] { sample.files("neurosim"); }, {"small.h5", "line_charge/capacitance", "--only"});
}

}  // namespace
}  // namespace mavis::exports
