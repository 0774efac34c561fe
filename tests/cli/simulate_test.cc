// mavis simulate on a synthetic library, the way a user runs it.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/run_program.h"
#include "macro/integer_file.h"
#include "macro/sample_macro.h"
#include "tables/hdf5.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;
using macro::Sample;
using tables::hdf5::Node;

class Simulate : public testing::Test {
 protected:
  void SetUp() override { write_library({.level_response = 0.05, .offset_response = 0.01}); }

  void write_library(const Sample& sample) const {
    tables::write_library(folder_.path() / "lib.h5", macro::sample_library(sample));
  }
  Ran run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"simulate", "lib.h5", "--pvt", "tt,1.0,27"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(folder_.path(), arguments);
  }
  std::string bytes(const std::string& name) const { return read_text(folder_.path() / name, "output"); }
  std::vector<std::int64_t> codes(const std::string& name) const {
    const Node codes = Node::open_file(folder_.path() / name).dataset("codes");
    return codes.read<std::int64_t>(codes.shape());
  }
  // One line on stderr with all parts; nothing on stdout, no output file.
  void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
    const Ran ran = run_program(folder_.path(), arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << "'" << part << "' in: " << ran.err;
    EXPECT_FALSE(fs::exists(folder_.path() / "simulation.h5"));
  }

  TemporaryFolder folder_;
};

