#include "report/design_equations.h"

#include <cmath>

namespace mavis::report {

double adc_energy(const MurmannConstants& c, double enob) {
  return c.k1 * enob + c.k2 * std::pow(4, enob);
}

double required_enob(const MurmannConstants& c, double bits, double n) {
  return bits + std::log2(c.k * c.full_scale * std::sqrt(n));
}

double logic_energy(const MurmannConstants& c, double bits) {
  return bits * bits * c.activity * c.gate * (1 + c.overhead);
}

double capacitor_energy(const MurmannConstants& c, double bits) {
  return bits * bits * c.activity * c.unit * c.vdd * c.vdd;
}

double mac_energy(const MurmannConstants& c, double bits, double n) {
  return adc_energy(c, required_enob(c, bits, n)) / n + capacitor_energy(c, bits) + logic_energy(c, bits);
}

double tops_per_watt(double mac_energy) {
  return 2 / mac_energy / 1e12;
}

double sum_sigma(double n, double p) {
  return std::sqrt(n * p * (1 - p));
}

double binary_step(double vdd, double n) {
  return vdd / n;
}

double mismatch_limit(double sigma) {
  return 1 / (sigma * sigma);
}

double result_sigma(double n) {
  return std::sqrt(7 / (144 * n));
}

double quantization_sigma(double input_bits, double weight_bits, double n) {
  return std::sqrt((std::pow(4, -input_bits) + std::pow(4, -weight_bits)) / (36 * n));
}

int lossless_bits(int dac_bits, int weight_bits, int rows) {
  const double levels = (std::exp2(dac_bits) - 1) * (std::exp2(weight_bits) - 1) * rows;
  return static_cast<int>(std::ceil(std::log2(levels)));
}

double mf_net_bits(int input_bits, double cells) {
  return input_bits + std::log2(cells);
}

}  // namespace mavis::report
