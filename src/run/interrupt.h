// Ctrl-C: the first SIGINT or SIGTERM asks for a clean stop, the second ends the program at once.
#pragma once

#include <atomic>

namespace mavis::run {

// Installs the handlers; the flag turns true at the first signal. Blocking system calls return with EINTR.
// Call from the main thread, once a process.
const std::atomic<bool>& catch_interrupts();

}  // namespace mavis::run
