// The macro simulator on a library that comes with Mavis, beside transistors with the same draws.
// scripts/bench/macro_truth does more of the same.
#include <gtest/gtest.h>

#include "../../scripts/bench/macro_truth.h"
#include "spice/shared_session.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis {
namespace {

void compare(const plan::PvtPoint& pvt) {
  const tables::Library library = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5");
  const plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x62.toml");
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  spice::SharedSession session;
  const std::vector<Compared> rows = compare_halves(library, subject, pvt, session, 3);
  EXPECT_LT(level_error(rows), 2e-3) << pvt.corner;
  EXPECT_LT(std::fabs(energy_error(rows)), 0.05) << pvt.corner;
  EXPECT_GT(std::fabs(rows.front().level[0] - rows.back().level[0]), 0.3);  // they span the levels
}

class Truth : public ::testing::TestWithParam<plan::PvtPoint> {};

TEST_P(Truth, MacroSimulatorFollowsTransistorsBetweenTheLibrarysPoints) {
  EXPECT_EXIT(
      {
        compare(GetParam());
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(HeldOut, Truth,
                         ::testing::Values(plan::PvtPoint{"tt", 0.95, 70}, plan::PvtPoint{"ss", 1.05, 0}));

}  // namespace
}  // namespace mavis
