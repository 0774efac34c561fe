// One table as a grid of numbers. Pure, thread-safe.
#pragma once

#include <string>

#include "report/reading.h"

namespace mavis::report {

// Name, meaning, what is held fixed, then the values with their 95 % intervals and, where the table has it,
// the spread between samples. Axes named in `at` are fixed there (between nodes: interpolated); the last
// free axis of at most six nodes runs across, the others run down. Throws InputError for an axis that the
// table has not, with the nearest name, and for a coordinate outside it.
std::string table_text(const tables::Table& table, const At& at);

}  // namespace mavis::report
