#include "run/task_key.h"

#include "util/hash.h"

namespace mavis::run {
namespace {

void add_draw(Hasher& hasher, const plan::Draw& draw) {
  hasher.add(static_cast<std::uint64_t>(draw.kind));
  if (draw.kind != plan::DrawKind::nominal) hasher.add(std::uint64_t{draw.index});
  if (draw.random()) hasher.add(draw.seed);
}

}  // namespace

std::string task_key(const Task& task, const std::string& ngspice_version, int bench_version) {
  const plan::Job& job = task.job;
  Hasher hasher;
  hasher.add(ngspice_version);
  if (task.describe) return hasher.add("elements").add(job.deck_hashes.at(0)).hex();
  hasher.add("sample").add(job.bench).add(static_cast<std::uint64_t>(bench_version));
  // Counts keep neighbouring lists apart.
  hasher.add(std::uint64_t{job.deck_hashes.size()});
  for (const std::string& hash : job.deck_hashes) hasher.add(hash);
  hasher.add(job.pvt.corner).add(job.pvt.vdd).add(job.pvt.temp_c);
  hasher.add(std::uint64_t{job.condition.size()});
  for (const auto& [name, value] : job.condition) hasher.add(name).add(value);
  hasher.add(std::uint64_t{job.settings.size()});
  for (const auto& [name, value] : job.settings) hasher.add(name).add(value);
  add_draw(hasher, job.draw);
  hasher.add(std::uint64_t{job.assignments.size()});
  for (const plan::Assignment& a : job.assignments)
    hasher.add(a.device).add(a.parameter).add(a.value).add(a.nominal);
  hasher.add(job.step_scale);
  return hasher.hex();
}

}  // namespace mavis::run
