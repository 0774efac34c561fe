#include "run/task_queue.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mavis::run {
namespace {

std::vector<Task> tasks_of(const std::vector<std::string>& decks) {
  std::vector<Task> tasks;
  for (const std::string& deck : decks) {
    tasks.emplace_back();
    tasks.back().job.deck_hashes = {deck};
  }
  return tasks;
}

std::vector<std::size_t> take_all(TaskQueue& queue, std::size_t worker) {
  std::vector<std::size_t> order;
  while (const auto task = queue.take(worker)) order.push_back(*task);
  return order;
}

TEST(TaskQueue, OneWorkerFinishesADeckBeforeTheNext) {
  TaskQueue queue(tasks_of({"a", "b", "a", "c", "b"}), 1);
  EXPECT_EQ(take_all(queue, 0), (std::vector<std::size_t>{0, 2, 1, 4, 3}));
}

TEST(TaskQueue, WorkersTakeDifferentDecksThenHelpWithTheLargest) {
  TaskQueue queue(tasks_of({"a", "a", "b", "b", "b", "b"}), 3);
  EXPECT_EQ(queue.take(0), 0u);
  EXPECT_EQ(queue.take(1), 2u);
  EXPECT_EQ(queue.take(2), 3u);  // b has more left than a
  EXPECT_EQ(queue.take(0), 1u);
  EXPECT_EQ(queue.take(0), 4u);
  EXPECT_EQ(queue.take(1), 5u);
  for (std::size_t worker : {0, 1, 2}) EXPECT_EQ(queue.take(worker), std::nullopt);
}

TEST(TaskQueue, EveryTaskIsTakenOnce) {
  const auto tasks = tasks_of({"a", "b", "c", "a", "a", "c", "b", "d", "a"});
  TaskQueue queue(tasks, 2);
  std::multiset<std::size_t> taken;
  for (std::size_t turn = 0; const auto task = queue.take(turn % 2); ++turn) taken.insert(*task);
  EXPECT_EQ(taken.size(), tasks.size());
  EXPECT_EQ(std::set<std::size_t>(taken.begin(), taken.end()).size(), tasks.size());
}

TEST(TaskQueue, MayBeEmpty) {
  TaskQueue queue({}, 1);
  EXPECT_EQ(queue.take(0), std::nullopt);
}

}  // namespace
}  // namespace mavis::run
