#include "spice/compute.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "spice/netlist.h"
#include "temporary_folder.h"

namespace mavis::spice {
namespace {

TEST(Compute, ReadsWhatAPortDoes) {
  const ComputePort line = parse_compute_port("line load=2f");
  EXPECT_EQ(line.part, Part::line);
  EXPECT_EQ(line.rest, (Level{0, 1}));
  EXPECT_DOUBLE_EQ(line.load, 2e-15);
  const ComputePort word = parse_compute_port("input one=0.4v");
  EXPECT_EQ(word.rest, (Level{0, 0}));
  EXPECT_EQ(word.one, (Level{0.4, 0}));
  EXPECT_EQ(word.zero, word.rest);
  EXPECT_EQ(word.start, Start::act);
  EXPECT_FALSE(word.holds);
  const ComputePort column = parse_compute_port("input rest=1 one=0 zero=1 from=precharge until=read");
  EXPECT_EQ(column.one, (Level{0, 0}));
  EXPECT_EQ(column.zero, (Level{0, 1}));
  EXPECT_EQ(column.start, Start::precharge);
  EXPECT_TRUE(column.holds);
  const ComputePort own = parse_compute_port("share precharge=0.5 one=1");
  EXPECT_EQ(own.one, (Level{0, 1}));
  EXPECT_EQ(own.zero, (Level{0, 0.5}));
  EXPECT_DOUBLE_EQ(parse_compute_port("bias level=0.55").rest.at(0.9), 0.495);
}

TEST(Compute, ReadsAnOperation) {
  const Operation plain = parse_operation("time=0.2n");
  EXPECT_DOUBLE_EQ(plain.time, 0.2e-9);
  EXPECT_EQ(plain.ones, (std::vector<int>{3}));
  EXPECT_EQ(plain.zeros, (std::vector<int>{1, 2, 0}));
  EXPECT_EQ(plain.shared, 1);
  EXPECT_EQ(parse_operation("time=0.2n shared=4").shared, 4);
  const Operation xnor = parse_operation("time=1n settle=0.3n lead=0.1n ones=11,00 zeros=01,10");
  EXPECT_EQ(xnor.ones, (std::vector<int>{3, 0}));
  EXPECT_DOUBLE_EQ(xnor.settle, 0.3e-9);
  EXPECT_DOUBLE_EQ(xnor.lead, 0.1e-9);
}

TEST(Compute, RefusesWhatItDoesNotKnow) {
  const auto port = [](const std::string& text, std::initializer_list<const char*> parts) {
    expect_input_error([&] { parse_compute_port(text); }, parts);
  };
  port("lin", {"'lin'", "line, line_bar"});
  port("line one=1", {"'one=1'", "precharge="});
  port("input one", {"'one'"});
  port("input one=high", {"high"});
  port("input one=1 from=start", {"'start'", "precharge, float or act"});
  port("input one=1 until=act", {"'act'", "end or read"});
  port("line load=1", {"1", "outside"});
  const auto operation = [](const std::string& text, std::initializer_list<const char*> parts) {
    expect_input_error([&] { parse_operation(text); }, parts);
  };
  operation("settle=1n", {"time="});
  operation("time=1p", {"50 ps"});
  operation("time=1n ones=1", {"'1'", "11,00"});
  operation("time=1n ones=11 zeros=11,01", {"11", "zeros="});
}

// A cell that computes, one line of it replaced.
std::string cell(const std::string& from = "", const std::string& to = "") {
  std::string text =
      "* a cell\n*@ kind: bitcell\n*@ port w: word_line\n*@ port b: bit_line\n*@ port x: compute\n"
      "*@ operation: time=0.2n\n*@ compute x: input one=1\n*@ compute b: line\n"
      ".subckt cell w b x\nr1 w b 1\nr2 x b 1\n.ends cell\n";
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(Compute, StandsInANetlistsComments) {
  const TemporaryFolder folder;
  const Block block = read_block(folder.write("cell.cir", cell()));
  ASSERT_TRUE(block.operation);
  EXPECT_EQ(block.compute.at("x").part, Part::input);
  EXPECT_EQ(block.compute.at("b").part, Part::line);
  const auto refuses = [&](const std::string& text, std::initializer_list<const char*> parts) {
    const auto path = folder.write("bad.cir", text);
    expect_input_error([&] { read_block(path); }, parts);
  };
  refuses(cell("compute b: line", "compute c: line"), {"bad.cir:8", "no port 'c'"});
  refuses(cell("compute b: line", "compute b: lin"), {"bad.cir:8", "'lin'"});
  refuses(cell("*@ compute b: line\n", ""), {"bad.cir:6", "'line' or 'share'"});
  refuses(cell("compute b: line", "compute b: line_bar"), {"bad.cir:6", "'line' or 'share'"});
  refuses(cell("*@ compute x: input one=1\n", ""), {"port 'x'", "'*@ compute x: PART'"});
  refuses(cell("x: input one=1", "x: bias level=1"), {"bad.cir:6", "'input'"});
  refuses(cell("*@ operation: time=0.2n\n", ""), {"bad.cir:7", "'*@ operation: time=...'"});
  refuses(cell("time=0.2n", "tim=0.2n"), {"bad.cir:6", "'tim=0.2n'", "time="});
}

}  // namespace
}  // namespace mavis::spice
