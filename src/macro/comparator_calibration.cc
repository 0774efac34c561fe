#include "macro/comparator_calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "util/draws.h"
#include "util/error.h"
#include "util/hash.h"

namespace mavis::macro {
namespace {

// What counting at one setting says.
struct Count {
  bool too_high = false;  // the threshold
  double bias = 0;  // distance from half the ones; with endless counting that of the threshold from zero
  double ones = std::numeric_limits<double>::quiet_NaN();  // fraction
};

class Search {
 public:
  Search(const Chip& chip, int array, Side side, const ComparatorProcedure& procedure)
      : chip_(chip),
        sequence_(
            hash64(fmt::format("{}.calibration.{}", comparator_address(array), side == Side::n ? "n" : "p"))),
        side_(side),
        procedure_(procedure) {}

  // The setting for `side_` of `comparator`, whose other side stays as it is.
  std::size_t find(const Comparator& comparator) {
    const std::vector<CalibrationSetting>& settings = comparator.model().settings(side_);
    if (procedure_.decisions == 0) return least(comparator, settings);
    // Thresholds rise with the position: below `low` they are too low, from `high` on too high.
    std::size_t low = 0, high = settings.size();
    Count below, above;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const Count count = at(comparator, middle);
      if (count.too_high) {
        above = count;
        high = middle;
      } else {
        below = count;
        low = middle + 1;
      }
    }
    const bool take_above =
        low < settings.size() &&
        (low == 0 || above.bias < below.bias ||
         (above.bias == below.bias && std::fabs(settings[low].shift) < std::fabs(settings[low - 1].shift)));
    ones_ = (take_above ? above : below).ones;
    return take_above ? low : low - 1;
  }

  int tried() const { return tried_; }
  double ones() const { return ones_; }

 private:
  // Of all settings that which leaves the least threshold; of equals the smaller step.
  std::size_t least(const Comparator& comparator, const std::vector<CalibrationSetting>& settings) {
    std::size_t best = 0;
    double bias = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < settings.size(); ++i) {
      const double found = at(comparator, i).bias;
      if (found > bias || (found == bias && std::fabs(settings[i].shift) >= std::fabs(settings[best].shift)))
        continue;
      bias = found;
      best = i;
    }
    return best;
  }

  Count at(const Comparator& comparator, std::size_t setting) {
    ++tried_;
    Calibration calibration = comparator.calibration();
    calibration[static_cast<std::size_t>(side_)] = setting;
    const double common_mode = calibration_common_mode(side_);
    const double threshold = comparator.with(calibration).threshold(common_mode);
    if (procedure_.decisions == 0) return {.too_high = threshold > 0, .bias = std::fabs(threshold)};
    const double noise = comparator.model().noise(common_mode);
    int ones = 0;
    for (int i = 0; i < procedure_.decisions; ++i) {
      const std::uint64_t place = (std::uint64_t{setting} << 32) + static_cast<std::uint64_t>(i);
      ones += noise * normal_draw(chip_.seed(), Stream::noise, chip_.index(), sequence_, place) > threshold;
    }
    const double half = procedure_.decisions / 2.0;
    return {.too_high = ones < half, .bias = std::fabs(ones - half), .ones = ones / (2 * half)};
  }

  const Chip& chip_;
  std::uint64_t sequence_;
  Side side_;
  ComparatorProcedure procedure_;
  int tried_ = 0;
  double ones_ = std::numeric_limits<double>::quiet_NaN();
};

ThresholdSpread spread_of(double common_mode, std::vector<double> thresholds) {
  ThresholdSpread spread{.common_mode = common_mode, .n = thresholds.size()};
  const auto n = static_cast<double>(thresholds.size());
  for (double t : thresholds) spread.mean += t / n;
  double second = 0, fourth = 0;
  for (double t : thresholds) {
    second += std::pow(t - spread.mean, 2);
    fourth += std::pow(t - spread.mean, 4) / n;
  }
  spread.sigma = std::sqrt(second / (n - 1));
  spread.mean_stderr = spread.sigma / std::sqrt(n);
  const double of_variance = std::sqrt(std::max(0.0, fourth - std::pow(second / n, 2)) / n);
  if (spread.sigma > 0) spread.sigma_stderr = of_variance / (2 * spread.sigma);
  for (double& t : thresholds) t = std::fabs(t);
  std::sort(thresholds.begin(), thresholds.end());
  const auto quantile = [&](double p) { return thresholds[static_cast<std::size_t>(std::ceil(p * n)) - 1]; };
  spread.median = quantile(0.5);
  spread.q99 = quantile(0.99);
  return spread;
}

}  // namespace

namespace {

CalibratedComparator search_settings(const ComparatorModel& model, const Chip& chip, int array,
                                     const ComparatorProcedure& procedure) {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  CalibratedComparator result{.comparator = Comparator(model, chip, array),
                              .ones = {kNothing, kNothing},
                              .tried = {},
                              .decisions = 0};
  if (!procedure.enabled) return result;
  for (Side side : kSides) {
    const auto s = static_cast<std::size_t>(side);
    if (model.settings(side).size() < 2) continue;
    Search search(chip, array, side, procedure);
    Calibration calibration = result.comparator.calibration();
    calibration[s] = search.find(result.comparator);
    result.comparator = result.comparator.with(calibration);
    result.ones[s] = search.ones();
    result.tried[s] = search.tried();
    result.decisions += std::int64_t{search.tried()} * procedure.decisions;
  }
  return result;
}

}  // namespace

CalibratedComparator calibrate(const ComparatorModel& model, const Chip& chip, int array,
                               const ComparatorProcedure& procedure) {
  CalibratedComparator result = search_settings(model, chip, array, procedure);
  const MeasuredComparator* known = chip.measured(array);
  if (!known) return result;
  const std::array<std::string, 2> setting = {result.comparator.setting(Side::n),
                                              result.comparator.setting(Side::p)};
  if (known->pvt != model.pvt())
    throw InputError(
        fmt::format("comparator of uArray {}: was measured at {}, not at {}; measure the chip there", array,
                    known->pvt, model.pvt()));
  if (known->setting != setting)
    throw InputError(fmt::format(
        "comparator of uArray {}: was measured at {}, {}, and this calibration finds {}, {}; measure "
        "the chip with the same library and --calibration",
        array, known->setting[0], known->setting[1], setting[0], setting[1]));
  result.comparator = result.comparator.measured(known->threshold);
  return result;
}

std::vector<ThresholdSpread> threshold_spread(const ComparatorModel& model, std::uint64_t seed,
                                              std::uint32_t chips, const ComparatorProcedure& procedure,
                                              const std::vector<double>& common_modes) {
  std::vector<std::vector<double>> thresholds(common_modes.size());
  for (std::uint32_t chip = 0; chip < chips; ++chip) {
    const Comparator found = calibrate(model, Chip(seed, chip), 0, procedure).comparator;
    for (std::size_t i = 0; i < common_modes.size(); ++i)
      thresholds[i].push_back(found.threshold(common_modes[i]));
  }
  std::vector<ThresholdSpread> spreads;
  for (std::size_t i = 0; i < common_modes.size(); ++i)
    spreads.push_back(spread_of(common_modes[i], std::move(thresholds[i])));
  return spreads;
}

}  // namespace mavis::macro
