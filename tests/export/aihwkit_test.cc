#include "export/sample_export.h"

namespace mavis::exports {
namespace {

TEST(Aihwkit, Golden) {
  expect_golden("aihwkit", SampleExport().files("aihwkit"));
}

TEST(Aihwkit, ModuleIsPython) {
  const TemporaryFolder folder;
  for (const auto& [name, text] : SampleExport().files("aihwkit")) folder.write(name, text);
  const auto [code, out] =
      run_python(folder.path(), "import ast\nast.parse(open('mavis_aihwkit.py').read())\n");
  EXPECT_EQ(code, 0) << out;
}

// Columns' gain and nonlinearity give back the mean codes as well as a line through zero can.
TEST(Aihwkit, ColumnsFollowTheMeanCodes) {
  SampleExport sample;
  for (macro::ChipCodes& chip : sample.source.macro->codes)
    for (std::size_t k = 0; k < chip.mean.size(); ++k) {
      const double y = 0.95 * static_cast<double>(k);
      chip.mean[k] = y / (1 + 0.01 * y);
      chip.temporal_sigma[k] = &chip == &sample.source.macro->codes[0] ? 0.3 : 0.1;
    }
  const std::string json = sample.files("aihwkit").at("columns.json");
  // The scalar of that name comes first.
  const std::string columns = json.substr(json.find("out_noise_values") - 1);
  for (double loss : json_numbers(columns, "v_offset")) EXPECT_NEAR(loss, 0.05, 1e-12);
  for (double n : json_numbers(columns, "out_nonlinearity")) EXPECT_NEAR(n, 0.01, 1e-12);
  const std::vector<double> noise = json_numbers(columns, "out_noise_values");
  ASSERT_EQ(noise.size(), 2u);
  EXPECT_NEAR(noise[0], 0.3, 1e-12);
  EXPECT_NEAR(json_numbers(json, "out_noise").at(0), std::sqrt(0.05), 1e-12);
  EXPECT_NEAR(json_numbers(json, "out_noise_std").at(0), 0.5, 1e-12);
}

TEST(Aihwkit, AStraightLineHasNoNonlinearity) {
  SampleExport sample;
  for (macro::ChipCodes& chip : sample.source.macro->codes)
    for (std::size_t k = 0; k < chip.mean.size(); ++k) chip.mean[k] = static_cast<double>(k);
  const std::string json = sample.files("aihwkit").at("columns.json");
  for (double loss : json_numbers(json.substr(json.find("out_noise_values") - 1), "v_offset"))
    EXPECT_NEAR(loss, 0, 1e-12);
}

}  // namespace
}  // namespace mavis::exports
