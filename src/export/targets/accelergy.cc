// Accelergy 0.4 (MIT): a component of the library plug-in.
#include <fmt/format.h>

#include <cmath>

#include "export/target.h"
#include "util/toml_fields.h"

namespace mavis::exports {
namespace {

// The process' drawn length, nm; "*" (any) where the library doesn't say.
std::string technology(const tables::Library& library) {
  for (const auto& [label, text] : library.provenance.files) {
    if (!label.starts_with("pdk/") || !label.ends_with("/pdk.toml")) continue;
    const TomlFields fields = TomlFields::parse(text, label, "process description");
    if (!fields.is_table("geometry") || !fields.table("geometry").is_table("lmin")) continue;
    return fmt::format("{:g}nm", 1e9 * fields.table("geometry").table("lmin").quantity("value", "m"));
  }
  return "*";
}

std::vector<File> make(const Source& source, const Target& target) {
  const MacroData& macro = require_energy(source);
  const double clock = macro.spec.clock;
  const std::string before =
      fmt::format("{},{},{},", technology(*source.library), clock, macro.spec.adc_bits);
  const double area = source.area.value_or(0) * 1e12;  // um2
  std::string text = header_text(source, target, "# ");
  if (!source.area) text += "# area is 0: " + source.no_area + "\n";
  text += "technology,global_cycle_seconds,resolution,energy,area,n_instances,action\n";
  const auto row = [&](double joules, const char* actions) {
    text += fmt::format("{}{},{},1,{}\n", before, 1e12 * joules, area, actions);
  };
  row(macro.mav_energy + macro.conversion_energy, "compute|read");
  row(macro.mav_energy, "multiply_average");
  row(macro.conversion_energy, "convert");
  row(macro.leakage * clock, "leak");
  row(0, "write|update");
  text +=
      "# compute: one row of one half, multiply-average and conversion to a number of products; read is the\n"
      "# same. leak: all cells of the uArray for one clock. energy in pJ, area of a uArray in um2 (an "
      "estimate).\n";
  const auto parts = [&](const char* name, const std::vector<std::pair<std::string, double>>& list) {
    for (const auto& [part, joules] : list)
      text += fmt::format("# {}: {} {} pJ\n", name, part, 1e12 * joules);
  };
  parts("multiply_average", macro.mav_parts);
  parts("convert", macro.conversion_parts);
  return {{"mavis_uarray.csv", text}};
}

const bool registered = register_target(
    {.name = "accelergy",
     .summary = "Accelergy 0.4: energy and area of a uArray for the library plug-in, CSV",
     .limits = {"errors of any kind",
                "data dependence: energies are means over random signed 8-bit data on one chip",
                "latency: Accelergy has none; see the clocks in the library",
                "writing weights: not measured, 0",
                "it is reached from a compound component only, as all of the library plug-in's"},
     .make = make});

}  // namespace
}  // namespace mavis::exports
