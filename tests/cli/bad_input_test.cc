// Every kind of bad input ends with exit code 2, one line that says file, place and remedy, and no trace on
// disk.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/run_program.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = MAVIS_TEST_SOURCE_DIR;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << "the test expects '" << from << "' in the file it spoils";
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

class BadInput : public testing::Test {
 protected:
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) names.insert(entry.path());
    return names;
  }

  // Runs the program; it must refuse with one line that contains all `parts`, and change nothing in the
  // folder.
  void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
    const std::set<std::string> before = files();
    const Ran ran = run_program(folder_.path(), arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << "'" << part << "' in: " << ran.err;
    EXPECT_EQ(files(), before);
  }

  void refused_cell(const std::string& text, const std::vector<std::string>& parts) {
    folder_.write("cell.cir", text);
    refused({"characterize", "cell.cir", "--samples", "2", "-o", "lib.h5"}, parts);
  }
  void refused_macro(const std::string& text, const std::vector<std::string>& parts) {
    folder_.write("macro.toml", text);
    refused({"characterize", "macro.toml", "--samples", "2", "-o", "lib.h5"}, parts);
  }

  const std::string cell_ = read_text(kSource / "netlists/bitcells/sram_8t.cir", "netlist");
  const std::string macro_ = read_text(kSource / "netlists/macros/mf_8x62.toml", "macro");
  TemporaryFolder folder_;
};

// --- netlists -------------------------------------------------------------------------------------------

TEST_F(BadInput, NetlistMissing) {
  refused({"characterize", "nope.cir"}, {"nope.cir", "no such"});
  refused({"characterize", "sram_8"}, {"sram_8"});
}
TEST_F(BadInput, NetlistEmpty) {
  refused_cell("", {"cell.cir"});
}
TEST_F(BadInput, NetlistIsAFolder) {
  fs::create_directory(folder_.path() / "cell.cir");
  refused({"characterize", "cell.cir"}, {"cell.cir"});
}
TEST_F(BadInput, NetlistWithoutSubckt) {
  refused_cell("* nothing\n*@ kind: bitcell\nr1 a b 1k\n", {"cell.cir", ".subckt"});
}
TEST_F(BadInput, NetlistWithTwoSubckts) {
  refused_cell(cell_ + "\n.subckt another a b\nr1 a b 1k\n.ends another\n", {"cell.cir:", ".subckt"});
}
TEST_F(BadInput, NetlistWithoutEnds) {
  refused_cell(replaced(cell_, ".ends", "*ends"), {"cell.cir", ".ends"});
}
TEST_F(BadInput, NetlistWithoutKind) {
  refused_cell(replaced(cell_, "*@ kind: bitcell", "* kind: bitcell"), {"cell.cir", "kind"});
}
TEST_F(BadInput, NetlistOfUnknownKind) {
  refused_cell(replaced(cell_, "*@ kind: bitcell", "*@ kind: bitsell"), {"cell.cir:", "bitsell", "bitcell"});
}
TEST_F(BadInput, NetlistPortWithoutRole) {
  refused_cell(replaced(cell_, "*@ port", "* port"), {"cell.cir:", "port"});
}
TEST_F(BadInput, NetlistWithUnknownRole) {
  refused_cell(replaced(cell_, "wl: word_line", "wl: wordline"),
               {"cell.cir:", "wordline", "word_line", "bit_line"});
}
TEST_F(BadInput, NetlistThatLacksARole) {
  refused_cell(replaced(cell_, "wl: word_line", "wl: read_word_line"),
               {"cell.cir:", "word_line", "bit_line"});
}
TEST_F(BadInput, NetlistThatLacksAPort) {
  refused_cell(replaced(cell_, ".subckt sram_8t wl ", ".subckt sram_8t "), {"cell.cir:", "'wl'"});
}
TEST_F(BadInput, NetlistWithoutTheSupplyThatABenchDrives) {
  refused_cell(replaced(cell_, ": cell_supply", ": n_well"), {"cell.cir", "cell_supply"});
}
TEST_F(BadInput, NetlistIncludesWhatIsNotThere) {
  refused_cell(".include lost.inc\n" + cell_, {"cell.cir:1", "lost.inc"});
}
TEST_F(BadInput, NetlistWithControlBlock) {
  refused_cell(cell_ + ".control\nshell touch EXECUTED\n.endc\n", {"cell.cir:", ".control", "remove it"});
  EXPECT_FALSE(fs::exists(folder_.path() / "EXECUTED"));
}
TEST_F(BadInput, NetlistWithUndefinedParameter) {
  refused_cell(replaced(cell_, "l={lmin}", "l={lmax}"), {"cell.cir:", "lmax"});
}
TEST_F(BadInput, NetlistWithUnknownModel) {
  refused_cell(replaced(cell_, " nch ", " nchannel "), {"cell.cir", "nchannel"});
}
TEST_F(BadInput, NetlistWithUnknownSubcircuit) {
  refused_cell(replaced(cell_, "\n.ends", "\nxlost q qb lost_block\n.ends"), {"cell.cir", "lost_block"});
}

