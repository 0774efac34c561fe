// What exports are made of: a library, and of a macro its chips at one point of process, supply and
// temperature, computed once for all targets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "macro/chip_codes.h"
#include "macro/simulation.h"

namespace mavis::exports {

// A chip's converter without what data and cells add: the row of random bits number `row` is computed by one
// half of uArray 0, the other converts.
struct Converter {
  // By trial, 0 .. codes - 2 (macro/decisions.h). The level above which the reading is 0, V, and the noise of
  // that decision, V rms: temporal.
  std::vector<double> threshold, noise;
  // The same as numbers of products (MacroData::level inverted). What the columns add to a level whatever
  // their input counts with the thresholds here.
  std::vector<double> products, products_noise;
  std::vector<double> reference;  // V, by trial: the other half's sum line with its mismatch
  double ones = 0;                // fraction of stored ones of the converting half's row
};

// How far mismatch of its column moves what a cell with input 1 counts, in products, one standard deviation
// over columns and chips: static.
struct CellSpread {
  double stored_one = 0, stored_zero = 0;
};

struct MacroData {
  macro::Spec spec;
  macro::Pvt pvt;
  std::uint64_t seed = 1;
  double density = 0.5;
  std::string calibration;  // for people: how comparators were set
  std::vector<std::uint32_t> chips;
  std::vector<macro::ChipCodes> codes;  // by chip; every number of products is there
  std::vector<Converter> converters;    // by chip
  std::vector<double> level;            // V, by products: without mismatch, zeros as random data have them
  double droop = 0;                     // V from one SA cycle to the next, mean over products
  double level_noise = 0;               // V rms, held for an operation: temporal, mean over products
  double level_noise_products = 0;      // the same in products
  CellSpread cell;
  std::array<double, 2> line_capacitance{};        // F, of a line by input bit, by charge
  std::array<double, 2> line_capacitance_sigma{};  // F, over mismatch

  // Of a comparator, against the inputs' common mode over vdd: V by chip (calibrated), V rms, J a decision.
  std::vector<double> common_mode;
  std::vector<std::vector<double>> comparator_threshold;
  std::vector<double> comparator_noise, comparator_energy;

  // Of random signed 8-bit data, per operation of one half: J. Parts of both, by name; W of an idle uArray's
  // cells; s.
  double mav_energy = 0, conversion_energy = 0;
  std::vector<std::pair<std::string, double>> mav_parts, conversion_parts;
  double leakage = 0, mav_time = 0, conversion_time = 0;
  std::string no_energy;           // not empty: why the three energies and the leakage are not known
  std::vector<std::string> notes;  // what a reader of the numbers must know

  std::size_t products() const { return level.size(); }    // N + 1: 0 .. N
  std::size_t code_count() const { return level.size(); }  // as many
};

struct DataOptions {
  std::uint32_t chips = 16;
  std::uint64_t seed = 1;
  double density = 0.5;  // of ones among stored bits and input bits, 0 to 1
  macro::Operating operating = {};
  int jobs = 1;  // threads; the numbers don't depend on it
};

// Throws InputError naming what the library lacks, as PointTables does. REQUIRES chips > 1.
MacroData macro_data(const tables::Library& library, const macro::Pvt& pvt, const DataOptions& options);

struct Source {
  const tables::Library* library = nullptr;
  std::string name;     // of its file, without folder
  std::string hash;     // of its bytes
  std::string program;  // "0.1.0"
  std::optional<MacroData> macro = {};
  std::optional<double> area = {};  // m2, of a uArray (report/area.h)
  std::string no_area = {};         // why not
};

// The macro's data for who needs energies; throws InputError where there are none. REQUIRES source.macro.
const MacroData& require_energy(const Source& source);

}  // namespace mavis::exports
