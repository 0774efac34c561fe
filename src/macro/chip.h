// A chip is its device draws: for every device of every uArray one standard normal number a parameter.
//
// draw(address, label) = normal_draw(seed, Stream::local, index, "<address>/<label>"), unless the chip was
// read from a file that says otherwise. Addresses:
//   u0.left.c7     line of column 7 of the left half of uArray 0: labels that do not start with "xcell."
//   u0.left.c7.r3  active cell of that column in row 3: labels that start with "xcell."
//   u0.comparator  comparator of uArray 0
// A label is that of a table's response ("xcell.mrl:vth"), so that the same chip can be set up in ngspice.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "macro/macro_spec.h"
#include "macro/point_tables.h"

namespace mavis::macro {

enum class Half { left, right };
std::string_view name_of(Half half);  // "left", "right"
inline Half other(Half half) {
  return half == Half::left ? Half::right : Half::left;
}

std::string line_address(int array, Half half, int column);
std::string cell_address(int array, Half half, int column, int row);
std::string comparator_address(int array);
bool belongs_to_cell(std::string_view label);  // starts with "xcell."

// Thresholds of one comparator that were measured, at one setting and PVT point: what a comparator does far
// out is not to first or second order in its draws.
struct MeasuredComparator {
  std::string pvt;                     // Pvt::text()
  std::array<std::string, 2> setting;  // of the N and the P side: "n_left_2", "none"
  Curve threshold;                     // V, against common mode over vdd, ascending
  bool operator==(const MeasuredComparator&) const = default;
};

using DrawName = std::pair<std::string, std::string>;  // address, label

class Chip {
 public:
  Chip(std::uint64_t seed, std::uint32_t index) : seed_(seed), index_(index) {}
  // The circuit without mismatch: every draw is zero that set() does not change. `index` addresses noise.
  static Chip without_mismatch(std::uint32_t index = 0);

  std::uint64_t seed() const { return seed_; }
  std::uint32_t index() const { return index_; }

  double draw(const std::string& address, const std::string& label) const;
  void set(const std::string& address, const std::string& label, double value);

  // Of the uArray's comparator, if it was measured.
  const MeasuredComparator* measured(int array) const;
  const std::map<int, MeasuredComparator>& measured() const { return measured_; }  // by uArray
  // REQUIRES the same point and common modes for all.
  void set_measured(int array, MeasuredComparator comparator);

  // With `recording`, draw() remembers what it gave; not thread-safe then.
  void record() { recording_ = true; }
  const std::map<DrawName, double>& used() const { return used_; }

 private:
  std::uint64_t seed_;
  std::uint32_t index_;
  bool is_zero_ = false, recording_ = false;
  std::map<DrawName, double> set_;
  std::map<int, MeasuredComparator> measured_;
  mutable std::map<DrawName, double> used_;
};

// A chip file is HDF5: attributes format ("mavis-chip"), format_version, macro, seed (decimal text), index,
// uarrays; datasets address, label (text) and value (64-bit floating point, standard deviations) of equal
// length, sorted: the draws that were used. Edit values with any HDF5 tool. Where comparators were measured,
// attribute comparator_pvt, datasets comparator_uarray (A), comparator_common_mode (M), comparator_setting
// (A x 2), comparator_threshold (A x M, V).

// Writes what `chip` recorded and its measured comparators, the file whole or not at all. InputError and
// MachineError as write_atomically.
void save_chip(const std::filesystem::path& path, const Chip& chip, const std::string& macro, int arrays);

// Draws of the file win; others come from the file's seed and index. `labels` are those that exist, of lines
// and cells and of comparators. Throws InputError for a file that is missing or no chip, a chip of another
// macro, an address outside of the macro, a label that no table knows, a value that is not finite, a draw
// that is given twice.
Chip load_chip(const std::filesystem::path& path, const Spec& spec,
               const std::set<std::string>& column_labels, const std::set<std::string>& comparator_labels);

}  // namespace mavis::macro
