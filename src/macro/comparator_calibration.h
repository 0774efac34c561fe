// Calibration of a comparator as it is done on chip: counting ones.
//
// The N side first, then the P side: both inputs are shorted at the side's common mode, so that only noise
// and threshold decide, and ones are counted over a number of decisions. Fewer ones than half: the threshold
// is above zero. Settings are ordered by the step that the library measured; a search by halves finds the two
// around which the count turns, and of these the one whose count is nearer to half is taken. With steps of
// 10 mV and 1.5 mV of noise most counts are none or all: a count then tells a sign only, neither setting can
// be preferred by counting, and the smaller step (fewer tail devices) is taken. Endless counting at
// every setting would tell the best one, as a tester that measures thresholds does. Noise is temporal:
// normal_draw(chip's seed, Stream::noise, chip, sequence of the uArray and side), so a chip has the same
// settings whatever else is simulated. Pure, thread-safe.
#pragma once

#include <cstdint>

#include "macro/comparator.h"

namespace mavis::macro {

struct ComparatorProcedure {
  bool enabled = true;  // false: all settings off
  // Counted at each setting that is tried; 0: endlessly many.
  int decisions = 1024;
  bool operator==(const ComparatorProcedure&) const = default;
};

struct CalibratedComparator {
  Comparator comparator;         // with the settings found
  std::array<double, 2> ones{};  // fraction counted at them, by side; NaN where nothing was counted
  std::array<int, 2> tried{};    // settings, by side
  std::int64_t decisions = 0;    // spent; 0 where they are endless
};

// Where the chip's comparator was measured (chip.h), the thresholds are the measured ones. Throws InputError
// if that was at another PVT point or setting.
CalibratedComparator calibrate(const ComparatorModel& model, const Chip& chip, int array,
                               const ComparatorProcedure& procedure = {});

// Thresholds of uArray 0 of chips 0 to n - 1 of a seed at one common mode.
struct ThresholdSpread {
  double common_mode = 0;  // over vdd
  std::size_t n = 0;
  double mean = 0, mean_stderr = 0;    // V
  double sigma = 0, sigma_stderr = 0;  // V; the latter from the fourth moment: residues are not Gaussian
  double median = 0, q99 = 0;          // V, of the magnitude
};

// At each of `common_modes`. REQUIRES chips > 1.
std::vector<ThresholdSpread> threshold_spread(const ComparatorModel& model, std::uint64_t seed,
                                              std::uint32_t chips, const ComparatorProcedure& procedure,
                                              const std::vector<double>& common_modes);

}  // namespace mavis::macro
