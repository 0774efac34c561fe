// sum_line: the multiply-average level of a half, its settling, droop and energy, against the number of
// products and the kind of zero products beside them. half_array.cir explains the circuit.
#include "half_array.h"
#include "plan/bench.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;
using tables::Worse;

// What a column without a product holds.
struct Zeros {
  const char* label;
  ColumnBits bits;
};
constexpr std::array<Zeros, 3> kZeros = {{{"w0x1", {0, 1}}, {"w1x0", {1, 0}}, {"w0x0", {0, 0}}}};

constexpr double kSettled = 0.1;  // of a level step

// Levels are smooth in the number of products; the ends, where the line is nearest to a rail, get more nodes.
std::vector<int> product_nodes(int columns) {
  std::vector<int> nodes = {0, 1};
  const int step = std::max(1, (columns + 4) / 6);
  for (int k = step - 1; k < columns - 2; k += step)
    if (k > nodes.back()) nodes.push_back(k);
  for (int k : {columns - 1, columns})
    if (k > nodes.back()) nodes.push_back(k);
  return nodes;
}

class SumLine : public plan::Bench {
 public:
  std::string name() const override { return "sum_line"; }
  int version() const override { return 2; }
  std::string summary() const override {
    return "multiply-average level, settling, droop and energy of a half against its products";
  }
  std::vector<std::string> kinds() const override { return half_array_kinds(); }
  plan::Variation variation() const override { return plan::Variation::none; }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    Axis products{.name = "products", .unit = "1", .long_name = "columns with a product"};
    for (int k : product_nodes(subject.columns_per_half)) products.values.push_back(k);
    Axis zeros{.name = "zeros", .long_name = "stored and input bit of the other columns"};
    for (const Zeros& z : kZeros) zeros.labels.push_back(z.label);
    return {{.name = "level",
             .unit = "V",
             .long_name = "sum line when it is first compared",
             .inner = {products, zeros}},
            {.name = "settling_time",
             .unit = "s",
             .long_name = "switches close to within 0.1 step of the level",
             .inner = {products, zeros},
             .worse = Worse::high},
            {.name = "droop",
             .unit = "V",
             .long_name = "change of the held level from the first comparison to the end of the conversion",
             .inner = {products, zeros}},
            {.name = "energy",
             .unit = "J",
             .long_name =
                 "energy of product, averaging and return to precharge by driver, without the wait between",
             .inner = {products, zeros, driver_axis()},
             .worse = Worse::high},
            {.name = "energy_total",
             .unit = "J",
             .long_name = "energy of product, averaging and return to precharge, all drivers",
             .inner = {products, zeros},
             .worse = Worse::high}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return half_array_settings(subject);
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const plan::Condition&) const override {
    return {half_array_deck(*this, subject, pvt)};
  }

  Measurement measure(Probe& probe) const override {
    HalfArray half(probe);
    const double wait = probe.setting("conversion_time");
    Measurement result;
    std::vector<Averaging> averagings;
    for (int k : product_nodes(half.columns()))
      for (std::size_t z = 0; z < kZeros.size(); ++z) {
        if (k < half.columns() || z == 0) half.product(k, half.columns() - k, kZeros[z].bits, wait);
        // Without zero products there is nothing that they could change.
        add(result, half);
        averagings.push_back(half.averaging());
      }
    const std::vector<double>& levels = result["level"].values;
    const double step = (levels.front() - levels.back()) / half.columns();
    for (const Averaging& averaging : averagings)
      result["settling_time"].values.push_back(averaging.settled(kSettled * step));
    return result;
  }

 private:
  static void add(Measurement& result, const HalfArray& half) {
    const HalfTimes t = half.times();
    const spice::Waveforms& run = half.waveforms();
    const double level = half.level();
    result["level"].values.push_back(level);
    result["droop"].values.push_back(spice::value_at(run.scale(), run["sl"], t.back) - level);
    const auto work = half.energies(t.ready, t.compare), recharge = half.energies(t.back, t.end);
    double total = 0;
    for (std::size_t i = 0; i < work.size(); ++i) {
      result["energy"].values.push_back(work[i] + recharge[i]);
      total += work[i] + recharge[i];
    }
    result["energy_total"].values.push_back(total);
  }
};

const bool registered = plan::register_bench(std::make_unique<SumLine>());

}  // namespace
}  // namespace mavis
