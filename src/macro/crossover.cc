#include "macro/crossover.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "util/draws.h"
#include "util/hash.h"

namespace mavis::macro {
namespace {

// Stored and input bits of a half.
struct Data {
  Bits stored, input;
};

// Random data with `products` products among the columns that hold data; the others discharge.
class DataSource {
 public:
  DataSource(const CrossoverQuery& query, std::uint32_t chip, int columns, const std::vector<int>& discarded)
      : seed_(query.seed), chip_(chip), vectors_(query.vectors), columns_(static_cast<std::size_t>(columns)) {
    for (int column = 0; column < columns; ++column)
      if (!std::binary_search(discarded.begin(), discarded.end(), column)) usable_.push_back(column);
  }

  int usable() const { return static_cast<int>(usable_.size()); }

  Data draw(int products, int vector) const {
    static const std::uint64_t kData = hash64("crossover.data");
    std::uint64_t place = kData + static_cast<std::uint64_t>(products * vectors_ + vector) * 2 * columns_;
    const auto below = [&](std::size_t n) {
      return static_cast<std::size_t>(uniform_draw(seed_, Stream::noise, chip_, place++) *
                                      static_cast<double>(n));
    };
    Data data{Bits(columns_, 1), Bits(columns_, 1)};
    std::vector<int> order = usable_;
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
      std::swap(order[i], order[i + below(order.size() - i)]);
    for (std::size_t i = static_cast<std::size_t>(products); i < order.size(); ++i) {
      const auto column = static_cast<std::size_t>(order[i]);
      const std::size_t kind = below(kZeroKinds.size());  // w0x1, w1x0, w0x0
      data.stored[column] = kind == 1;
      data.input[column] = kind == 0;
    }
    return data;
  }

 private:
  std::uint64_t seed_;
  std::uint32_t chip_;
  int vectors_;
  std::size_t columns_;
  std::vector<int> usable_;
};

ColumnCounts counted(const MacroModel& model, const ChargeSharing& sharing, const CrossoverQuery& query,
                     const Chip& chip, const SharedHalf& left) {
  const Comparator comparator = calibrate(model.comparator, chip, 0, query.comparator).comparator;
  std::vector<double> references;
  if (sharing.columns() == model.spec.columns_per_half) {
    references = test_references(model, chip, 0, Half::right);
  } else {
    const SharedHalf right(sharing, chip, 0, Half::right, query.spread);
    for (int code = 0; code <= sharing.columns(); ++code) references.push_back(right.reference(code));
  }
  return count_cycles(model, left, references, comparator, chip, 0, Half::left, query.test);
}

std::vector<int> discarded(const MacroModel& model, const ChargeSharing& sharing, const CrossoverQuery& query,
                           const Chip& chip, const SharedHalf& left) {
  if (query.discard == 0 && query.beyond == 0) return {};
  const ColumnCounts counts = counted(model, sharing, query, chip, left);
  return query.beyond > 0 ? columns_beyond(counts, query.beyond) : extreme_columns(counts, query.discard);
}

// The same counts of a test that sees capacitances as they are, to a millionth of the mean one.
ColumnCounts true_counts(const ColumnCounts& counts, double mean) {
  ColumnCounts seen;
  for (double c : counts.capacitance) seen.cycles.push_back(std::llround(1e6 * c / mean));
  return seen;
}

double correlation(const std::vector<double>& a, const std::vector<std::int64_t>& b) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0, mean_b = 0, ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += static_cast<double>(b[i]) / n;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a[i] - mean_a, y = static_cast<double>(b[i]) - mean_b;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

// Sums of what was seen at one number of products.
struct Seen {
  std::size_t n = 0;
  double sum = 0, squares = 0;
  void add(double x) {
    ++n;
    sum += x;
    squares += x * x;
  }
  double mean() const { return sum / static_cast<double>(n); }
  double sigma() const {
    return std::sqrt(std::max(0.0, squares / static_cast<double>(n) - mean() * mean()));
  }
};

// Levels of one rule: how they spread, and how often they lie beyond a middle.
class Rule {
 public:
  explicit Rule(std::size_t columns) : seen_(columns + 1) {}

  // A level of k products where the expected ones are `levels`, V by products.
  void add(const std::vector<double>& levels, std::size_t k, double level) {
    const Margins margins = margins_at(levels, k);
    const double shift = level - levels[k];
    seen_[k].add(shift);
    crossed_ += shift > margins.up || -shift > margins.down;
  }

  // Gaussians against the margins of the levels without mismatch.
  CrossoverRate rate(std::size_t trials, const std::vector<double>& nominal) const {
    CrossoverRate rate{.crossed = crossed_};
    rate.probability = static_cast<double>(crossed_) / static_cast<double>(trials);
    double kinds = 0;
    for (std::size_t k = 0; k < seen_.size(); ++k) {
      if (seen_[k].n < 2) continue;
      ++kinds;
      const double sigma = seen_[k].sigma(), mean = seen_[k].mean();
      const Margins margins = margins_at(nominal, k);
      const double p =
          sigma > 0 ? normal_tail((margins.up - mean) / sigma) + normal_tail((margins.down + mean) / sigma)
                    : 0;
      rate.gaussian += p;
      rate.sigma += sigma * sigma;
      if (p <= rate.worst) continue;
      rate.worst = p;
      rate.worst_products = static_cast<int>(k);
    }
    rate.gaussian /= kinds;
    rate.sigma = std::sqrt(rate.sigma / kinds);
    return rate;
  }

