// Which benches can measure a subject, and why the others can't. Pure, thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/bench.h"
#include "plan/subject.h"

namespace mavis::plan {

// Why a bench can't measure the subject: a block that it does not have, or a role that its block lacks.
// Empty: it can.
std::string misfit(const Bench& bench, const Subject& subject);
// Why benches of blocks don't measure the subject by themselves: names by reason ("needs a comparator").
std::map<std::string, std::vector<std::string>> left_out(const Subject& subject);
// Names of the benches that can measure the subject, sorted; `only` (may be empty) restricts them. Throws
// InputError for an unknown bench or one that does not apply, with the reason.
std::vector<std::string> applicable_benches(const Subject& subject, const std::vector<std::string>& only);

}  // namespace mavis::plan
