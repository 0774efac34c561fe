// Each test needs a process of its own (one ngspice a process), which ctest gives it; run together, they
// fork.
#include "spice/shared_session.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "plain_session.h"
#include "spice/waveform.h"
#include "temporary_folder.h"

namespace mavis::spice {
namespace {

const char* const kRc = "* rc\nv1 in 0 dc 0\nr1 in out 1k\nc1 out 0 1p\n.end\n";

// Runs `body` in a child process; its failed expectations fail the test.
template <class Body>
void in_own_process(Body body) {
  EXPECT_EXIT(
      {
        TemporaryFolder folder;
        std::filesystem::current_path(folder.path());
        body();
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(SharedSession, RunsATransientOfAnAlteredCircuit) {
  in_own_process([] {
    SharedSession session;
    session.load(kRc);
    const std::vector<std::pair<double, double>> step = {{0, 0}, {1e-12, 1}};
    session.set_pwl("v1", step);
    for (double resistance : {1e3, 2e3}) {
      session.set("r1", "resistance", resistance);
      const Waveforms run = session.run_tran(1e-12, 5e-9, 0, 10e-12);
      const double t = *crossing(run.scale(), run["out"], 1 - std::exp(-1), Edge::rising);
      EXPECT_NEAR(t, resistance * 1e-12, 0.002 * t);
    }
  });
}

TEST(SharedSession, SetsASourceAgainAfterItWasDrivenOtherwise) {
  in_own_process([] {
    SharedSession session;
    session.load(kRc);
    const std::vector<std::pair<double, double>> high = {{0, 1}, {1e-9, 1}};
    session.set_pwl("v1", high);
    EXPECT_NEAR(session.run_tran(1e-11, 1e-9)["in"].back(), 1, 1e-12);
    session.set_dc("v1", 0.25);
    EXPECT_NEAR(session.run_op()["in"][0], 0.25, 1e-12);
    session.set_pwl("v1", high);
    session.set_pwl("v1", high);
    EXPECT_NEAR(session.run_tran(1e-11, 1e-9)["in"].back(), 1, 1e-12);
  });
}

TEST(SharedSession, SweepsAndSolvesOperatingPoints) {
  in_own_process([] {
    SharedSession session;
    session.load("* divider\nv1 in 0 dc 1\nr1 in out 1k\nr2 out 0 3k\n.end\n");
    EXPECT_NEAR(session.run_op()["out"][0], 0.75, 1e-9);
    const Waveforms sweep = session.run_dc("v1", 0, 2, 0.5);
    ASSERT_EQ(sweep.scale().size(), 5u);
    EXPECT_NEAR(sweep["out"][4], 1.5, 1e-9);
    session.set_dc("v1", 2);
    EXPECT_NEAR(session.run_op()["out"][0], 1.5, 1e-9);
  });
}

TEST(SharedSession, ListsDevices) {
  in_own_process([] {
    SharedSession session;
    session.load("* t\n.subckt s a b\nr1 a b 5\nc1 b 0 2f\n.ends\nv1 x 0 1\nxdut x y s\nr9 y 0 7\n.end\n");
    const std::vector<Device> devices = session.devices();
    ASSERT_EQ(devices.size(), 4u);
    EXPECT_EQ(devices[1].name, "r.xdut.r1");
    EXPECT_DOUBLE_EQ(devices[1].value, 5);
    EXPECT_DOUBLE_EQ(devices[2].value, 2e-15);
  });
}

TEST(SharedSession, GivesUpARunOfEndlessTimePoints) {
  in_own_process([] {
    SharedSession session;
    session.load("* t\nv1 a 0 sin(0 1 10g)\nr1 a b 1\nc1 b 0 1p\n.end\n");
    try {
      session.run_tran(1e-12, 1e-3, 0, 1e-11);
      FAIL() << "it went on to the end";
    } catch (const RunFailure& failure) {
      EXPECT_NE(std::string(failure.what()).find("oscillates"), std::string::npos) << failure.what();
    }
    EXPECT_GT(session.run_tran(1e-12, 1e-9, 0, 1e-11).scale().size(), 99u);
  });
}

TEST(SharedSession, FollowsAnExternalSource) {
  in_own_process([] {
    SharedSession session;
    session.load("* t\ni1 0 out external\nr1 out 0 1k\nc1 out 0 1e-18\n.end\n");
    std::vector<double> ramp;
    for (int i = 0; i <= 10; ++i) ramp.push_back(1e-6 * i);
    session.set_external("i1", 1e-10, ramp);
    const Waveforms run = session.run_tran(1e-12, 2e-9, 0, 20e-12);
    EXPECT_NEAR(value_at(run.scale(), run["out"], 0.55e-9), 5.5e-3, 2e-5);
    EXPECT_NEAR(value_at(run.scale(), run["out"], 1.9e-9), 10e-3, 2e-5);
  });
}

// A level behind an RC, searched by three decisions inside one transient; the clock gives the time points.
constexpr const char* kLoop =
    "* t\nvin in 0 0.6\nvdac d 0 external\nr1 d out 1k\nc1 out 0 10f\n"
    "vclk clk 0 pwl(0 0 1n 0 1.01n 1 2n 1 2.01n 0 3n 0 3.01n 1)\n.end\n";

Feedback search(std::vector<double>& seen) {
  Feedback feedback;
  feedback.sources["vdac"] = {{0, 0.5}};
  feedback.times = {1e-9, 2e-9, 3e-9};
  feedback.decide = [&seen, level = 0.5](std::size_t i, const Instant& now) mutable {
    if (i == 0) level = 0.5;
    seen.push_back(now["out"]);
    const double time = 1e-9 * (static_cast<double>(i) + 1) + 20e-12;
    std::map<std::string, TimePoints> further;
    further["vdac"] = {{time, level}};
    level += (now["in"] > now["out"] ? 0.25 : -0.25) / std::pow(2, i);
    further["vdac"].emplace_back(time + 10e-12, level);
    return further;
  };
  return feedback;
}

TEST(SharedSession, ClosesALoopWithinATransient) {
  in_own_process([] {
    SharedSession session;
    session.load(kLoop);
    std::vector<double> seen;
    session.set_feedback(search(seen));
    for (int repeated = 0; repeated < 2; ++repeated) {
      seen.clear();
      const Waveforms run = session.run_tran(1e-12, 4e-9, 0, 100e-12);
      ASSERT_EQ(seen.size(), 3u) << "each time once, whatever steps were rejected";
      EXPECT_NEAR(seen[0], 0.5, 1e-6);
      EXPECT_NEAR(seen[1], 0.75, 1e-4);
      EXPECT_NEAR(seen[2], 0.625, 1e-4);
      EXPECT_NEAR(run["out"].back(), 0.5625, 1e-4);
      EXPECT_NEAR(value_at(run.scale(), run["d"], 2.5e-9), 0.625, 1e-9);
    }
    // The transcript holds what the source followed.
    ExternalValues followed;
    const std::string transcript = session.transcript();
    EXPECT_EQ(parse_external_line(transcript.substr(0, transcript.find('\n')), followed), "vdac");
    EXPECT_EQ(followed.step, 0);
    EXPECT_EQ(followed.values.size(), 14u);
    EXPECT_EQ(followed.at(5e-9), 0.5625);
    session.begin_sample();
    EXPECT_NEAR(session.run_tran(1e-12, 4e-9, 0, 100e-12)["out"].back(), 0, 1e-9) << "no feedback any more";
  });
}

TEST(SharedSession, ADecisionThatCannotBeMadeFailsTheRun) {
  in_own_process([] {
    SharedSession session;
    session.load(kLoop);
    std::vector<double> seen;
    Feedback feedback = search(seen);
    feedback.times = {1.5e-9};
    session.set_feedback(feedback);
    EXPECT_THROW(session.run_tran(1e-12, 4e-9, 0, 400e-12), std::logic_error) << "no time point there";
    feedback = search(seen);
    feedback.decide = [](std::size_t, const Instant& now) {
      now["nosuch"];
      return std::map<std::string, TimePoints>{};
    };
    session.set_feedback(feedback);
    EXPECT_THROW(session.run_tran(1e-12, 4e-9, 0, 100e-12), RunFailure);
    session.set_feedback(search(seen));
    EXPECT_NEAR(session.run_tran(1e-12, 4e-9, 0, 100e-12)["out"].back(), 0.5625, 1e-4) << "goes on";
  });
}

TEST(SharedSession, KeepsOnlyTheVectorsThatTheDeckSaves) {
  in_own_process([] {
    SharedSession session;
    session.load("* t\nv1 in 0 1\nr1 in out 1k\nc1 out 0 1p\n.save v(out) v1#branch\n.end\n");
    const Waveforms run = session.run_tran(1e-12, 1e-10);
    EXPECT_TRUE(run.has("out"));
    EXPECT_TRUE(run.has("v1#branch"));
    EXPECT_FALSE(run.has("in"));
    EXPECT_THROW(run["in"], RunFailure);
  });
}

TEST(SharedSession, LosesItselfOnABadDeckOrName) {
  const auto refused = [](const char* deck, const char* reason) {
    in_own_process([=] {
      SharedSession session;
      try {
        session.load(deck);
        ADD_FAILURE() << "not refused: " << deck;
      } catch (const SessionLost& lost) {
        EXPECT_NE(std::string(lost.what()).find(reason), std::string::npos) << lost.what();
      }
    });
  };
  refused("* t\nr1 a 0 {nope}\n.end\n", "deck line 2: Undefined parameter [nope]");
  refused("* t\nv1 a 0 1\nm1 a a 0 0 nomodel w=1u l=1u\n.end\n", "deck line 3");
  refused("* t\nv1 a 0 1\nx1 a b nosub\n.end\n", "unknown subckt");
  refused("* t\nv1 a 0 1\n.subckt s a b\nr1 a b 1\n.ends\nx1 a s\n.end\n", "Too few parameters");
  in_own_process([] {
    SharedSession session;
    session.load(kRc);
    EXPECT_THROW(session.set("r7", "resistance", 1), SessionLost);
  });
}

TEST(SharedSession, AFailedRunIsAFailureAndNotTheRunBefore) {
  in_own_process([] {
    SharedSession session;
    session.load("* t\nv1 in 0 dc 0\nr1 in out 1k\nb1 out 0 i=v(out)>0.5 ? ln(-1) : 0\n.end\n");
    EXPECT_NO_THROW(session.run_op());
    session.set_dc("v1", 1);
    EXPECT_THROW(session.run_tran(1e-12, 1e-9), RunFailure);
    session.set_dc("v1", 0);
    EXPECT_NO_THROW(session.run_op());
  });
}

TEST(SharedSession, DoesNotExecuteASpiceinit) {
  in_own_process([] {
    TemporaryFolder user_home;
    user_home.write(".spiceinit", "shell touch " + (user_home.path() / "planted").string() + "\n");
    ::setenv("HOME", user_home.path().c_str(), 1);
    SharedSession session;
    session.load(kRc);
    session.run_op();
    EXPECT_FALSE(std::filesystem::exists(user_home.path() / "planted"));
  });
}

TEST(SharedSession, WritesATranscriptThatRepeatsTheSample) {
  in_own_process([] {
    SharedSession session;
    session.load(kRc);
    session.begin_sample();
    session.set("r1", "resistance", 1500);
    session.run_tran(1e-12, 1e-9);
    EXPECT_EQ(session.transcript(),
              "alter @r1[resistance] = 1500\n"
              "tran 9.9999999999999998e-13 1.0000000000000001e-09 0 9.9999999999999998e-13\n");
  });
}

// Two resistors of a kit that draws their values itself, and one of ours.
constexpr const char* kDrawn =
    "* drawn\n.param mm=0\n.subckt kitres a b\n.param z={agauss(0,0.1,1)}\nr1 a b {1k*(1+mm*z)}\n.ends\n"
    "v1 in 0 1\nx1 in mid kitres\nx2 mid out kitres\nr3 out 0 1k\n.end\n";

TEST(SharedSession, DrawsAKitsOwnMismatchBySeed) {
  in_own_process([] {
    SharedSession session;
    session.load(kDrawn);
    const auto drawn = [&](double seed, double own) {
      session.set("", "mm", seed);
      session.set("r3", "resistance", own);
      const Waveforms run = session.run_op();
      return std::pair{run["mid"][0], run["out"][0]};
    };
    const auto first = drawn(7, 1e3);
    const auto other = drawn(8, 2e3);
    EXPECT_NE(first, other);
    EXPECT_NE(first.first, 2.0 / 3);
    EXPECT_EQ(drawn(7, 1e3), first);  // whatever was drawn or set before
    EXPECT_NE(drawn(7, 2e3), first);
    const auto off = drawn(0, 1e3);
    EXPECT_NEAR(off.first, 2.0 / 3, 1e-9);
    EXPECT_NEAR(off.second, 1.0 / 3, 1e-9);
    for (int seed = 1; seed < 200; ++seed) drawn(seed, 1e3);
    EXPECT_EQ(drawn(8, 2e3), other);
    session.begin_sample();
    drawn(8, 2e3);
    EXPECT_TRUE(
        session.transcript().starts_with("alterparam mm=1\nsetseed 8\nreset\nalter @r3[resistance] = 2000\n"))
        << session.transcript();
  });
}

TEST(SharedSession, DrawsAKitsOwnMismatchAsPlainNgspiceDoes) {
  in_own_process([] {
    SharedSession shared;
    PlainSession plain;
    for (Session* session : {static_cast<Session*>(&shared), static_cast<Session*>(&plain)}) {
      session->load(kDrawn);
      session->set("", "mm", 3);
      session->set("", "mm", 7);
      session->set("r3", "resistance", 2e3);
    }
    const Waveforms a = shared.run_op(), b = plain.run_op();
    EXPECT_NE(a["mid"][0], 0.75);
    EXPECT_DOUBLE_EQ(a["mid"][0], b["mid"][0]);
    EXPECT_DOUBLE_EQ(a["out"][0], b["out"][0]);
  });
}

TEST(SharedSession, LosesItselfOnASwitchThatTheKitLacks) {
  in_own_process([] {
    SharedSession session;
    session.load(kDrawn);
    EXPECT_THROW(session.set("", "mm_switch", 3), SessionLost);
  });
}

TEST(SharedSession, ADrawThatIsNoNumberIsAFailure) {
  in_own_process([] {
    SharedSession session;
    session.load(
        "* drawn\n.param mm=0\n.model n nmos level=54 vth0={sqrt(0.5-mm)}\nv1 d 0 1\nm1 d d 0 0 n w=1u "
        "l=1u\n.end\n");
    EXPECT_NO_THROW(session.run_op());
    EXPECT_THROW(session.set("", "mm", 3), RunFailure);
  });
}

TEST(SharedSession, LosesItselfOnAValueThatIsNoNumber) {
  in_own_process([] {
    SharedSession session;
    EXPECT_THROW(
        session.load(
            "* nan\n.model n nmos level=54 vth0={sqrt(-1)}\nv1 d 0 1\nm1 d d 0 0 n w=1u l=1u\n.end\n"),
        SessionLost);
  });
}

}  // namespace
}  // namespace mavis::spice
