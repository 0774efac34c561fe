#include "util/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace mavis {

void parallel_for(std::size_t n, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr error;
  std::size_t error_at = n;
  const auto run = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < error_at) error_at = i, error = std::current_exception();
        next = n;
      }
    }
  };
  std::vector<std::thread> team;
  const std::size_t others = std::min(n, static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t t = 1; t < others; ++t) team.emplace_back(run);
  run();
  for (std::thread& thread : team) thread.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace mavis
