// Design equations of papers on compute-in-memory arrays. Pure, thread-safe; SI units, bits as pure numbers.
//
//   Murmann       B. Murmann, mixed-signal computing for DNN inference, TVLSI 29(1), 3, 2021, (1) to (8): a
//                 fully parallel switched-capacitor array of N products of B-bit numbers; (3) is
//                 macro::sndr_db
//   Caselli       M. Caselli et al., memory devices and A/D interfaces, TCAS-II 69, 2022, (4)
//   Krestinskaya  O. Krestinskaya et al., in-memory computing hardware for quantized networks
//   MF-Net        S. Nasrin et al., compute-in-memory SRAM with multiplication-free operators
#pragma once

namespace mavis::report {

// Constants of Murmann's appendix, for 28 nm.
struct MurmannConstants {
  double k1 = 100e-15;      // J a bit of an ADC
  double k2 = 1e-18;        // J, of the part that grows as 4^ENOB
  double k = 2;             // the ADC's noise is so much less than what quantized activations bring
  double full_scale = 0.5;  // of the ADC, over vdd
  double activity = 0.1;    // share of gates and capacitors that switch
  double gate = 0.3e-15;    // J, of a gate
  double overhead = 3;      // wires and the rest, of a gate's
  double unit = 0.5e-15;    // F, unit capacitor
  double vdd = 1;           // V
};

double adc_energy(const MurmannConstants& c, double enob);               // (2), J a conversion
double required_enob(const MurmannConstants& c, double bits, double n);  // (6)
double logic_energy(const MurmannConstants& c, double bits);             // (7), J a MAC
// (8) without its term for noise, which the paper does not give: J a MAC.
double capacitor_energy(const MurmannConstants& c, double bits);
double mac_energy(const MurmannConstants& c, double bits, double n);  // (1), J a MAC
double tops_per_watt(double mac_energy);                              // one MAC is two operations

// Murmann, section III: a binary array. Sigma of the sum of N random products, each 1 with probability p;
// what one of them moves the line, V; N at which capacitors of relative spread `sigma` add up to one of them.
double sum_sigma(double n, double p = 0.5);
double binary_step(double vdd, double n);
double mismatch_limit(double sigma);

// Caselli, uniform operands in 0 .. 1, result in 0 .. 1: standard deviation of the result and of what
// quantized inputs and weights leave of error. An ADC's step is to be half of the latter at most.
double result_sigma(double n);
double quantization_sigma(double input_bits, double weight_bits, double n);

// Krestinskaya: bits of an ADC that loses nothing.
int lossless_bits(int dac_bits, int weight_bits, int rows);
// MF-Net: about `input_bits` + log2(cells); 0 input bits where a cell's logic is of one bit.
double mf_net_bits(int input_bits, double cells);

}  // namespace mavis::report
