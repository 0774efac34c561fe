#include "spice/kit.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "temporary_folder.h"

namespace mavis::spice {
namespace {

class KitTest : public ::testing::Test {
 protected:
  KitTest() {
    folder_.write("kit/lib/all.lib",
                  "* all\n.lib other\n.include missing.inc\n.endl\n.lib TT\n.param k=1 ; note\n"
                  ".lib 'all.lib' devices\n.endl TT\n.lib devices\n.inc \"deep/n.inc\" $ the NMOS\n"
                  ".model d1 d\n.model p.1 pmos\n.model p.2 pmos\n.endl\n");
    folder_.write(
        "kit/lib/deep/n.inc",
        ".subckt n d g s b\n* own\n.model n_model.0 nmos\n* flags\n+ level=54 $ BSIM4\n\n+ version=4\n"
        ".subckt inside a\n.ends\nm0 d g s b n_model w={w}\nd0 s b d1\n.ends n\n.subckt unused a\n.ends\n");
  }
  std::shared_ptr<const Kit> read(const std::string& section) const {
    return read_kit({".param switch=0", ".lib \"lib/all.lib\" " + section}, folder_.path() / "kit",
                    "pdk.toml", "kit");
  }
  static std::string text(const std::vector<Line>& lines) {
    std::string text;
    for (const Line& line : lines) text += line.text + "\n";
    return text;
  }
  TemporaryFolder folder_;
};

TEST_F(KitTest, ReadsTheSectionsItNames) {
  const auto kit = read("tt");
  EXPECT_EQ(text(kit->lines).substr(0, 32), ".param switch=0\n.param k=1 \n.sub");
  EXPECT_EQ(text(kit->part("n")),
            ".subckt n d g s b\n.model n_model.0 nmos  level=54   version=4\n.subckt inside a\n.ends\n"
            "m0 d g s b n_model w={w}\nd0 s b d1\n.ends n\n");
  EXPECT_EQ(kit->part("n")[4].file, "lib/deep/n.inc");
  EXPECT_EQ(kit->part("n")[4].number, 10);
  EXPECT_TRUE(kit->part("inside").empty());
  EXPECT_NE(kit->summary.find(".lib \"lib/all.lib\" tt\n"), std::string::npos);
  EXPECT_NE(kit->summary.find(" lib/deep/n.inc\n"), std::string::npos);
}

TEST_F(KitTest, TheSummaryFollowsTheFiles) {
  const std::string before = read("tt")->summary;
  folder_.write("kit/lib/deep/n.inc", "* nothing\n");
  EXPECT_NE(read("tt")->summary, before);
}

TEST_F(KitTest, RefusesMissingSectionsAndFiles) {
  expect_input_error([&] { read("sf"); }, {"lib/all.lib has no section 'sf'"});
  expect_input_error([&] { read("other"); }, {"lib/all.lib:3", "missing.inc", "does not exist"});
}

TEST_F(KitTest, TakesAFileThatIsIncludedAgainOnce) {
  const auto read = [&](std::vector<std::string> cards) {
    return read_kit(cards, folder_.path() / "kit", "pdk.toml", "kit");
  };
  const std::string card = ".include lib/deep/n.inc";
  EXPECT_EQ(text(read({card, ".param a=1", card})->lines), text(read({card, ".param a=1"})->lines));
}

TEST_F(KitTest, GivesWhatACircuitNeeds) {
  const auto kit = read("tt");
  const std::string params = ".param switch=0\n.param k=1 \n";
  EXPECT_EQ(text(needed_lines(*kit, {{"r1 a b n", "", 1}, {".param p=1", "", 2}})),
            params + text(kit->part("n")) + ".model d1 d\n");  // the sub-circuit's diode comes along
  EXPECT_EQ(text(needed_lines(*kit, {{"m1 d g s b P w=1", "", 1}})),
            params + ".model p.1 pmos\n.model p.2 pmos\n");
  EXPECT_EQ(text(needed_lines(*kit, {{"* n", "", 1}})), params);
}

}  // namespace
}  // namespace mavis::spice
