#include "expect_error.h"
#include "export/sample_export.h"
#include "macro/design.h"

namespace mavis::exports {
namespace {

TEST(Accelergy, Golden) {
  expect_golden("accelergy", SampleExport().files("accelergy"));
}

TEST(Accelergy, EnergiesAreThoseOfTheMacroSimulator) {
  const SampleExport sample;
  const auto rows = rows_of(sample.files("accelergy").at("mavis_uarray.csv"), ',');
  ASSERT_EQ(rows.size(), 6u);
  std::map<std::string, double> joules;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].size(), rows[0].size());
    joules[rows[i][6]] = 1e-12 * std::stod(rows[i][3]);
    EXPECT_NEAR(std::stod(rows[i][4]), 125, 1e-9);  // um2
    EXPECT_EQ(rows[i][2], "2");
  }
  const macro::DesignSpace space(sample.library, macro::kTypical);
  const macro::DesignFigures figures = space.figures({.columns = 6, .hold_voltage = 0.6});
  const double mav = figures.energy.of(macro::Phase::mav) / figures.conversions,
               conversion = figures.energy.of(macro::Phase::conversion) / figures.conversions;
  EXPECT_NEAR(joules["multiply_average"], mav, 1e-12 * mav);
  EXPECT_NEAR(joules["convert"], conversion, 1e-12 * conversion);
  EXPECT_NEAR(joules["compute|read"], mav + conversion, 1e-12 * conversion);
  // 8 rows of 6 cells, half of them 1 nW, half 2 nW, for 1 ns.
  EXPECT_NEAR(joules["leak"], 48 * 1.5e-9 * 1e-9, 1e-28);
}

TEST(Accelergy, TechnologyIsTheProcessesAndUnknownAreaIsSaid) {
  SampleExport sample;
  EXPECT_EQ(rows_of(sample.files("accelergy").at("mavis_uarray.csv"), ',')[1][0], "*");
  sample.library.provenance.files["pdk/ptm45hp/pdk.toml"] =
      read_text(std::filesystem::path(MAVIS_TEST_SOURCE_DIR) / "pdk/ptm45hp/pdk.toml", "process");
  sample.source.area.reset();
  sample.source.no_area = "no netlists";
  const std::string text = sample.files("accelergy").at("mavis_uarray.csv");
  EXPECT_EQ(rows_of(text, ',')[1][0], "45nm");
  EXPECT_EQ(rows_of(text, ',')[1][4], "0");
  EXPECT_NE(text.find("# area is 0: no netlists"), text.npos);
  sample.source.macro->no_energy = "a product is not over";
  expect_input_error([&] { sample.files("accelergy"); }, {"small.h5", "a product is not over"});
}

}  // namespace
}  // namespace mavis::exports
