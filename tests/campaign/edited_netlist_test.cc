// Editing one netlist measures again what uses it, and nothing else; the result equals a fresh campaign's.
#include <gtest/gtest.h>

#include "campaign/run_program.h"
#include "util/home.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

class EditedNetlist : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(own_);
    for (const char* part : {"netlists", "pdk", "characterize"})
      fs::copy(home() / part, own_ / part, fs::copy_options::recursive);
  }
  Finished characterize(const fs::path& output) {
    return run_mavis(
        {"characterize", (own_ / "netlists/macros/mf_8x62.toml").string(), "--only", "leakage", "--only",
         "comparator", "--corners", "ff", "--samples", "2", "--responses", "none", "-o", output.string()},
        folder_, own_.string());
  }
  void edit(const std::string& file, const std::string& from, const std::string& to) {
    std::string text = bytes_of(own_ / file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    std::ofstream(own_ / file) << text.replace(at, from.size(), to);
  }
  TemporaryFolder folder_;
  fs::path own_ = folder_.path() / "home";
};

TEST_F(EditedNetlist, RerunsOnlyWhatUsesIt) {
  const fs::path output = folder_.path() / "x.h5", fresh = folder_.path() / "fresh.h5";
  // Of each bench the nominal circuit, two samples, and one of them at tight settings.
  const int comparator = 4, leakage = 4;
  ASSERT_EQ(characterize(output).code, 0);
  const std::string before = bytes_of(output);

  Finished again = characterize(output);
  EXPECT_EQ(again.code, 0) << again.text;
  EXPECT_EQ(resumed_count(again.text), comparator + leakage) << again.text;
  EXPECT_TRUE(bytes_of(output) == before);

  edit("netlists/comparators/rail_to_rail.cir", "wkeep_n=135n", "wkeep_n=150n");
  again = characterize(output);
  EXPECT_EQ(again.code, 0) << again.text;
  EXPECT_EQ(resumed_count(again.text), leakage) << again.text;
  EXPECT_FALSE(bytes_of(output) == before);
  ASSERT_EQ(characterize(fresh).code, 0);
  EXPECT_TRUE(bytes_of(output) == bytes_of(fresh)) << "an edited campaign differs from a fresh one";
}

}  // namespace
}  // namespace mavis
