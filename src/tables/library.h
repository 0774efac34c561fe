// A library: all tables of one macro with provenance and failures, one HDF5 file (tables/FORMAT.md). Equal
// content gives equal bytes, whatever the order in which tables were added. HDF5 is not thread-safe: call
// read_library and write_library from one thread at a time.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tables/sensitivity.h"
#include "tables/table.h"

namespace mavis::tables {

inline constexpr std::string_view kFormat = "mavis-library";
inline constexpr int kFormatVersion = 1;

// Where the numbers come from.
struct Provenance {
  // "mavis_version", "ngspice_version", "seed", "samples", "options" ...: short texts, kept in this order.
  std::vector<std::pair<std::string, std::string>> facts = {};
  // Full text of every netlist, model card, macro and plan by label ("netlists/bitcells/8t.cir"). A label is
  // a relative path without "." and ".." parts, and no label is a folder of another.
  std::map<std::string, std::string> files = {};
  // The fact's text; nullptr without it.
  const std::string* fact(std::string_view name) const;
  bool operator==(const Provenance&) const = default;
};

// A sample that gave no number.
struct Failure {
  std::string bench;
  std::string point;  // PVT and condition, for people: "ss 0.9 V 120 C, hold_voltage 0.4 V"
  std::int64_t sample = 0;
  std::string message;
  std::string deck;  // file name of the replay deck
  bool operator==(const Failure&) const = default;
};

class Library {
 public:
  explicit Library(std::string macro) : macro_(std::move(macro)) {}

  const std::string& macro() const { return macro_; }
  Provenance provenance = {};
  std::vector<Failure> failures = {};
  std::vector<Sensitivity> sensitivities = {};  // see sensitivity.h

  // Adds a table, or replaces the one of the same name. Throws std::invalid_argument when Table::check fails.
  void put(Table table);

  // By name.
  const std::map<std::string, Table, std::less<>>& tables() const { return tables_; }

  // Throws InputError with the nearest name.
  const Table& find(std::string_view name) const;

 private:
  std::string macro_;
  std::map<std::string, Table, std::less<>> tables_;
};

// Throws InputError naming file, object and remedy for a file that is missing, truncated, not HDF5, not a
// library, of a newer format, or lacks a dataset or attribute or has one of a wrong type or shape.
Library read_library(const std::filesystem::path& path);

// Replaces the file whole or not at all. Throws InputError when it can't be written there, MachineError when
// writing fails (disk full), std::invalid_argument for content that the format can't hold: two different axes
// of one name in one bench, a dataset name twice, a bench called provenance, failures or sensitivity, a fact
// twice, a label against the rules above, NUL characters in text.
void write_library(const std::filesystem::path& path, const Library& library);

}  // namespace mavis::tables
