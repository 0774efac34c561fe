// The multiplication-free operator on uArrays, bit plane by bit plane.
//
// For vectors of -127..127, with step(v) = 1 where v > 0, else 0:
//   w (+) x = sum sign(x_i)|w_i| + sign(w_i)|x_i|  evaluated as
//             2 sum step(x_i)|w_i| - sum|w_i| + 2 sum step(w_i)|x_i| - sum|x_i|
// (sign(0) is thus -1; x (+) x = 2 ||x||_1 as |0| = 0.) A vector of any length is cut into tiles of 2 N:
// column c of a tile lies in the left half where c < N, else in the right one; padding columns store 0 and
// get input 0. Rows of the uArray of one weight vector and tile: row r < 7 stores bit r of |w|, row 7
// step(w), others 0. Each half in turn runs 14 operations ("planes"): w0..w6, row r with input step(x), then
// x0..x6, row 7 with bit r of |x| as input. sum|w| is known beforehand; sum|x| is converted from a row of
// ones, one extra uArray a tile that all weight vectors share. Codes are weighted by powers of two and summed
// digitally.
//
// Precision is chosen at run time. W_P weight bits, sign included: the planes w0..w(7 - W_P) are not run,
// which takes |w| down to a multiple of 2^(8 - W_P), in sum|w| as well; input bits likewise. A_P conversion
// bits: the converter stops after A_P SA cycles, and a code stands for the middle of the 2^(adc_bits - A_P)
// counts that share it.
//
// Columns that a self-test discards (column_test.h) store 1 in every row and get input 1: each adds one to
// every count, which is subtracted digitally. N above is then the number of columns of a half that are left.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "macro/comparator_calibration.h"
#include "macro/conversion.h"
#include "macro/detailed_row.h"

namespace mavis::macro {

inline constexpr int kMostMagnitude = 127;
inline constexpr int kMagnitudeBits = 7;
inline constexpr int kStepRow = kMagnitudeBits;
inline constexpr int kRowsNeeded = kMagnitudeBits + 1;
inline constexpr int kPlanes = 2 * kMagnitudeBits;
inline constexpr std::array<const char*, kPlanes> kPlaneNames = {"w0", "w1", "w2", "w3", "w4", "w5", "w6",
                                                                 "x0", "x1", "x2", "x3", "x4", "x5", "x6"};

using Vector = std::vector<int>;  // of -127..127

struct Precision {
  int weight_bits = 8;  // W_P, 2 to 8
  int input_bits = 8;   // 2 to 8
  int adc_bits = 0;     // A_P, of the library's bits; 0: all
  bool operator==(const Precision&) const = default;
};
// Planes that are run, ascending.
std::vector<int> planes_of(const Precision& precision);
// Magnitude of `value` in `bits` bits, sign included.
int kept_magnitude(int value, int bits);

// Exact value.
std::int64_t multiplication_free(const Vector& w, const Vector& x);

int row_of(int plane);           // that is read
int weight_of(int plane);        // power of two of the plane's code
bool is_input_plane(int plane);  // x0..x6: their codes with a row of ones add up to sum|x|
// Input bits of one plane over a whole tile of x, padded with 0 to `columns`.
Bits input_bits(const Vector& tile, int plane, int columns);

int tiles_of(std::size_t length, const Spec& spec);
Vector tile_of(const Vector& v, int tile, const Spec& spec);  // its elements, fewer in the last tile

// Rows over the data columns of both halves. REQUIRES spec.rows >= kRowsNeeded and w.size() <= their number.
std::vector<Bits> weight_rows(const Vector& w, const Spec& spec);
std::vector<Bits> ones_rows(std::size_t length, const Spec& spec);

// How a uArray was set up when it was tested.
struct ArraySetup {
  ComparatorProcedure comparator = {};
  // Columns without data, ascending, of both halves: right ones from columns_per_half on. As many in each
  // half as the model's spec says.
  std::vector<int> discarded = {};
};

// One uArray of a chip with what it stores. `model` must outlive it. Only rows up to kStepRow operate.
class UArray {
 public:
  UArray(const MacroModel& model, const Chip& chip, int index, const std::vector<Bits>& rows,
         std::optional<std::uint64_t> noise_seed, const ArraySetup& setup = {});

  // One operation of `half` on `row` for each of `inputs`, the other half converting; an input covers the
  // data columns of both halves. Their noise is addressed by `name` and the place among inputs. Levels are
  // without temporal noise.
  std::vector<Conversion> operate(int row, Half half, std::string_view name, const std::vector<Bits>& inputs,
                                  Ledger& ledger) const;
  void add_leakage(double seconds, Ledger& ledger) const;
  const Comparator& comparator() const { return comparator_; }

 private:
  // Data columns to all columns; to as many as `to` has from the column `first` on.
  Bits placed(const Bits& data) const;
  void place(const Bits& data, std::size_t first, Bits& to) const;

  const MacroModel* model_;
  Comparator comparator_;
  std::optional<std::uint64_t> noise_seed_;
  std::uint32_t chip_;
  int index_;
  std::vector<char> has_data_;  // by column of both halves
  std::vector<std::array<HalfRow, 2>> rows_;
  std::vector<std::array<DetailedRow, 2>> compiled_;
  double zeros_ = 0, ones_ = 0;  // cells of the whole uArray by stored bit
};

}  // namespace mavis::macro
