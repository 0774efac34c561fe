#include "macro/comparator.h"

#include <gtest/gtest.h>

#include <functional>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

// A comparator with the model that it needs.
struct Built {
  ComparatorModel model;
  Comparator comparator;
  explicit Built(const tables::Library& library, const Chip& chip = Chip::without_mismatch(), int array = 0,
                 bool calibrated = true)
      : model(PointTables(library, kTypical), calibrated), comparator(model, chip, array) {}

  std::size_t position(Side side, const std::string& name) const {
    const auto& all = model.settings(side);
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.name == name; });
    EXPECT_NE(found, all.end()) << name;
    return static_cast<std::size_t>(found - all.begin());
  }
};

TEST(Comparator, SettingsAreOrderedByTheirSteps) {
  const Built built(sample_library());
  std::vector<std::string> n, p;
  for (const auto& setting : built.model.settings(Side::n)) n.push_back(setting.name);
  for (const auto& setting : built.model.settings(Side::p)) p.push_back(setting.name);
  EXPECT_EQ(n, (std::vector<std::string>{"n_left_3", "n_left_2", "n_left_1", "none", "n_right_1", "n_right_2",
                                         "n_right_3"}));
  EXPECT_EQ(p, (std::vector<std::string>{"p_right_3", "p_right_2", "p_right_1", "none", "p_left_1",
                                         "p_left_2", "p_left_3"}));
  EXPECT_EQ(built.comparator.setting(Side::n), "none");
  EXPECT_EQ(built.comparator.calibration(), built.model.without_calibration());
}

TEST(Comparator, ASettingActsAtItsOwnEndAndFadesToTheOther) {
  const Built built(sample_library({.offset = 0.021}));
  const Comparator n =
      built.comparator.with({built.position(Side::n, "n_left_2"), built.position(Side::p, "none")});
  EXPECT_EQ(n.setting(Side::n), "n_left_2");
  EXPECT_EQ(n.setting(Side::p), "none");
  EXPECT_NEAR(n.threshold(0.95), 0.001, 1e-12);
  EXPECT_NEAR(n.threshold(0.5), 0.021 - 0.020 * 0.5, 1e-12);
  EXPECT_NEAR(n.threshold(0.25), 0.021 - 0.020 * 0.2 / 0.9, 1e-12);
  EXPECT_NEAR(n.threshold(0.05), 0.021, 1e-12);
  const Comparator both = n.with({built.position(Side::n, "n_left_2"), built.position(Side::p, "p_right_2")});
  for (double cm : {0.05, 0.5, 0.95}) EXPECT_NEAR(both.threshold(cm), 0.001, 1e-12) << cm;
  EXPECT_EQ(both.threshold(0.99), both.threshold(0.95)) << "the value at the end holds beyond";
}

// The line through both ends: 80 ps at 50 mV, 100 ps at 5 mV, so 120 ps at 0.5 mV.
TEST(ComparatorModel, ADecisionInTimeNeedsAnOverdrive) {
  const tables::Library library = sample_library({.delay = 100e-12});
  const PointTables tables(library, kTypical);
  EXPECT_NEAR(ComparatorModel(tables, true, 120e-12).late(0.6), 0.5e-3, 1e-9);
  EXPECT_NEAR(ComparatorModel(tables, true, 90e-12).late(0.6), std::sqrt(0.005 * 0.05), 1e-9);
  EXPECT_LT(ComparatorModel(tables, true, 1e-9).late(0.6), 1e-20);
  EXPECT_EQ(ComparatorModel(tables).late(0.6), 0) << "a library that does not say";
}

TEST(Comparator, AMacroMayLeaveItsCalibrationOff) {
  const Built built(sample_library({.offset = 0.012}), Chip::without_mismatch(), 0, false);
  EXPECT_EQ(built.model.settings(Side::n).size(), 1u);
  EXPECT_NEAR(built.comparator.threshold(0.95), 0.012, 1e-12);
}

TEST(Comparator, DrawsMoveTheThreshold) {
  const tables::Library library = sample_library({.offset_response = 0.002});
  Chip chip = Chip::without_mismatch();
  chip.set("u3.comparator", "mn_in_l:vth", 1.5);
  EXPECT_NEAR(Built(library, chip, 3).comparator.threshold(0.4), 0.003, 1e-12);
  EXPECT_EQ(Built(library, chip, 2).comparator.threshold(0.4), 0);
}

