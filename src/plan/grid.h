// Where a grid in supply and temperature needs more nodes: pure functions of tables and of what was measured
// between their nodes.
//
// Each interval of an axis has an estimated error, from leaving out the nodes at its ends, one at a time. The
// worst interval is bisected, which adds a row or a column to the grid, until no estimate exceeds what is
// allowed. Then held-out points decide: kHeldOut fresh random points of the box are measured, and a miss
// bisects an interval of its cell; when the grid fits all points so far, fresh ones are drawn.
//
// The bound of a table is kMargin times its largest error at the last held-out points, which no node was
// placed for. Without the margin: the largest of 59 errors at independent points exceeds 95 % of all points'
// with 95 % confidence, whatever their distribution (Wilks, Ann. Math. Stat. 12(1), 91, 1941: 0.95^59 <
// 0.05). The margin is for what the circuit without mismatch does not show: means of few samples.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tables/interpolate.h"
#include "tables/library.h"

namespace mavis::plan {

inline constexpr std::size_t kHeldOut = 59;
inline constexpr double kMargin = 1.25;
inline constexpr std::size_t kStartVdd = 6, kStartTemp = 5;  // nodes

// What tables may be wrong by between their nodes.
struct GridError {
  double relative = 0;  // of the value on log scale, else of the span of the table's values
  std::map<std::string, double> absolute = {};  // by unit, for linear scale, in place of `relative`

  // For a table, as a relative error on log scale, in its unit on linear scale.
  double allowed(const tables::Table& table) const;
};

// "0.5%" or "0.5%,0.2mV,10fJ". Volts have an absolute figure of 0.5 mV unless another is given: 2 % of the
// reference macro's step between levels. Throws InputError.
GridError parse_grid_error(std::string_view text);

// From `low` to `high`, to 1e-6 of a unit; one node where they are equal.
std::vector<double> even_nodes(double low, double high, std::size_t count);

// A point between nodes: tables of the same names as those of the grid without the axes of `where`.
struct HeldOut {
  tables::Point where;  // corner, vdd, temp_c
  std::vector<tables::Table> measured;
};

// Largest error of `table` over the cells of `measured`, as in HeldOut; NaN where in no cell both are ok.
double held_out_error(const tables::Table& table, const tables::Table& measured, const tables::Point& where);

// The estimated error of each interval of an axis; NaN where nothing could be left out. A node's error is
// that of the interval between its neighbours; a part of it has it by the square of its share, between a kink
// (its share) and a smooth quantity (the fourth power), but the first and the last interval by its share:
// there slopes are one-sided, and a turn can hide. REQUIRES that the table has the axis.
std::vector<double> interval_errors(const tables::Table& table, std::string_view axis);

struct GridFinding {
  std::string table;
  double allowed = 0, bound = 0;  // as GridError::allowed
  std::int64_t points = 0;        // held-out points where both table and measurement are ok
  bool reached() const { return bound <= allowed; }
};

class GridSearch {
 public:
  enum class Step { measure_nodes, check, finished };

  // Nodes ascending; an axis of one node is left as it is. `most` limits the nodes, vdd times temperature.
  GridSearch(GridError error, std::vector<double> vdd, std::vector<double> temp_c, std::size_t most);

  const std::vector<double>& vdd() const { return vdd_; }
  const std::vector<double>& temp_c() const { return temp_c_; }

  // The next step, given the tables at these nodes, with axes vdd and temp_c, and all held-out points so far:
  // `measure_nodes` after adding a node, `check` for kHeldOut more points.
  Step next(const std::vector<tables::Table>& tables, const std::vector<HeldOut>& held_out);

  // Of every table, from the last held-out points; valid when finished.
  const std::vector<GridFinding>& findings() const { return findings_; }

 private:
  // Interval `left` of an axis, too coarse for table number `table` by `ratio`.
  struct Coarse {
    std::size_t table = 0;
    bool vdd = false, held_out = false;  // which axis; seen at a held-out point?
    std::size_t left = 0;
    double ratio = 0;
  };
  struct Bisected {
    Coarse what;
    double low = 0, high = 0;
    bool helped = true;
  };

  const std::vector<double>& nodes(bool vdd) const { return vdd ? vdd_ : temp_c_; }
  void judge(const std::vector<tables::Table>& tables, const std::vector<HeldOut>& held_out);
  std::vector<Coarse> coarse_intervals(const std::vector<tables::Table>& tables,
                                       const std::vector<HeldOut>& held_out);
  void add_coarse(std::size_t number, const tables::Table& table, const std::vector<HeldOut>& held_out,
                  std::vector<Coarse>& coarse);
  bool can_bisect(const Coarse& interval);
  bool is_hopeless(std::size_t table) const;

  GridError error_;
  std::vector<double> vdd_, temp_c_;
  double least_vdd_, least_temp_;  // no two nodes come nearer
  std::size_t most_;
  std::size_t known_ = 0;             // held-out points at the last call
  std::vector<Bisected> bisected_;    // what each bisection was for
  std::map<std::size_t, int> stuck_;  // by table
  std::vector<GridFinding> findings_;
};

}  // namespace mavis::plan
