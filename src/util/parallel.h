// Independent pieces of work on several threads of this process.
#pragma once

#include <cstddef>
#include <functional>

namespace mavis {

// Calls work(0) .. work(n - 1), each once, on up to `threads` threads (>= 1); they start in ascending order.
// What the pieces leave behind must not depend on the order in which they end. The exception of the piece
// with the lowest number that threw is thrown again after all have stopped; pieces that had not begun by then
// are left out.
void parallel_for(std::size_t n, int threads, const std::function<void(std::size_t)>& work);

}  // namespace mavis
