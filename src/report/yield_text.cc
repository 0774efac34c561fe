#include "report/yield_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mavis::report {
namespace {

using stats::FailureResult;

constexpr std::size_t kMostParameters = 4;  // of a failure point

// "xcell.mst:vth +4.2 sigma, ...": the largest draws of a failure point.
std::string draws_text(const std::vector<double>& z, const std::vector<std::string>& parameters) {
  std::vector<std::size_t> order(z.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return std::fabs(z[a]) > std::fabs(z[b]); });
  order.resize(std::min(order.size(), kMostParameters));
  std::vector<std::string> parts;
  for (std::size_t i : order) parts.push_back(fmt::format("{} {:+.2f}", parameters[i], z[i]));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string probability_text(const FailureResult& result) {
  switch (result.verdict) {
    case FailureResult::Verdict::bounded:
      return fmt::format("p < {:.2g}, no failure found", result.interval.high);
    case FailureResult::Verdict::inconsistent:
      return fmt::format("INCONSISTENT: p = {:.3g} +- {:.2g} by sampling, but see the cross-check", result.p,
                         result.stderr_of_p);
    case FailureResult::Verdict::not_reached:
      return fmt::format("NOT REACHED: p = {:.3g} +- {:.2g}, 95 % {:.3g} to {:.3g}", result.p,
                         result.stderr_of_p, result.interval.low, result.interval.high);
    default:
      return fmt::format("p = {:.3g} +- {:.2g}, 95 % {:.3g} to {:.3g}", result.p, result.stderr_of_p,
                         result.interval.low, result.interval.high);
  }
}

std::string check_text(const FailureResult::Check& check) {
  using Method = FailureResult::Check::Method;
  if (check.method == Method::none) return "";
  return fmt::format("cross-check  {:.3g} +- {:.2g} by {}\n", check.p, check.stderr_of_p,
                     check.method == Method::lines ? "line sampling" : "subset simulation");
}

}  // namespace

std::string verdict_text(FailureResult::Verdict verdict) {
  switch (verdict) {
    case FailureResult::Verdict::running:
      return "running";
    case FailureResult::Verdict::ok:
      return "ok";
    case FailureResult::Verdict::inconsistent:
      return "inconsistent";
    case FailureResult::Verdict::bounded:
      return "bounded";
    case FailureResult::Verdict::not_reached:
      break;
  }
  return "not reached";
}

std::string yield_text(const FailureResult& result, const std::vector<std::string>& parameters) {
  const FailureResult::Runs& runs = result.runs;
  std::string text = fmt::format("probability  {}\n", probability_text(result));
  text += fmt::format("runs         {} (screen {}, scouts {}, search {}, sampling {}, check {})",
                      runs.total(), runs.screen, runs.scouts, runs.search, runs.sampling, runs.check);
  // As small a standard error takes plain Monte Carlo (1 - p) / p (p / stderr)^2 runs.
  if (result.p > 0 && result.stderr_of_p > 0) {
    const double plain = (1 - result.p) * result.p / (result.stderr_of_p * result.stderr_of_p);
    text += fmt::format(", plain Monte Carlo: {:.2g}, {:.2g} times as many", plain,
                        plain / static_cast<double>(runs.total()));
  }
  text += '\n' + check_text(result.check);
  for (const stats::FailurePoint& point : result.points)
    text += fmt::format("fails at     {:.2f} sigma, {:.0f} % of p: {}\n", point.beta, 100 * point.share,
                        draws_text(point.z, parameters));
  if (result.unusable > 0) text += fmt::format("UNUSABLE: {} runs gave no number\n", result.unusable);
  for (const std::string& note : result.notes) text += note + '\n';
  return text;
}

}  // namespace mavis::report
