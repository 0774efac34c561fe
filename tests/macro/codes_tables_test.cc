#include "macro/codes_tables.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/counted_codes.h"
#include "macro/sample_macro.h"
#include "temporary_folder.h"

namespace mavis::macro {
namespace {

TEST(CodesTables, HoldRatesAndTheirSummariesThroughAFile) {
  const tables::Library library = sample_library({.offset_response = 5e-3, .comparator_noise = 5e-3});
  const Spec spec = read_spec(library);
  const MacroModel model(PointTables(library, kTypical), spec);
  std::vector<Bits> rows = random_rows(1, spec, 0.5);
  rows.pop_back();
  std::vector<ChipCodes> chips;
  for (std::uint32_t chip : {4, 9})
    chips.push_back(chip_codes(model, Chip(7, chip), {}, rows, 0.5, {.level = 1e-3}));
  tables::Library to = library;
  add_codes(to, kTypical, spec, {4, 9}, chips);

  const TemporaryFolder folder;
  tables::write_library(folder.path() / "codes.h5", to);
  const tables::Library read = tables::read_library(folder.path() / "codes.h5");
  EXPECT_TRUE(read.tables().contains("sum_line/level"));
  const tables::Table& rate = read.find("codes/rate");
  ASSERT_EQ(rate.axes.size(), 6u);
  EXPECT_EQ(rate.axes[3].values, (std::vector<double>{4, 9}));
  EXPECT_EQ(rate.values[rate.offset({0, 0, 0, 1, 7, 8})], chips[1].rate[7 * 32 + 8]);
  EXPECT_EQ(rate.plane("bound")[rate.offset({0, 0, 0, 1, 7, 8})], chips[1].bound[7 * 32 + 8]);
  EXPECT_EQ(rate.status_at(rate.offset({0, 0, 0, 1, 31, 31})), tables::Status::not_applicable);
  const tables::Table& over = read.find("codes/rate_over_chips");
  EXPECT_DOUBLE_EQ(over.values[over.offset({0, 0, 0, 7, 8})],
                   (chips[0].rate[7 * 32 + 8] + chips[1].rate[7 * 32 + 8]) / 2);
  const tables::Table& enob = read.find("codes/enob");
  EXPECT_LT(enob.values[2], std::min(enob.values[0], enob.values[1]));  // total: less than either alone
  EXPECT_NEAR(read.find("codes/sndr").values[2], sndr_db(enob.values[2]), 1e-12);
  EXPECT_NEAR(read.find("codes/static_error").values[7], chips[0].mean[7] - 7, 1e-12);
}

}  // namespace
}  // namespace mavis::macro
