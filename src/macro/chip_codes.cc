#include "macro/chip_codes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mavis::macro {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Of k successes in n trials.
double binomial(int n, int k, double p) {
  if (p <= 0 || p >= 1) return k == (p <= 0 ? 0 : n) ? 1 : 0;
  return std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p) +
                  (n - k) * std::log1p(-p));
}

// Rates while numbers are still sums.
class Sums {
 public:
  Sums(std::size_t products, std::size_t codes)
      : codes_(codes),
        weight_(products),
        rate_(products * codes),
        bound_(products * codes),
        mean_(products),
        squared_means_(products),
        temporal_(products) {}

  void add(std::size_t products, double weight, const CodeRates& rates, const std::vector<double>& bound) {
    weight_[products] += weight;
    for (std::size_t code = 0; code < codes_; ++code) {
      rate_[products * codes_ + code] += weight * rates.p[code];
      bound_[products * codes_ + code] += weight * bound[code];
    }
    mean_[products] += weight * rates.mean;
    squared_means_[products] += weight * (rates.mean * rates.mean + rates.data_sigma * rates.data_sigma);
    temporal_[products] += weight * rates.temporal_sigma * rates.temporal_sigma;
  }

  ChipCodes codes() const {
    ChipCodes to;
    double total = 0;
    for (double weight : weight_) total += weight;
    for (std::size_t k = 0; k < weight_.size(); ++k) {
      const double w = weight_[k] > 0 ? weight_[k] : kNaN;
      to.weight.push_back(weight_[k] / total);
      for (std::size_t code = 0; code < codes_; ++code) {
        to.rate.push_back(rate_[k * codes_ + code] / w);
        to.bound.push_back(bound_[k * codes_ + code] / w);
      }
      const double mean = mean_[k] / w;
      to.mean.push_back(mean);
      to.data_sigma.push_back(std::sqrt(std::max(0.0, squared_means_[k] / w - mean * mean)));
      to.temporal_sigma.push_back(std::sqrt(temporal_[k] / w));
    }
    return to;
  }

 private:
  std::size_t codes_;
  std::vector<double> weight_, rate_, bound_, mean_, squared_means_, temporal_;
};

// The largest change of each rate within the bounds: levels to either side, noise larger and smaller.
std::vector<double> rate_bound(const LevelSpread& level, const Decisions& decisions,
                               const std::vector<double>& rates, const TableBounds& bounds) {
  std::vector<double> bound(rates.size());
  const auto compare = [&](double shift, const Decisions& with) {
    const std::vector<double> p = mean_rates(level, with, shift);
    for (std::size_t code = 0; code < rates.size(); ++code)
      bound[code] = std::max(bound[code], std::fabs(p[code] - rates[code]));
  };
  for (double noise : {1 / (1 + bounds.noise), 1 + bounds.noise}) {
    const Decisions scaled = decisions.with_noise(noise);
    for (double shift : {-bounds.level, bounds.level}) compare(shift, scaled);
  }
  return bound;
}

CodeErrors errors(const std::vector<ChipCodes>& chips, bool by_data) {
  CodeErrors squares;
  double total = 0;
  for (const ChipCodes& chip : chips)
    for (std::size_t k = 0; k < chip.weight.size(); ++k) {
      if (!(chip.weight[k] > 0)) continue;
      const double weight = by_data ? chip.weight[k] : 1, off = chip.mean[k] - static_cast<double>(k);
      total += weight;
      squares.chip += weight * off * off;
      squares.data += weight * chip.data_sigma[k] * chip.data_sigma[k];
      squares.temporal += weight * chip.temporal_sigma[k] * chip.temporal_sigma[k];
    }
  return {std::sqrt(squares.chip / total), std::sqrt(squares.data / total),
          std::sqrt(squares.temporal / total)};
}

}  // namespace

ChipCodes chip_codes(const MacroModel& model, const Chip& chip, const ComparatorProcedure& procedure,
                     const std::vector<Bits>& rows, double density, const TableBounds& bounds) {
  const Comparator comparator = calibrate(model.comparator, chip, 0, procedure).comparator;
  Sums sums(static_cast<std::size_t>(model.spec.columns_per_half + 1), std::size_t{1} << model.spec.adc_bits);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto of = [&](Half half) {
      return half_row(model, chip, 0, half, static_cast<int>(row), rows[row]);
    };
    const std::array halves = {of(Half::left), of(Half::right)};
    for (std::size_t computing : {0, 1}) {
      const HalfRow& own = halves[computing];
      const Decisions decisions(model, halves[1 - computing], comparator);
      const auto ones = static_cast<int>(std::count(own.stored().begin(), own.stored().end(), 1));
      for (int k = 0; k <= ones; ++k) {
        const double weight = binomial(ones, k, density);
        if (!(weight > 0)) continue;
        const LevelSpread level = level_spread(model, own, k, density);
        const CodeRates rates = code_rates(level, decisions);
        sums.add(static_cast<std::size_t>(k), weight, rates, rate_bound(level, decisions, rates.p, bounds));
      }
    }
  }
  return sums.codes();
}

double CodeErrors::total() const {
  return std::sqrt(chip * chip + data * data + temporal * temporal);
}

CodeErrors range_errors(const std::vector<ChipCodes>& chips) {
  return errors(chips, false);
}

CodeErrors data_errors(const std::vector<ChipCodes>& chips) {
  return errors(chips, true);
}

double effective_bits(int bits, double rms) {
  return bits - 0.5 * std::log2(1 + 12 * rms * rms);
}

double sndr_db(double effective_bits) {
  return 10 * std::log10(1.5 * std::pow(4, effective_bits));
}

double products_variance(const ChipCodes& chip) {
  double mean = 0, squares = 0;
  for (std::size_t k = 0; k < chip.weight.size(); ++k) {
    const auto products = static_cast<double>(k);
    mean += chip.weight[k] * products;
    squares += chip.weight[k] * products * products;
  }
  return squares - mean * mean;
}

}  // namespace mavis::macro
