// What is characterized: a macro (one TOML file) or a single block (one netlist with role comments).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "pdk/pdk.h"
#include "spice/netlist.h"

namespace mavis::plan {

// A range of PVT points at which a macro is meant to work.
struct Claim {
  std::vector<std::string> corners;
  double vdd[2] = {0, 0};     // V, inclusive
  double temp_c[2] = {0, 0};  // Celsius, inclusive
  std::string text() const;   // "tt ss, 0.9 to 1.1 V, -40 to 120 C"
};

struct Subject {
  std::string name;                            // "mf_8x62": the macro file's stem, or the block's subckt
  std::filesystem::path path;                  // the file that was given, absolute
  std::map<std::string, spice::Block> blocks;  // by kind
  pdk::Pdk pdk;

  // From the macro; a bare block takes the defaults.
  double vdd = 1.0;  // V, the macro's supply; a bare block takes the process's nominal
  int rows = 8;
  int columns = 62;
  int columns_per_half = 31;
  int adc_bits = 5;
  double hold_voltage = 0.6;                            // V, the macro's choice: one of hold_voltages
  std::vector<double> hold_voltages = {0.4, 0.5, 0.6};  // V, characterized; ascending
  double product_time = 0.9e-9;                         // s
  std::string timing = "cl";                            // "rl" or "cl"
  double dummy_trim = 0.31e-15;                         // F, beside it
  int dummy_rows = 4;                                   // cells of the line that trims the reference
  double settle_time = 0.75e-9;                         // s, switches close to comparison
  double clock = 1e-9;                                  // s
  int clocks_mav = 2;                                   // before the first step of the conversion
  int clocks_sa = 2;                                    // a step of the conversion
  std::string calibration = "tail";                     // of the comparator: "tail" or "none"
  std::vector<Claim> claims;                            // of a macro; may be empty

  // s, what a decision may take: until this part of a clock into the next step it is read; then the lines of
  // that step are set.
  static constexpr double kReadAt = 0.28;
  double decision_time() const { return (1 + kReadAt) * clock - settle_time; }

  bool is_macro() const { return path.extension() == ".toml"; }
  // Is this point within a claim?
  bool claims_point(const std::string& corner, double vdd, double temp_c) const;
};

// Reads a macro TOML (.toml; a bare name is looked for in netlists/macros) or a block netlist (any other
// extension; a bare name in netlists/bitcells, lines, comparators, dacs, logics, drivers) and the process it
// names. `pdk_name` overrides the macro's `pdk`; a block without one gets ptm45hp.
// A bare bitcell with a product line comes with the line product_line, a bare line with the bitcell sram_8t;
// other blocks come alone. Throws InputError "file:line: field 'x': reason; remedy" for unknown, missing,
// mistyped or out-of-range fields.
Subject read_subject(const std::filesystem::path& path, const std::string& pdk_name = "");

}  // namespace mavis::plan
