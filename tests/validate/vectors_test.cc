#include "validate/vectors.h"

#include <gtest/gtest.h>

#include <numeric>

namespace mavis::validate {
namespace {

macro::Spec spec_of(int bits) {
  macro::Spec spec;
  spec.rows = 8;
  spec.adc_bits = bits;
  spec.columns_per_half = (1 << bits) - 1;
  return spec;
}

TEST(Vectors, SpanTheLevels) {
  const std::vector<Vector> vectors = random_vectors(1, 32, 31);
  ASSERT_EQ(vectors.size(), 32u);
  int first = 0, last = 0;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    ASSERT_EQ(vectors[i].stored.size(), 31u);
    ASSERT_EQ(vectors[i].dac_stored.size(), 31u);
    const int products = macro::count(vectors[i].stored, vectors[i].input).products;
    if (i < 8) first += products;
    if (i >= 24) last += products;
  }
  EXPECT_LT(first, 8 * 8);
  EXPECT_GT(last, 8 * 22);
  EXPECT_EQ(random_vectors(1, 32, 31)[5].input, vectors[5].input);
  EXPECT_NE(random_vectors(2, 32, 31)[5].input, vectors[5].input);
}

// The exact counts in the place of codes give the exact result.
TEST(Vectors, OfAWordGiveItsResult) {
  const macro::Spec spec = spec_of(4);
  for (const Word& word : random_words(7, 3, spec)) {
    std::vector<int> counts;
    for (const Vector& vector : vectors_of(word, spec)) {
      counts.push_back(macro::count(vector.stored, vector.input).products);
      EXPECT_EQ(vector.stored.size(), 15u);
      EXPECT_EQ(vector.dac_stored.size(), 15u);
      EXPECT_TRUE(vector.array == word.array || vector.array == word.array + 1);
    }
    EXPECT_EQ(counts.size(), 42u);
    EXPECT_EQ(result_of(word, counts), macro::multiplication_free(word.w, word.x));
  }
}

TEST(Vectors, TheOtherHalfStoresItsPartOfTheSameRow) {
  const macro::Spec spec = spec_of(3);
  const Word word = random_words(3, 1, spec).front();
  const std::vector<Vector> vectors = vectors_of(word, spec);
  EXPECT_EQ(vectors[2].half, macro::Half::left);
  EXPECT_EQ(vectors[2].row, 2);
  EXPECT_EQ(vectors[2 + 21].half, macro::Half::right);
  EXPECT_EQ(vectors[2].dac_stored, vectors[2 + 21].stored);
  EXPECT_EQ(vectors[2].stored, vectors[2 + 21].dac_stored);
  EXPECT_EQ(vectors[20].row, macro::kStepRow) << "ones, plane x6";
}

}  // namespace
}  // namespace mavis::validate
