#include <gtest/gtest.h>

#include <cmath>

#include "changed_pdk.h"
#include "expect_error.h"
#include "pdk/pdk.h"
#include "sample_kit.h"

namespace mavis::pdk {
namespace {

// What pdk.toml must not say, and what the refusal must name.
struct Flaw {
  const char* before;
  const char* after;
  std::initializer_list<const char*> parts;
};

TEST(ReadPdk, ReadsTheDefaultProcess) {
  const Pdk pdk = read_pdk("ptm45hp");
  EXPECT_EQ(pdk.name, "ptm45hp");
  ASSERT_EQ(pdk.corners.size(), 5u);
  EXPECT_FALSE(pdk.corner("tt").constructed);
  for (const char* name : {"ss", "ff", "sf", "fs"}) EXPECT_TRUE(pdk.corner(name).constructed) << name;
  EXPECT_EQ(pdk.vdd_nominal, 1.0);
  EXPECT_EQ(pdk.temp_min_c, -40);
  EXPECT_DOUBLE_EQ(pdk.wire_c, 0.2e-9);
  EXPECT_DOUBLE_EQ(pdk.wire_r, 3.6e6);
  EXPECT_DOUBLE_EQ(pdk.cell_height, 0.705e-6);
  EXPECT_DOUBLE_EQ(pdk.netlist_params.at("cwire_um"), 0.2e-15);
  EXPECT_DOUBLE_EQ(pdk.netlist_params.at("cell_w_um"), 1.345);
  EXPECT_DOUBLE_EQ(pdk.expected.at("tt").ioff_p, 5.2e-9);
  EXPECT_EQ(pdk.expected.size(), 5u);
}

TEST(ReadPdk, TurnsPairFiguresIntoDeviceFigures) {
  const Pdk pair = read_pdk("ptm45hp");
  EXPECT_DOUBLE_EQ(pair.n.a_vt, 2.5e-9 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(pair.p.a_vt, 2.2e-9 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(pair.n.a_beta, 1e-8 / std::sqrt(2.0));
  ChangedPdk changed;
  changed.change("pdk.toml", R"(p = "2.2 mV.um", convention = "pair")",
                 R"(p = "2.2 mV.um", convention = "device")");
  EXPECT_DOUBLE_EQ(read_pdk(changed.path()).n.a_vt, 2.5e-9);
}

TEST(ReadPdk, RefusesFlawedDescriptions) {
  const Flaw flaws[] = {
      {R"(, convention = "pair")",
       "",
       {"pdk.toml:", "mismatch.a_vt.convention", "missing", "sqrt 2", "\"pair\""}},
      {R"(um", convention = "pair")",
       R"(um", convention = "both")",
       {"mismatch.a_vt.convention", "both", "pair, device"}},
      {R"(, source = "pelgrom_trend")", "", {"mismatch.a_vt.source", "missing"}},
      {R"(source = "pelgrom_trend")",
       R"(source = "pelgrom_trnd")",
       {"'pelgrom_trnd'", "did you mean 'pelgrom_trend'"}},
      {R"(basis = "estimated")", R"(basis = "guessed")", {"supply.min.basis", "guessed", "read, estimated"}},
      {R"(basis = "read", source = "zhao2006" })",
       R"(source = "zhao2006" })",
       {"supply.nominal.basis", "missing"}},
      {R"("2.5 mV.um")", R"("2.5 mV/um")", {"mismatch.a_vt.n", "not a quantity in V.m"}},
      {R"("3.6 ohm/um")", R"("3.6 ohm")", {"wire.r.value", "ohm/m"}},
      {R"("0.7 V")", R"("1.7 V")", {"supply.min.value", "must be within"}},
      {R"("-40 C")", "true", {"temperature.min.value", "true or false"}},
      {R"(file = "ss.inc")", R"(file = "slow.inc")", {"corner[1].file", "slow.inc"}},
      {R"(name = "ff")", R"(name = "ss")", {"corner[2].name", "'ss' is used twice"}},
      {R"(nmos = "nch")", R"(nmos = "nmos_vtl")", {"tt.inc", "no transistor model 'nmos_vtl'"}},
      {R"(nmos = "nch")", R"(nmos = "pch")", {"models.inc:", "'pch' is pmos"}},
      {"[wire]", "[wires]", {"field 'wire': is missing"}},
      {"[wire]", "[wire]\nsigma = 1", {"wire.sigma", "unknown"}},
      {"[devices]", "[devices]\nnmoss = 1", {"devices.nmoss", "did you mean 'nmos'"}},
      {"[expected.tt]", "[expected.typical]", {"expected.typical", "unknown"}},
      {R"(value = "45 nm")", R"(value = "50 nm")", {"models.inc:", "lmin=45n", "disagrees"}},
  };
  for (const Flaw& flaw : flaws) {
    SCOPED_TRACE(flaw.after);
    ChangedPdk pdk;
    pdk.change("pdk.toml", flaw.before, flaw.after);
    expect_input_error([&] { read_pdk(pdk.path()); }, flaw.parts);
  }
}

TEST(ReadPdk, NamesTheProcessesThereAre) {
  expect_input_error([] { read_pdk("ptm45"); }, {"ptm45: no such process", "ptm45hp"});
  expect_input_error([] { read_pdk("ptm45hp").corner("tf"); }, {"no corner 'tf'", "tt, ss, ff, sf, fs"});
}

TEST(InstalledKit, OfSubcircuitsInSections) {
  SampleKit kit;
  kit.make_subcircuits();
  const Pdk pdk = read_pdk(kit.pdk());
  EXPECT_EQ(pdk.nmos, "demo_nfet__model");
  const spice::DeviceForm& n = pdk.forms.at("nch");
  EXPECT_EQ(n.name, "demo_nfet");
  EXPECT_EQ(n.inner, "mdemo_nfet");
  EXPECT_EQ(n.per_metre, 1e6);
  EXPECT_EQ(pdk.forms.at("pch").inner, "mdemo_pfet");  // its only transistor
  EXPECT_EQ(pdk.listed_unit, 1e-6);
  EXPECT_FALSE(pdk.has_plain_models());
  const Corner& ss = pdk.corner("ss");
  EXPECT_TRUE(ss.include.empty());
  EXPECT_EQ(ss.place, "lib/demo.lib, section ss");
  EXPECT_EQ(ss.n.name, "demo_nfet__model");
  EXPECT_EQ(ss.n.cards, 2);
  EXPECT_EQ(ss.n.level, "54");
  EXPECT_EQ(ss.n.version, "4.0");
  EXPECT_NE(ss.kit->summary.find(" lib/devices.inc\n"), std::string::npos) << ss.kit->summary;
}

TEST(InstalledKit, TakesSeveralSectionsAndAPreludeAtACorner) {
  SampleKit kit;
  kit.make_subcircuits();
  kit.write("demo/lib/more.lib", ".lib a\n.param more_a=1\n.endl\n.lib b\n.param more_b=2\n.endl\n");
  kit.change("pdk/pdk.toml", "library = \"lib/demo.lib\"\nsection = \"ss\"",
             "library = \"lib/more.lib\"\nsection = \"a b\"\nincludes = [\"lib/devices.inc\"]");
  const Pdk pdk = read_pdk(kit.pdk());
  const std::vector<spice::Line>& lines = pdk.corner("ss").kit->lines;
  EXPECT_EQ(lines[0].text, ".param mm_switch=0");
  EXPECT_EQ(lines[1].text, ".param more_a=1");
  EXPECT_EQ(lines[2].text, ".param more_b=2");
  EXPECT_EQ(pdk.corner("ss").place, "lib/more.lib, section a b, lib/devices.inc");
}

TEST(InstalledKit, OfAFileADevice) {
  SampleKit kit;
  kit.make_includes();
  const Pdk pdk = read_pdk(kit.pdk());
  EXPECT_EQ(pdk.nmos, "nfet");
  EXPECT_EQ(pdk.forms.at("nch").name, "NFET");
  EXPECT_TRUE(pdk.forms.at("nch").inner.empty());
  EXPECT_EQ(pdk.corner("tt").place, "tt/n.inc, tt/p.inc");
  EXPECT_EQ(pdk.listed_unit, 1);
  EXPECT_FALSE(pdk.has_plain_models());  // it has bins
  EXPECT_TRUE(read_pdk("ptm45hp").has_plain_models());
}

TEST(InstalledKit, ThatIsMissingIsAskedForByItsVariable) {
  SampleKit kit;
  kit.make_subcircuits();
  ::setenv(SampleKit::kVariable, "/nowhere", 1);
  expect_input_error([&] { read_pdk(kit.pdk()); },
                     {"pdk.toml:", "'corner[0].library'", "/nowhere/demo/lib/demo.lib", "install",
                      "set MAVIS_SAMPLE_KITS to the folder that holds demo"});
  ::unsetenv(SampleKit::kVariable);
  expect_input_error(
      [&] { read_pdk(kit.pdk()); },
      {"pdk.toml:", "'kit.variable'", "MAVIS_SAMPLE_KITS is not set", "demo/lib/demo.lib", "holds demo"});
  EXPECT_NE(summary_of(kit.pdk()), "");  // so `mavis list` goes on
}

TEST(InstalledKit, RefusesFlawedDescriptions) {
  const Flaw flaws[] = {
      {"section = \"ss\"", "section = \"sss\"", {"demo.lib has no section 'sss'"}},
      {"section = \"ss\"\n", "", {"corner[1].section", "missing"}},
      {"prelude = [", "prelude = \"\" #", {"kit.prelude", "list of texts"}},
      {"prelude = [", "prelude = [1, ", {"kit.prelude", "list of texts"}},
      {"subcircuit = \"demo_nfet\"",
       "subcircuit = \"demo_lvt\"",
       {"kit ptm45hp tt", "no sub-circuit 'demo_lvt'"}},
      {"\"mdemo_nfet\"", "\"m0\"", {"devices.inc:", "no transistor 'm0'", "mdemo_nfet", "inner"}},
      {"unit = \"um\"", "unit = \"nm\"", {"devices.unit", "m, um"}},
      {"{ subcircuit = \"demo_pfet\"",
       "{ subcircuit = \"demo_nfet\"",
       {"'demo_nfet__model.0' is nmos", "as pmos"}},
      {"lmin = {",
       "wmin = { n = \"90 nm\", basis = \"read\", source = \"mavis\" }\nlmin = {",
       {"geometry.wmin.p"}},
      {"[mismatch]", "[mismatch]\nowner = \"foundry\"", {"mismatch.owner", "mavis, kit"}},
      {"[mismatch]", "[mismatch]\nowner = \"kit\"", {"mismatch.switch", "missing"}},
      {"[mismatch]", "[mismatch]\nowner = \"kit\"\nswitch = \"mm_switch\"", {"mismatch.a_beta", "unknown"}},
  };
  for (const Flaw& flaw : flaws) {
    SCOPED_TRACE(flaw.after);
    SampleKit kit;
    kit.make_subcircuits();
    kit.change("pdk/pdk.toml", flaw.before, flaw.after);
    expect_input_error([&] { read_pdk(kit.pdk()); }, flaw.parts);
  }
}

TEST(InstalledKit, RefusesAUnitThatTheKitDoesNotTurnBack) {
  SampleKit kit;
  kit.make_includes();
  kit.change("pdk/pdk.toml", "pmos = \"PFET\"", "pmos = \"PFET\"\nunit = \"um\"");
  expect_input_error([&] { read_pdk(kit.pdk()); }, {"devices.unit", ".option scale"});
}

TEST(InstalledKit, RefusesCornersThatCountDifferently) {
  SampleKit kit;
  kit.make_subcircuits();
  kit.change("demo/lib/demo.lib", ".lib ss\n", ".lib ss\n.option scale=1n\n");
  kit.change("demo/lib/demo.lib", ".include 'devices.inc'\n.endl ss", ".include 'more.inc'\n.endl ss");
  std::string devices = read_text(kit.path() / "demo/lib/devices.inc", "file");
  devices.erase(devices.find(".option scale=1.0u"), 18);
  kit.write("demo/lib/more.inc", devices);
  expect_input_error([&] { read_pdk(kit.pdk()); }, {"corner ss", "1e-09", "1e-06"});
}

TEST(InstalledKit, IsReadForModelsThatNgspiceLacks) {
  SampleKit kit;
  kit.make_includes();
  kit.change("demo/ss/n.inc", "+ version = 4.0", "+ version = 4.9");
  expect_input_error([&] { read_pdk(kit.pdk()); }, {"ss/n.inc:", "'nfet.0'", "BSIM4 version 4.9"});
}

// A kit has models of all kinds; only the ones in use must be known to ngspice.
TEST(InstalledKit, MayHaveModelsThatNgspiceLacksForOtherDevices) {
  SampleKit kit;
  kit.make_includes();
  kit.change("demo/tt/n.inc", ".model NFET.0", ".model soi nmos level=70\n.model NFET.0");
  EXPECT_NO_THROW(read_pdk(kit.pdk()));
}

TEST(Parameters, OfASubcircuitBearTheNameOfTheNetlist) {
  SampleKit kit;
  kit.make_subcircuits();
  kit.change("pdk/pdk.toml", "[geometry]",
             "[geometry]\nwmin = { n = \"90 nm\", p = \"90 nm\", basis = \"read\", source = \"mavis\" }");
  const Pdk pdk = read_pdk(kit.pdk());
  const auto inner = [](const std::string& place, double w, double l) {
    return spice::Device{.name = "m.xdut." + place,
                         .model = "xdut.xcell.xmst:demo_nfet__model.1",
                         .letter = 'm',
                         .nodes = {},
                         .w = w,
                         .l = l};
  };
  const auto parameters = pdk.parameters({inner("xcell.xmst.mdemo_nfet", 0.09, 0.045)});
  ASSERT_EQ(parameters.size(), 2u);
  EXPECT_EQ(parameters[0].name, "xcell.mst:vth");
  EXPECT_EQ(parameters[0].device, "m.xdut.xcell.xmst.mdemo_nfet");
  EXPECT_DOUBLE_EQ(parameters[0].sigma, pdk.n.a_vt / std::sqrt(90e-9 * 45e-9));
  expect_input_error([&] { pdk.parameters({inner("xcell.xmst.mdemo_nfet", 0.08, 0.045)}); },
                     {"transistor xcell.mst is 80 nm wide", "90 nm", "geometry.wmin", "wider"});
  expect_input_error([&] { pdk.parameters({inner("xcell.xmst.mdemo_nfet", 0.09, 0.04)}); },
                     {"transistor xcell.mst is 40 nm long", "45 nm", "longer"});
}

}  // namespace
}  // namespace mavis::pdk
