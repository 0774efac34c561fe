// Cells that can't work: what can be told from the netlist is refused in one line; what only a run shows is
// recorded as failed samples with decks that replay them, while everything else goes on.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/run_program.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class BrokenCell : public testing::Test {
 protected:
  void change(const std::string& from, const std::string& to) {
    const std::size_t at = cell_.find(from);
    ASSERT_NE(at, cell_.npos) << from;
    cell_.replace(at, from.size(), to);
  }

  Ran characterize(const std::vector<std::string>& benches) {
    folder_.write("sram_6t.cir", cell_);
    std::vector<std::string> arguments = {"characterize", "./sram_6t.cir", "--samples", "2",
                                          "--responses",  "none",          "-o",        "lib.h5"};
    for (const std::string& bench : benches) arguments.insert(arguments.end(), {"--only", bench});
    return run_program(folder_.path(), arguments);
  }

  void refused(const std::vector<std::string>& parts) {
    const Ran ran = characterize({});
    EXPECT_EQ(ran.code, kBadInput) << ran.err;
    for (const std::string& part : parts)
      EXPECT_NE(ran.err.find(part), ran.err.npos) << "'" << part << "' in: " << ran.err;
    EXPECT_FALSE(fs::exists(folder_.path() / "lib.h5"));
    EXPECT_FALSE(fs::exists(folder_.path() / "lib.h5.run"));
  }

  // Samples of `bench` fail with this message and leave decks; those of `sound` are all there.
  void fails(const std::string& bench, const std::string& message, const std::string& sound) {
    const Ran ran = characterize({bench, sound});
    EXPECT_EQ(ran.code, kLook) << ran.out << ran.err;
    EXPECT_NE(ran.out.find("replays by hand"), ran.out.npos) << ran.out;
    const tables::Library library = tables::read_library(folder_.path() / "lib.h5");
    ASSERT_FALSE(library.failures.empty());
    for (const tables::Failure& failure : library.failures) {
      EXPECT_EQ(failure.bench, bench);
      EXPECT_NE(failure.message.find(message), failure.message.npos) << failure.message;
      EXPECT_TRUE(fs::exists(folder_.path() / "lib.h5.run" / failure.deck)) << failure.deck;
    }
    for (const auto& [name, table] : library.tables())
      for (std::size_t i = 0; i < table.cells(); ++i) {
        if (table.bench() == sound) {
          EXPECT_EQ(table.n[i], 2) << name;
        } else {
          EXPECT_EQ(table.status_at(i), tables::Status::failed) << name;
        }
      }
  }

  std::string cell_ = read_text(fs::path(MAVIS_TEST_SOURCE_DIR) / "netlists/bitcells/sram_6t.cir", "netlist");
  TemporaryFolder folder_;
};

TEST_F(BrokenCell, AFloatingGateIsRefused) {
  change("mpdl q qb vss vss", "mpdl q qbar vss vss");
  refused({"sram_6t.cir", "nothing holds the node 'qbar' (of mpdl)", "correct its name"});
}

TEST_F(BrokenCell, AMissingPortIsRefused) {
  change("*@ port bl: bit_line\n", "");
  change(".subckt sram_6t wl bl blb", ".subckt sram_6t wl blb");
  refused({"sram_6t.cir", "'bit_line'", "'*@ port NAME: bit_line'"});
}

TEST_F(BrokenCell, ANegativeWidthIsRefused) {
  change("wpu=90n", "wpu=-90n");
  refused({"sram_6t.cir", "mpul", "w=-9e-08", "positive"});
}

TEST_F(BrokenCell, SwappedPortsAreFailedSamples) {
  change("*@ port vdd: cell_supply\n*@ port vss: ground", "*@ port vdd: ground\n*@ port vss: cell_supply");
  const Ran ran = characterize({"noise_margin", "retention"});
  EXPECT_EQ(ran.code, kLook) << ran.out << ran.err;
  const tables::Library library = tables::read_library(folder_.path() / "lib.h5");
  EXPECT_FALSE(library.failures.empty());
  for (const tables::Failure& failure : library.failures)
    EXPECT_TRUE(fs::exists(folder_.path() / "lib.h5.run" / failure.deck)) << failure.deck;
}

TEST_F(BrokenCell, ABitThatDoesNotHoldIsAFailedSample) {
  change(".ends sram_6t", "rleak q vss 1k\n.ends sram_6t");
  fails("retention", "does not keep its bit", "noise_margin");
}

TEST_F(BrokenCell, AnOscillatingLatchIsAFailedSample) {
  // A ring of three in the place of the latch.
  change("mpur qb q vdd vdd",
         "mpum m q vdd vdd pch w={wpu} l={l}\nmpdm m q vss vss nch w={wpd} l={l}\nmpur qb m vdd vdd");
  change("mpdr qb q vss vss", "mpdr qb m vss vss");
  const Ran ran = characterize({"leakage", "write"});
  EXPECT_EQ(ran.code, kLook) << ran.out << ran.err;
  const tables::Library library = tables::read_library(folder_.path() / "lib.h5");
  ASSERT_FALSE(library.failures.empty());
  for (const tables::Failure& failure : library.failures)
    EXPECT_TRUE(fs::exists(folder_.path() / "lib.h5.run" / failure.deck)) << failure.deck;
}

}  // namespace
}  // namespace mavis::cli
