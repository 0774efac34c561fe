// A row of a random chip against its converter, with random inputs.
#pragma once

#include <memory>
#include <random>

#include "macro/comparator_calibration.h"
#include "macro/detailed_row.h"
#include "macro/sample_macro.h"
#include "util/hash.h"

namespace mavis::macro {

// A macro whose errors are all there and of the size of a step.
inline Sample imperfect() {
  return {.level_response = 4e-3,
          .charge_response = 0.1e-15,
          .offset = 3e-3,
          .offset_response = 4e-3,
          .comparator_noise = 5e-3,
          .droop = 4e-3,
          .kind_step = 1e-3};
}

class RandomRow {
 public:
  RandomRow(tables::Library from, std::uint32_t index, double stored_ones = 0.5, const Pvt& pvt = kTypical)
      : library(std::move(from)),
        model(PointTables(library, pvt), read_spec(library)),
        random(index + 1),
        columns(model.spec.columns_per_half),
        chip(7, index),
        computing(model.responses, model.levels, chip, 0, Half::left, 0, bits(stored_ones)),
        dac(model.responses, model.levels, chip, 0, Half::right, 0, bits(stored_ones)),
        comparator(calibrate(model.comparator, chip, 0).comparator),
        decisions(model, dac, comparator) {}

  Bits bits(double density) {
    Bits drawn(static_cast<std::size_t>(columns));
    for (char& bit : drawn) bit = std::generate_canonical<double, 32>(random) < density;
    return drawn;
  }
  std::vector<Bits> many_inputs(std::size_t n, double density = 0.5) {
    std::vector<Bits> inputs;
    for (std::size_t i = 0; i < n; ++i) inputs.push_back(bits(density));
    return inputs;
  }
  InputPlanes planes(const std::vector<Bits>& inputs) const {
    InputPlanes planes(columns, inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) planes.set(i, inputs[i]);
    return planes;
  }
  int products(const Bits& input) const { return count(computing.stored(), input).products; }

  tables::Library library;
  MacroModel model;
  std::mt19937 random;
  int columns;
  Chip chip;
  HalfRow computing, dac;
  Comparator comparator;
  Decisions decisions;
};

}  // namespace mavis::macro
