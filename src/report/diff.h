// What changed between two libraries, figure by figure, in units and in sigma of their own error bars. Pure.
//
// Compared are, cell by cell where both have a number, a table's value ("mean"), its "sigma" between samples,
// and its "nominal" (the circuit without mismatch; "value" where a table has no samples). On a log scale
// values and nominal are compared by their logarithms. The error of a difference is
//   of mean and sigma   the root of both standard errors squared, Student's t with Welch's degrees of freedom
//                       (Biometrika 34, 28, 1947): samples - 1 of each library, replicates - 1 for scrambled
//                       samples (stats/spread.h)
//   elsewhere, and at least   the numerical floor: both noise floors for what has no samples, and kNumerical
//                       of the table's largest value, as libraries of one input agree across machines
// Over all figures that differ at all (equal ones come from the same runs: nothing to test) the chance to
// find any significant where nothing changed is kept to `level` by Holm's procedure (Scand. J. Statist. 6,
// 65, 1979), whatever their dependence. Libraries of one seed share draws; the errors then overstate.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tables/library.h"

namespace mavis::report {

inline constexpr double kNumerical = 1e-6;

// One figure of one cell that both libraries have and that is not the same in both.
struct FigureChange {
  const tables::Table* table = nullptr;  // of the first library
  std::string figure;                    // "mean", "sigma", "nominal", "value"
  std::size_t cell = 0;                  // of `table`
  double a = 0, b = 0;                   // in the table's unit; sigma in its spread_unit()
  double difference = 0;                 // b - a, of logarithms where those are compared
  double error = 0;                      // of the difference, likewise
  double p = 1;                          // two-sided, of this figure alone
  bool significant = false;              // among all
  double sigmas() const { return difference / error; }
};

// Cells of a table that are ok in one library and not in the other, or not ok in another way.
struct StatusChange {
  const tables::Table* table = nullptr;
  std::size_t cells = 0, cell = 0;  // how many, and the first
  tables::Status a = tables::Status::ok, b = tables::Status::ok;
};

struct LibraryDiff {
  std::vector<FigureChange> figures;  // the most significant first
  std::vector<StatusChange> status;
  std::size_t compared = 0;                 // figures, equal ones included
  std::vector<std::string> only_a, only_b;  // tables
  std::vector<std::string> not_compared;    // "table: reason"
  std::vector<std::string> inputs;          // texts and facts that differ, "netlists/x.cir: changed"
  bool same_seed = false;
  bool moved() const;  // something significant, or a status
};

// Both must outlive the result. REQUIRES 0 < level < 1.
LibraryDiff diff(const tables::Library& a, const tables::Library& b, double level = 0.05);

}  // namespace mavis::report
