// Energy, latency and crossover of a macro that is operated, or built, otherwise than the library's.
//
// Measured: the library's columns and hold voltage, any weight, input and conversion bits that it can do.
// Energy is that of `simulate` with random data, chip and noise.
// By scaling, where columns or hold voltage are others (Basis::scaled):
//   drivers of lines, switches and sum line   in proportion to the columns: each is paid for by the columns
//   that
//                                             load it, at equal shares of products; conversion bits beyond
//                                             the library's cost its mean SA cycle each
//   comparator                                a decision costs the same
//   register                                  one slice decides, the others idle: sar_logic/energy
//   leakage                                   leakage/power at the hold voltage, times cells and time
//   energy of the hold supply in use          the library's (a part in a thousand)
// Crossover is that of charge_sharing.h for all, so that columns and hold voltages compare.
// What the tables can't say is left out with a reason: other numbers of columns than 2 (2^n - 1), a product
// that is not over within the library's product time at this hold voltage.
#pragma once

#include <string>

#include "macro/crossover.h"
#include "macro/simulation.h"

namespace mavis::macro {

struct Design {
  int columns = 0;           // of a uArray, both halves
  double hold_voltage = 0;   // V
  Precision precision = {};  // adc_bits 0: all that the columns need
};

enum class Basis { measured, scaled };

struct DesignFigures {
  Basis basis = Basis::measured;
  std::string reason;      // not empty: why there are no figures below
  int adc_bits = 0;        // converted, of
  int all_adc_bits = 0;    // these
  int clocks = 0;          // of one w (+) x
  double latency = 0;      // s
  double operations = 0;   // of it, two a weight-input pair
  double conversions = 0;  // of it, its share of the rows of ones included
  Ledger energy = {};      // J, of it
  double tops_per_watt() const { return operations / energy.total() / 1e12; }
};

// A library at one PVT point.
class DesignSpace {
 public:
  // Throws InputError as PointTables does. `library` must outlive this.
  DesignSpace(const tables::Library& library, const Pvt& pvt, const Operating& operating = {});
  DesignSpace(const DesignSpace&) = delete;
  DesignSpace& operator=(const DesignSpace&) = delete;

  const Spec& spec() const { return spec_; }
  const MacroModel& model() const { return model_; }
  DesignFigures figures(const Design& design) const;
  // Why a half of such columns and hold voltage can't be asked for; empty where it can.
  std::string objection(int columns, double hold_voltage) const;
  // REQUIRES no objection.
  Crossover crossover(int columns, double hold_voltage, const CrossoverQuery& query) const;
  // V, left on a line by a product at the hold voltage after the library's product time.
  double after_product(double hold_voltage) const;
  // W, of a uArray's cells, half of them storing 1.
  double leakage(int columns, double hold_voltage) const;

 private:
  DesignFigures measured(const Precision& precision) const;

  const tables::Library& library_;
  Pvt pvt_;
  Operating operating_;
  PointTables tables_;
  Spec spec_;
  MacroModel model_;
};

}  // namespace mavis::macro
