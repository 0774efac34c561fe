// Circuits that a test writes itself, simulated through the shared library.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "spice/netlist.h"
#include "spice/shared_session.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis {

// Runs `body` in a process of its own: there is one ngspice a process, and it reads no files but these.
inline void in_own_process(const std::function<void()>& body) {
  EXPECT_EXIT(
      {
        const TemporaryFolder folder;
        std::filesystem::current_path(folder.path());
        body();
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
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

}  // namespace mavis
