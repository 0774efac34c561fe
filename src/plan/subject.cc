#include "plan/subject.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "spice/roles.h"
#include "util/error.h"
#include "util/home.h"
#include "util/toml_fields.h"
#include "util/units.h"

namespace mavis::plan {
namespace fs = std::filesystem;

namespace {

constexpr const char* kDefaultPdk = "ptm45hp";
constexpr const char* kDefaultLine = "product_line";
constexpr const char* kDefaultBitcell = "sram_8t";

fs::path folder_of(const std::string& kind) {
  return fs::path("netlists") / (kind + "s");
}

spice::Block own_block(const std::string& kind, const char* name) {
  return spice::read_block(home() / folder_of(kind) / fmt::format("{}.cir", name));
}

// A block that the macro names: a path from the macro's folder, or a name below netlists/.
spice::Block named_block(const TomlFields& macro, const std::string& kind) {
  const std::string name = macro.text(kind);
  const fs::path beside = macro.path().parent_path() / name;
  fs::path path = beside;
  if (!fs::is_regular_file(beside)) try {
      path = find_file(name, folder_of(kind), ".cir", kind + " netlist");
    } catch (const InputError& error) {
      macro.refuse(kind, error.what());
    }
  spice::Block block = spice::read_block(path);
  if (block.kind != kind)
    macro.refuse(kind, fmt::format("{} is a {}; name a {}", path.string(), block.kind, kind));
  return block;
}

std::vector<double> read_hold_voltages(const TomlFields& macro, const Subject& subject) {
  const auto values = macro.quantities("hold_voltages", "V", {0.05, subject.pdk.vdd_max});
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] <= values[i - 1])
      macro.refuse("hold_voltages", "is not in ascending order without repeats; sort it");
  if (std::find(values.begin(), values.end(), subject.hold_voltage) == values.end())
    macro.refuse("hold_voltages", fmt::format("lacks the macro's own hold_voltage, {}; add it",
                                              format_quantity(subject.hold_voltage, "V")));
  return values;
}

Claim read_claim(const TomlFields& fields, const pdk::Pdk& pdk) {
  Claim claim;
  std::istringstream corners(fields.text("corners"));
  for (std::string corner; corners >> corner;) {
    try {
      pdk.corner(corner);
    } catch (const InputError& error) {
      fields.refuse("corners", error.what());
    }
    claim.corners.push_back(corner);
  }
  const auto range = [&](const char* field, const char* unit, double(&limits)[2]) {
    const std::vector<double> values = fields.quantities(field, unit);
    if (values.size() != 2 || values[0] > values[1])
      fields.refuse(field, "is not a range; write [least, most]");
    std::copy(values.begin(), values.end(), limits);
  };
  range("vdd", "V", claim.vdd);
  range("temp", "C", claim.temp_c);
  return claim;
}

