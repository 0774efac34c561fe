#include "cli/pvt_option.h"

#include <fmt/format.h>

#include "util/error.h"
#include "util/units.h"

namespace mavis::cli {

macro::Pvt pvt_option(const std::string& text) {
  if (text.empty()) throw InputError("--pvt is missing; write it as CORNER,VDD,TEMPERATURE: tt,1.0,27");
  const std::size_t first = text.find(','), second = text.find(',', first + 1);
  if (first == text.npos || second == text.npos || text.find(',', second + 1) != text.npos || first == 0)
    throw InputError(fmt::format("--pvt {}: write it as CORNER,VDD,TEMPERATURE: tt,1.0,27", text));
  try {
    return {text.substr(0, first), parse_quantity(text.substr(first + 1, second - first - 1), "V"),
            parse_quantity(text.substr(second + 1), "C")};
  } catch (const InputError& error) {
    throw InputError(fmt::format("--pvt: {}", error.what()));
  }
}

}  // namespace mavis::cli
