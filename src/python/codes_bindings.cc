#include <pybind11/stl.h>

#include "arrays.h"
#include "bindings.h"
#include "macro_bindings.h"

namespace mavis::python {
namespace {

using namespace macro;

// A vector of every chip in one array, chip first.
py::array by_chip(const CodesResult& self, std::vector<double> ChipCodes::*member, bool has_codes) {
  std::vector<double> numbers;
  for (const ChipCodes& chip : self.chips)
    numbers.insert(numbers.end(), (chip.*member).begin(), (chip.*member).end());
  Shape shape = {static_cast<py::ssize_t>(self.chips.size()), self.spec.columns_per_half + 1};
  if (has_codes) shape.push_back(py::ssize_t{1} << self.spec.adc_bits);
  return moved(std::move(numbers), shape);
}

auto shown(std::vector<double> ChipCodes::*member, bool has_codes = false) {
  return [=](const CodesResult& self) { return by_chip(self, member, has_codes); };
}

py::dict errors_of(const CodeErrors& errors) {
  py::dict found;
  found["chip"] = errors.chip;
  found["data"] = errors.data;
  found["temporal"] = errors.temporal;
  return found;
}

}  // namespace

void bind_codes(py::module_& module) {
  py::class_<CodesResult>(
      module, "CodeRates",
      "P(code | products) of chips. Static errors (the chip's, and which columns hold the products) come "
      "again "
      "with the same operation, temporal ones (noise) don't: they are kept apart. NaN: no row has so many "
      "products.")
      .def_property_readonly("rate", shown(&ChipCodes::rate, true),
                             "(chip, products, code): probability of a code, over rows, data and noise")
      .def_property_readonly(
          "bound", shown(&ChipCodes::bound, true),
          "(chip, products, code): how far the library's own error bounds could move a rate")
      .def_property_readonly("weight", shown(&ChipCodes::weight),
                             "(chip, products): share of conversions with so many products")
      .def_property_readonly("mean", shown(&ChipCodes::mean), "(chip, products): mean code; static")
      .def_property_readonly("data_sigma", shown(&ChipCodes::data_sigma),
                             "(chip, products), codes: spread over rows and data without noise; static")
      .def_property_readonly("temporal_sigma", shown(&ChipCodes::temporal_sigma),
                             "(chip, products), codes: of noise")
      .def_property_readonly(
          "chips", [](const CodesResult& self) { return self.indices; }, "Index of each chip")
      .def_property_readonly(
          "range_errors", [](const CodesResult& self) { return errors_of(range_errors(self.chips)); },
          "rms errors in codes, every number of products as often: 'chip' and 'data' (static), 'temporal'")
      .def_property_readonly(
          "data_errors", [](const CodesResult& self) { return errors_of(data_errors(self.chips)); },
          "The same, as often as data have them")
      .def_property_readonly(
          "effective_bits",
          [](const CodesResult& self) {
            return effective_bits(self.spec.adc_bits, range_errors(self.chips).total());
          },
          "By range_errors, static and temporal error together")
      .def_readonly("notes", &CodesResult::notes, "What a reader of the numbers must know");
}

}  // namespace mavis::python