// --- macro descriptions ---------------------------------------------------------------------------------

TEST_F(BadInput, MacroThatIsNoToml) {
  refused_macro(replaced(macro_, "rows = 8", "rows = = 8"), {"macro.toml:"});
}
TEST_F(BadInput, MacroWithUnknownField) {
  refused_macro(replaced(macro_, "rows = 8", "rows = 8\nroes = 8"), {"macro.toml:", "'roes'", "rows"});
}
TEST_F(BadInput, MacroWithMistypedField) {
  refused_macro(replaced(macro_, "rows = 8", "rows = \"eight\""), {"macro.toml:", "'rows'", "whole number"});
}
TEST_F(BadInput, MacroWithMissingField) {
  refused_macro(replaced(macro_, "rows = 8", "# rows = 8"), {"macro.toml:", "'rows'"});
}
TEST_F(BadInput, MacroWithWrongUnit) {
  refused_macro(replaced(macro_, "product_time = 0.9e-9", "product_time = \"0.9 mV\""),
                {"macro.toml:", "'product_time'", "0.9 mV"});
}
TEST_F(BadInput, MacroWithValueOutOfRange) {
  refused_macro(replaced(macro_, "adc_bits = 5", "adc_bits = 50"), {"macro.toml:", "'adc_bits'", "50"});
}
TEST_F(BadInput, MacroNamesABlockThatIsNotThere) {
  refused_macro(replaced(macro_, "\"sram_8t\"", "\"sram_9t\""), {"macro.toml:", "sram_9t", "sram_8t"});
}

// --- process, voltage, temperature and the other options ------------------------------------------------

TEST_F(BadInput, PvtOutOfRange) {
  refused({"characterize", "mf_8x62", "--vdd", "3"}, {"3 V", "ptm45hp"});
  refused({"characterize", "mf_8x62", "--temp", "-40,400"}, {"400 C", "ptm45hp"});
  refused({"characterize", "mf_8x62", "--corners", "tt,xx"}, {"xx", "tt"});
  refused({"characterize", "mf_8x62", "--temp", "27 V"}, {"--temp", "27 V"});
  refused({"characterize", "mf_8x62", "--vdd", "one"}, {"--vdd", "one"});
}

TEST_F(BadInput, BenchThatDoesNotApply) {
  refused({"characterize", "mf_8x62", "--only", "lekage"}, {"lekage", "leakage"});
  refused({"characterize", "mf_8x62", "--only", "process"}, {"process"});
}

TEST_F(BadInput, ProcessMissingOrBroken) {
  refused({"pdk", "check", "ptm45"}, {"ptm45", "ptm45hp"});
  fs::copy(kSource / "pdk/ptm45hp", folder_.path() / "kit");
  const std::string kit = read_text(folder_.path() / "kit/pdk.toml", "process");
  folder_.write("kit/pdk.toml",
                replaced(kit, "convention = \"pair\", basis", "convention = \"perhaps\", basis"));
  refused({"pdk", "check", "kit"}, {"pdk.toml:", "convention", "pair"});
  folder_.write("kit/pdk.toml", "surprise = 1\n" + kit);
  refused({"pdk", "check", "kit"}, {"pdk.toml:1", "'surprise'"});
}

TEST_F(BadInput, OutputThatCannotBeWritten) {
  refused({"characterize", "mf_8x62", "-o", "lost/lib.h5"}, {"lost/lib.h5", "does not exist"});
  fs::create_directory(folder_.path() / "lib.h5");
  refused({"characterize", "mf_8x62", "-o", "lib.h5"}, {"lib.h5", "is a folder"});
}

