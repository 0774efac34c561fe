// The libraries that come with Mavis: made from the files that are here, and what they claim holds.
#include <gtest/gtest.h>

#include <filesystem>

#include "tables/library.h"
#include "util/files.h"
#include "util/home.h"

namespace mavis {
namespace {

class DefaultLibrary : public ::testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path path_ = home() / "tables/ptm45hp" / (GetParam() + ".h5");
  tables::Library library_ = tables::read_library(path_);
};

TEST_P(DefaultLibrary, IsMadeFromTheFilesThatAreHere) {
  for (const auto& [label, text] : library_.provenance.files)
    EXPECT_TRUE(read_text(home() / label, "input") == text)
        << label << " has changed: run scripts/regenerate " << GetParam();
}

TEST_P(DefaultLibrary, IsSmallAndWhole) {
  EXPECT_LT(std::filesystem::file_size(path_), 5u << 20);
  EXPECT_TRUE(library_.failures.empty());
  EXPECT_EQ(library_.macro(), GetParam());
}

TEST_P(DefaultLibrary, KeepsItsMarginsWhereItClaimsTo) {
  const tables::Table &claimed = library_.find("margin/claimed"), &least = library_.find("margin/least"),
                      &residual = library_.find("margin/residual");
  int points = 0;
  for (std::size_t i = 0; i < claimed.cells(); ++i) {
    if (claimed.values[i] != 1) continue;
    ++points;
    EXPECT_EQ(least.status_at(i), tables::Status::ok) << i;
    EXPECT_GE(least.values[i], 0.25) << i;
    EXPECT_LE(residual.values[i], 0.1) << i;
  }
  EXPECT_GE(points, 20);
}

INSTANTIATE_TEST_SUITE_P(Ptm45hp, DefaultLibrary, ::testing::Values("mf_8x62", "mf_8x30"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mavis