TEST_F(Simulate, ReportOnStdoutProgressOnStderrResultsOnDisk) {
  const Ran ran = run({"--chips", "2", "--size", "70", "--outputs", "3", "--batch", "2", "-o", "out.h5"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  for (const char* part : {"sample at tt, 1 V, 27 C: 2 chips, mismatch on, noise on",
                           "two a weight-input pair", "code error", "LSB", "an operation: pl", "comparator",
                           "leakage", "336 clocks", "TOPS/W", "0.5 LSB at least", "out.h5"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  EXPECT_NE(ran.err.find("100 %: 16 of 16 uArrays"), ran.err.npos) << ran.err;
  EXPECT_EQ(codes("out.h5").size(), 2u * 2 * 3 * 2 * 2 * 14);
}

TEST_F(Simulate, WithoutMismatchAndNoiseItIsExact) {
  const Ran ran = run({"--no-mismatch", "--no-noise"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("mismatch off, noise off"), ran.out.npos) << ran.out;
  EXPECT_NE(ran.out.find("mean 0, rms 0 LSB, 0 % wrong"), ran.out.npos) << ran.out;
  const Node root = Node::open_file(folder_.path() / "simulation.h5");
  EXPECT_EQ(root.dataset("results").read<std::int64_t>({1, 4, 4}),
            root.dataset("exact").read<std::int64_t>({4, 4}));
}

TEST_F(Simulate, SameSeedSameBytes) {
  for (const char* name : {"a.h5", "b.h5"}) ASSERT_EQ(run({"--seed", "7", "-o", name}).code, kDone);
  ASSERT_EQ(run({"--seed", "8", "-o", "c.h5"}).code, kDone);
  ASSERT_EQ(run({"--seed", "7", "--no-noise", "-o", "d.h5"}).code, kDone);
  EXPECT_EQ(bytes("a.h5"), bytes("b.h5"));
  EXPECT_NE(bytes("a.h5"), bytes("c.h5"));
  EXPECT_NE(bytes("a.h5"), bytes("d.h5"));
}

TEST_F(Simulate, TakesWeightsAndInputsFromFiles) {
  macro::write_integers(folder_.path() / "w.h5", "weights", {2, 3}, {1, -2, 127, 4, 5, 6});
  macro::write_integers(folder_.path() / "x.h5", "inputs", {1, 3}, {10, 20, -30});
  const Ran ran = run({"--weights", "w.h5", "--inputs", "x.h5", "--no-mismatch", "--no-noise"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  const Node root = Node::open_file(folder_.path() / "simulation.h5");
  const std::vector<std::int64_t> expected = {(1 + 10) + (2 - 20) + (-127 + 30),
                                              (4 + 10) + (5 + 20) + (-6 + 30)};
  EXPECT_EQ(root.dataset("results").read<std::int64_t>({1, 1, 2}), expected);
  EXPECT_EQ(run({"--weights", "w.h5", "-o", "other.h5"}).code, kDone) << "random inputs of the same length";
}

TEST_F(Simulate, PrecisionCalibrationAndDiscardAreOptions) {
  const Ran ran = run({"--weight-bits", "4", "--input-bits", "6", "--adc-bits", "3", "--discard", "6%",
                       "--calibration", "200", "--no-mismatch"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  for (const char* part :
       {"4-bit weights, 6-bit inputs, 3 of 5 conversion bits", "% by precision alone",
        "counting ones of 200 decisions", "2 of 31 in each half discarded", "58 of a uArray"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  const Node root = Node::open_file(folder_.path() / "simulation.h5");
  EXPECT_EQ(root.dataset("plane").read<std::string>({8}),
            (std::vector<std::string>{"w4", "w5", "w6", "x2", "x3", "x4", "x5", "x6"}));
  EXPECT_EQ(root.get<std::int64_t>("adc_bits"), 3);
  EXPECT_EQ(root.get<std::int64_t>("calibration_decisions"), 200);
  EXPECT_EQ(root.dataset("discarded").shape(), (tables::hdf5::Shape{1, 10, 2, 2}));
  const Ran plain = run({"--calibration", "tester"});
  EXPECT_EQ(plain.out.find("precision"), plain.out.npos) << plain.out;
  EXPECT_NE(plain.out.find("tester"), plain.out.npos) << plain.out;
  EXPECT_NE(run({"--calibration", "none"}).out.find("calibration   off: N side set in 0 of 5"),
            plain.out.npos);
}

TEST_F(Simulate, BadOperationsAreRefused) {
  const auto with = [](const char* option, const char* value) {
    return std::vector<std::string>{"simulate", "lib.h5", "--pvt", "tt,1.0,27", option, value};
  };
  refused(with("--adc-bits", "6"), {"6 conversion bits", "1 to 5"});
  refused(with("--weight-bits", "1"), {"--weight-bits", "2"});
  for (const char* bad : {"0", "many", "-3", "1e3", "99999999"})
    refused(with("--calibration", bad), {"--calibration", bad, "tester"});
  for (const char* bad : {"100", "-1", "1,2"}) refused(with("--discard", bad), {"--discard", "3%"});
  refused(with("--discard", "3V"), {"--discard", "3V", "%"});
}

TEST_F(Simulate, BadWorkloadsAreRefused) {
  const std::vector<std::string> start = {"simulate", "lib.h5", "--pvt", "tt,1.0,27"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), start.begin(), start.end());
    return more;
  };
  macro::write_integers(folder_.path() / "w.h5", "weights", {2, 3}, {1, -2, 127, 4, 5, 6});
  macro::write_integers(folder_.path() / "x.h5", "inputs", {1, 2}, {10, 20});
  refused(with({"--weights", "w.h5", "--inputs", "x.h5"}), {"x.h5", "2 numbers", "w.h5", "3"});
  refused(with({"--weights", "x.h5"}), {"x.h5", "/weights", "missing"});
  refused(with({"--weights", "w.h5", "--size", "4"}), {"w.h5", "--size", "4"});
  refused(with({"--inputs", "lost.h5"}), {"lost.h5", "no such file"});
  macro::write_integers(folder_.path() / "w.h5", "weights", {1, 2}, {1, 300});
  refused(with({"--weights", "w.h5"}), {"w.h5", "/weights[0, 1]", "300"});
}

TEST_F(Simulate, OutputsReplaceNoInput) {
  const std::string before = bytes("lib.h5");
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27", "-o", "./lib.h5"}, {"-o", "lib.h5", "another"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27", "--save-chip", "lib.h5"}, {"--save-chip", "lib.h5"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27", "--save-chip", "a.h5", "-o", "a.h5"},
          {"--save-chip", "a.h5"});
  EXPECT_EQ(bytes("lib.h5"), before);
}

TEST_F(Simulate, BadPointsAreRefused) {
  refused({"simulate", "lib.h5"}, {"--pvt", "tt,1.0,27"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1.0"}, {"--pvt", "CORNER,VDD,TEMPERATURE"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1 s,27"}, {"--pvt", "1 s"});
  refused({"simulate", "lib.h5", "--pvt", "ff,1.0,27"}, {"corner", "'ff'", "tt, ss", "--corners"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1.3,27"}, {"vdd", "1.3 V", "1.1 V", "--vdd"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1,-60"}, {"temp_c", "-60 C"});
}

TEST_F(Simulate, ALibraryThatLacksSomethingIsRefused) {
  refused({"simulate", "lost.h5", "--pvt", "tt,1,27"}, {"lost.h5"});
  const tables::Library full = macro::sample_library();
  tables::Library part(full.macro());
  part.provenance = full.provenance;
  for (const auto& [name, table] : full.tables())
    if (table.bench() != "sar_logic") part.put(table);
  tables::write_library(folder_.path() / "lib.h5", part);
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27"}, {"sar_logic/energy", "--only sar_logic"});
  part.provenance.facts.clear();
  tables::write_library(folder_.path() / "lib.h5", part);
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27"}, {"macro.rows", "not a single block"});
  write_library({.rows = 4});
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27"}, {"4 rows", "8"});
}

TEST_F(Simulate, AChipIsSavedEditedAndLoaded) {
  ASSERT_EQ(run({"--seed", "3", "--save-chip", "chip.h5", "-o", "a.h5"}).code, kDone);
  ASSERT_EQ(run({"--seed", "3", "--load-chip", "chip.h5", "--save-chip", "again.h5", "-o", "b.h5"}).code,
            kDone);
  EXPECT_EQ(bytes("a.h5"), bytes("b.h5"));
  EXPECT_EQ(bytes("chip.h5"), bytes("again.h5"));

  // Edit as a user would, in place: the comparator of uArray 0 gets 30 standard deviations.
  {
    const hid_t file = H5Fopen((folder_.path() / "chip.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const Node chip = Node::open_file(folder_.path() / "again.h5");
    const auto shape = chip.dataset("value").shape();
    const auto addresses = chip.dataset("address").read<std::string>(shape);
    auto values = chip.dataset("value").read<double>(shape);
    values[static_cast<std::size_t>(std::find(addresses.begin(), addresses.end(), "u0.comparator") -
                                    addresses.begin())] = 30;
    const hid_t set = H5Dopen2(file, "value", H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
    H5Fclose(file);
  }
  ASSERT_EQ(run({"--seed", "3", "--load-chip", "chip.h5", "-o", "c.h5"}).code, kDone);
  const std::vector<std::int64_t> before = codes("a.h5"), after = codes("c.h5");
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool is_other = i / (2 * 14) % 4 != 0;  // output is not 0
    EXPECT_TRUE(after[i] == before[i] || !is_other) << "another uArray";
  }
  EXPECT_NE(after, before);
}

TEST_F(Simulate, AChipOfAnotherMacroIsRefused) {
  const tables::Library library = macro::sample_library();
  tables::Library other("mf_8x30");
  other.provenance = library.provenance;
  for (const auto& [name, table] : library.tables()) other.put(table);
  tables::write_library(folder_.path() / "other.h5", other);
  ASSERT_EQ(run_program(folder_.path(),
                        {"simulate", "other.h5", "--pvt", "tt,1,27", "--save-chip", "chip.h5", "-o", "a.h5"})
                .code,
            kDone);
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27", "--load-chip", "chip.h5"},
          {"chip.h5", "mf_8x30", "sample"});
  refused({"simulate", "lib.h5", "--pvt", "tt,1,27", "--load-chip", "chip.h5", "--chips", "2"},
          {"--load-chip", "2"});
}

TEST_F(Simulate, APointWithoutMarginSaysSo) {
  tables::Library library = macro::sample_library();
  tables::Table margin = library.find("margin/margin");
  margin.status.assign(margin.cells(), tables::Status::ok);
  for (std::size_t i = 0; i < margin.cells(); i += 2) {
    margin.values[i] = -0.25;
    margin.status[i] = tables::Status::no_margin;
  }
  library.put(margin);
  tables::write_library(folder_.path() / "lib.h5", library);
  const Ran ran = run();
  EXPECT_EQ(ran.code, kLook) << ran.err;
  EXPECT_NE(ran.out.find("-0.25 LSB at least; none at 48 of 96 levels"), ran.out.npos) << ran.out;
  EXPECT_TRUE(fs::exists(folder_.path() / "simulation.h5"));
}

}  // namespace
}  // namespace mavis::cli
