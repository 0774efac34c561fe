#include "report/progress.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace mavis::report {
namespace {

// What a progress line writes while `done` runs through `steps`, one every `period` seconds.
std::string shown(bool terminal, const std::vector<std::size_t>& steps, double period) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = ::open_memstream(&text, &size);
  double now = 100;
  {
    Progress progress(out, terminal, [&] { return now; });
    for (const std::size_t done : steps) {
      progress.show({.what = "samples", .done = done, .total = 40});
      now += period;
    }
  }
  std::fclose(out);
  const std::string all(text, size);
  std::free(text);
  return all;
}

TEST(Progress, BarShowsShareCountsAndTimeLeft) {
  EXPECT_EQ(bar_text({.what = "samples", .done = 400, .total = 800, .failed = 2}, 83),
            "[###############...............]  50 % 400/800 samples, 2 failed, 1:23 left");
  EXPECT_EQ(bar_text({.what = "samples", .done = 800, .total = 800}, 83),
            "[##############################] 100 % 800/800 samples, 0 failed");
}

TEST(Progress, TimeLeftCountsOnlyWhatThisRunMeasured) {
  const Tally tally = {.what = "samples", .done = 600, .total = 800, .resumed = 500};
  EXPECT_EQ(plain_text(tally, 1830), "75 %: 600 of 800 samples, 0 failed, 1:01:00 left");
  const Tally fresh = {.what = "samples", .done = 500, .total = 800, .resumed = 500};
  EXPECT_EQ(plain_text(fresh, 1), "62 %: 500 of 800 samples, 0 failed");
}

TEST(Progress, LogGetsALineEveryTenPercent) {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i <= 40; ++i) steps.push_back(i);
  const std::string text = shown(false, steps, 1);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10) << text;
  EXPECT_TRUE(text.starts_with("10 %: 4 of 40 samples, 0 failed, 0:36 left\n")) << text;
  EXPECT_TRUE(text.ends_with("100 %: 40 of 40 samples, 0 failed\n")) << text;
}

TEST(Progress, LogGetsALineEveryHalfMinute) {
  EXPECT_EQ(shown(false, {0, 1, 2, 3}, 31),
            "2 %: 1 of 40 samples, 0 failed, 20:09 left\n"
            "5 %: 2 of 40 samples, 0 failed, 19:38 left\n"
            "7 %: 3 of 40 samples, 0 failed, 19:07 left\n");
}

TEST(Progress, LogStaysSilentWhenNothingIsLeftToDo) {
  EXPECT_EQ(shown(false, {40}, 1), "");
}

TEST(Progress, TerminalLineIsRedrawnAndEnded) {
  const std::string text = shown(true, {0, 20, 40}, 1);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 3) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_EQ(text.back(), '\n');
}

TEST(Progress, TerminalIsNotRedrawnFasterThanPeopleRead) {
  const std::string text = shown(true, {0, 10, 20, 30, 40}, 0.01);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 2) << text;  // the first and the last
}

TEST(Progress, NothingToDoShowsNothing) {
  Progress progress(stderr, true, [] { return 0.0; });
  progress.show({.what = "responses"});
}

}  // namespace
}  // namespace mavis::report
