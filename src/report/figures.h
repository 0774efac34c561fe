// The circuit-level figures of the reference macro's paper (MF-Net: Nasrin et al., compute-in-memory SRAM
// with multiplication-free operators) beside what a library measures. Nothing is tuned to agree. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "macro/energy.h"
#include "tables/library.h"

namespace mavis::report {

struct Figure {
  std::string what;
  std::string paper;               // as stated, "50 ps"
  std::optional<double> stated;    // the paper's number, in `unit`; empty where it gives no single one
  std::optional<double> measured;  // in `unit`; empty: not characterized here
  std::string unit;                // SI, "%" or "TOPS/W"
  std::string text;                // replaces `measured` for rows of several numbers
  std::string why;                 // a line: why they differ, or what the library lacks
};

// Energy of one multiply-average and its conversion by part, over random data, beside Eq. 4 of the paper
//   E = W_P (M C_PL V_PCH^2 + sum over i < A_P of (E_C + E_SAR + 2^i C_PL V_PCH^2))
// for W_P = 1 with this library's C_PL, E_C and E_SAR. Joules.
struct EnergyByPart {
  std::vector<std::pair<std::string, double>> mav, conversion;
  double leakage = 0;
  double equation_mav = 0, equation_conversion = 0;
};

struct Reproduction {
  std::vector<Figure> figures;
  std::optional<EnergyByPart> energy;  // empty where the library lacks a table
  std::string point;                   // where energies hold: "tt, 1 V, 27 C"
  std::size_t operations = 0;          // counted for one w (+) x, two a weight-input pair
  double energy_per_operator = 0;      // J
};

// Rows for which the library has neither PVT point nor table have no measured number and say what is missing.
// Energies are those of `simulate` with random data, chips and noise at nominal supply, typical, 27 C, from a
// fixed seed. Throws InputError for a library that is not of a macro.
Reproduction reproduce(const tables::Library& library);

std::string reproduction_text(const Reproduction& reproduction);

}  // namespace mavis::report
