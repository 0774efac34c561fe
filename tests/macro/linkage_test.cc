// The macro simulator builds and links without ngspice.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

namespace mavis::macro {
namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> piece;
  while (std::fgets(piece.data(), piece.size(), pipe)) text += piece.data();
  return ::pclose(pipe) == 0 ? text : "failed: " + text;
}

TEST(Linkage, TheMacroSimulatorNeedsNoNgspice) {
  EXPECT_EQ(output_of(MAVIS_TEST_MACRO_ALONE), "exact\n");
  const std::string alone = output_of("readelf -d " MAVIS_TEST_MACRO_ALONE);
  EXPECT_NE(alone.find("libhdf5"), std::string::npos) << alone;
  EXPECT_EQ(alone.find("ngspice"), std::string::npos) << alone;
  // The check would see it: the whole program has it.
  EXPECT_NE(output_of("readelf -d " MAVIS_TEST_PROGRAM).find("libngspice"), std::string::npos);
}

}  // namespace
}  // namespace mavis::macro
