#include "spice/netlist.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "temporary_folder.h"

namespace mavis::spice {
namespace {

const char* const kCell =
    "* a cell\n*@ kind: bitcell\n*@ port a: word_line\n*@ port b: bit_line\n*@ state q: storage\n"
    ".subckt cell a b w=1u\nr1 a\n+ q 1\nr2 q b 1\n.ends cell\n";

class Netlist : public ::testing::Test {
 protected:
  void refuses(const std::string& text, std::initializer_list<const char*> parts) {
    const auto path = folder_.write("bad.cir", text);
    expect_input_error([&] { read_block(path); }, parts);
  }
  static std::string with(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  }
  TemporaryFolder folder_;
};

TEST_F(Netlist, ReadsABlocksRoles) {
  const Block block = read_block(folder_.write("cell.cir", kCell));
  EXPECT_EQ(block.kind, "bitcell");
  EXPECT_EQ(block.subckt, "cell");
  ASSERT_EQ(block.ports.size(), 2u);
  EXPECT_EQ(block.port_with("bit_line"), "b");
  EXPECT_EQ(block.state_with("storage"), "q");
  EXPECT_FALSE(block.has_port("row_line"));
  expect_input_error([&] { block.port_with("row_line"); },
                     {"cell.cir", "row_line", "word_line, bit_line", "*@ port"});
}

TEST_F(Netlist, InlinesIncludesRelativeToTheIncludingFile) {
  folder_.write("sub/inner.inc", ".param a=1\n.include 'deeper.inc'\n");
  folder_.write("sub/deeper.inc", ".param b=2\n");
  const auto top = folder_.write("top.cir", "* top\n.include sub/inner.inc\nr1 a 0 {a}\n");
  std::map<std::string, std::string> files;
  const std::vector<Line> lines = read_netlist(top, {}, files);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[2].text, ".param b=2");
  EXPECT_EQ(lines[2].file, "deeper.inc");
  EXPECT_EQ(lines[2].number, 1);
  EXPECT_EQ(files.size(), 3u);
}

TEST_F(Netlist, TakesOneSectionOfALibrary) {
  folder_.write("models.lib", ".lib tt\n.param c=1\n.endl tt\n.lib ss\n.param c=2\n.endl ss\n");
  std::map<std::string, std::string> files;
  const auto lines = read_netlist(folder_.write("top.cir", "* t\n.lib models.lib SS\n"), {}, files);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].text, ".param c=2");
  expect_input_error([&] { read_netlist(folder_.write("bad.cir", "* t\n.lib models.lib ff\n"), {}, files); },
                     {"bad.cir:2", "models.lib", "no section 'ff'"});
}

TEST_F(Netlist, ReadsAReplacementInsteadOfTheFileNamed) {
  const auto ours = folder_.write("ours.inc", ".param x=1\n");
  const auto theirs = folder_.write("theirs.inc", ".param x=2\n");
  std::map<std::string, std::string> files;
  const auto lines =
      read_netlist(folder_.write("top.cir", "* t\n.include ours.inc\n"), {{ours, theirs}}, files);
  EXPECT_EQ(lines[1].text, ".param x=2");
}

TEST_F(Netlist, RefusesWhatWouldRunCommands) {
  refuses(std::string(kCell) + ".control\nshell echo hi\n.endc\n", {"bad.cir:11", ".control", "remove it"});
  refuses(std::string(kCell) + "  .CONTROL\n", {"bad.cir:11", ".control"});
}

TEST_F(Netlist, RefusesBrokenBlocks) {
  refuses("", {"bad.cir", "empty"});
  refuses("* nothing\n", {"bad.cir", "no .subckt"});
  refuses(with(kCell, ".ends cell\n", ""), {"bad.cir", "no .ends"});
  refuses(std::string(kCell) + ".ends\n", {"bad.cir:11", ".ends without .subckt"});
  refuses(with(kCell, "*@ kind: bitcell\n", ""), {"bad.cir", "kind", "bitcell, line, comparator, dac"});
  refuses(with(kCell, "kind: bitcell", "kind: bitcel"), {"bad.cir", "unknown kind 'bitcel'"});
  refuses(with(kCell, "*@ port b: bit_line\n", ""), {"bad.cir", "port 'b' has no role"});
  refuses(with(kCell, "*@ port b: bit_line\n", "*@ port b: bit_line\n*@ port z: ground\n"),
          {"bad.cir:5", "no port 'z'"});
  refuses(with(kCell, "*@ state q: storage", "*@ state q storage"), {"bad.cir:5", "role comment reads"});
  refuses(with(kCell, "bit_line", "bit_lin"), {"bad.cir:4", "'bit_lin'", "did you mean 'bit_line'"});
  refuses(with(kCell, "bit_line", "ground"),
          {"bad.cir:1", "'bit_line'", "'*@ port NAME: bit_line'", "[row_line]"});
  refuses(with(kCell, "q: storage", "q: memory"), {"bad.cir:5", "'memory'", "[storage_bar]"});
  refuses(with(kCell, "*@ state q: storage", "*@ cell x1: active"), {"bad.cir:5", "'active'", "none"});
  refuses(with(kCell, "r1 a", ".include nosuch.inc\nr1 a"), {"bad.cir:7", "nosuch.inc", "does not exist"});
  refuses(with(kCell, "r1 a", ".include bad.cir\nr1 a"), {"bad.cir:7", "nested endlessly"});
  refuses(std::string(kCell) + ".subckt second a b\n.ends\n", {"bad.cir:11", "second .subckt"});
  refuses(std::string(kCell) + ".end\n", {"bad.cir:11", ".end"});
  expect_input_error([&] { read_block(folder_.path() / "none.cir"); }, {"none.cir", "no such netlist"});
  expect_input_error([&] { read_block(folder_.path()); }, {"is a folder"});
}

}  // namespace
}  // namespace mavis::spice
