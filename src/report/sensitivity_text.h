// Which device's mismatch causes the spread of which quantity, for people. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "tables/library.h"

namespace mavis::report {

// A ranked list for each table, with its place; `of` (a bench or a table) restricts them.
std::string sensitivity_text(const tables::Library& library, std::string_view of = "");

}  // namespace mavis::report
