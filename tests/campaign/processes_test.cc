// Every memory cell that comes with Mavis on every process that comes with it: no sample fails.
#include <gtest/gtest.h>

#include <filesystem>

#include "campaign/run_program.h"
#include "tables/library.h"

namespace mavis {
namespace {

using Case = std::tuple<const char*, const char*>;

class MemoryCells : public ::testing::TestWithParam<Case> {};

TEST_P(MemoryCells, CharacterizeWithoutFailedSamples) {
  const auto& [pdk, cell] = GetParam();
  const TemporaryFolder folder;
  std::vector<std::string> command = {
      "characterize", cell,        "--pdk",     pdk,
      "--corners",    "tt,ss,ff",  "--vdd",     "0.9,1.1",
      "--temp",       "-40,120",   "--samples", "2",
      "--responses",  "reference", "-o",        (folder.path() / "cell.h5").string()};
  for (const char* bench : {"leakage", "noise_margin", "read", "retention", "write"})
    command.insert(command.end(), {"--only", bench});
  const Finished run = run_mavis(command, folder);
  EXPECT_EQ(run.code, 0) << run.text;
  const tables::Library library = tables::read_library(folder.path() / "cell.h5");
  EXPECT_TRUE(library.failures.empty());
  for (const char* name :
       {"leakage/power", "noise_margin/hold", "noise_margin/read", "noise_margin/write", "read/access_time",
        "read/current", "retention/voltage", "write/margin", "write/time"}) {
    const tables::Table& table = library.find(name);
    for (std::size_t i = 0; i < table.cells(); ++i) {
      EXPECT_EQ(table.status_at(i), tables::Status::ok) << name;
      EXPECT_EQ(table.n[i], 2) << name;
      EXPECT_GT(table.values[i], 0) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Bundled, MemoryCells,
                         ::testing::Combine(::testing::Values("ptm45hp", "freepdk45_vtg"),
                                            ::testing::Values("sram_6t", "sram_8t", "sram_10t")),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param)) + "_" + std::get<1>(info.param);
                         });

}  // namespace
}  // namespace mavis
