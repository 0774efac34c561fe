#include "plan/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "util/error.h"
#include "util/home.h"

namespace mavis::plan {
namespace {

std::vector<std::unique_ptr<Bench>>& registry() {
  static std::vector<std::unique_ptr<Bench>> benches;
  return benches;
}

}  // namespace

std::string PvtPoint::text() const {
  return fmt::format("{} {:g} V {:g} C", corner, vdd, temp_c);
}

std::size_t inner_size(const Quantity& quantity) {
  std::size_t size = 1;
  for (const tables::Axis& axis : quantity.inner) size *= axis.size();
  return size;
}

void set_sample(spice::Session& session, const Job& job) {
  for (const Assignment& a : job.assignments) session.set(a.device, a.parameter, a.value);
}

void set_nominal(spice::Session& session, const Job& job) {
  for (const Assignment& a : job.assignments) session.set(a.device, a.parameter, a.nominal);
}

double Probe::condition(std::string_view name) const {
  for (const auto& [key, value] : job().condition)
    if (key == name) return value;
  throw std::logic_error(fmt::format("bench {} has no condition '{}'", job().bench, name));
}

double Probe::setting(std::string_view name) const {
  const auto found = job().settings.find(std::string(name));
  if (found == job().settings.end())
    throw std::logic_error(fmt::format("bench {} has no setting '{}'", job().bench, name));
  return found->second;
}

spice::DeckSpec deck_spec(const Bench& bench, const Subject& subject, const PvtPoint& pvt) {
  spice::DeckSpec spec;
  spec.title = fmt::format("mavis {}: {} {}", bench.name(), subject.name, pvt.text());
  spec.bench = home() / "characterize" / (bench.name() + ".cir");
  const pdk::Corner& corner = subject.pdk.corner(pvt.corner);
  spec.process = corner.include;
  spec.kit = corner.kit;
  spec.devices = subject.pdk.forms;
  spec.blocks = subject.blocks;
  for (const auto& [name, value] : subject.pdk.netlist_params) spec.params.emplace_back(name, value);
  spec.params.emplace_back("vdd", pvt.vdd);
  spec.temp_c = pvt.temp_c;
  return spec;
}

bool register_bench(std::unique_ptr<Bench> bench) {
  auto& all = registry();
  const auto place =
      std::lower_bound(all.begin(), all.end(), bench->name(),
                       [](const auto& a, const std::string& name) { return a->name() < name; });
  if (place != all.end() && (*place)->name() == bench->name()) {
    std::fprintf(stderr, "two benches are called '%s'\n", bench->name().c_str());
    std::abort();
  }
  all.insert(place, std::move(bench));
  return true;
}

const std::vector<std::unique_ptr<Bench>>& benches() {
  return registry();
}

const Bench& find_bench(std::string_view name) {
  std::string names;
  for (const auto& bench : registry()) {
    if (bench->name() == name) return *bench;
    names += (names.empty() ? "" : ", ") + bench->name();
  }
  throw InputError(fmt::format("no bench is called '{}'; there are: {}", name, names));
}

}  // namespace mavis::plan
