// Differences of two libraries, as text. Pure, thread-safe.
#pragma once

#include <string>

#include "report/diff.h"

namespace mavis::report {

// For people: a line for each table and figure that moved significantly, the most significant first; what
// changed status; what could not be compared; which inputs differ. Empty where there is nothing to say.
std::string diff_text(const LibraryDiff& found);

// RFC 4180: every figure that differs, in the order of LibraryDiff::figures. `difference` and `error` are in
// `difference_unit`: "ln" where logarithms are compared.
std::string diff_csv(const LibraryDiff& found);

}  // namespace mavis::report
