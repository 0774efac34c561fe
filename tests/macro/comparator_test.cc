#include "macro/comparator.h"

#include <gtest/gtest.h>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

Comparator comparator_of(const tables::Library& library, const Chip& chip = Chip::without_mismatch(),
                         int array = 0) {
  return {ComparatorModel(PointTables(library, kTypical)), chip, array};
}

TEST(Comparator, CalibrationBringsBothEndsNearestToZero) {
  struct Case {
    double offset;
    const char *n, *p;
    double left;
  };
  // Steps of 10, 20 and 30 mV: n_left and p_right lower the offset.
  for (const Case& c :
       {Case{0.004, "none", "none", 0.004}, Case{0.012, "n_left_1", "p_right_1", 0.002},
        Case{0.027, "n_left_3", "p_right_3", -0.003}, Case{0.050, "n_left_3", "p_right_3", 0.020},
        Case{-0.018, "n_right_2", "p_left_2", 0.002}}) {
    const Comparator comparator = comparator_of(sample_library({.offset = c.offset}));
    EXPECT_EQ(comparator.n_setting(), c.n);
    EXPECT_EQ(comparator.p_setting(), c.p);
    EXPECT_NEAR(comparator.threshold(0.95), c.left, 1e-12);
    EXPECT_NEAR(comparator.threshold(0.05), c.left, 1e-12);
    EXPECT_NEAR(comparator.threshold(0.5), c.left, 1e-12) << "both sides add up to one step between the ends";
    EXPECT_EQ(comparator.threshold(0.99), comparator.threshold(0.95)) << "the value at the end holds beyond";
  }
}

TEST(Comparator, AMacroMayLeaveItsCalibrationOff) {
  const tables::Library library = sample_library({.offset = 0.012});
  const ComparatorModel model(PointTables(library, kTypical), false);
  const Comparator comparator(model, Chip::without_mismatch(), 0);
  EXPECT_EQ(comparator.n_setting(), "none");
  EXPECT_NEAR(comparator.threshold(0.95), 0.012, 1e-12);
}

TEST(Comparator, EachSideIsCalibratedAtItsOwnEndAndFadesToTheOther) {
  tables::Library library = sample_library();
  tables::Table offset = library.find("comparator/offset");
  for (std::size_t i = 0; i < offset.values.size(); ++i)
    offset.values[i] = i % 5 == 4 ? 0.021 : 0;  // at 0.95
  library.put(offset);
  const Comparator comparator = comparator_of(library);
  EXPECT_EQ(comparator.n_setting(), "n_left_2");
  EXPECT_EQ(comparator.p_setting(), "none");
  EXPECT_NEAR(comparator.threshold(0.95), 0.001, 1e-12);
  EXPECT_NEAR(comparator.threshold(0.5), -0.020 * 0.5, 1e-12);
  EXPECT_NEAR(comparator.threshold(0.25), -0.020 * 0.2 / 0.9, 1e-12);
  EXPECT_NEAR(comparator.threshold(0.05), 0, 1e-12);
}

TEST(Comparator, DrawsMoveTheThreshold) {
  const tables::Library library = sample_library({.offset_response = 0.002});
  Chip chip = Chip::without_mismatch();
  chip.set("u3.comparator", "mn_in_l:vth", 1.5);
  EXPECT_NEAR(comparator_of(library, chip, 3).threshold(0.4), 0.003, 1e-12);
  EXPECT_EQ(comparator_of(library, chip, 2).threshold(0.4), 0);
}

TEST(Comparator, WithoutCalibrationDevicesItStaysAsItIs) {
  const tables::Library full = sample_library({.offset = 0.03});
  tables::Library library(full.macro());
  for (const auto& [name, table] : full.tables())
    if (name != "comparator/calibration_step") library.put(table);
  EXPECT_EQ(comparator_of(library).threshold(0.95), 0.03);
  EXPECT_EQ(comparator_of(library).n_setting(), "none");
}

TEST(ComparatorModel, NoiseIsTheSpreadClampedToItsAxis) {
  tables::Library library = sample_library();
  tables::Table noise = library.find("comparator_noise/input_noise");
  for (std::size_t i = 0; i < noise.cells(); ++i)
    noise.planes["sigma"][i] = 1e-3 * static_cast<double>(1 + i % 3);  // at 0.1, 0.5, 0.9
  library.put(noise);
  const ComparatorModel model{PointTables(library, kTypical)};
  EXPECT_NEAR(model.noise(0.05), 1e-3, 1e-15);
  EXPECT_NEAR(model.noise(0.5), 2e-3, 1e-15);
  EXPECT_NEAR(model.noise(0.7), 2.5e-3, 1e-15);
  EXPECT_NEAR(model.noise(0.95), 3e-3, 1e-15);
  EXPECT_EQ(model.energy(0.5), 10e-15);
}

}  // namespace
}  // namespace mavis::macro
