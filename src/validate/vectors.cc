#include "validate/vectors.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "macro/workload.h"
#include "util/draws.h"
#include "util/hash.h"

namespace mavis::validate {

std::vector<Vector> random_vectors(std::uint64_t seed, int count, int columns) {
  std::vector<Vector> vectors;
  for (int i = 0; i < count; ++i) {
    const auto draw = [&](const char* what, int column) {
      return uniform_draw(seed, Stream::noise, static_cast<std::uint32_t>(i),
                          hash64(fmt::format("validate/{}/{}", what, column)));
    };
    const double density = std::sqrt((i + 0.5) / count), other = draw("density", 0);
    Vector vector;
    for (int j = 0; j < columns; ++j) {
      vector.stored.push_back(draw("stored", j) < density);
      vector.input.push_back(draw("input", j) < density);
      vector.dac_stored.push_back(draw("dac_stored", j) < other);
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Word> random_words(std::uint64_t seed, int count, const macro::Spec& spec) {
  const auto rows = static_cast<std::size_t>(count), columns = static_cast<std::size_t>(spec.data_columns());
  const macro::Matrix w = macro::random_matrix(seed, "validate/weights", rows, columns),
                      x = macro::random_matrix(seed, "validate/inputs", rows, columns);
  std::vector<Word> words;
  for (std::size_t i = 0; i < rows; ++i) words.push_back({w[i], x[i], static_cast<int>(2 * i)});
  return words;
}

std::vector<Vector> vectors_of(const Word& word, const macro::Spec& spec) {
  const auto weights = macro::weight_rows(word.w, spec), ones = macro::ones_rows(word.x.size(), spec);
  std::vector<Vector> vectors;
  for (macro::Half half : {macro::Half::left, macro::Half::right}) {
    const auto part = [&](const macro::Bits& all, macro::Half of) {
      const auto begin = all.begin() + (of == macro::Half::left ? 0 : spec.columns_per_half);
      return macro::Bits(begin, begin + spec.columns_per_half);
    };
    const auto add = [&](const std::vector<macro::Bits>& rows, int array, int plane) {
      const macro::Bits& row = rows[static_cast<std::size_t>(macro::row_of(plane))];
      vectors.push_back({.stored = part(row, half),
                         .input = part(macro::input_bits(word.x, plane, spec.data_columns()), half),
                         .dac_stored = part(row, macro::other(half)),
                         .array = array,
                         .row = macro::row_of(plane),
                         .half = half});
    };
    for (int plane = 0; plane < macro::kPlanes; ++plane) add(weights, word.array, plane);
    for (int plane = macro::kMagnitudeBits; plane < macro::kPlanes; ++plane) add(ones, word.array + 1, plane);
  }
  return vectors;
}

std::int64_t result_of(const Word& word, const std::vector<int>& codes) {
  std::int64_t sum = 0;
  std::size_t next = 0;
  for (int half = 0; half < 2; ++half) {
    for (int plane = 0; plane < macro::kPlanes; ++plane)
      sum += std::int64_t{2} * macro::weight_of(plane) * codes.at(next++);
    for (int plane = macro::kMagnitudeBits; plane < macro::kPlanes; ++plane)
      sum -= std::int64_t{macro::weight_of(plane)} * codes.at(next++);
  }
  for (int w : word.w) sum -= std::abs(w);
  return sum;
}

}  // namespace mavis::validate
