// A library at one point of process, supply and temperature: what the macro simulator reads from it.
//
// Every number is checked: a cell that gave none (censored, failed, not applicable) is refused by name, never
// replaced. Errors are InputError. Not thread-safe: it collects notes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tables/interpolate.h"
#include "tables/library.h"

namespace mavis::macro {

struct Pvt {
  std::string corner;
  double vdd = 0;     // V
  double temp_c = 0;  // Celsius

  std::string text() const;  // "tt, 1 V, 27 C"
  bool operator==(const Pvt&) const = default;
};

// Straight lines between nodes, x strictly ascending; beyond its ends the end's value.
struct Curve {
  std::vector<double> x, y;
  double at(double where) const;
  bool operator==(const Curve&) const = default;
};

// Change of a quantity by draws z, from its response to each. REQUIRES a draw for each.
double dot(const std::vector<double>& response, const std::vector<double>& z);

// How a quantity follows draws: sum of slope z + bend z^2.
struct Response {
  std::vector<double> slope, bend;  // by the table's parameters; bend empty: straight; both empty: none
  double to(const std::vector<double>& z) const;
  void scale(double factor);
};

class PointTables {
 public:
  // `library` must outlive this.
  PointTables(const tables::Library& library, Pvt pvt);

  const tables::Library& library() const { return *library_; }
  const Pvt& pvt() const { return pvt_; }

  // Throws naming corner, supply or temperature where this point is outside of `table`, with the remedy.
  void require_point(std::string_view table) const;

  bool has(std::string_view table) const;
  // Throws naming the bench to characterize.
  const tables::Table& find(std::string_view table) const;
  const tables::Axis& axis(std::string_view table, std::string_view axis) const;

  // The quantity of the circuit without mismatch: the sibling `nominal` where the table has one, else its
  // value. `place` gives the axes beside corner, vdd and temp_c; outside of the tables is an error.
  double nominal(std::string_view table, const tables::Point& place = {}) const;
  bool has_nominal(std::string_view table, const tables::Point& place) const;  // is there such a number?
  double value(std::string_view table, const tables::Point& place = {}) const;
  double plane(std::string_view table, std::string_view plane, const tables::Point& place = {}) const;

  // nominal() or a plane along a numeric axis, at ten points an interval: the table's own curve within a
  // thousandth of a step between nodes.
  Curve nominal_along(std::string_view table, std::string_view axis, const tables::Point& place = {}) const;
  Curve plane_along(std::string_view table, std::string_view plane, std::string_view axis,
                    const tables::Point& place = {}) const;

  // Change by one standard deviation of each device parameter, in the order of the table's parameters; empty,
  // with a note, for a table without responses. Where the library has no responses at this point (they can be
  // measured at one point alone), those of the nearest point that has them, with a note.
  std::vector<double> response(std::string_view table, const tables::Point& place = {}) const;
  // The same with how it bends, where the table has that at the point that the response is from.
  Response bent_response(std::string_view table, const tables::Point& place = {}) const;

  // What a reader of the results must know, each once.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  tables::Point at(const tables::Point& place) const;
  double checked(const tables::Table& table, const tables::Evaluated& found, const tables::Point& place,
                 bool needs_ok) const;
  // Where the response at `place` is from: there, or the nearest point that has one.
  tables::Point response_point(const tables::Table& table, const tables::Point& place) const;
  void note(const std::string& text) const;

  const tables::Library* library_;
  Pvt pvt_;
  mutable std::vector<std::string> notes_;
};

}  // namespace mavis::macro