TEST(Comparator, WithoutCalibrationDevicesItStaysAsItIs) {
  const tables::Library full = sample_library({.offset = 0.03});
  tables::Library library(full.macro());
  for (const auto& [name, table] : full.tables())
    if (name != "comparator/calibration_step") library.put(table);
  const Built built(library);
  EXPECT_EQ(built.comparator.threshold(0.95), 0.03);
  EXPECT_EQ(built.model.settings(Side::p).size(), 1u);
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

// The sample's library with tables of comparator_calibration: the P half has an offset of -30 mV below 0.4
// and the N half one of 10 mV from 0.5 on; n_left_2 shifts the N half by 20 mV, 25 at the rail, and by 2 mV
// more a standard deviation at the rail, 1 at its other places.
tables::Library with_calibration() {
  const tables::Library sample = sample_library({.offset_response = 0.002});
  tables::Library library = sample;
  const auto add = [&](const std::string& name, const std::vector<tables::Axis>& axes, double response,
                       const std::function<double(const std::vector<std::size_t>&)>& at) {
    tables::Table table{.name = "comparator_calibration/" + name, .unit = "V", .long_name = name};
    const tables::Table& like = sample.find("comparator/offset");
    table.axes.assign(like.axes.begin(), like.axes.begin() + 3);
    table.axes.insert(table.axes.end(), axes.begin(), axes.end());
    table.parameters = {.name = "comparator_calibration_parameter", .labels = {"mn_in_l:vth"}};
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      const std::size_t last = axes.back().size();
      const std::vector<std::size_t> index = {axes.size() > 1 ? cell / last % axes[0].size() : 0,
                                              cell % last};
      table.values.push_back(at(index));
      table.response.push_back(index[1] == 0 ? 2 * response : response);
    }
    if (response == 0) {
      table.response.clear();
      table.parameters = {};
    }
    library.put(table);
  };
  const tables::Axis cm{
      .name = "common_mode", .unit = "1", .values = {0.05, 0.15, 0.25, 0.4, 0.5, 0.7, 0.9, 0.95}};
  const tables::Axis setting{.name = "setting",
                             .labels = sample.find("comparator/calibration_step").axes.back().labels};
  const tables::Axis place{.name = "place", .labels = {"rail", "near_rail", "middle", "inner"}};
  add("offset", {cm}, 0.001, [](const auto& i) { return i[1] < 4 ? -0.030 : 0.010; });
  const auto shift = [&](std::size_t k, bool rules) {
    const double direction = k / 3 == 0 || k / 3 == 3 ? -1 : 1;
    return rules ? direction * 0.01 * static_cast<double>(k % 3 + 1) : 0;
  };
  add("shift", {setting, cm}, 0, [&](const auto& i) {
    const bool n_side = i[0] < 6, rules = n_side ? i[1] >= 4 : i[1] < 4;
    return shift(i[0], rules) * (i[1] == 7 ? 1.25 : 1);
  });
  add("shift_where_it_rules", {setting, place}, 0.001, [&](const auto& i) { return shift(i[0], true); });
  return library;
}

TEST(Comparator, ASettingActsWhereItsHalfRules) {
  const Built built(with_calibration());
  const Comparator n =
      built.comparator.with({built.position(Side::n, "n_left_2"), built.position(Side::p, "p_left_3")});
  EXPECT_NEAR(n.threshold(0.95), 0.010 - 0.025, 1e-12);
  EXPECT_NEAR(n.threshold(0.7), 0.010 - 0.020, 1e-12);
  EXPECT_NEAR(n.threshold(0.5), 0.010 - 0.020, 1e-12);
  EXPECT_NEAR(n.threshold(0.4), -0.030 + 0.030, 1e-12);
  EXPECT_NEAR(n.threshold(0.05), -0.030 + 0.030, 1e-12);
  EXPECT_NEAR(built.model.settings(Side::n).front().shift, -0.0375, 1e-12) << "n_left_3 at the rail";
}

TEST(Comparator, AChipHasStepsOfItsOwn) {
  Chip chip = Chip::without_mismatch();
  chip.set("u0.comparator", "mn_in_l:vth", 2);
  const Built built(with_calibration(), chip);
  EXPECT_NEAR(built.comparator.threshold(0.7), 0.010 + 2 * 0.001, 1e-12) << "the offset's response";
  const Comparator n =
      built.comparator.with({built.position(Side::n, "n_left_2"), built.position(Side::p, "none")});
  const auto step = [&](double cm) { return n.threshold(cm) - built.comparator.threshold(cm); };
  EXPECT_NEAR(step(0.7), -0.020 + 2 * 0.001, 1e-12);
  EXPECT_NEAR(step(0.95), -0.025 + 2 * 0.002, 1e-12);
  EXPECT_NEAR(step(0.25), 0, 1e-12) << "does not rule there";
}

TEST(Comparator, TakesMeasuredThresholds) {
  const Built built(sample_library());
  const Comparator measured = built.comparator.measured({{0.1, 0.9}, {0.001, 0.003}});
  EXPECT_NEAR(measured.threshold(0.5), 0.002, 1e-12);
  EXPECT_EQ(measured.setting(Side::n), "none");
}

}  // namespace
}  // namespace mavis::macro
