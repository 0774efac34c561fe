#include "macro/level_spread.h"

#include <cmath>

namespace mavis::macro {

LevelSpread level_spread(const MacroModel& model, const HalfRow& computing, int products, double density) {
  const Bits& stored = computing.stored();
  const auto columns = static_cast<double>(stored.size());
  double ones = 0;
  for (char bit : stored) ones += bit;
  const double zeros = columns - ones, k = products;

  // The nominal level is the mean of its kinds of zeros, weighted by their numbers: linear in those.
  const auto nominal = [&](const ByCounts& quantity, double on) {
    const double all = columns - k;
    if (!(all > 0)) return quantity.at(products, 0);
    return (on * quantity.at(products, 0) + (ones - k) * quantity.at(products, 1) +
            (zeros - on) * quantity.at(products, 2)) /
           all;
  };
  const double on = density * zeros;
  const double level = nominal(model.levels.mav_by_counts(), on);
  const double g = zeros > 0 ? nominal(model.levels.mav_by_counts(), on + 1) - level : 0;

  double off = 0, sum_s = 0, squares_s = 0, sum_z = 0, squares_z = 0;
  for (std::size_t j = 0; j < stored.size(); ++j) {
    const double without = computing.column_deviation(j, false, level);
    const double change = computing.column_deviation(j, true, level) - without;
    off += without;
    if (stored[j]) {
      sum_s += change;
      squares_s += change * change;
    } else {
      sum_z += change;
      squares_z += (change + g) * (change + g);
    }
  }
  const double share = ones > 0 ? k / ones : 0;
  double variance = density * (1 - density) * squares_z;
  if (ones > 1)
    variance += share * (1 - share) * ones / (ones - 1) * std::max(0.0, squares_s - sum_s * sum_s / ones);
  const int cycles = model.spec.adc_bits;
  return {level + off + share * sum_s + density * sum_z, std::sqrt(variance), model.level_noise(products),
          nominal(model.levels.droop_by_counts(), on) / cycles};
}

}  // namespace mavis::macro
