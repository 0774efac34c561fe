#include "stats/accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "util/error.h"
#include "util/text.h"

namespace mavis::stats {
namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

[[noreturn]] void refuse(std::string_view item, const std::string& reason) {
  throw InputError(fmt::format("accuracy '{}': {}", item, reason));
}

Target parse_target(std::string_view item) {
  constexpr const char* kForm = "write it like sigma=1%, mean=0.5% or q0.999=2%";
  const auto equals = item.find('=');
  if (equals == std::string_view::npos) refuse(item, kForm);
  const std::string_view name = trimmed(item.substr(0, equals));
  std::string_view percentage = trimmed(item.substr(equals + 1));
  Target target;
  target.name = name;
  if (name == "mean") {
    target.kind = Target::Kind::mean;
  } else if (name == "sigma") {
    target.kind = Target::Kind::sigma;
  } else if (name.starts_with('q') && number(name.substr(1))) {
    target.kind = Target::Kind::quantile;
    target.p = *number(name.substr(1));
    if (!(target.p > 0 && target.p < 1))
      refuse(item, "the probability of a quantile must lie between 0 and 1, like q0.999");
  } else {
    refuse(item,
           fmt::format("'{}' can't be asked for; names are sigma, mean and quantiles like q0.999", name));
  }
  if (!percentage.ends_with('%')) refuse(item, fmt::format("a percentage is missing; {}", kForm));
  percentage.remove_suffix(1);
  const auto value = number(trimmed(percentage));
  if (!value) refuse(item, fmt::format("'{}' is no number; {}", percentage, kForm));
  if (!(*value > 0)) refuse(item, "no number of samples is that exact; ask for more than 0 %, like 1 %");
  if (*value >= 100) refuse(item, "ask for less than 100 %, like 1 %");
  target.relative = *value / 100;
  return target;
}

}  // namespace

std::vector<Target> parse_accuracy(std::string_view text) {
  std::vector<Target> targets;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item = trimmed(text.substr(begin, end - begin));
    Target target = parse_target(item);
    if (std::any_of(targets.begin(), targets.end(),
                    [&](const Target& other) { return other.kind == target.kind && other.p == target.p; }))
      refuse(item, "it is asked for twice");
    targets.push_back(std::move(target));
    begin = end + 1;
  }
  return targets;
}

double relative_error(const Target& target, const Estimate& estimate, bool logarithmic) {
  if (estimate.standard_error == 0) return 0;
  if (logarithmic && target.kind != Target::Kind::sigma) return estimate.standard_error;
  return estimate.standard_error / std::abs(estimate.value);
}

bool reached(const Target& target, const Estimate& estimate, bool logarithmic) {
  return std::isfinite(estimate.interval.low) && std::isfinite(estimate.interval.high) &&
         relative_error(target, estimate, logarithmic) <= target.relative;
}

double look_confidence(int look, double confidence) {
  if (look < 1 || !(confidence > 0 && confidence < 1))
    throw std::invalid_argument("looks count from 1 and a confidence lies between 0 and 1");
  return 1 - std::ldexp(1 - confidence, -look);
}

}  // namespace mavis::stats
