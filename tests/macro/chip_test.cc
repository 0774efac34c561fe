#include "macro/chip.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"
#include "tables/hdf5.h"
#include "temporary_folder.h"
#include "util/draws.h"
#include "util/files.h"

namespace mavis::macro {
namespace {

const std::set<std::string> kColumnLabels = {"xcell.mrl:vth", "cwire:c"}, kComparatorLabels = {"mn_in_l:vth"};

TEST(Chip, AddressesNameTheDevice) {
  EXPECT_EQ(line_address(0, Half::left, 7), "u0.left.c7");
  EXPECT_EQ(cell_address(12, Half::right, 30, 3), "u12.right.c30.r3");
  EXPECT_EQ(comparator_address(2), "u2.comparator");
  EXPECT_TRUE(belongs_to_cell("xcell.mrl:vth"));
  EXPECT_FALSE(belongs_to_cell("xidle.mrl:vth"));
}

TEST(Chip, DrawsAreThoseOfTheAddress) {
  const Chip chip(5, 3);
  EXPECT_EQ(chip.draw("u0.left.c7.r3", "xcell.mrl:vth"),
            normal_draw(5, Stream::local, 3, "u0.left.c7.r3/xcell.mrl:vth"));
  EXPECT_NE(chip.draw("u0.left.c7", "cwire:c"), chip.draw("u0.left.c8", "cwire:c"));
  EXPECT_EQ(Chip::without_mismatch().draw("u0.left.c7", "cwire:c"), 0);
}

class ChipFile : public testing::Test {
 protected:
  Chip load() const { return load_chip(path_, spec_, kColumnLabels, kComparatorLabels); }
  // A chip file of one draw.
  void write(const std::string& address, const std::string& label, double value) const {
    Chip chip(1, 0);
    chip.record();
    chip.set(address, label, value);
    chip.draw(address, label);
    save_chip(path_, chip, "sample", 2);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "chip.h5";
  Spec spec_ = read_spec(sample_library());
};

TEST_F(ChipFile, RoundTripKeepsEveryDraw) {
  Chip chip(18446744073709551615u, 7);
  chip.record();
  const double cell = chip.draw("u0.left.c7.r3", "xcell.mrl:vth"), line = chip.draw("u1.right.c0", "cwire:c"),
               comparator = chip.draw("u1.comparator", "mn_in_l:vth");
  save_chip(path_, chip, "sample", 2);
  Chip back = load();
  EXPECT_EQ(back.seed(), chip.seed());
  EXPECT_EQ(back.index(), 7u);
  EXPECT_EQ(back.draw("u0.left.c7.r3", "xcell.mrl:vth"), cell);
  EXPECT_EQ(back.draw("u1.right.c0", "cwire:c"), line);
  EXPECT_EQ(back.draw("u1.comparator", "mn_in_l:vth"), comparator);
  EXPECT_EQ(back.draw("u0.left.c1", "cwire:c"), chip.draw("u0.left.c1", "cwire:c")) << "not in the file";

  const std::string first = read_text(path_, "chip");
  save_chip(path_, chip, "sample", 2);
  EXPECT_NE(read_text(path_, "chip"), first) << "one more draw was used";
}

TEST_F(ChipFile, RoundTripKeepsMeasuredComparators) {
  Chip chip(4, 2);
  const MeasuredComparator first{"tt, 1 V, 27 C", {"n_left_1", "none"}, {{0.1, 0.9}, {0.003, -0.004}}},
      second{"tt, 1 V, 27 C", {"none", "p_right_3"}, {{0.1, 0.9}, {0.001, 0.002}}};
  chip.set_measured(0, first);
  chip.set_measured(1, second);
  save_chip(path_, chip, "sample", 2);
  const Chip back = load();
  ASSERT_NE(back.measured(0), nullptr);
  EXPECT_EQ(*back.measured(0), first);
  EXPECT_EQ(*back.measured(1), second);
  EXPECT_EQ(back.measured(2), nullptr);

  chip.set_measured(1, {second.pvt, second.setting, {{0.1, 0.9}, {0.001, std::nan("")}}});
  save_chip(path_, chip, "sample", 2);
  expect_input_error([&] { load(); }, {"chip.h5", "comparator_threshold", "finite"});
}

TEST_F(ChipFile, AnEditedDrawWins) {
  write("u0.left.c7", "cwire:c", -2.5);
  EXPECT_EQ(load().draw("u0.left.c7", "cwire:c"), -2.5);
  EXPECT_NE(Chip(1, 0).draw("u0.left.c7", "cwire:c"), -2.5);
}

TEST_F(ChipFile, AChipOfAnotherMacroIsRefused) {
  Chip chip(1, 0);
  save_chip(path_, chip, "mf_8x30", 1);
  expect_input_error([&] { load(); }, {"chip.h5", "mf_8x30", "sample"});
}

TEST_F(ChipFile, DrawsThatNameNoDeviceAreRefused) {
  const auto refused = [&](const std::string& address, const std::string& label,
                           std::initializer_list<const char*> parts) {
    write(address, label, 1);
    expect_input_error([&] { load(); }, parts);
  };
  refused("left.c7", "cwire:c", {"chip.h5", "draw 0", "'left.c7'", "u0.left.c7"});
  refused("u2.left.c7", "cwire:c", {"'u2.left.c7'", "2 uArrays"});
  refused("u0.left.c31", "cwire:c", {"31 columns"});
  refused("u0.left.c3.r8", "xcell.mrl:vth", {"8 rows"});
  refused("u0.left.c3", "cwire", {"'cwire'"});
  refused("u0.left.c3", "xcell.mrl:vth", {"'xcell.mrl:vth'"});
  refused("u0.comparator", "cwire:c", {"'cwire:c'"});
  refused("u0.left.c3", "cwire:c\xC2\xB5", {"no device parameter"});
  write("u0.left.c3", "cwire:c", std::nan(""));
  expect_input_error([&] { load(); }, {"u0.left.c3", "nan"});
}

TEST_F(ChipFile, WhatIsNoChipIsRefused) {
  expect_input_error([&] { load(); }, {"chip.h5", "no such", "--save-chip"});
  folder_.write("chip.h5", "text");
  expect_input_error([&] { load(); }, {"chip.h5", "HDF5"});
  const auto root = tables::hdf5::Node::create_in_memory();
  write_atomically(path_, root.image());
  expect_input_error([&] { load(); }, {"no chip file"});
  root.set("format", std::string("mavis-chip"));
  root.set("format_version", std::int64_t{2});
  write_atomically(path_, root.image());
  expect_input_error([&] { load(); }, {"newer", "2"});
}

}  // namespace
}  // namespace mavis::macro
