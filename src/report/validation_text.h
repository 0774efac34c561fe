// A validation in text: what `mavis validate` prints and writes.
#pragma once

#include <string>
#include <vector>

#include "validate/comparison.h"
#include "validate/vectors.h"

namespace mavis::report {

// `spice_seconds` of CPU time a vector in ngspice, 0: not known. With `words` the vectors are theirs, in
// order.
std::string validation_text(const validate::Comparison& comparison, const std::vector<validate::Word>& words,
                            double spice_seconds, const std::vector<std::string>& notes);

// One line a vector and chip, with names in the first line; V and J.
std::string validation_csv(const validate::Comparison& comparison);

}  // namespace mavis::report
