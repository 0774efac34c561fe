#include "export/sample_export.h"
#include "macro/decisions.h"

namespace mavis::exports {
namespace {

std::vector<std::vector<double>> numbers_of(const std::string& text) {
  std::vector<std::vector<double>> rows;
  for (const std::vector<std::string>& row : rows_of(text, ' ')) {
    std::vector<double>& numbers = rows.emplace_back();
    for (const std::string& field : row) numbers.push_back(std::stod(field));
  }
  return rows;
}

TEST(VerilogA, Golden) {
  expect_golden("verilog-a", SampleExport().files("verilog-a"));
}

// As $table_model reads them: one line a point, the first axis slowest, ascending.
TEST(VerilogA, TablesReadBackTheSame) {
  const SampleExport sample;
  const auto files = sample.files("verilog-a");
  const MacroData& macro = *sample.source.macro;
  const auto noise = numbers_of(files.at("comparator_noise.tbl"));
  ASSERT_EQ(noise.size(), macro.common_mode.size());
  const auto threshold = numbers_of(files.at("comparator_threshold.tbl"));
  ASSERT_EQ(threshold.size(), 2 * macro.common_mode.size());
  const macro::PointTables tables(sample.library, macro::kTypical);
  const macro::MacroModel model(tables, macro.spec);
  std::size_t line = 0;
  for (std::uint32_t chip : {0, 1}) {
    const macro::Comparator comparator =
        macro::calibrate(model.comparator, macro::Chip(5, chip), 0).comparator;
    for (std::size_t k = 0; k < macro.common_mode.size(); ++k, ++line) {
      EXPECT_EQ(threshold[line], (std::vector<double>{static_cast<double>(chip), macro.common_mode[k],
                                                      comparator.threshold(macro.common_mode[k])}));
      if (chip == 0) {
        EXPECT_EQ(noise[k],
                  (std::vector<double>{macro.common_mode[k], model.comparator.noise(macro.common_mode[k])}));
      }
    }
  }
  const auto converter = numbers_of(files.at("converter_threshold.tbl")),
             converter_noise = numbers_of(files.at("converter_noise.tbl"));
  ASSERT_EQ(converter.size(), 2u * 3);
  for (std::size_t i = 0; i < converter.size(); ++i) {
    const Converter& of = macro.converters[i / 3];
    EXPECT_EQ(converter[i], (std::vector<double>{static_cast<double>(i / 3), static_cast<double>(i % 3),
                                                 of.threshold[i % 3]}));
    EXPECT_EQ(converter_noise[i][2], of.noise[i % 3]);
  }
  const auto level = numbers_of(files.at("level.tbl"));
  for (std::size_t k = 0; k < level.size(); ++k) EXPECT_EQ(level[k][1], macro.level[k]);
}

TEST(VerilogA, ModulesNameEveryTableAndNoOther) {
  const auto files = SampleExport().files("verilog-a");
  const std::string modules = files.at("mavis_comparator.va") + files.at("mavis_converter.va");
  std::size_t named = 0;
  for (std::size_t at = 0; (at = modules.find(".tbl\"", at)) != modules.npos; ++at) {
    const std::size_t from = modules.rfind('"', at) + 1;
    EXPECT_TRUE(files.contains(modules.substr(from, at + 4 - from)));
    ++named;
  }
  EXPECT_EQ(named, 4u);  // level.tbl is for who models the array
  for (const char* keyword : {"module", "endmodule", "analog begin"})
    EXPECT_NE(modules.find(keyword), modules.npos);
  EXPECT_EQ(std::count(modules.begin(), modules.end(), '('), std::count(modules.begin(), modules.end(), ')'));
}

}  // namespace
}  // namespace mavis::exports
