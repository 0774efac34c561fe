#include "export/json.h"

#include "export/sample_export.h"
#include "macro/counted_codes.h"
#include "macro/table_bounds.h"

namespace mavis::exports {
namespace {

TEST(Quoted, IsJsonAndPython) {
  EXPECT_EQ(quoted("a \"b\" \\ µ\n"), "\"a \\\"b\\\" \\\\ µ\\u000a\"");
}

// Every number that is read back is the one that the macro simulator gave.
TEST(DataJson, ReadsBackTheSame) {
  const SampleExport sample;
  const std::string json = data_json(sample.source, find_target("crosssim"));
  const MacroData& macro = *sample.source.macro;
  const auto joined = [&](const auto& items, const auto& of) {
    std::vector<double> all;
    for (const auto& item : items) all.insert(all.end(), of(item).begin(), of(item).end());
    return all;
  };
  using Codes = macro::ChipCodes;
  EXPECT_EQ(json_numbers(json, "rate"), joined(
                                            macro.codes, [](const Codes& c) -> auto& { return c.rate; }));
  EXPECT_EQ(json_numbers(json, "mean"), joined(
                                            macro.codes, [](const Codes& c) -> auto& { return c.mean; }));
  EXPECT_EQ(json_numbers(json, "temporal_sigma"),
            joined(
                macro.codes, [](const Codes& c) -> auto& { return c.temporal_sigma; }));
  EXPECT_EQ(json_numbers(json, "threshold_v"),
            joined(
                macro.converters, [](const Converter& c) -> auto& { return c.threshold; }));
  EXPECT_EQ(json_numbers(json, "threshold_noise_products"),
            joined(
                macro.converters, [](const Converter& c) -> auto& { return c.products_noise; }));
  EXPECT_EQ(json_numbers(json, "weight"), macro.codes[0].weight);
  EXPECT_EQ(json_numbers(json, "level_v"), macro.level);
  EXPECT_EQ(json_numbers(json, "adc_bits"), std::vector<double>{2});
  EXPECT_EQ(json_numbers(json, "cell_sigma_one"), std::vector<double>{macro.cell.stored_one});
  const TemporaryFolder folder;
  folder.write("data.json", json);
  const auto [code, out] = run_python(folder.path(),
                                      "import json\nd = json.load(open('data.json'))\nprint(d['library'], "
                                      "len(d['about']), len(d['rate'][1]))\n");
  EXPECT_EQ(code, 0) << out;
  EXPECT_EQ(out,
            "small.h5 " + std::to_string(header(sample.source, find_target("crosssim")).size()) + " 4\n");
}

// The rates are those that `mavis codes` computes for the same chips.
TEST(DataJson, RatesAreThoseOfCodes) {
  const SampleExport sample;
  const tables::Library& library = sample.library;
  const macro::Spec spec = macro::read_spec(library);
  const macro::PointTables tables(library, macro::kTypical);
  const macro::MacroModel model(tables, spec);
  const std::vector<macro::Bits> rows = macro::random_rows(5, spec, 0.5);
  std::vector<double> rates;
  for (std::uint32_t chip : {0, 1}) {
    const macro::ChipCodes codes = macro::chip_codes(model, macro::Chip(5, chip), {}, rows, 0.5,
                                                     macro::table_bounds(tables, spec.cycles()));
    rates.insert(rates.end(), codes.rate.begin(), codes.rate.end());
  }
  EXPECT_EQ(json_numbers(data_json(sample.source, find_target("crosssim")), "rate"), rates);
}

}  // namespace
}  // namespace mavis::exports