 private:
  // Distance of a level from the middles to its neighbours, V; infinite where there is none.
  struct Margins {
    double up = std::numeric_limits<double>::infinity(), down = std::numeric_limits<double>::infinity();
  };
  static Margins margins_at(const std::vector<double>& levels, std::size_t k) {
    Margins margins;
    if (k > 0) margins.up = (levels[k - 1] - levels[k]) / 2;
    if (k + 1 < levels.size()) margins.down = (levels[k] - levels[k + 1]) / 2;
    return margins;
  }

  std::vector<Seen> seen_;
  std::size_t crossed_ = 0;
};

// By products, those of discarded columns included: below their number none is possible, and the level is
// that of no further product, extended by the step above it.
std::vector<double> expected_levels(const SharedHalf& half, const std::vector<int>& discarded) {
  const int n = half.sharing().columns(), without = static_cast<int>(discarded.size());
  std::vector<double> levels(static_cast<std::size_t>(n) + 1);
  for (int k = n; k >= 0; --k) {
    const auto at = static_cast<std::size_t>(k);
    levels[at] =
        k >= without ? half.expected_level(k - without, discarded) : 2 * levels[at + 1] - levels[at + 2];
  }
  return levels;
}

}  // namespace

Crossover mav_crossover(const MacroModel& model, const ChargeSharing& sharing, const CrossoverQuery& query) {
  const auto n = static_cast<std::size_t>(sharing.columns());
  const std::vector<double> nominal =
      expected_levels(SharedHalf(sharing, Chip::without_mismatch(), 0, Half::left), {});
  Crossover result;
  Rule fixed(n), own(n);
  Seen capacitance;
  for (std::uint32_t index = 0; index < query.chips; ++index) {
    const Chip chip(query.seed, index);
    const SharedHalf half(sharing, chip, 0, Half::left, query.spread);
    for (int j = 0; j < sharing.columns(); ++j)
      capacitance.add(half.capacitance(j) / sharing.line_capacitance());
    const std::vector<int> without = discarded(model, sharing, query, chip, half);
    result.discarded += static_cast<double>(without.size()) / static_cast<double>(n) / query.chips;
    const std::vector<double> expected = expected_levels(half, without);
    const DataSource source(query, index, sharing.columns(), without);
    for (int products = 0; products <= source.usable(); ++products)
      for (int vector = 0; vector < query.vectors; ++vector) {
        const Data data = source.draw(products, vector);
        const double level = half.level(data.stored, data.input);
        const std::size_t k = static_cast<std::size_t>(products) + without.size();
        fixed.add(nominal, k, level);
        own.add(expected, k, level);
        ++result.trials;
      }
  }
  result.fixed = fixed.rate(result.trials, nominal);
  result.own = own.rate(result.trials, nominal);
  result.step = (nominal.front() - nominal.back()) / static_cast<double>(n);
  result.sigma_capacitance = capacitance.sigma();
  return result;
}

CodeCrossover code_crossover(const MacroModel& model, const ChargeSharing& sharing,
                             const CrossoverQuery& query) {
  CodeCrossover result;
  std::size_t wrong_quietly = 0;
  Ledger ledger;
  for (std::uint32_t index = 0; index < query.chips; ++index) {
    const Chip chip(query.seed, index);
    const SharedHalf half(sharing, chip, 0, Half::left);
    const DataSource source(query, index, sharing.columns(), discarded(model, sharing, query, chip, half));
    const Comparator comparator = calibrate(model.comparator, chip, 0, query.comparator).comparator;
    const Noise noise(query.seed, index, 0), quiet(std::nullopt, index, 0);
    std::uint64_t operation = 0;
    for (int vector = 0; vector < query.vectors; ++vector) {
      const HalfRow dac(model.responses, model.levels, chip, 0, Half::right, 0,
                        source.draw(source.usable() / 2, vector).stored);
      for (int products = 0; products <= source.usable(); ++products) {
        const Data data = source.draw(products, vector);
        const HalfRow row(model.responses, model.levels, chip, 0, Half::left, 0, data.stored);
        const Conversion found = convert(model, row, dac, data.input, comparator, noise, operation, ledger),
                         silent = convert(model, row, dac, data.input, comparator, quiet, operation, ledger);
        ++operation;
        ++result.trials;
        const int error = std::abs(found.code - found.products);
        result.neighbour += error == 1;
        result.farther += error > 1;
        wrong_quietly += silent.code != silent.products;
      }
    }
  }
  result.static_only = static_cast<double>(wrong_quietly) / static_cast<double>(result.trials);
  return result;
}

SelfTest self_test(const MacroModel& model, const ChargeSharing& sharing, const CrossoverQuery& query) {
  SelfTest result;
  for (std::uint32_t index = 0; index < query.chips; ++index) {
    const Chip chip(query.seed, index);
    const SharedHalf half(sharing, chip, 0, Half::left, query.spread);
    const ColumnCounts counts = counted(model, sharing, query, chip, half);
    const std::vector<int> found = extreme_columns(counts, query.discard),
                           extreme = extreme_columns(true_counts(counts, sharing.line_capacitance()),
                                                     query.discard);
    for (int column : found)
      result.found += std::binary_search(extreme.begin(), extreme.end(), column)
                          ? 1.0 / (query.discard * query.chips)
                          : 0;
    result.correlation += correlation(counts.capacitance, counts.cycles) / query.chips;
    result.clocks += static_cast<double>(counts.clocks) / query.chips;
    for (std::int64_t cycles : counts.cycles)
      result.cycles += static_cast<double>(cycles) / static_cast<double>(counts.cycles.size()) / query.chips;
  }
  return result;
}

}  // namespace mavis::macro
