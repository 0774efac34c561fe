#include "macro_bindings.h"

#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "arrays.h"
#include "bindings.h"
#include "macro/codes_tables.h"
#include "macro/counted_codes.h"
#include "util/error.h"
#include "util/parallel.h"

namespace mavis::python {
namespace {

using namespace macro;

constexpr int kMostDecisions = 1000000;  // of a comparator's calibration
constexpr int kMostThreads = 1024;

struct Macro {
  std::shared_ptr<const tables::Library> library;
  Pvt pvt;
  Spec spec;
};

// Numbers are read where they lie, whatever the strides, and widened for the simulator one vector at a time.
Matrix matrix_of(const char* name, const py::array& array) {
  if (array.dtype().kind() != 'i' || array.itemsize() != 1 || array.ndim() != 2)
    throw InputError(fmt::format("{}: expected a two-dimensional array of int8, got {} of {} dimensions",
                                 name, py::str(array.dtype()).cast<std::string>(), array.ndim()));
  if (array.size() == 0) throw InputError(fmt::format("{}: the array is empty", name));
  const auto numbers = py::array_t<std::int8_t>(array).unchecked<2>();
  Matrix matrix(static_cast<std::size_t>(numbers.shape(0)));
  for (py::ssize_t row = 0; row < numbers.shape(0); ++row) {
    Vector& values = matrix[static_cast<std::size_t>(row)];
    values.reserve(static_cast<std::size_t>(numbers.shape(1)));
    for (py::ssize_t column = 0; column < numbers.shape(1); ++column) {
      if (numbers(row, column) < -kMostMagnitude)
        throw InputError(
            fmt::format("{}[{}, {}] is -128, outside of -127 to 127; scale the numbers", name, row, column));
      values.push_back(numbers(row, column));
    }
  }
  return matrix;
}

ComparatorProcedure procedure_of(const py::object& calibration) {
  if (py::isinstance<py::str>(calibration)) {
    const auto name = calibration.cast<std::string>();
    if (name == "tester") return {.decisions = 0};
    if (name == "none") return {.enabled = false};
  } else if (py::isinstance<py::int_>(calibration)) {
    const auto decisions = calibration.cast<long long>();
    if (decisions >= 1 && decisions <= kMostDecisions) return {.decisions = static_cast<int>(decisions)};
  }
  throw InputError(
      fmt::format("calibration {}: expected decisions to count at a setting, 1 to {}, or 'tester', "
                  "or 'none'",
                  py::repr(calibration).cast<std::string>(), kMostDecisions));
}

double volts(const char* name, double value) {
  if (!(value >= 0 && value <= 1))
    throw InputError(fmt::format("{} {}: expected volts rms, 0 to 1", name, value));
  return value;
}

std::vector<Chip> chips_of(const py::object& chips, std::uint64_t seed) {
  std::vector<Chip> list;
  if (py::isinstance<py::int_>(chips)) {
    const auto number = chips.cast<long long>();
    if (number < 1 || number > 100000)
      throw InputError(fmt::format("chips {}: expected 1 to 100000", number));
    for (long long i = 0; i < number; ++i) list.emplace_back(seed, static_cast<std::uint32_t>(i));
  } else if (py::isinstance<Chip>(chips)) {
    list.push_back(chips.cast<Chip>());
  } else {
    for (const py::handle chip : chips) {
      if (!py::isinstance<Chip>(chip))
        throw InputError("chips: expected a number, a Chip or a list of Chips");
      list.push_back(chip.cast<Chip>());
    }
    if (list.empty()) throw InputError("chips: the list is empty");
  }
  return list;
}

// Lets Python show progress, and Ctrl-C stop a simulation. Called without the GIL.
Watch watch_of(const py::object& progress) {
  return [&progress](std::size_t done, std::size_t total) {
    const py::gil_scoped_acquire held;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (!progress.is_none()) progress(done, total);
  };
}

SimulationResult simulate(const Macro& self, const py::array& weights, const py::array& inputs,
                          const py::object& chips, std::uint64_t seed, bool noise, int weight_bits,
                          int input_bits, int adc_bits, const py::object& calibration, double discard,
                          double supply_noise, double hold_noise, const py::object& progress) {
  SimulationResult result;
  result.workload = {matrix_of("weights", weights), matrix_of("inputs", inputs)};
  Operating operating;
  operating.precision = {weight_bits, input_bits, adc_bits};
  operating.comparator = procedure_of(calibration);
  operating.discard = discard;
  operating.supply = {volts("supply_noise", supply_noise), volts("hold_noise", hold_noise)};
  operating.watch = watch_of(progress);
  const std::vector<Chip> drawn = chips_of(chips, seed);
  const py::gil_scoped_release free;
  result.simulation = macro::simulate(*self.library, self.pvt, result.workload, drawn,
                                      noise ? std::optional(seed) : std::nullopt, operating);
  return result;
}

CodesResult codes(const Macro& self, const py::object& chips, std::uint64_t seed, double density,
                  const py::object& calibration, double supply_noise, double hold_noise, int threads) {
  if (!(density >= 1.0 / 256 && density <= 255.0 / 256))
    throw InputError(
        fmt::format("density {}: the probability of a 1 among bits, from 1/256 to 255/256", density));
  if (threads < 1 || threads > kMostThreads)
    throw InputError(fmt::format("threads {}: expected 1 to {}", threads, kMostThreads));
  const ComparatorProcedure procedure = procedure_of(calibration);
  const SupplyNoise supply = {volts("supply_noise", supply_noise), volts("hold_noise", hold_noise)};
  const std::vector<Chip> drawn = chips_of(chips, seed);
  CodesResult result{.library = self.library, .pvt = self.pvt, .spec = self.spec};
  for (const Chip& chip : drawn) result.indices.push_back(chip.index());
  const py::gil_scoped_release free;
  const PointTables tables(*self.library, self.pvt);
  tables.require_point("sum_line/level");
  const MacroModel model(tables, self.spec, supply);
  const TableBounds bounds = table_bounds(tables, self.spec.cycles());
  const std::vector<Bits> rows = random_rows(seed, self.spec, density);
  result.chips.resize(drawn.size());
  parallel_for(drawn.size(), threads, [&](std::size_t i) {
    result.chips[i] = chip_codes(model, drawn[i], procedure, rows, density, bounds);
  });
  result.notes = tables.notes();
  return result;
}

Chip chip_from_file(const Macro& self, const std::filesystem::path& path) {
  return load_chip(path, self.spec, column_labels(*self.library), comparator_labels(*self.library));
}

void bind_chip(py::module_& module) {
  py::class_<Chip>(
      module, "Chip",
      "A chip is its device draws: for every device one standard normal number a parameter. Chips of "
      "one seed and index are the same everywhere, in ngspice too.")
      .def(py::init<std::uint64_t, std::uint32_t>(), py::arg("seed") = 1, py::arg("index") = 0)
      .def_static("without_mismatch", &Chip::without_mismatch, py::arg("index") = 0,
                  "All draws are zero but those that set() changes; `index` addresses noise.")
      .def_property_readonly("seed", &Chip::seed)
      .def_property_readonly("index", &Chip::index)
      .def("draw", &Chip::draw, py::arg("address"), py::arg("label"),
           "Standard deviations: draw('u0.left.c7.r3', 'xcell.mrl:vth'), addresses as in tables/FORMAT.md.")
      .def(
          "set",
          [](Chip& chip, const std::string& address, const std::string& label, double value) {
            if (!std::isfinite(value))
              throw InputError(fmt::format("{} {}: {} is no draw", address, label, value));
            chip.set(address, label, value);
          },
          py::arg("address"), py::arg("label"), py::arg("value"), "Sets a draw, in standard deviations.")
      .def("__repr__",
           [](const Chip& chip) { return fmt::format("<Chip {} of seed {}>", chip.index(), chip.seed()); });
}

}  // namespace

void bind_macro(py::module_& module) {
  bind_chip(module);
  py::class_<Macro>(module, "Macro",
                    "A macro at one point of process, supply and temperature, simulated from its library.")
      .def(py::init(
               [](std::shared_ptr<tables::Library> library, std::string corner, double vdd, double temp_c) {
                 const Spec spec = read_spec(*library);
                 const Pvt pvt{std::move(corner), vdd, temp_c};
                 PointTables(*library, pvt).require_point("sum_line/level");
                 return Macro{std::move(library), pvt, spec};
               }),
           py::arg("library"), py::arg("corner") = "tt", py::arg("vdd") = 1.0, py::arg("temp_c") = 27.0,
           "vdd in V, temp_c in degrees Celsius. Raises InputError for a library that holds no macro, or a "
           "point "
           "outside of its tables.")
      .def_property_readonly("name", [](const Macro& macro) { return macro.spec.name; })
      .def_property_readonly("rows", [](const Macro& macro) { return macro.spec.rows; })
      .def_property_readonly("columns_per_half",
                             [](const Macro& macro) { return macro.spec.columns_per_half; })
      .def_property_readonly("adc_bits", [](const Macro& macro) { return macro.spec.adc_bits; })
      .def_property_readonly(
          "clock", [](const Macro& macro) { return macro.spec.clock; }, "Period, s")
      .def("load_chip", &chip_from_file, py::arg("path"),
           "A chip that `mavis simulate --save-chip` wrote; raises InputError for another macro's.")
      .def(
          "simulate", &simulate, py::arg("weights"), py::arg("inputs"), py::kw_only(), py::arg("chips") = 1,
          py::arg("seed") = 1, py::arg("noise") = true, py::arg("weight_bits") = 8, py::arg("input_bits") = 8,
          py::arg("adc_bits") = 0, py::arg("calibration") = 1024, py::arg("discard") = 0.0,
          py::arg("supply_noise") = 0.0, py::arg("hold_noise") = 0.0, py::arg("progress") = py::none(),
          R"(Runs signed vectors through sampled chips: weights (outputs, n) and inputs (batch, n), int8 of -127..127.

Arrays are read where they lie, and results are views of the simulator's own memory: nothing is copied by Python.
Other threads run meanwhile (the GIL is released). `chips` is a number of chips of `seed`, or Chips. `noise`
False: no temporal noise. Fewer bits run fewer planes and SA cycles (adc_bits 0: all). `calibration` of
comparators: decisions to count at a setting, 'tester' (thresholds are measured) or 'none'. `discard`: share of
the columns, those that a self-test finds extreme. Supply and hold noise in V rms. `progress(done, total)` is called
after each uArray; what it raises, and Ctrl-C, stops the simulation. Bit for bit what `mavis simulate` gives.
Raises InputError for arrays of another type or shape and settings that the macro can't have.)")
      .def("codes", &codes, py::kw_only(), py::arg("chips") = 16, py::arg("seed") = 1,
           py::arg("density") = 0.5, py::arg("calibration") = 1024, py::arg("supply_noise") = 0.0,
           py::arg("hold_noise") = 0.0, py::arg("threads") = 1,
           R"(P(code | products), what network simulations draw from, as `mavis codes` computes it.

`density`: probability of a 1 among stored bits and input bits. The other arguments as for simulate(). The GIL is
released; the numbers don't depend on `threads`.)")
      .def("__repr__", [](const Macro& macro) {
        return fmt::format("<Macro {} at {}>", macro.spec.name, macro.pvt.text());
      });

  module.def(
      "random_vectors",
      [](const std::string& name, std::size_t rows, std::size_t columns, std::uint64_t seed) {
        std::vector<std::int8_t> numbers;
        for (const Vector& row : random_matrix(seed, name, rows, columns))
          for (int value : row) numbers.push_back(static_cast<std::int8_t>(value));
        return moved(std::move(numbers), {static_cast<py::ssize_t>(rows), static_cast<py::ssize_t>(columns)});
      },
      py::arg("name"), py::arg("rows"), py::arg("columns"), py::arg("seed") = 1,
      "int8 (rows, columns), uniform over -127..127: what `mavis simulate` draws as 'weights' and 'inputs'.");
}

}  // namespace mavis::python
