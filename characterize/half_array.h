// The lumped half of a uArray in the bench netlist half_array.cir: its stimuli and what is read off. Shared
// by the benches sum_line and cdac; not a bench itself.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "plan/bench.h"

namespace mavis {

// Break points, s; the netlist explains them.
struct HalfTimes {
  double ready = 0;  // written and quiet: charges count from here
  double set = 0, floats = 0, act = 0;
  double fall = 0;     // of the row line; product only
  double restore = 0;  // column lines return to vdd: a held line would leak into them; product only
  double sum_floats = 0, average = 0;
  double compare = 0;  // the level counts
  double back = 0;     // return to precharge
  double end = 0;
};

// What a column holds in a product cycle.
struct ColumnBits {
  int stored = 0, input = 0;
};

// Supplies whose charge is energy, in the order of energies(). Pull-down of a line costs its supply nothing.
inline constexpr std::array<const char*, 7> kHalfDrivers = {"pl", "sl", "mux", "rl", "cl", "switch", "hold"};

tables::Axis driver_axis();  // their names

// Blocks that the netlist is made of.
std::vector<std::string> half_array_kinds();
// Deck of a bench on this netlist. Throws InputError for a macro whose halves are not 2^bits - 1 columns.
spice::DeckSpec half_array_deck(const plan::Bench& bench, const plan::Subject& subject,
                                const plan::PvtPoint& pvt);
std::map<std::string, double> half_array_settings(const plan::Subject& subject);

// Points of a source: low until `at`, then `high` until `back`, then low, with the netlist's edges.
std::vector<std::pair<double, double>> pulse(double low, double at, double high, double back);

// The sum line from the closing of the switches to the comparison.
struct Averaging {
  std::vector<double> time, line;  // s from the closing; V
  // First time from which the line stays within `tolerance` V of its level, s.
  double settled(double tolerance) const;
};

class HalfArray {
 public:
  explicit HalfArray(plan::Probe& probe);

  int columns() const { return columns_; }  // N, of a half
  // Runs end at the comparison from now on, with time steps of `longest` s at most: for levels alone.
  void only_levels(double longest);
  // Sets further sources before a run.
  using Stimulus = std::function<void(spice::Session&, const HalfTimes&)>;
  // How many lines will be low in the next product cycle, where it is not `products`: columns of a circuit of
  // one's own.
  void expect(int low) { expected_low_ = low; }
  // A product cycle: `products` columns with a product, `others` of the kind `zero`; the dummy stays charged.
  // The level is held until `hold` s after the comparison.
  void product(int products, int others, ColumnBits zero, double hold, const Stimulus& also = {});
  // A step of the reference: the lines of the code's ones and the dummy are pulled down; every cell stores
  // `pattern`. Their precharge goes off before charges count, as where they floated before; or, `first`, with
  // the step, as where they were precharged.
  void reference(int code, int pattern, bool first = false);

  // Of the latest cycle.
  const HalfTimes& times() const { return times_; }
  const spice::Waveforms& waveforms() const { return run_; }
  double level() const;  // V, sum line at the comparison
  Averaging averaging() const;
  // Charge by supply between two times, as energy, J.
  std::array<double, kHalfDrivers.size()> energies(double from, double to) const;

 private:
  // One column of each group of the netlist.
  struct Group {
    const char* name;
    ColumnBits bits;
    bool low;  // pulled down
    int count;
  };
  void run(const std::array<Group, 2>& groups, bool product, double precharge_off, const Stimulus& also);
  void set_other(bool product, int low);
  double expected_level(int low) const;  // V

  plan::Probe& probe_;
  int columns_ = 0;
  double vdd_ = 0, hold_ = 0;                  // V
  bool whole_ = true;                          // runs until the lines are precharged again
  double longest_step_;                        // s
  int expected_low_ = -1;                      // -1: as many as there are products
  std::vector<std::pair<int, double>> known_;  // low lines and level, V, of the two latest cycles that differ
  HalfTimes times_;
  spice::Waveforms run_{{}, {}};
};

}  // namespace mavis
