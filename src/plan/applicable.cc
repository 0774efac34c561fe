#include "plan/applicable.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "spice/roles.h"
#include "util/error.h"

namespace mavis::plan {
namespace {

bool has_blocks(const Bench& bench, const Subject& subject) {
  const std::vector<std::string> kinds = bench.kinds();
  return std::all_of(kinds.begin(), kinds.end(),
                     [&](const std::string& kind) { return subject.blocks.contains(kind); });
}

}  // namespace

std::string misfit(const Bench& bench, const Subject& subject) {
  for (const std::string& kind : bench.kinds())
    if (!subject.blocks.contains(kind)) return fmt::format("needs a {}", kind);
  for (const auto& [kind, role] : bench.roles()) {
    const spice::Block& block = subject.blocks.at(kind);
    if (!block.has_port(role) && !block.has_state(role))
      return fmt::format("needs a {} with the role '{}'", kind, role);
  }
  if (bench.needs_plain_models() && !subject.pdk.has_plain_models())
    return "needs transistors that are single models, neither sub-circuits nor bins";
  return bench.refusal(subject);
}

std::map<std::string, std::vector<std::string>> left_out(const Subject& subject) {
  std::map<std::string, std::vector<std::string>> names;
  for (const auto& bench : benches()) {
    const std::vector<std::string> kinds = bench->kinds();
    // What measures no block has a command of its own.
    if (!std::all_of(kinds.begin(), kinds.end(), [](const std::string& k) { return spice::find_kind(k); }))
      continue;
    std::string reason = misfit(*bench, subject);
    if (reason.empty() && subject.is_macro() && !bench->for_macros()) reason = "of a macro only by --only";
    if (!reason.empty()) names[reason].push_back(bench->name());
  }
  return names;
}

std::vector<std::string> applicable_benches(const Subject& subject, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  if (only.empty()) {
    for (const auto& bench : benches())
      if (misfit(*bench, subject).empty() && (bench->for_macros() || !subject.is_macro()))
        names.push_back(bench->name());
  }
  for (const std::string& name : only) {
    if (const std::string reason = misfit(find_bench(name), subject); !reason.empty())
      throw InputError(
          fmt::format("bench {} {}, which {} does not have", name, reason, subject.path.string()));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  if (!names.empty()) return names;
  std::string reasons;  // of the benches that measure blocks of its kind
  for (const auto& [reason, benches] : left_out(subject))
    if (has_blocks(find_bench(benches.front()), subject))
      reasons += fmt::format("; {}: {}", reason, fmt::join(benches, ", "));
  throw InputError(fmt::format("{}: no bench applies to it{}", subject.path.string(), reasons));
}

}  // namespace mavis::plan
