#include "pdk/pdk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "changed_pdk.h"
#include "expect_error.h"
#include "spice/shared_session.h"

namespace mavis::pdk {
namespace {

spice::Device transistor(const std::string& name, const std::string& model, double w, double l, double m) {
  return {.name = name, .model = model, .letter = 'm', .nodes = {}, .w = w, .l = l, .multiplier = m};
}

TEST(Parameters, FollowPelgrom) {
  const Pdk pdk = read_pdk("ptm45hp");
  const auto parameters = pdk.parameters({transistor("m.xdut.xcell.mst", "nch", 90e-9, 45e-9, 1),
                                          transistor("m.xdut.xidle.mst", "nch", 90e-9, 45e-9, 7),
                                          transistor("m.xdut.mpre", "pch", 180e-9, 45e-9, 1),
                                          transistor("m.xload.mn", "nch", 90e-9, 45e-9, 1),
                                          transistor("m1", "nch", 90e-9, 45e-9, 1)});
  ASSERT_EQ(parameters.size(), 6u);  // nothing outside xdut
  const double single = 2.5e-9 / std::sqrt(2 * 90e-9 * 45e-9);
  EXPECT_EQ(parameters[0].name, "xcell.mst:vth");
  EXPECT_EQ(parameters[0].device, "m.xdut.xcell.mst");
  EXPECT_EQ(parameters[0].parameter, "delvto");
  EXPECT_EQ(parameters[0].nominal, 0);
  EXPECT_DOUBLE_EQ(parameters[0].sigma, single);
  EXPECT_EQ(parameters[1].name, "xcell.mst:beta");
  EXPECT_EQ(parameters[1].parameter, "mulu0");
  EXPECT_EQ(parameters[1].nominal, 1);
  EXPECT_DOUBLE_EQ(parameters[1].sigma, 1e-8 / std::sqrt(2 * 90e-9 * 45e-9));
  EXPECT_DOUBLE_EQ(parameters[2].sigma, single / std::sqrt(7.0));  // seven parallel copies average
  EXPECT_DOUBLE_EQ(parameters[4].sigma, -2.2e-9 / std::sqrt(2 * 180e-9 * 45e-9));
}

TEST(Parameters, OfWiresDoNotDependOnTheirDivision) {
  const Pdk pdk = read_pdk("ptm45hp");
  const auto wire = [](const std::string& name, double c) {
    return spice::Device{.name = name, .model = "", .letter = 'c', .nodes = {}, .value = c};
  };
  const auto parts = pdk.parameters({wire("c.xdut.cwire1", 0.25e-15), wire("c.xdut.cwire2", 0.5e-15),
                                     wire("c.xdut.cwire3", 0.25e-15), wire("c.xdut.cload", 1e-15),
                                     wire("c.xdut.xdac.cmom", 4e-15)});
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts[1].name, "cwire2:c");
  EXPECT_EQ(parts[1].parameter, "capacitance");
  EXPECT_EQ(parts[1].nominal, 0.5e-15);
  double variance = 0;
  for (int i = 0; i < 3; ++i) variance += parts[i].sigma * parts[i].sigma;
  EXPECT_NEAR(std::sqrt(variance), 0.017e-15, 1e-24);
  EXPECT_EQ(parts[3].name, "xdac.cmom:c");
  EXPECT_NEAR(parts[3].sigma / 4e-15, 0.0085 / std::sqrt(2.0) / 2, 1e-12);
}

TEST(Parameters, RefuseTransistorsWithoutKnownMismatch) {
  const Pdk pdk = read_pdk("ptm45hp");
  expect_input_error([&] { pdk.parameters({transistor("m.xdut.m1", "nch_lvt", 90e-9, 45e-9, 1)}); },
                     {"m1", "nch_lvt", "nch"});
  expect_input_error([&] { pdk.parameters({transistor("m.xdut.m1", "nch", 0, 45e-9, 1)}); },
                     {"m1", "w or l"});
}

// In ngspice itself: z > 0 weakens both polarities by threshold and strengthens both by gain.
TEST(Parameters, MoveDevicesTheWayTheySay) {
  const auto body = [] {
    TemporaryFolder folder;
    std::filesystem::current_path(folder.path());
    const Pdk pdk = read_pdk("ptm45hp");
    spice::SharedSession session;
    session.load("* pair\n.include " + pdk.corner("tt").include.string() +
                 "\nvn n 0 1\nvp p 0 0\nvd vdd 0 1\nxdut n p vdd pair\n.subckt pair n p vdd\n"
                 "mn n vdd 0 0 nch w=1u l={lmin}\nmp p 0 vdd vdd pch w=1u l={lmin}\n.ends\n.end\n");
    const auto parameters = pdk.parameters(session.devices());
    ASSERT_EQ(parameters.size(), 4u);
    const auto currents = [&] {
      const spice::Waveforms run = session.run_op();
      return std::pair{-run["vn#branch"][0], run["vp#branch"][0]};
    };
    const auto [n, p] = currents();
    for (const Parameter& moved : parameters) {
      session.set(moved.device, moved.parameter, moved.nominal + moved.sigma);
      const auto [moved_n, moved_p] = currents();
      session.set(moved.device, moved.parameter, moved.nominal);
      const bool is_n = moved.name.starts_with("mn"), by_gain = moved.name.ends_with(":beta");
      const double change = is_n ? moved_n / n - 1 : moved_p / p - 1;
      EXPECT_GT(by_gain ? change : -change, 1e-4) << moved.name;
      EXPECT_NEAR(is_n ? moved_p / p : moved_n / n, 1, 1e-9) << moved.name;
    }
  };
  EXPECT_EXIT((body(), std::_Exit(::testing::Test::HasFailure() ? 1 : 0)), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace mavis::pdk
