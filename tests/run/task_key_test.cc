#include "run/task_key.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

namespace mavis::run {
namespace {

Task sample() {
  Task task;
  task.job.bench = "product_line";
  task.job.pvt = {"tt", 1.0, 27};
  task.job.condition = {{"hold_voltage", 0.6}};
  task.job.settings = {{"rows", 8}};
  task.job.draw = {plan::DrawKind::sample, 5, 42};
  task.job.assignments = {{"m.x1.m1", "delvto", 0.01}};
  task.job.deck_hashes = {"a", "b"};
  return task;
}

std::string key(const Task& task) {
  return task_key(task, "ngspice-39.3", 1);
}

TEST(TaskKey, ChangesWithEverythingThatDecidesTheNumber) {
  const std::vector<std::function<void(Task&)>> changes = {
      [](Task& t) { t.job.bench = "leakage"; },
      [](Task& t) { t.job.pvt.corner = "ss"; },
      [](Task& t) { t.job.pvt.vdd = std::nextafter(1.0, 2.0); },
      [](Task& t) { t.job.pvt.temp_c = 120; },
      [](Task& t) { t.job.condition[0].first = "x"; },
      [](Task& t) { t.job.condition[0].second = 0.5; },
      [](Task& t) { t.job.condition.clear(); },
      [](Task& t) { t.job.settings["rows"] = 9; },
      [](Task& t) { t.job.settings["more"] = 0; },
      [](Task& t) { t.job.draw.kind = plan::DrawKind::response; },
      [](Task& t) { t.job.draw.kind = plan::DrawKind::nominal; },
      [](Task& t) { t.job.draw.index = 6; },
      [](Task& t) { t.job.draw.seed = 43; },
      [](Task& t) { t.job.assignments[0].device = "m.x1.m2"; },
      [](Task& t) { t.job.assignments[0].parameter = "mulu0"; },
      [](Task& t) { t.job.assignments[0].value = std::nextafter(0.01, 1.0); },
      [](Task& t) { t.job.assignments.clear(); },
      [](Task& t) {
        t.job.deck_hashes = {"b", "a"};
      },
      [](Task& t) { t.job.deck_hashes = {"ab"}; },
      [](Task& t) { t.describe = true; },
  };
  std::set<std::string> keys = {key(sample()), task_key(sample(), "ngspice-40", 1),
                                task_key(sample(), "ngspice-39.3", 2)};
  for (const auto& change : changes) {
    Task task = sample();
    change(task);
    keys.insert(key(task));
  }
  EXPECT_EQ(keys.size(), changes.size() + 3);
}

TEST(TaskKey, LeavesOutWhatNoBenchSees) {
  Task a = sample(), b = sample();
  b.key = "other";
  EXPECT_EQ(key(a), key(b));
  a.job.draw = {plan::DrawKind::response, 5, 1};
  b.job.draw = {plan::DrawKind::response, 5, 2};
  EXPECT_EQ(key(a), key(b));
  a.job.draw = {plan::DrawKind::nominal, 1, 1};
  b.job.draw = {plan::DrawKind::nominal, 2, 2};
  EXPECT_EQ(key(a), key(b));
}

TEST(TaskKey, OfADescriptionIsItsDeck) {
  Task a = sample(), b = sample();
  a.describe = b.describe = true;
  b.job.pvt.corner = "ff";
  EXPECT_EQ(key(a), key(b));
  b.job.deck_hashes[0] = "c";
  EXPECT_NE(key(a), key(b));
}

}  // namespace
}  // namespace mavis::run
