#include "validate/recording_session.h"

#include <gtest/gtest.h>

#include "run/replay.h"

namespace mavis::validate {
namespace {

TEST(RecordingSession, WritesDownWhatASampleDoes) {
  RecordingSession session(
      [](std::size_t i, std::string_view vector) { return vector == "op" && i == 1 ? 1.0 : 0.0; });
  session.set("m.x1.m1", "delvto", 0.5);
  session.set_dc("vbl", 0.25);
  session.set_pwl("vclk", std::vector<std::pair<double, double>>{{0, 0}, {1, 0.5}});
  spice::Feedback feedback;
  feedback.sources["vd"] = {{0, 1}};
  feedback.times = {1, 2};
  feedback.decide = [](std::size_t i, const spice::Instant& now) {
    return std::map<std::string, spice::TimePoints>{{"vd", {{static_cast<double>(i) + 1.5, now["op"]}}}};
  };
  session.set_feedback(feedback);
  EXPECT_THROW(session.run_tran(0.5, 4, 0, 2), spice::RunFailure);
  EXPECT_EQ(session.transcript(),
            "*@ external vd 0 0 1 1.5 0 2.5 1\n"
            "alter @m.x1.m1[delvto] = 0.5\nalter vbl dc = 0.25\nalter @vclk[pwl] = [ 0 0 1 0.5 ]\n"
            "tran 0.5 4 0 2\n");
  EXPECT_EQ(run::replay_deck("* t\nvd d 0 external\n.end\n", session.transcript()),
            "* t\nbvd d 0 v=pwl(time\n+ ,0,1, 1.5,0, 2.5,1\n+ ,1,1)\n.control\nset num_threads=1\n"
            "alter @m.x1.m1[delvto] = 0.5\nalter vbl dc = 0.25\nalter @vclk[pwl] = [ 0 0 1 0.5 ]\n"
            "tran 0.5 4 0 2\ndisplay\nquit\n.endc\n.end\n");
}

}  // namespace
}  // namespace mavis::validate
