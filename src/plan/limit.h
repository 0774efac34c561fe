// A limit that a measurement may fail: "comparator/offset > 60 mV". Pure, thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "plan/bench.h"
#include "plan/subject.h"

namespace mavis::plan {

// Coordinates as typed, by axis name: {{"common_mode", "0.5"}, {"stored_bit", "1"}}.
using At = std::map<std::string, std::string>;

// One number that a bench measures, and when it fails.
struct Limit {
  const Bench* bench = nullptr;
  Quantity quantity;
  bool magnitude = false;                // of its absolute value
  bool above = true;                     // fails above the limit; else below it
  double value = 0;                      // in the quantity's unit
  std::vector<tables::Axis> conditions;  // the bench's
  Condition condition;                   // where it is measured: a node of each
  std::size_t cell = 0;                  // of the quantity's inner axes

  // "|comparator/offset| > 60 mV, common_mode 0.5"
  std::string text() const;
  // > 0 passes: the distance from the limit, in the quantity's unit or (log scale) in its logarithm.
  double margin(double measured) const;
  // The same of the number itself where the limit is one of its magnitude, which has a kink at 0; none where
  // there is no kink: on a log scale a number is its magnitude.
  std::optional<double> smooth_margin(double measured) const;
};

// `text` is "BENCH/QUANTITY > VALUE" or "<", the name in bars or as abs(...) for its magnitude. Axes of
// several nodes must be fixed by `at`. Throws InputError naming what there is to choose from for an unknown
// bench, quantity or axis, a value of another unit or one that is not on its axis, and a bench that can't
// measure the subject or has no mismatch.
Limit parse_limit(const std::string& text, const At& at, const Subject& subject);

}  // namespace mavis::plan
