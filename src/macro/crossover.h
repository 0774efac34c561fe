// How often a multiply-average of k products reads as that of k + 1 or k - 1: MF-Net's crossover probability,
// from simulated chips.
//
// Of each chip one half is asked, for every number of products alike and for random data: which columns hold
// the products, and of which kind each zero is. Levels are those of charge_sharing.h, without noise,
// converter and what the library's own half adds. A level crosses over where it lies beyond the middle
// between two neighbouring ones, by two rules:
//   fixed  middles of the levels without mismatch, as a converter without errors has them
//   own    middles of this chip's own mean levels: what the data alone do, once the static shift of each
//   level
//          of a chip is known and taken off
// A discarded column (w = 1, x = 1) always discharges: it adds one to k, and one column less holds data. It
// then shifts each level of its chip by a fixed -L dC / C, as much as a product does: less data dependence,
// which `own` rewards, but no smaller error, which `fixed` sees.
//
// Beside the count stands what a Gaussian of the same mean and sigma at each k gives: a count of none says
// only "less than about 3 / trials".
//
// Random numbers are addressed by chip, k and vector: equal questions have equal answers. Pure, thread-safe.
#pragma once

#include <cstdint>

#include "macro/charge_sharing.h"
#include "macro/column_test.h"

namespace mavis::macro {

struct CrossoverQuery {
  std::uint64_t seed = 1;
  std::uint32_t chips = 200;
  int vectors = 8;    // data a chip and number of products
  double spread = 1;  // on what draws do to the lines' charge
  int discard = 0;    // columns of a half, by the self-test
  double beyond = 0;  // sigmas of the half's counts: instead, columns farther than this; 0: off
  ComparatorProcedure comparator = {};  // before the self-test
  ColumnTest test = {};
};

// By one rule.
struct CrossoverRate {
  std::size_t crossed = 0;
  double probability = 0;  // crossed / trials
  double gaussian = 0;     // mean over k of what Gaussians give
  double worst = 0;        // the largest of them over k
  int worst_products = 0;  // where
  double sigma = 0;        // of a level, V: root mean square over k, around the mean at k
};

struct Crossover {
  std::size_t trials = 0;
  CrossoverRate fixed, own;
  double step = 0;               // V, mean distance of neighbours
  double sigma_capacitance = 0;  // of the lines' capacitance, relative
  double discarded = 0;          // fraction of columns
};

// `model` is the library's, for the self-test: its comparator and, where the columns are the library's, its
// references.
Crossover mav_crossover(const MacroModel& model, const ChargeSharing& sharing, const CrossoverQuery& query);

// With everything: converter with its own chip's lines, calibrated comparator and noise. The library's
// columns and hold voltage; spread must be 1.
struct CodeCrossover {
  std::size_t trials = 0, neighbour = 0, farther = 0;  // codes off by one, by more
  double static_only = 0;  // fraction of the same conversions that are wrong without noise
  double probability() const {
    return static_cast<double>(neighbour + farther) / static_cast<double>(trials);
  }
};
CodeCrossover code_crossover(const MacroModel& model, const ChargeSharing& sharing,
                             const CrossoverQuery& query);

// How well the self-test sees what it tests, over the query's chips.
struct SelfTest {
  double correlation = 0;  // of counts and true capacitance within a half, mean over chips
  double found = 0;        // fraction of discarded columns that truly are among the farthest from the median
  double cycles = 0;       // mean of a column
  double clocks = 0;       // mean of a half
};
// REQUIRES query.discard > 0 and chips that differ.
SelfTest self_test(const MacroModel& model, const ChargeSharing& sharing, const CrossoverQuery& query);

}  // namespace mavis::macro
