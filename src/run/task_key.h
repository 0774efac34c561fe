// The content address of a task in the run log. Pure, thread-safe.
#pragma once

#include <string>

#include "run/outcome.h"

namespace mavis::run {

// 32 hexadecimal digits of everything that decides the numbers of a task: decks, bench and its version,
// ngspice, PVT, condition, settings, assignments by their bits, and of the draw what a bench can see: kind,
// index (sample, response, tight), seed (sample, tight). Task::key itself is not used. A describe task has
// the key of its deck.
std::string task_key(const Task& task, const std::string& ngspice_version, int bench_version);

}  // namespace mavis::run
