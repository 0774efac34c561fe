#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <set>

#include "arrays.h"
#include "bindings.h"
#include "tables/interpolate.h"
#include "tables/library.h"
#include "util/error.h"
#include "util/nearest.h"

namespace mavis::python {
namespace {

using namespace tables;

// An axis keeps its table's memory alive through Python (reference_internal).
py::object nodes_of(const Axis& axis, py::handle owner) {
  if (axis.discrete()) return py::tuple(py::cast(axis.labels));
  return with_unit(view(axis.values, {static_cast<py::ssize_t>(axis.size())}, owner), axis.unit);
}

Shape shape_of(const Table& table) {
  Shape shape;
  for (const Axis& axis : table.axes) shape.push_back(static_cast<py::ssize_t>(axis.size()));
  return shape;
}

py::object plane_of(py::handle self, const std::string& name) {
  const auto& table = self.cast<const Table&>();
  return with_unit(view(table.plane(name), shape_of(table), self), table.plane_unit(name));
}

Outside outside_of(const std::string& name) {
  if (name == "refuse") return Outside::refuse;
  if (name == "clamp") return Outside::clamp;
  if (name == "extrapolate") return Outside::extrapolate;
  throw InputError(fmt::format("outside '{}': expected refuse, clamp or extrapolate", name));
}

// Coordinates as given, broadcast against each other: one list a named axis.
struct Places {
  Shape shape;
  std::vector<Point> points;
};

Places places_of(const Table& table, const py::kwargs& at) {
  std::vector<std::string> axes;
  for (const Axis& axis : table.axes) axes.push_back(axis.name);
  py::list given;
  std::vector<const Axis*> of;
  for (const auto& [key, value] : at) {
    const auto name = key.cast<std::string>();
    const Axis* axis = table.find_axis(name);
    if (!axis) {
      const std::string guess = nearest(name, axes);
      throw InputError(fmt::format("{} has no axis '{}'{}; it has {}", table.name, name,
                                   guess.empty() ? "" : fmt::format(" (did you mean '{}'?)", guess),
                                   fmt::format("{}", fmt::join(axes, ", "))));
    }
    const py::array array = py::array::ensure(value);
    if (!array) throw py::error_already_set();
    const char kind = array.dtype().kind();
    if (axis->discrete() != (kind == 'U'))
      throw InputError(fmt::format("{} of {}: expected {}", name, table.name,
                                   axis->discrete() ? "labels: " + axis->range() : "numbers"));
    if (kind == 'U') {
      given.append(array);
    } else {
      const auto numbers = py::array_t<double>::ensure(array);
      if (!numbers) throw py::error_already_set();
      given.append(numbers);
    }
    of.push_back(axis);
  }
  Places places;
  if (of.empty()) {
    places.points.emplace_back();
    return places;
  }
  const py::list arrays = py::module_::import("numpy").attr("broadcast_arrays")(*given);
  const auto first = arrays[0].cast<py::array>();
  places.shape.assign(first.shape(), first.shape() + first.ndim());
  places.points.resize(static_cast<std::size_t>(first.size()));
  for (std::size_t a = 0; a < of.size(); ++a) {
    const auto flat = arrays[a].attr("ravel")();
    if (of[a]->discrete()) {
      const auto labels = flat.attr("tolist")().cast<std::vector<std::string>>();
      for (std::size_t i = 0; i < labels.size(); ++i) places.points[i].emplace(of[a]->name, labels[i]);
    } else {
      const auto numbers = py::array_t<double>(flat);
      const auto values = numbers.unchecked<1>();
      for (py::ssize_t i = 0; i < values.size(); ++i)
        places.points[static_cast<std::size_t>(i)].emplace(of[a]->name, values(i));
    }
  }
  return places;
}

Evaluated evaluated(const Table& table, const std::string& plane, const Point& point, Outside outside) {
  return plane.empty() ? evaluate(table, point, outside) : evaluate_plane(table, plane, point, outside);
}

py::object at(const Table& table, const std::string& plane, const std::string& outside,
              const py::kwargs& coordinates) {
  if (!plane.empty()) table.plane(plane);
  const Outside beyond = outside_of(outside);
  const Places places = places_of(table, coordinates);
  std::vector<double> values;
  {
    const py::gil_scoped_release free;
    for (const Point& point : places.points) {
      const Evaluated found = evaluated(table, plane, point, beyond);
      values.push_back(found.status == Status::ok ? found.value : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return with_unit(moved(std::move(values), places.shape),
                   plane.empty() ? table.unit : table.plane_unit(plane));
}

py::array status_at(const Table& table, const std::string& outside, const py::kwargs& coordinates) {
  const Outside beyond = outside_of(outside);
  const Places places = places_of(table, coordinates);
  std::vector<std::uint8_t> values;
  for (const Point& point : places.points)
    values.push_back(static_cast<std::uint8_t>(evaluate(table, point, beyond).status));
  return moved(std::move(values), places.shape);
}

std::vector<std::string> benches_of(const Library& library) {
  std::set<std::string> benches;
  for (const auto& [name, table] : library.tables()) benches.insert(table.bench());
  return {benches.begin(), benches.end()};
}

void bind_axis(py::module_& module) {
  py::class_<Axis, std::shared_ptr<Axis>>(module, "Axis", "One axis of a table.")
      .def_readonly("name", &Axis::name)
      .def_readonly("unit", &Axis::unit, "SI; 'C' is degrees Celsius; '1' or empty: a pure number")
      .def_readonly("long_name", &Axis::long_name)
      .def_property_readonly(
          "nodes", [](py::handle self) { return nodes_of(self.cast<const Axis&>(), self); },
          "Ascending numbers, a Quantity in the axis' unit, or a tuple of labels.")
      .def_property_readonly("discrete", &Axis::discrete, "Has labels, which must be met exactly.")
      .def("__len__", &Axis::size)
      .def("__repr__",
           [](const Axis& axis) { return fmt::format("<Axis {}: {}>", axis.name, axis.range()); });
}

void bind_table(py::module_& module) {
  py::class_<Table, std::shared_ptr<Table>>(
      module, "Table", "One measured quantity on named axes. Arrays are read-only views of its own memory.")
      .def_readonly("name", &Table::name, "'bench/quantity'")
      .def_readonly("unit", &Table::unit, "SI")
      .def_readonly("long_name", &Table::long_name)
      .def_property_readonly(
          "scale", [](const Table& t) { return std::string(name_of(t.scale)); },
          "'linear' or 'log': what is averaged and interpolated, the value or its logarithm. On 'log' "
          "spreads (stderr, sigma, response) are in natural logarithms, unit '1'.")
      .def_property_readonly(
          "worse", [](const Table& t) { return std::string(name_of(t.worse)); },
          "'low' or 'high': which values are bad news; 'none'")
      .def_property_readonly("shape", [](const Table& t) { return py::tuple(py::cast(shape_of(t))); })
      .def_property_readonly(
          "axes",
          [](py::handle self) {
            py::dict axes;
            for (const Axis& axis : self.cast<const Table&>().axes)
              axes[py::str(axis.name)] = py::cast(axis, py::return_value_policy::reference_internal, self);
            return axes;
          },
          "Axes by name, slowest first.")
      .def_property_readonly(
          "values",
          [](py::handle self) {
            const auto& table = self.cast<const Table&>();
            return with_unit(view(table.values, shape_of(table), self), table.unit);
          },
          "Quantity of this table's shape. Look at `status` too: only a cell that is 0 (ok) is sure to hold "
          "a "
          "number.")
      .def_property_readonly(
          "status",
          [](py::handle self) {
            const auto& table = self.cast<const Table&>();
            if (table.status.empty()) return moved(std::vector<std::uint8_t>(table.cells()), shape_of(table));
            return view<std::uint8_t>(table.status, shape_of(table), self);
          },
          "uint8 of this table's shape: 0 ok, 1 censored, 2 failed, 3 unfinished, 4 not applicable, 5 no "
          "margin")
      .def_property_readonly(
          "n",
          [](py::handle self) -> py::object {
            const auto& table = self.cast<const Table&>();
            if (table.n.empty()) return py::none();
            return view(table.n, shape_of(table), self);
          },
          "Samples that entered each cell, int64; None where there are no samples.")
      .def_property_readonly(
          "planes",
          [](const Table& table) {
            std::vector<std::string> names;
            for (const auto& [name, plane] : table.planes) names.push_back(name);
            return names;
          },
          "Names of what is stored beside the values: 'sigma', 'stderr', 'nominal' ...")
      .def("plane", &plane_of, py::arg("name"),
           "Quantity of this table's shape. Raises InputError naming the planes that there are.")
      .def("__getitem__", &plane_of, py::arg("plane"), "The same as plane().")
      .def_property_readonly(
          "parameters", [](const Table& t) { return py::tuple(py::cast(t.parameters.labels)); },
          "Device parameters of `response`: 'xcell.mst:vth'. Empty without a response.")
      .def_property_readonly(
          "response",
          [](py::handle self) -> py::object {
            const auto& table = self.cast<const Table&>();
            if (table.parameters.labels.empty()) return py::none();
            Shape shape = shape_of(table);
            shape.push_back(static_cast<py::ssize_t>(table.parameters.size()));
            return with_unit(view(table.response, shape, self), table.spread_unit());
          },
          "Change by one standard deviation of each device parameter: Quantity of this table's shape and one "
          "axis more, the parameters; None where it was not measured.")
      .def_property_readonly(
          "interpolation_error",
          [](const Table& t) -> std::optional<double> {
            if (!t.interpolation_error) return {};
            return t.interpolation_error->value;
          },
          "What a value between nodes can be wrong by: in `unit`, on a log scale relative. None: not "
          "estimated.")
      .def_property_readonly(
          "noise_floor",
          [](const Table& t) -> std::optional<double> {
            if (!t.noise_floor) return {};
            return t.noise_floor->value;
          },
          "What the simulator's settings leave undetermined, rms: in `unit`, on a log scale relative. None: "
          "not "
          "measured.")
      .def("at", &at, py::kw_only(), py::arg("plane") = "", py::arg("outside") = "refuse",
           R"(Values between nodes, as C++ has them (tables/FORMAT.md), as a Quantity.

at(corner="tt", vdd=0.95, temp_c=numpy.linspace(-40, 120, 81)): a coordinate for each axis by its name, a number
in the axis' unit or a label; arrays are broadcast against each other and give the shape of the result. An axis
of one node may be left out. `plane` names what to evaluate instead of the values ("sigma"). `outside` says what
holds beyond the ends of an axis: "refuse", "clamp" or "extrapolate".
NaN where a neighbouring cell is not ok: status_at() says why.
Raises InputError for a coordinate that is missing, unknown or out of range.)")
      .def("status_at", &status_at, py::kw_only(), py::arg("outside") = "refuse",
           "Status (see `status`) of what at() gives: uint8 of its shape.")
      .def("__repr__", [](const Table& table) {
        std::string axes;
        for (const Axis& axis : table.axes) axes += fmt::format(" {}[{}]", axis.name, axis.size());
        return fmt::format("<Table {} in {}:{}>", table.name, table.unit, axes);
      });
}

}  // namespace

void bind_library(py::module_& module) {
  bind_axis(module);
  bind_table(module);
  py::class_<Failure>(module, "Failure", "A sample that gave no number.")
      .def_readonly("bench", &Failure::bench)
      .def_readonly("point", &Failure::point, "Process corner, supply, temperature and condition, for people")
      .def_readonly("sample", &Failure::sample)
      .def_readonly("message", &Failure::message)
      .def_readonly("deck", &Failure::deck, "File name of the netlist that replays the sample");
  py::class_<Library, std::shared_ptr<Library>>(
      module, "Library", "All tables of one macro or block: a mapping of 'bench/quantity' to Table.")
      .def(py::init([](const std::filesystem::path& path) {
             return std::make_shared<Library>(read_library(path));
           }),
           py::arg("path"), "Reads a .h5 file; raises InputError naming file and object.")
      .def_property_readonly("macro", &Library::macro, "Name of what was characterized")
      .def_property_readonly("benches", &benches_of)
      .def_property_readonly(
          "facts",
          [](const Library& library) {
            py::dict facts;
            for (const auto& [name, text] : library.provenance.facts) facts[py::str(name)] = text;
            return facts;
          },
          "Where the numbers come from: short texts by name.")
      .def_property_readonly(
          "files", [](const Library& library) { return library.provenance.files; },
          "Text of every netlist, model card and specification by its label.")
      .def_property_readonly("failures", [](const Library& library) { return library.failures; })
      .def("__len__", [](const Library& library) { return library.tables().size(); })
      .def("__iter__",
           [](const Library& library) {
             py::list names;
             for (const auto& [name, table] : library.tables()) names.append(name);
             return py::iter(names);
           })
      .def("__contains__",
           [](const Library& library, const std::string& name) { return library.tables().contains(name); })
      .def("keys",
           [](const Library& library) {
             std::vector<std::string> names;
             for (const auto& [name, table] : library.tables()) names.push_back(name);
             return names;
           })
      .def("__getitem__", &Library::find, py::arg("table"), py::return_value_policy::reference_internal,
           "Raises InputError with the nearest name.")
      .def("__repr__", [](const Library& library) {
        return fmt::format("<Library {}: {} tables>", library.macro(), library.tables().size());
      });
}

}  // namespace mavis::python
