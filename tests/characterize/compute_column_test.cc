// Columns of cells whose answer is known: ideal capacitors and resistors beside a latch.
#include "../../characterize/compute_column.h"

#include <fmt/format.h>

#include <cmath>

#include "../../characterize/compute_circuit.h"
#include "characterize/own_circuit.h"
#include "tables/library.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::PvtPoint;
using tables::Status;

const PvtPoint kTypical{"tt", 1.0, 27};
constexpr int kRows = 4;

// `devices` between x (0 to the supply with the input bit), line and the latch's q.
std::string own_cell(const std::string& operation, const std::string& line, const std::string& devices,
                     const std::string& input = "input one=1 until=read") {
  return "* a cell of a test\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n"
         "*@ port blb: bit_line_bar\n*@ port x: compute\n*@ port line: compute\n*@ port vdd: cell_supply\n"
         "*@ port vss: ground\n*@ state xlatch.q: storage\n*@ state xlatch.qb: storage_bar\n*@ operation: " +
         operation + "\n*@ compute x: " + input + "\n*@ compute line: " + line + "\n" +
         include_line("netlists/bitcells/sram_6t.cir") +
         ".subckt own wl bl blb x line vdd vss\nxlatch wl bl blb vdd vss sram_6t\n" + devices + ".ends own\n";
}

Measurement measure(const std::string& bench_name, const std::filesystem::path& path) {
  const plan::Bench& bench = plan::find_bench(bench_name);
  plan::Subject subject = plan::read_subject(path);
  subject.rows = kRows;
  const spice::Deck deck = spice::build_deck(bench.decks(subject, kTypical, {}).at(0));
  spice::SharedSession session;
  run::Circuit circuit{session};
  plan::Job job;
  job.bench = bench.name();
  job.pvt = kTypical;
  job.settings = bench.settings(subject);
  job.deck_hashes = {deck.hash};
  run::SampleProbe probe(circuit, job, [&](const std::string&) -> const std::string& { return deck.text; });
  return bench.measure(probe);
}

// F a row on a line that cells pull themselves: its wire, one row of the process high.
constexpr double kWire = 0.705e-6 * 0.2e-9;

TEST(ComputeColumn, CapacitorsDivideByCharge) {
  in_own_process([] {
    const TemporaryFolder folder;
    const auto path = folder.write(
        "own.cir", own_cell("time=0.2n", "line precharge=0.25 load=0.5f", "cc x line 1f\nrx x 0 1g\n"));
    const Measurement measured = measure("compute", path);
    // The result counts inputs of 1 wherever the stored bits are: zeros with x = 1 move the line as well.
    const double step = 1e-15 / (kRows * (1e-15 + 0.5e-15 + kWire));
    const auto& zeros = measured.at("level_by_zeros").values;  // 01, 10, 00
    EXPECT_NEAR(zeros.at(0), 0.25 + kRows * step, 0.5e-3);
    EXPECT_NEAR(zeros.at(1), 0.25 + kRows / 2 * step, 0.5e-3);
    EXPECT_NEAR(zeros.at(2), zeros.at(1), 0.5e-3);
    EXPECT_NEAR(measured.at("level").values.at(kRows), 0.25 + kRows * step, 0.5e-3);
    // From rest to rest a driver gives the charge of its capacitor once: C V (V - the line's rise).
    EXPECT_NEAR(measured.at("energy").values.at(kRows), kRows * 1e-15 * (1 - kRows * step), 0.03e-15 * kRows);
    EXPECT_LT(measured.at("disturb").values.at(0), 1e-3);
  });
}

TEST(ComputeColumn, ResistorsDivideWithoutTime) {
  in_own_process([] {
    const TemporaryFolder folder;
    const auto path = folder.write(
        "own.cir", own_cell("time=0.5n ones=11,01 zeros=10,00", "line precharge=0.5", "rx x line 100k\n"));
    const Measurement measured = measure("compute", path);
    for (int k = 0; k <= kRows; ++k) {
      EXPECT_NEAR(measured.at("level").values.at(static_cast<std::size_t>(k)), double(k) / kRows, 1e-3) << k;
      EXPECT_NEAR(measured.at("static_current").values.at(static_cast<std::size_t>(k)),
                  double(k * (kRows - k)) / kRows * 10e-6, 0.3e-6)
          << k;
    }
    EXPECT_LT(measured.at("inl").values.at(0), 0.005);
    for (std::size_t k = 0; k < kRows; ++k) EXPECT_EQ(measured.at("step").status.at(k), Status::ok);
    EXPECT_LT(measured.at("zeros_spread").values.at(0), 0.005);
    const Measurement drive = measure("compute_drive", path);
    EXPECT_NEAR(drive.at("time_sensitivity").values.at(0), 0, 0.01);
    EXPECT_NEAR(drive.at("on_current").values.at(0), -5e-6, 0.1e-6);  // into a line held at half the supply
    EXPECT_NEAR(drive.at("on_off").values.at(0), 1, 0.01);
    EXPECT_EQ(drive.at("transistors").values.at(0), 6);
    EXPECT_EQ(drive.at("capacitance").values.at(0), 0);
  });
}

