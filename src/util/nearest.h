// Near-miss suggestions for names that people type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mavis {

// The candidate that `name` is most likely a slip of (at most a third of its letters, and one at least,
// inserted, dropped, changed or swapped with the next; case does not count), or an empty string.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace mavis
