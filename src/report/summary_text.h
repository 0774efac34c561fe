// The summary of a library for a terminal. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "tables/library.h"

namespace mavis::report {

// A line a table (report/summary.h) with the nominal value, the worst one, the spread there and where three
// sigma lead; below it where that is and which device parameters cause the spread, and what is not ok;
// "or worse" where samples that gave no number may hide a worse one. A table without a worse direction shows
// ranges, and the spread where it is largest. Details of a figure
// (summary.h) are only named where all is ok. `of` (a bench or table that there is) restricts the lines.
std::string summary_text(const tables::Library& library, std::string_view of = "");

}  // namespace mavis::report