Subject read_macro(const fs::path& path, const std::string& pdk_name) {
  const TomlFields macro = TomlFields::read(path, "macro");
  Subject subject;
  subject.name = path.stem().string();
  macro.text("summary");
  const std::string pdk = macro.text("pdk");
  const fs::path beside = path.parent_path() / pdk;
  const bool own = fs::is_regular_file(beside / "pdk.toml");
  subject.pdk = pdk::read_pdk(!pdk_name.empty() ? pdk_name : own ? beside.string() : pdk);
  for (const std::string kind : {"bitcell", "line", "comparator", "gate", "sum_line", "driver", "logic"})
    subject.blocks.emplace(kind, named_block(macro, kind));
  subject.vdd = macro.quantity("vdd", "V", {subject.pdk.vdd_min, subject.pdk.vdd_max});
  subject.rows = macro.integer("rows", 2, 4096);
  subject.columns = macro.integer("columns", 2, 65536);
  subject.columns_per_half = macro.integer("columns_per_half", 1, 32768);
  if (subject.columns != 2 * subject.columns_per_half)
    macro.refuse("columns",
                 fmt::format("is {}, but two halves of {} make {}; correct one of them", subject.columns,
                             subject.columns_per_half, 2 * subject.columns_per_half));
  subject.adc_bits = macro.integer("adc_bits", 1, 15);
  // The converter's reference charges 2^i product lines in its i-th step: 2^bits - 1 in all.
  if (const int lines = (1 << subject.adc_bits) - 1; subject.columns_per_half < lines)
    macro.refuse("adc_bits",
                 fmt::format("{} bits need {} product lines in the converting half, which has {}; "
                             "lower adc_bits or add columns",
                             subject.adc_bits, lines, subject.columns_per_half));
  subject.hold_voltage = macro.quantity("hold_voltage", "V", {0.05, subject.pdk.vdd_max});
  subject.hold_voltages = read_hold_voltages(macro, subject);
  subject.product_time = macro.quantity("product_time", "s", {1e-12, 1e-6});
  subject.timing = macro.choice("timing", {"rl", "cl"});
  subject.dummy_rows = macro.integer("dummy_rows", 2, 4096);
  subject.dummy_trim = macro.quantity("dummy_trim", "F", {0, 1e-12});
  subject.settle_time = macro.quantity("settle_time", "s", {1e-12, 1e-6});
  subject.clock = macro.quantity("clock", "s", {1e-12, 1e-6});
  subject.clocks_mav = macro.integer("clocks_mav", 1, 1000);
  subject.clocks_sa = macro.integer("clocks_sa", 1, 1000);
  subject.calibration = macro.choice("calibration", {"tail", "none"});
  if (macro.has("claim"))
    for (const TomlFields& claim : macro.tables("claim"))
      subject.claims.push_back(read_claim(claim, subject.pdk));
  macro.refuse_unknown();
  return subject;
}

Subject read_bare_block(const fs::path& path, const std::string& pdk_name) {
  spice::Block block = spice::read_block(path);
  Subject subject;
  subject.name = block.subckt;
  subject.pdk = pdk::read_pdk(pdk_name.empty() ? kDefaultPdk : pdk_name);
  subject.vdd = subject.pdk.vdd_nominal;
  if (block.kind == "bitcell" && block.has_port("product_line"))
    subject.blocks.emplace("line", own_block("line", kDefaultLine));
  if (block.kind == "line") subject.blocks.emplace("bitcell", own_block("bitcell", kDefaultBitcell));
  const std::string kind = block.kind;
  subject.blocks.emplace(kind, std::move(block));
  return subject;
}

// `path` if there is such a file, else a name below netlists/.
fs::path find_subject(const fs::path& path) {
  if (fs::is_regular_file(path) || path.has_parent_path()) return path;
  std::vector<fs::path> folders = {"netlists/macros"};
  for (const spice::Kind& kind : spice::kinds()) folders.push_back(folder_of(std::string(kind.name)));
  for (const fs::path& folder : folders)
    for (const char* extension : {"", ".toml", ".cir"})
      if (const fs::path place = home() / folder / (path.string() + extension); fs::is_regular_file(place))
        return place;
  throw InputError(fmt::format("{}: no such macro or block netlist; `mavis list` names ours", path.string()));
}

}  // namespace

std::string Claim::text() const {
  return fmt::format("{}, {:g} to {:g} V, {:g} to {:g} C", fmt::join(corners, " "), vdd[0], vdd[1], temp_c[0],
                     temp_c[1]);
}

bool Subject::claims_point(const std::string& corner, double vdd, double temp_c) const {
  return std::any_of(claims.begin(), claims.end(), [&](const Claim& claim) {
    return std::find(claim.corners.begin(), claim.corners.end(), corner) != claim.corners.end() &&
           vdd >= claim.vdd[0] && vdd <= claim.vdd[1] && temp_c >= claim.temp_c[0] &&
           temp_c <= claim.temp_c[1];
  });
}

Subject read_subject(const fs::path& path, const std::string& pdk_name) {
  const fs::path found = find_subject(path);
  Subject subject =
      found.extension() == ".toml" ? read_macro(found, pdk_name) : read_bare_block(found, pdk_name);
  subject.path = fs::weakly_canonical(found);
  return subject;
}

}  // namespace mavis::plan
