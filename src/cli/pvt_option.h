// "--pvt CORNER,V,C" of commands that simulate.
#pragma once

#include <string>

#include "macro/point_tables.h"

namespace mavis::cli {

// Throws InputError that says how to write it, also for an empty text.
macro::Pvt pvt_option(const std::string& text);

}  // namespace mavis::cli
