// NumPy arrays on memory of ours, without copies; with the GIL held.
#pragma once

#include <pybind11/numpy.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace mavis::python {

namespace py = pybind11;
using Shape = std::vector<py::ssize_t>;

inline py::ssize_t cells_of(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), py::ssize_t{1}, std::multiplies<>());
}

// Shows `values` as `As`, row-major, read-only; keeps `owner`, which holds them, alive.
template <class As, class T>
py::array view(const std::vector<T>& values, const Shape& shape, py::handle owner) {
  static_assert(sizeof(As) == sizeof(T));
  if (static_cast<py::ssize_t>(values.size()) != cells_of(shape))
    throw std::invalid_argument("an array whose shape does not fit its numbers");
  py::array array(py::dtype::of<As>(), shape, values.data(), owner);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

template <class T>
py::array view(const std::vector<T>& values, const Shape& shape, py::handle owner) {
  return view<T, T>(values, shape, owner);
}

// An array that owns `values`.
template <class T>
py::array moved(std::vector<T> values, const Shape& shape) {
  auto* kept = new std::vector<T>(std::move(values));
  const py::capsule owner(kept, [](void* pointer) { delete static_cast<std::vector<T>*>(pointer); });
  return view(*kept, shape, owner);
}

// The same array, which says its unit.
inline py::object with_unit(const py::array& array, const std::string& unit) {
  return py::module_::import("mavis.quantity").attr("Quantity")(array, unit);
}

}  // namespace mavis::python
