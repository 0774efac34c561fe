// Circuits that a test writes itself, simulated through the shared library.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "plan/bench.h"
#include "run/sample_probe.h"
#include "spice/deck.h"
#include "spice/netlist.h"
#include "spice/shared_session.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis {

// Runs `body` in a process of its own: there is one ngspice a process, and it reads no files but these.
inline void in_own_process(const std::function<void()>& body) {
  const auto run = [&] {
    const TemporaryFolder folder;
    std::filesystem::current_path(folder.path());
    try {
      body();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    // GoogleTest keeps what a child process says of itself to itself.
    const testing::TestResult& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
    for (int i = 0; i < result.total_part_count(); ++i)
      std::fprintf(stderr, "%s\n", result.GetTestPartResult(i).message());
    std::_Exit(testing::Test::HasFailure() ? 1 : 0);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(0), "");
}

// `.include` of a file of ours, such as "pdk/ptm45hp/tt.inc".
inline std::string include_line(const std::string& place) {
  return ".include " + (home() / place).string() + "\n";
}

// The deck with its includes replaced by what they name.
inline std::string whole_deck(const std::string& text) {
  const TemporaryFolder folder;
  std::map<std::string, std::string> files;
  std::string deck;
  for (const spice::Line& line : spice::read_netlist(folder.write("deck.cir", text), {}, files))
    deck += line.text + "\n";
  return deck;
}

// What a bench measures on a subject, with these values set instead of drawn ones. In a process of its own,
// see above.
inline plan::Measurement measure_bench(const std::string& name, const std::filesystem::path& subject,
                                       const plan::PvtPoint& pvt,
                                       const std::vector<plan::Assignment>& assignments = {},
                                       const std::string& pdk = "") {
  const plan::Bench& bench = plan::find_bench(name);
  const plan::Subject read = plan::read_subject(subject, pdk);
  const spice::Deck deck = spice::build_deck(bench.decks(read, pvt, {}).at(0));
  spice::SharedSession session;
  run::Circuit circuit{session};
  plan::Job job;
  job.bench = bench.name();
  job.pvt = pvt;
  job.settings = bench.settings(read);
  job.assignments = assignments;
  job.deck_hashes = {deck.hash};
  run::SampleProbe probe(circuit, job, [&](const std::string&) -> const std::string& { return deck.text; });
  return bench.measure(probe);
}

}  // namespace mavis
