// P(code | products) of a chip: what network simulations and noise-aware training draw from.
//
// The uArray 0 of a chip holds rows of bits; either half computes each row. Inputs are independent bits, 1
// with probability `density`. A row's rates (code_rates.h) count by how often its data give that many
// products, so numbers of products that random rows can't reach come from rows that store more ones. Pure,
// thread-safe.
#pragma once

#include <vector>

#include "macro/code_rates.h"
#include "macro/comparator_calibration.h"
#include "macro/table_bounds.h"

namespace mavis::macro {

struct ChipCodes {
  std::vector<double> weight;  // by products: how often, over rows, halves and data
  // Row-major products x code; a row is NaN where no row of the chip can have so many products.
  std::vector<double> rate;
  std::vector<double> bound;  // how much more or less the tables' bounds allow
  // By products, in codes: mean; spread over rows, halves and data without noise (static); of a code about
  // that (temporal).
  std::vector<double> mean, data_sigma, temporal_sigma;
};

// Rows over both halves (operation.h). REQUIRES rows of 2 N bits.
ChipCodes chip_codes(const MacroModel& model, const Chip& chip, const ComparatorProcedure& procedure,
                     const std::vector<Bits>& rows, double density, const TableBounds& bounds);

// Errors of codes against the number of products, root mean square in codes, over chips.
struct CodeErrors {
  double chip = 0;      // static: of the mean of a chip's codes at each number of products
  double data = 0;      // static: which columns, rows and half
  double temporal = 0;  // noise
  double total() const;
};
// Every number of products as often: the converter over its whole range.
CodeErrors range_errors(const std::vector<ChipCodes>& chips);
// As often as data have them.
CodeErrors data_errors(const std::vector<ChipCodes>& chips);

// Effective number of bits of a converter of `bits` whose codes err by `rms` beside quantization, 1/12:
// bits - log2(1 + 12 rms^2) / 2; and signal to noise and distortion of a full-scale sine, dB, by
// SNDR = 1.5 4^ENOB (Murmann, TVLSI 29(1), 3, 2021, Eq. 3).
double effective_bits(int bits, double rms);
double sndr_db(double effective_bits);
// Of the number of products, over data.
double products_variance(const ChipCodes& chip);

}  // namespace mavis::macro
