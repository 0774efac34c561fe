#include "plan/subject.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "temporary_folder.h"
#include "util/files.h"
#include "util/home.h"

namespace mavis::plan {
namespace {

namespace fs = std::filesystem;

const fs::path kNetlists = fs::path(MAVIS_TEST_SOURCE_DIR) / "netlists";

TEST(ReadSubject, ReadsTheReferenceMacros) {
  const Subject large = read_subject(kNetlists / "macros/mf_8x62.toml");
  EXPECT_EQ(large.name, "mf_8x62");
  EXPECT_EQ(large.pdk.name, "ptm45hp");
  EXPECT_EQ(large.rows, 8);
  EXPECT_EQ(large.columns, 62);
  EXPECT_EQ(large.columns_per_half, 31);
  EXPECT_EQ(large.adc_bits, 5);
  EXPECT_EQ(large.hold_voltages, (std::vector<double>{0.4, 0.5, 0.6}));
  EXPECT_EQ(large.hold_voltage, 0.6);
  EXPECT_EQ(large.product_time, 0.9e-9);
  EXPECT_EQ(large.timing, "cl");
  EXPECT_EQ(large.vdd, 1.0);
  ASSERT_EQ(large.blocks.size(), 7u);
  EXPECT_EQ(large.blocks.at("bitcell").subckt, "sram_8t");
  EXPECT_EQ(large.blocks.at("line").subckt, "product_line");
  EXPECT_EQ(large.blocks.at("comparator").subckt, "rail_to_rail");
  EXPECT_EQ(large.blocks.at("logic").subckt, "sar_slice");
  EXPECT_EQ(read_subject("mf_8x30").columns_per_half, 15);  // by name
}

TEST(ReadSubject, GivesBareBlocksTheirCompany) {
  const Subject cell = read_subject(kNetlists / "bitcells/sram_8t.cir");
  EXPECT_EQ(cell.name, "sram_8t");
  EXPECT_EQ(cell.pdk.name, "ptm45hp");
  EXPECT_EQ(cell.blocks.size(), 2u);
  EXPECT_EQ(cell.blocks.at("line").subckt, "product_line");
  EXPECT_EQ(cell.rows, 8);
  EXPECT_EQ(read_subject(kNetlists / "bitcells/sram_6t.cir").blocks.size(), 1u);  // has no product line
  EXPECT_EQ(read_subject(kNetlists / "lines/product_line.cir").blocks.at("bitcell").subckt, "sram_8t");
  const Subject comparator = read_subject("strongarm");
  EXPECT_EQ(comparator.blocks.size(), 1u);
  EXPECT_TRUE(comparator.blocks.contains("comparator"));
  for (const auto& [name, kind] : {std::pair("sar_slice", "logic"), std::pair("line_driver", "driver")}) {
    const Subject block = read_subject(name);
    EXPECT_EQ(block.blocks.size(), 1u);
    EXPECT_EQ(block.blocks.at(kind).subckt, name);
  }
}

// The reference macro with changes, in a folder of its own.
class ChangedMacro : public ::testing::Test {
 protected:
  fs::path changed(const std::string& before, const std::string& after) {
    std::string text = read_text(kNetlists / "macros/mf_8x62.toml", "macro");
    const std::size_t at = text.find(before);
    EXPECT_NE(at, text.npos) << before;
    return folder_.write("m.toml", text.replace(at, before.size(), after));
  }
  void refuses(const std::string& before, const std::string& after,
               std::initializer_list<const char*> parts) {
    SCOPED_TRACE(after);
    const fs::path path = changed(before, after);
    expect_input_error([&] { read_subject(path); }, {"m.toml:"});
    expect_input_error([&] { read_subject(path); }, parts);
  }
  TemporaryFolder folder_;
};

TEST_F(ChangedMacro, TakesQuantitiesWithUnitsAndBlocksBesideIt) {
  EXPECT_EQ(read_subject(changed("product_time = 0.9e-9", "product_time = '800 ps'")).product_time, 0.8e-9);
  fs::copy(kNetlists / "bitcells/sram_8t.cir", folder_.path() / "cell.cir");
  const Subject subject = read_subject(changed("\"sram_8t\"", "\"cell.cir\""));
  EXPECT_TRUE(fs::equivalent(subject.blocks.at("bitcell").path, folder_.path() / "cell.cir"));
}

TEST_F(ChangedMacro, TakesItsProcessFromBesideItOrTheCommandLine) {
  fs::copy(fs::path(MAVIS_TEST_SOURCE_DIR) / "pdk/ptm45hp", folder_.path() / "my_pdk");
  const fs::path macro = changed("pdk = \"ptm45hp\"", "pdk = \"my_pdk\"");
  EXPECT_TRUE(fs::equivalent(read_subject(macro).pdk.folder, folder_.path() / "my_pdk"));
  EXPECT_TRUE(fs::equivalent(read_subject(macro, "ptm45hp").pdk.folder, home() / "pdk/ptm45hp"));
}

TEST_F(ChangedMacro, RefusesFlaws) {
  refuses("rows = 8", "row = 8", {"field 'rows'", "missing"});
  refuses("rows = 8", "rows = 8\nrowz = 8", {"field 'rowz'", "unknown", "did you mean 'rows'"});
  refuses("rows = 8", "rows = '8'", {"field 'rows'", "whole number"});
  refuses("rows = 8", "rows = 1", {"field 'rows'", "is 1", "2 to"});
  refuses("columns = 62", "columns = 60", {"field 'columns'", "two halves of 31 make 62"});
  refuses("adc_bits = 5", "adc_bits = 6", {"field 'adc_bits'", "63 product lines"});
  refuses("vdd = 1.0", "vdd = 1.8", {"field 'vdd'", "1.8 V", "0.7 V to 1.2 V"});
  refuses("0.9e-9", "\"0.9 V\"", {"field 'product_time'", "in s"});
  refuses("0.9e-9", "0.9", {"field 'product_time'", "must be within"});
  refuses("[0.4, 0.5, 0.6]", "[0.4, 0.5]", {"field 'hold_voltages'", "600 mV", "add it"});
  refuses("[0.4, 0.5, 0.6]", "[0.6, 0.5]", {"field 'hold_voltages'", "ascending"});
  refuses("[0.4, 0.5, 0.6]", "0.6", {"field 'hold_voltages'", "list"});
  refuses("timing = \"cl\"", "timing = \"sl\"", {"field 'timing'", "rl, cl"});
  refuses("\"sram_8t\"", "\"sram_9t\"", {"field 'bitcell'", "no such bitcell netlist", "sram_8t"});
  refuses("\"sram_8t\"", "\"../netlists\"", {"field 'bitcell'"});
  refuses("logic = ", "logics = ", {"field 'logic'", "missing"});
  refuses("rows = 8", "rows = = 8", {"not valid TOML"});
}

TEST_F(ChangedMacro, RefusesABlockOfAnotherKind) {
  fs::copy(kNetlists / "bitcells/sram_8t.cir", folder_.path() / "cell.cir");
  refuses("\"product_line\"", "\"cell.cir\"", {"field 'line'", "is a bitcell"});
  refuses("\"sar_slice\"", "\"cell.cir\"", {"field 'logic'", "is a bitcell", "name a logic"});
}

TEST(ReadSubject, RefusesWhatIsNotThere) {
  expect_input_error([] { read_subject("no_such_thing"); }, {"no_such_thing", "no such macro"});
  expect_input_error([] { read_subject("/nowhere/cell.cir"); }, {"/nowhere/cell.cir", "no such"});
  expect_input_error([] { read_subject("mf_8x62", "no_pdk"); }, {"no_pdk", "no such process", "ptm45hp"});
}

}  // namespace
}  // namespace mavis::plan
