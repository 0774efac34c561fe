// One operation of a uArray: multiply-average in one half, successive approximation against the other.
//
// For b = adc_bits - 1 down to 0: trial m = code + 2^b - 1; the DAC half pulls the lines of m low; inp is the
// computing half's sum line, inn the DAC half's; bit b of code is 1 where the comparator decides 0, that is
// where inp - inn does not exceed its threshold by what a decision in time needs. Where fewer SA cycles are
// run (Spec::cycles), the low bits of the code stay 0. In SA cycle i of n = adc_bits, counted from 0,
//   inp = level + deviation + kT/C noise (one draw an operation: the level is held) + droop i / n
//   inn = reference(m, ones of the DAC half's row) + deviation + kT/C noise (one draw a cycle)
// and the comparator adds its own noise, one draw a cycle. kT/C noise has variance k T / C of the half
// (levels.h). Noise is temporal: normal_draw(seed, Stream::noise, chip, sequence of the uArray, operation and
// cycle), so a result depends neither on the order of evaluation nor on what else is simulated.
// Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "macro/comparator.h"
#include "macro/deviations.h"
#include "macro/energy.h"
#include "macro/levels.h"
#include "macro/macro_spec.h"
#include "macro/supply_noise.h"

namespace mavis::macro {

// sqrt(kT/C), V rms.
double ktc_noise(double temp_c, double farad);

// The library at a PVT point, made ready for conversions.
struct MacroModel {
  // Throws InputError as PointTables and sampled_supply do.
  MacroModel(const PointTables& tables, const Spec& spec, const SupplyNoise& supply_noise = {});

  // V rms, of a level with so many products and of a trial's reference: kT/C and supplies.
  double level_noise(int products) const;
  double reference_noise(int trial) const;

  Spec spec;
  double vdd;                   // V
  double mav_noise, dac_noise;  // V rms, kT/C
  Levels levels;
  LineResponses responses;
  ComparatorModel comparator;
  Energies energies;
  SampledSupply supply;
};

// The part of `half` of what a row over both halves stores, on a chip. REQUIRES 2 N bits.
HalfRow half_row(const MacroModel& model, const Chip& chip, int array, Half half, int row,
                 const Bits& stored);

// Temporal noise of one uArray; `seed` empty: none.
class Noise {
 public:
  Noise(std::optional<std::uint64_t> seed, std::uint32_t chip, int array);
  // Standard normal. `operation` counts the operations of the uArray.
  double mav(std::uint64_t operation) const { return draw(mav_, operation, 0); }
  double reference(std::uint64_t operation, int cycle) const { return draw(reference_, operation, cycle); }
  double comparator(std::uint64_t operation, int cycle) const { return draw(comparator_, operation, cycle); }

 private:
  double draw(std::uint64_t sequence, std::uint64_t operation, int cycle) const;
  std::optional<std::uint64_t> seed_;
  std::uint32_t chip_;
  std::uint64_t mav_, reference_, comparator_;
};

struct Conversion {
  int code = 0;
  int products = 0;  // what an ideal conversion gives
  double level = 0;  // V, sum line at the first comparison, noise included
};

// What a conversion to `code` of a level (V, at the first comparison; it droops by `droop` V) costs.
void add_conversion(const MacroModel& model, const HalfRow& dac, int code, double level, double droop,
                    Ledger& ledger);

// One SA cycle, for those who look inside.
struct Cycle {
  int trial = 0;
  double inp = 0, inn = 0;  // V
  double threshold = 0;     // V, of the comparator in time, its noise not included
};

// Multiplies `input` with the row of `computing`, converts against `dac`, and adds what that costs. `trace`
// takes the cycles.
Conversion convert(const MacroModel& model, const HalfRow& computing, const HalfRow& dac, const Bits& input,
                   const Comparator& comparator, const Noise& noise, std::uint64_t operation, Ledger& ledger,
                   std::vector<Cycle>* trace = nullptr);

}  // namespace mavis::macro
