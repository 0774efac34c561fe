#include "macro/energy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

TEST(Ledger, AddsUp) {
  Ledger a, b;
  a.add(Phase::mav, Part::pl, 1);
  a.add(Phase::conversion, Part::pl, 2);
  b.add(Phase::conversion, Part::sar, 4);
  b.add(Phase::idle, Part::leakage, 8);
  a += b;
  EXPECT_EQ(a.of(Part::pl), 3);
  EXPECT_EQ(a.of(Phase::conversion), 6);
  EXPECT_EQ(a.of(Phase::conversion, Part::sar), 4);
  EXPECT_EQ(a.total(), 15);
}

TEST(Energies, WeightKindsOfZeros) {
  const tables::Library library = sample_library();
  const Energies energies(PointTables(library, kTypical), read_spec(library));
  Ledger ledger;
  energies.add_mav(ledger, {11, {5, 5, 10}});  // 100 fJ more for each kind of zero
  EXPECT_NEAR(ledger.of(Phase::mav, Part::pl), 1e-15 * (11 + 125), 1e-22);
  double sum = 0;
  for (int driver = 0; driver < 7; ++driver) sum += 1e-15 * (11 + 125 + 1000 * driver);
  EXPECT_NEAR(ledger.total(), sum, 1e-22);
}

TEST(Energies, DacStepClampsWhereLinesBegin) {
  const tables::Library library = sample_library();
  const Energies energies(PointTables(library, kTypical), read_spec(library));
  Ledger at_end, beyond;
  energies.add_dac_step(at_end, 7, 1);
  energies.add_dac_step(beyond, 7, 1.03);
  EXPECT_EQ(at_end, beyond);
  EXPECT_NEAR(at_end.of(Phase::conversion, Part::pl), 1e-15 * (2 + 70), 1e-22);
}

TEST(Energies, AfterTheLastStepLinesReturn) {
  const tables::Library library = sample_library();
  const Energies energies(PointTables(library, kTypical), read_spec(library));
  Ledger returned, low, high;
  energies.add_dac_return(returned, 0.5);
  energies.add_dac_step(low, 0, 0.5);
  energies.add_dac_step(high, 0, 1);
  EXPECT_NEAR(returned.total(), low.total() - high.total(), 1e-24);
  EXPECT_NE(returned.total(), 0);
  EXPECT_EQ(returned.of(Phase::mav), 0);
}

TEST(Energies, TheFirstStepTurnsPrechargesOff) {
  tables::Library library = sample_library();
  const tables::Table& steps = library.find("cdac/energy");
  tables::Table first{.name = "cdac/first_energy", .unit = "J", .long_name = "first"};
  first.axes.assign(steps.axes.begin(), steps.axes.begin() + 3);
  first.axes.push_back(steps.axes.back());
  for (std::size_t cell = 0; cell < first.cells(); ++cell)
    first.values.push_back(cell % first.axes.back().size() == 2 ? 1e-15 : 0);  // mux
  Ledger none, some;
  Energies(PointTables(library, kTypical), read_spec(library)).add_dac_first(none, 7);
  EXPECT_EQ(none.total(), 0) << "part of every step then";
  library.put(first);
  Energies(PointTables(library, kTypical), read_spec(library)).add_dac_first(some, 7);
  EXPECT_NEAR(some.of(Part::mux), 8e-15, 1e-24) << "seven lines and the dummy";
  EXPECT_NEAR(some.total(), 8e-15, 1e-24);
}

TEST(Energies, ASliceHasItsTrialAndResetWhereTheTableTellsThemApart) {
  tables::Library library = sample_library();
  tables::Table table = library.find("sar_logic/energy");
  table.axes.back().labels = {"to_zero", "to_one", "idle", "trial", "reset"};
  table.values.clear();
  for (std::size_t point = 0; point < table.cells() / 5; ++point)
    for (double femtojoules : {3, 2, 1, 10, 100}) table.values.push_back(femtojoules * 1e-15);
  library.put(table);
  const Energies energies(PointTables(library, kTypical), read_spec(library));
  Ledger zero, one;
  energies.add_sar(zero, 0);
  energies.add_sar(one, 1);
  EXPECT_NEAR(zero.of(Part::sar), 1e-15 * (3 + 10 + 100 + 4 * 1), 1e-22);
  EXPECT_NEAR(one.of(Part::sar), 1e-15 * (2 + 10 + 1 + 4 * 1), 1e-22);
}

TEST(Energies, LeakageIsTheMeanOfManyCells) {
  tables::Library library = sample_library();
  Ledger plain, spread;
  Energies(PointTables(library, kTypical), read_spec(library)).add_leakage(plain, 100, 20, 1e-6);
  EXPECT_NEAR(plain.of(Phase::idle, Part::leakage), (100 * 1e-9 + 20 * 2e-9) * 1e-6, 1e-24);
  tables::Table leakage = library.find("leakage/power");
  leakage.scale = tables::Scale::log;
  leakage.planes["sigma"].assign(leakage.cells(), 0.5);
  library.put(leakage);
  Energies(PointTables(library, kTypical), read_spec(library)).add_leakage(spread, 100, 20, 1e-6);
  EXPECT_NEAR(spread.total() / plain.total(), std::exp(0.125), 1e-12);
}

TEST(Energies, AMissingTableIsNamedWithItsBench) {
  const tables::Library full = sample_library();
  for (const char* missing : {"sar_logic/energy", "cdac/energy", "sum_line/energy", "leakage/power"}) {
    tables::Library library(full.macro());
    library.provenance = full.provenance;
    for (const auto& [name, table] : full.tables())
      if (name != missing) library.put(table);
    const std::string bench = std::string(missing).substr(0, std::string(missing).find('/'));
    expect_input_error([&] { Energies(PointTables(library, kTypical), read_spec(library)); },
                       {missing, ("--only " + bench).c_str()});
  }
}

TEST(Energies, AnUnknownDriverIsRefused) {
  tables::Library library = sample_library();
  tables::Table table = library.find("cdac/energy");
  table.axes.back().labels.back() = "pump";
  library.put(table);
  expect_input_error([&] { Energies(PointTables(library, kTypical), read_spec(library)); },
                     {"cdac/energy", "'pump'"});
}

}  // namespace
}  // namespace mavis::macro