// A switch to ground with a series resistor far above its own: the line falls as exp(-t / RC).
TEST(ComputeColumn, TimeSensitivityIsThatOfAnRc) {
  in_own_process([] {
    const TemporaryFolder folder;
    const auto path = folder.write("own.cir", own_cell("time=0.5n ones=11,01 zeros=10,00", "line load=5f",
                                                       ".model s sw vt=0.5 ron=100 roff=1e15\n"
                                                       "rl line m 200k\nss m 0 x 0 s\n",
                                                       "input one=1"));
    const Measurement drive = measure("compute_drive", path);
    // Row by row alike: each discharges its own share of the line. The switch is closed from the middle of
    // one edge to the middle of the other: exactly the evaluation time.
    const double tau = 200e3 * (5e-15 + kWire);
    const auto swing = [&](double factor) { return 1 - std::exp(-factor * 0.5e-9 / tau); };
    const double expected = (swing(1.1) - swing(0.9)) / ((swing(1.1) + swing(0.9)) / 2) / 0.2;
    EXPECT_NEAR(drive.at("time_sensitivity").values.at(0), expected, 0.02);
    EXPECT_NEAR(drive.at("swing").values.at(2), -swing(1), 0.01);
  });
}

TEST(ComputeColumn, SaysWhereALevelGoesTheWrongWay) {
  in_own_process([] {
    const TemporaryFolder folder;
    // Odd rows push the other way: their capacitor sees the inverse input through the stored bit's parity of
    // kinds: a product 11 lifts the line by 1 fF, a product 00 by less than nothing.
    const auto path = folder.write(
        "own.cir", own_cell("time=0.2n ones=11,10 zeros=01", "line precharge=0.5 load=0.5f",
                            "cc x line 1f\nrx x 0 1g\n", "input rest=0.2 one=1 zero=0 until=read"));
    const Measurement measured = measure("compute", path);
    const auto& status = measured.at("step").status;
    EXPECT_NE(std::count(status.begin(), status.end(), Status::no_margin), 0);
    const auto& steps = measured.at("step").values;
    for (std::size_t k = 0; k < steps.size(); ++k)
      EXPECT_EQ(status[k] == Status::no_margin, steps[k] <= 0) << k << " " << steps[k];
  });
}

TEST(ComputeColumn, SizesCountTheCellsOwnDevices) {
  in_own_process([] {
    const TemporaryFolder folder;
    const auto path = folder.write(
        "own.cir",
        own_cell("time=0.2n shared=4", "line",
                 "rx x 0 1g\ncmomc x line 1f\ncwire x line 1f\n"
                 "mown line vss vss vss nch w=90n l=145n ad=1e-14 as=1e-14 pd=0.4u ps=0.4u m=2\n"
                 "mload line vss vss vss nch w=90n l=45n ad=1e-14 as=1e-14 pd=0.4u ps=0.4u m=7\n"));
    const Measurement drive = measure("compute_drive", path);
    EXPECT_DOUBLE_EQ(drive.at("transistors").values.at(0), 6 + 2.0 / 4);
    EXPECT_NEAR(drive.at("gate_area").values.at(0), 2.0 / 4 * 90e-9 * 100e-9, 1e-18);
    EXPECT_DOUBLE_EQ(drive.at("capacitance").values.at(0), 1e-15 / 4);
  });
}

TEST(ComputeColumn, CellsThatDoNotComputeAreToldSo) {
  const plan::Subject plain = plan::read_subject(home() / "netlists/bitcells/sram_6t.cir");
  EXPECT_NE(no_computing(plain).find("*@ operation:"), std::string::npos);
  const plan::Subject cell = plan::read_subject(home() / "netlists/bitcells/cim_10t_average.cir");
  EXPECT_EQ(no_computing(cell), "");
  const ColumnSpec spec = column_spec(cell);
  EXPECT_TRUE(spec.shares && spec.twin);
  plan::Job job;
  job.settings = column_settings(spec);
  EXPECT_EQ(column_settings(column_spec(job)), job.settings);
}

}  // namespace
}  // namespace mavis