TEST_F(BadInput, MavisHomeWithoutCircuits) {
  ::setenv("MAVIS_HOME", folder_.path().c_str(), 1);
  refused({"list", "macros"}, {"MAVIS_HOME", "netlists"});
  ::unsetenv("MAVIS_HOME");
}

// --- libraries ------------------------------------------------------------------------------------------

class BadLibrary : public BadInput {
 protected:
  BadLibrary() {
    tables::Library library("macro");
    library.put({.name = "line/level",
                 .unit = "V",
                 .long_name = "level",
                 .axes = {{.name = "vdd", .unit = "V", .values = {0.9, 1.0}}},
                 .values = {0.4, 0.5}});
    tables::write_library(path_, library);
  }

  const fs::path path_ = folder_.path() / "lib.h5";
};

TEST_F(BadLibrary, GoodOneIsShown) {
  EXPECT_EQ(run_program(folder_.path(), {"show", "lib.h5", "line/level"}).code, kDone);
}
TEST_F(BadLibrary, Missing) {
  refused({"show", "nope.h5"}, {"nope.h5", "mavis characterize"});
}
TEST_F(BadLibrary, Truncated) {
  for (const std::uintmax_t part : {0, 1, 2, 3}) {
    fs::copy_file(path_, folder_.path() / "part.h5", fs::copy_options::overwrite_existing);
    fs::resize_file(folder_.path() / "part.h5", fs::file_size(path_) * part / 4);
    refused({"show", "part.h5"}, {"part.h5"});
  }
}
TEST_F(BadLibrary, NoHdf5) {
  folder_.write("text.h5", "not a library\n");
  refused({"show", "text.h5"}, {"text.h5"});
}
TEST_F(BadLibrary, ForeignHdf5) {
  H5Fclose(H5Fcreate((folder_.path() / "foreign.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  refused({"show", "foreign.h5"}, {"foreign.h5"});
}
TEST_F(BadLibrary, NewerFormat) {
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t version = H5Aopen(file, "format_version", H5P_DEFAULT);
  const std::int64_t newer = 99;
  ASSERT_GE(H5Awrite(version, H5T_NATIVE_INT64, &newer), 0);
  H5Aclose(version);
  H5Fclose(file);
  refused({"show", "lib.h5"}, {"lib.h5", "99"});
}
TEST_F(BadLibrary, UnknownTableOrAxis) {
  refused({"show", "lib.h5", "line/levle"}, {"line/levle", "line/level"});
  refused({"show", "lib.h5", "line/level", "--at", "vd=1"}, {"'vd'", "'vdd'"});
  refused({"show", "lib.h5", "line/level", "--at", "vdd=2"}, {"line/level", "vdd", "2"});
  refused({"show", "lib.h5", "line/level", "--at", "vdd"}, {"--at vdd", "AXIS=VALUE"});
  refused({"show", "lib.h5", "--at", "vdd=1"}, {"--at"});
  refused({"show", "lib.h5", "--summary", "--at", "vdd=1"}, {"--at", "--summary"});
  refused({"show", "lib.h5", "line/levle", "--summary"}, {"line/levle", "line/level"});
  refused({"show", "lib.h5", "--csv", "lost/a.csv"}, {"lost/a.csv"});
}
TEST_F(BadLibrary, IsNeverOverwrittenByACampaign) {
  folder_.write("notes.h5", "my notes\n");
  refused({"characterize", "mf_8x62", "-o", "notes.h5"}, {"notes.h5"});
  EXPECT_EQ(read_text(folder_.path() / "notes.h5", "file"), "my notes\n");
}

// --- what ngspice would execute -------------------------------------------------------------------------

TEST_F(BadInput, PlantedSpiceinitIsNotExecuted) {
  folder_.write(".spiceinit", "shell touch EXECUTED\n");
  folder_.write("spinit", "shell touch EXECUTED\n");
  const Ran ran = run_program(folder_.path(), {"pdk", "check", "ptm45hp", "--jobs", "1"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_FALSE(fs::exists(folder_.path() / "EXECUTED"));
}

}  // namespace
}  // namespace mavis::cli
