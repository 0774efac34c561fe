// Small things about text that several readers of it need. Pure, thread-safe.
#pragma once

#include <string_view>

namespace mavis {

// Without blanks and tabs at its ends.
inline std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace mavis
