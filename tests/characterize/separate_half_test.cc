// The lumped half against one whose columns are circuits of their own.
#include "../../characterize/separate_half.h"

#include <gtest/gtest.h>

#include "run/sample_probe.h"
#include "spice/deck.h"
#include "spice/shared_session.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis {
namespace {

// Levels (V) and energies (J) of a product cycle with `products` products, the other columns storing 1 with
// input 0.
void compare(int products) {
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  const plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x30.toml");
  const plan::PvtPoint pvt = {"tt", 1.0, 27};
  const spice::Deck separate =
                        spice::build_deck(separate_half_deck(plan::find_bench("sum_line"), subject, pvt)),
                    lumped = spice::build_deck(half_array_deck(plan::find_bench("sum_line"), subject, pvt));
  spice::SharedSession session;
  run::Circuit circuit{session};
  const auto no_draw = [](int, const std::string&) { return 0.0; };
  std::vector<ColumnBits> bits(static_cast<std::size_t>(subject.columns_per_half), {1, 0});
  for (int j = 0; j < products; ++j) bits[static_cast<std::size_t>(j)].input = 1;

  run::SampleProbe many(circuit, separate_half_job(subject, pvt, separate.hash, {}, no_draw),
                        [&](const std::string&) -> const std::string& { return separate.text; });
  HalfArray columns(many);
  multiply(columns, many.job(), bits);
  run::SampleProbe few(circuit, separate_half_job(subject, pvt, lumped.hash, {}, no_draw),
                       [&](const std::string&) -> const std::string& { return lumped.text; });
  HalfArray groups(few);
  groups.product(products, subject.columns_per_half - products, {1, 0}, 0);

  // ngspice takes other time steps in the larger circuit: 0.2 mV is what steps do to levels (half_array.cir).
  EXPECT_NEAR(columns.level(), groups.level(), 0.4e-3) << products << " products";
  const HalfTimes& t = groups.times();
  const auto a = columns.energies(t.ready, t.compare), b = groups.energies(t.ready, t.compare);
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i], b[i], 0.01 * std::fabs(b[i]) + 0.1e-15)
        << kHalfDrivers[i] << ", " << products << " products";
}

class LumpedHalf : public ::testing::TestWithParam<int> {};

TEST_P(LumpedHalf, AgreesWithSeparateColumns) {
  EXPECT_EXIT(
      {
        compare(GetParam());
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(ThreeCodes, LumpedHalf, ::testing::Values(1, 6, 15));

}  // namespace
}  // namespace mavis
