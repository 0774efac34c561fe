// The macro simulator beside transistors: random halves with random data, the same draws in both. Used by the
// benchmark macro_truth and by a test.
#pragma once

#include <fmt/format.h>

#include <numeric>
#include <random>

#include "../../characterize/separate_half.h"
#include "macro/conversion.h"
#include "run/sample_probe.h"
#include "spice/deck.h"

namespace mavis {

struct Compared {
  int products = 0;
  double level[2] = {0, 0};   // V, ngspice and macro simulator
  double energy[2] = {0, 0};  // J, of the multiply-average, all drivers
};

// `count` halves at one PVT point: half i is the left one of uArray 0 of chip i, row 0.
inline std::vector<Compared> compare_halves(const tables::Library& library, const plan::Subject& subject,
                                            const plan::PvtPoint& pvt, spice::Session& session, int count) {
  const macro::PointTables tables(library, {pvt.corner, pvt.vdd, pvt.temp_c});
  const macro::MacroModel model(tables, macro::read_spec(library));
  const spice::Deck deck = spice::build_deck(separate_half_deck(plan::find_bench("sum_line"), subject, pvt));
  run::Circuit circuit{session};
  session.load(deck.text);
  const std::vector<spice::Device> devices = session.devices();
  std::vector<Compared> rows;
  std::mt19937 random(1);
  for (int i = 0; i < count; ++i) {
    const macro::Chip chip(7, static_cast<std::uint32_t>(i));
    // From few products to many.
    const double density = (i + 0.5) / count;
    std::vector<ColumnBits> bits;
    macro::Bits stored, input;
    for (int j = 0; j < model.levels.columns(); ++j) {
      const auto bit = [&] {
        return std::generate_canonical<double, 32>(random) < std::sqrt(density) ? 1 : 0;
      };
      bits.push_back({bit(), bit()});
      stored.push_back(static_cast<char>(bits.back().stored));
      input.push_back(static_cast<char>(bits.back().input));
    }
    Compared row;
    const auto draw = [&](int column, const std::string& label) {
      return chip.draw(macro::belongs_to_cell(label) ? macro::cell_address(0, macro::Half::left, column, 0)
                                                     : macro::line_address(0, macro::Half::left, column),
                       label);
    };
    run::SampleProbe probe(circuit, separate_half_job(subject, pvt, deck.hash, devices, draw),
                           [&](const std::string&) -> const std::string& { return deck.text; });
    HalfArray half(probe);
    multiply(half, probe.job(), bits);
    const HalfTimes& t = half.times();
    row.level[0] = half.level();
    for (double joules : half.energies(t.ready, t.compare)) row.energy[0] += joules;
    for (double joules : half.energies(t.back, t.end)) row.energy[0] += joules;

    const macro::HalfRow computing(model.responses, model.levels, chip, 0, macro::Half::left, 0, stored);
    const macro::HalfRow dac(model.responses, model.levels, chip, 0, macro::Half::right, 0, stored);
    const macro::Comparator comparator(model.comparator, chip, 0);
    macro::Ledger ledger;
    const macro::Conversion conversion =
        macro::convert(model, computing, dac, input, comparator, macro::Noise(std::nullopt, 0, 0), 0, ledger);
    row.products = conversion.products;
    row.level[1] = conversion.level;
    row.energy[1] = ledger.of(macro::Phase::mav);
    rows.push_back(row);
  }
  return rows;
}

// Root mean square difference of levels, V.
inline double level_error(const std::vector<Compared>& rows) {
  double sum = 0;
  for (const Compared& row : rows) sum += (row.level[1] - row.level[0]) * (row.level[1] - row.level[0]);
  return std::sqrt(sum / static_cast<double>(rows.size()));
}

// Total energy of all halves, macro simulator over ngspice, less 1.
inline double energy_error(const std::vector<Compared>& rows) {
  double total[2] = {0, 0};
  for (const Compared& row : rows)
    for (int i : {0, 1}) total[i] += row.energy[i];
  return total[1] / total[0] - 1;
}

}  // namespace mavis
