#include "report/design_equations.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/chip_codes.h"
#include "macro/conversion.h"

namespace mavis::report {
namespace {

// What the papers print, from their own constants.
TEST(Murmann, WorkedExample) {
  const MurmannConstants paper;
  const double mac = mac_energy(paper, 4, 1152);
  EXPECT_NEAR(mac, 3.8e-15, 0.05e-15);
  // "The 4-bit line located at 526 TOPS/W": two operations over the rounded 3.8 fJ.
  EXPECT_NEAR(tops_per_watt(3.8e-15), 526, 0.5);
  EXPECT_NEAR(tops_per_watt(mac), 526, 10);
  EXPECT_NEAR(required_enob(paper, 4, 1152) - 4, 5, 0.1);  // "about 5 bits" of excess
  EXPECT_LT(mac_energy(paper, 8, 1152), 200e-15);
  EXPECT_GT(mac_energy(paper, 9, 1152), 200e-15);  // "beyond B = 8 the estimate exceeds 200 fJ"
}

TEST(Murmann, Terms) {
  const MurmannConstants c = {.k1 = 2,
                              .k2 = 3,
                              .k = 4,
                              .full_scale = 0.5,
                              .activity = 0.5,
                              .gate = 6,
                              .overhead = 1,
                              .unit = 7,
                              .vdd = 3};
  EXPECT_DOUBLE_EQ(adc_energy(c, 2), 2 * 2 + 3 * 16);
  EXPECT_DOUBLE_EQ(required_enob(c, 3, 16), 3 + 3);  // log2(4 x 0.5 x 4)
  EXPECT_DOUBLE_EQ(logic_energy(c, 2), 4 * 0.5 * 6 * 2);
  EXPECT_DOUBLE_EQ(capacitor_energy(c, 2), 4 * 0.5 * 7 * 9);
  EXPECT_DOUBLE_EQ(mac_energy(c, 3, 16), adc_energy(c, 6) / 16 + logic_energy(c, 3) + capacitor_energy(c, 3));
  // (6) is where the SNDR of (3) meets (5).
  const MurmannConstants paper;
  const double enob = required_enob(paper, 4, 1152), snr = 0.5 * std::pow(paper.full_scale / 2, 2) * paper.k *
                                                           paper.k * 12 * 1152 * std::pow(2, 2 * 4);
  EXPECT_NEAR(macro::sndr_db(enob), 10 * std::log10(snr), 1e-9);
}

TEST(Murmann, BinaryArray) {
  EXPECT_DOUBLE_EQ(sum_sigma(256), 8);  // sqrt(N) / 2
  EXPECT_DOUBLE_EQ(sum_sigma(48, 0.25), 3);
  EXPECT_NEAR(binary_step(1, 256), 4e-3, 0.1e-3);
  EXPECT_DOUBLE_EQ(mismatch_limit(0.01), 10000);
}

TEST(Caselli, WorkedExample) {
  const double step = quantization_sigma(8, 2, 1024) / 2, sigma = result_sigma(1024);
  EXPECT_NEAR(step, 0.7e-3, 0.05e-3);  // 1 V swing
  // The paper says FS = 4 sigma = 41 mV; by its own variance, 7/(144 N), 41 mV are 6 sigma.
  EXPECT_NEAR(6 * sigma, 41e-3, 0.5e-3);
  EXPECT_NEAR(4 * sigma, 27.6e-3, 0.05e-3);
  // Its ENOB of 5 is that of 4 sigma.
  EXPECT_EQ(std::floor(std::log2(4 * sigma / step)), 5);
}

TEST(ConverterBits, ThreeRules) {
  EXPECT_EQ(lossless_bits(1, 1, 31), 5);
  EXPECT_EQ(lossless_bits(1, 1, 128), 7);
  EXPECT_EQ(lossless_bits(1, 2, 128), 9);  // 3 x 128 = 384
  EXPECT_EQ(lossless_bits(8, 8, 256), 24);
  EXPECT_EQ(std::ceil(mf_net_bits(0, 31)), 5);  // columns of a half of the 8 x 62 uArray
  EXPECT_EQ(std::ceil(mf_net_bits(0, 15)), 4);
  EXPECT_DOUBLE_EQ(mf_net_bits(8, 32), 13);
}

TEST(ThermalNoise, OfACapacitor) {
  EXPECT_NEAR(macro::ktc_noise(27, 1e-12), 64.4e-6, 0.1e-6);
}

}  // namespace
}  // namespace mavis::report
