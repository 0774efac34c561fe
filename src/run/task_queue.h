// The order in which tasks go to workers: as given, but a worker stays with the decks that it has loaded, as
// parsing a deck costs about as much as a sample. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "run/outcome.h"

namespace mavis::run {

class TaskQueue {
 public:
  TaskQueue(const std::vector<Task>& tasks, std::size_t workers);

  // Takes the next task for a worker, in this order: from the decks of its last task; from the first decks
  // that no worker is at; from those with the most tasks left. Empty when no task is left.
  std::optional<std::size_t> take(std::size_t worker);

 private:
  // Tasks of the same decks.
  struct Group {
    std::deque<std::size_t> tasks;
    int workers = 0;  // whose last task was from here
  };

  std::vector<Group> groups_;                   // in order of their first tasks
  std::vector<std::optional<std::size_t>> at_;  // a worker's group
};

}  // namespace mavis::run
