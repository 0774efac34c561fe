#include "run/task_queue.h"

#include <algorithm>
#include <map>
#include <string>

namespace mavis::run {

TaskQueue::TaskQueue(const std::vector<Task>& tasks, std::size_t workers) : at_(workers) {
  std::map<std::vector<std::string>, std::size_t> places;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto place = places.try_emplace(tasks[i].job.deck_hashes, groups_.size());
    if (place.second) groups_.emplace_back();
    groups_[place.first->second].tasks.push_back(i);
  }
}

std::optional<std::size_t> TaskQueue::take(std::size_t worker) {
  std::optional<std::size_t>& at = at_[worker];
  if (!at || groups_[*at].tasks.empty()) {
    if (at) --groups_[*at].workers;
    at.reset();
    const auto free = std::find_if(groups_.begin(), groups_.end(),
                                   [](const Group& g) { return g.workers == 0 && !g.tasks.empty(); });
    const auto chosen = free != groups_.end() ? free
                                              : std::max_element(groups_.begin(), groups_.end(),
                                                                 [](const Group& a, const Group& b) {
                                                                   return a.tasks.size() < b.tasks.size();
                                                                 });
    if (chosen == groups_.end() || chosen->tasks.empty()) return std::nullopt;
    at = static_cast<std::size_t>(chosen - groups_.begin());
    ++chosen->workers;
  }
  const std::size_t task = groups_[*at].tasks.front();
  groups_[*at].tasks.pop_front();
  return task;
}

}  // namespace mavis::run
