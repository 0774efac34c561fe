#include "spice/extracted.h"

#include <gtest/gtest.h>

namespace mavis::spice {
namespace {

std::vector<std::string> tidied(const std::vector<std::string>& texts) {
  std::vector<Line> lines;
  for (const std::string& text : texts) lines.push_back({text, "x.cir", 1});
  tidy_elements(lines);
  std::vector<std::string> result;
  for (const Line& line : lines) result.push_back(line.text);
  return result;
}

TEST(Extracted, NamesOfElementsBecomePlain) {
  EXPECT_EQ(
      tidied({"mpd<0> q<0> g s b nch w=1u", "Mpd<1> q<1> g s b nch", "rq:1/2 q<0> n:3 5"}),
      (std::vector<std::string>{"mpd_0_ q<0> g s b nch w=1u", "Mpd_1_ q<1> g s b nch", "rq_1_2 q<0> n:3 5"}));
}

TEST(Extracted, NamesStayDifferentWithinASubckt) {
  EXPECT_EQ(tidied({".subckt a x", "mm@1 x", "mm/1 x", "mm_1 x", ".ends", ".subckt b x", "mm@1 x", ".ends",
                    "mm@1 y"}),
            (std::vector<std::string>{".subckt a x", "mm_1_2 x", "mm_1_3 x", "mm_1 x", ".ends", ".subckt b x",
                                      "mm_1 x", ".ends", "mm_1 y"}));
}

TEST(Extracted, CommentsOfTheExtractorGo) {
  EXPECT_EQ(tidied({"m1 d g s b nch w=1u $X=120 $Y=35", ".param a=1", "* note $ here"}),
            (std::vector<std::string>{"m1 d g s b nch w=1u", ".param a=1", "* note $ here"}));
}

TEST(Extracted, PlainLinesAreLeftAlone) {
  const std::vector<std::string> plain = {".subckt a x", "m1  d g s b nch w={w*2}", "x2 a b c", ".ends",
                                          "e1 a 0 b 0 1"};
  EXPECT_EQ(tidied(plain), plain);
}

}  // namespace
}  // namespace mavis::spice
