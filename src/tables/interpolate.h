// Evaluation of tables between their nodes. Pure, thread-safe.
//
// Discrete axes must be met exactly. Numeric axes are interpolated one by one (tensor product), in ln(value)
// where the table's scale is log, by piecewise cubics that meet every node and are smooth along an axis. An
// axis of two nodes is linear, an axis of one holds only at its value.
//
// Slopes at nodes are those of the polynomial through the five nodes around, limited:
// - Where the secants of the two intervals on either side of a node have one sign, to three times the smaller
//   of its two secants (Hyman, SIAM J. Sci. Stat. Comput. 4(4), 645, 1983). So the curve is monotone between
//   nodes that are monotone as far as two intervals beyond, and stays between them.
// - Near a turn, by the extended constraint of Huynh (SIAM J. Numer. Anal. 30(1), 57, 1993, section 4): an
//   extremum may lie between nodes and beyond their values, but by no more than half the largest step to a
//   neighbour, and on linear scale at most half way to zero.
// Smooth quantities have an error of fourth order. Measured on discharge times of a product line at 6 x 5
// nodes in vdd x T: a largest error of 0.3 to 0.6 % (95 % of points within 0.19 %), where slopes by Fritsch
// and Butland give 0.5 to 0.8 % (0.31 %): those flatten every extremum, and times have one in T at high
// supply.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tables/table.h"

namespace mavis::tables {

// A coordinate for every axis of the table, by axis name: a number or a label. Further entries are ignored,
// so that one point serves several tables. An axis with a single node may be left out.
using Coordinate = std::variant<double, std::string>;
using Point = std::map<std::string, Coordinate, std::less<>>;

// Beyond the first or last node of a numeric axis: an error, the end's value, or the straight line through
// the last two nodes (in ln for log scale; an axis of one node can't be extrapolated).
enum class Outside { refuse, clamp, extrapolate };

struct Evaluated {
  double value = 0;  // NaN where the status is not ok, except on a node, which gives what is stored
  Status status = Status::ok;
};

// Every cell next to the point must be ok, else the result carries the highest of their statuses. Throws
// InputError naming table, axis, value and range for a coordinate that is missing, of the wrong kind, unknown
// or out of range.
Evaluated evaluate(const Table& table, const Point& point, Outside outside = Outside::refuse);

// The same for a sibling ("sigma", "stderr", "nominal", ...); only nominal is interpolated in ln.
Evaluated evaluate_plane(const Table& table, std::string_view plane, const Point& point,
                         Outside outside = Outside::refuse);

// The response to every device parameter, in the order of table.parameters.labels; the same of its bend.
std::vector<Evaluated> evaluate_response(const Table& table, const Point& point,
                                         Outside outside = Outside::refuse);
std::vector<Evaluated> evaluate_bend(const Table& table, const Point& point,
                                     Outside outside = Outside::refuse);

// Leaves every interior node of one numeric axis out, one at a time, and interpolates it along that axis from
// the others: the largest error at each node, relative to the value for log scale, in the table's unit for
// linear scale. NaN at the ends, and where no cell could be left out; empty for an axis that is discrete or
// has less than three nodes. As the grid without a node is coarser than the table's, this overstates the
// error of the table wherever the quantity is smooth. REQUIRES axis < table.axes.size().
std::vector<double> leave_one_out(const Table& table, std::size_t axis);

// The largest of all axes. Empty where nothing can be left out.
std::optional<InterpolationError> leave_one_out_error(const Table& table);

}  // namespace mavis::tables
