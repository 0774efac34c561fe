#include "run/replay.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <stdexcept>

#include "temporary_folder.h"

namespace mavis::run {
namespace {

const char* const kDeck = "divider\nv1 in 0 1\nr1 in out 1k\nr2 out 0 1k\n.ends_is_no_end\n.END \n";

TEST(Replay, PutsTheControlBlockBeforeTheEnd) {
  EXPECT_EQ(replay_deck(kDeck, "alter r1=3k\nop"),
            "divider\nv1 in 0 1\nr1 in out 1k\nr2 out 0 1k\n.ends_is_no_end\n"
            ".control\nset num_threads=1\nalter r1=3k\nop\ndisplay\nquit\n.endc\n.END \n");
}

TEST(Replay, ExternalSourcesBecomeBehavioural) {
  EXPECT_EQ(replay_deck("t\ni1 a 0 external\nr1 a 0 1k\n.end\n", "*@ external i1 0.5 0 2\nop\n"),
            "t\nbi1 a 0 i=pwl(time\n+ ,0,0, 0.5,2\n+ ,1,2)\nr1 a 0 1k\n"
            ".control\nset num_threads=1\nop\ndisplay\nquit\n.endc\n.end\n");
}

TEST(Replay, NeedsAnEnd) {
  EXPECT_THROW(replay_deck("divider\n.ends\n", ""), std::invalid_argument);
  EXPECT_THROW(replay_deck("", ""), std::invalid_argument);
}

TEST(Replay, AssignmentsKeepTheirBits) {
  plan::Job job;
  job.assignments = {{"m.x1.m2", "delvto", 0.1}, {"r1", "resistance", 3000}};
  EXPECT_EQ(assignment_lines(job),
            "alter @m.x1.m2[delvto]=0.10000000000000001\nalter @r1[resistance]=3000\n");
}

TEST(Replay, RunsInPlainNgspice) {
  const TemporaryFolder folder;
  plan::Job job;
  job.assignments = {{"r1", "resistance", 3000}};
  const auto deck =
      folder.write("replay.cir", replay_deck("divider\nv1 in 0 1\nr1 in out 1k\nr2 out 0 1k\n.end\n",
                                             assignment_lines(job) + "op\nprint v(out)\n"));
  const std::string command = "cd " + folder.path().string() + " && ngspice -b " + deck.string() + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_TRUE(pipe);
  std::string output;
  for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_NE(output.find("v(out) = 2.500000e-01"), output.npos) << output;
  EXPECT_NE(output.find("voltage, real, 1 long"), output.npos) << output;
}

}  // namespace
}  // namespace mavis::run
