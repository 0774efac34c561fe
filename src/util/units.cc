#include "util/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "util/error.h"

namespace mavis {
namespace {

constexpr std::array<std::pair<char, int>, 10> kPrefixes = {{{'a', -18},
                                                             {'f', -15},
                                                             {'p', -12},
                                                             {'n', -9},
                                                             {'u', -6},
                                                             {'m', -3},
                                                             {'k', 3},
                                                             {'M', 6},
                                                             {'G', 9},
                                                             {'T', 12}}};

std::optional<int> prefix_power(char letter) {
  for (const auto& [prefix, power] : kPrefixes)
    if (prefix == letter) return power;
  return std::nullopt;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The power of ten that turns the written `unit` into `wanted`: both split at '.' and '/', part by part.
std::optional<int> power_between(std::string_view written, std::string_view wanted) {
  int power = 0, sign = 1;
  while (true) {
    const auto end_w = written.find_first_of("./"), end_e = wanted.find_first_of("./");
    std::string_view part = written.substr(0, end_w);
    const std::string_view base = wanted.substr(0, end_e);
    if (part != base) {
      const auto shift = part.empty() ? std::nullopt : prefix_power(part.front());
      if (!shift || part.substr(1) != base) return std::nullopt;
      power += sign * *shift;
    }
    const bool more = end_w != written.npos;
    if (more != (end_e != wanted.npos)) return std::nullopt;
    if (!more) return power;
    if (written[end_w] != wanted[end_e]) return std::nullopt;
    if (written[end_w] == '/') sign = -1;
    written.remove_prefix(end_w + 1);
    wanted.remove_prefix(end_e + 1);
  }
}

// `digits` significant digits; more where fewer would need an exponent ("430", not "4.3e+02").
std::string mantissa(double value, int digits) {
  const double size = std::fabs(value);
  const bool whole = size >= 1 && size < 1000 && size >= std::pow(10.0, digits) - 0.5;
  return whole ? fmt::format("{:.0f}", value) : fmt::format("{:.{}g}", value, digits);
}

}  // namespace

double parse_quantity(std::string_view text, std::string_view unit) {
  const std::string_view all = trim(text);
  double value = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  const std::string_view written = trim(all.substr(static_cast<std::size_t>(end - all.data())));
  std::optional<int> power;
  if (error == std::errc() && std::isfinite(value)) {
    if (written.empty()) power = 0;
    if (!power) power = power_between(written, unit);
    if (!power && written.size() == 1 && unit != "C") power = prefix_power(written.front());
  }
  if (!power)
    throw InputError(fmt::format("'{}' is not a quantity in {}; write it like '1.5{}'", text,
                                 unit == "1" ? "plain numbers" : unit,
                                 unit == "1" ? "" : fmt::format(" {}", unit)));
  // Division by an exact power of ten keeps "0.9 ns" equal to the literal 0.9e-9.
  return *power < 0 ? value / std::pow(10.0, -*power) : value * std::pow(10.0, *power);
}

std::string format_quantity(double value, std::string_view unit, int digits) {
  const bool plain = unit.empty() || unit == "1" || unit == "C" || unit == "%";
  if (!std::isfinite(value)) return fmt::format("{}", value);
  if (plain || value == 0)
    return fmt::format("{}{}{}", mantissa(value, digits), plain && unit != "C" && unit != "%" ? "" : " ",
                       unit == "1" ? "" : unit);
  int power = static_cast<int>(std::floor(std::log10(std::fabs(value)) / 3.0)) * 3;
  // 999.96 with four digits prints as 1000: take the next prefix instead.
  if (std::stod(fmt::format("{:.{}e}", std::fabs(value), digits - 1)) >= std::pow(10.0, power + 3))
    power += 3;
  if (power == 0) return fmt::format("{} {}", mantissa(value, digits), unit);
  for (const auto& [prefix, p] : kPrefixes)
    if (p == power)
      return fmt::format("{} {}{}", mantissa(value / std::pow(10.0, power), digits), prefix, unit);
  return fmt::format("{:.{}e} {}", value, digits - 1, unit);
}

}  // namespace mavis
