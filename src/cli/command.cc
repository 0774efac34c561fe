#include "cli/command.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include "util/error.h"
#include "util/units.h"

namespace mavis::cli {

std::string version() {
  return MAVIS_VERSION;
}

std::string shell_quoted(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    std::string word = argv[i];
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
      return std::isalnum(c) ||
             std::string_view("_-+=.,:/@%").find(static_cast<char>(c)) != std::string_view::npos;
    });
    for (std::size_t at = 0; !plain && (at = word.find('\'', at)) != word.npos; at += 4)
      word.replace(at, 1, "'\\''");
    line += (i == 0 ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return line;
}

std::vector<std::string> list_of(std::string_view option, std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    if (part.empty())
      throw InputError(
          fmt::format("{}: an empty value; write them with commas between, without blanks", option));
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.emplace_back(part);
    if (comma == text.npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::map<std::string, std::string> axes_of(std::string_view option, const std::string& text) {
  std::map<std::string, std::string> axes;
  if (text.empty()) return axes;
  for (const std::string& part : list_of(option, text)) {
    const std::size_t equal = part.find('=');
    if (equal == part.npos || equal == 0 || equal + 1 == part.size())
      throw InputError(fmt::format("{} {}: write it as AXIS=VALUE,AXIS=VALUE", option, part));
    axes[part.substr(0, equal)] = part.substr(equal + 1);
  }
  return axes;
}

std::vector<double> quantities_of(std::string_view option, std::string_view text, std::string_view unit) {
  std::vector<double> values;
  for (const std::string& part : list_of(option, text)) {
    try {
      values.push_back(parse_quantity(part, unit));
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", option, error.what()));
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

int cores() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

}  // namespace mavis::cli
