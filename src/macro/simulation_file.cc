#include "macro/simulation_file.h"

#include <fmt/format.h>

#include <map>

#include "tables/hdf5.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::macro {
namespace {

using tables::hdf5::Node;
using tables::hdf5::Shape;

class Writer {
 public:
  Writer() : root_(Node::create_in_memory()) {}

  template <class T>
  void axis(const std::string& name, const std::string& long_name, const std::vector<T>& values) {
    Node node = root_.add(name, {values.size()}, values);
    node.make_scale(name);
    node.set("units", std::string("1"));
    node.set("long_name", long_name);
    sizes_[name] = values.size();
    axes_.emplace(name, std::move(node));
  }

  void indices(const std::string& name, const std::string& long_name, std::size_t size) {
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(static_cast<std::int64_t>(i));
    axis(name, long_name, values);
  }

  template <class T>
  void dataset(const std::string& name, const std::string& unit, const std::string& long_name,
               const std::vector<std::string>& axes, const std::vector<T>& values) {
    Shape shape;
    for (const std::string& axis : axes) shape.push_back(sizes_.at(axis));
    const Node node = root_.add(name, shape, values);
    node.set("units", unit);
    node.set("long_name", long_name);
    node.set("axes", axes);
    for (std::size_t k = 0; k < axes.size(); ++k) node.attach_scale(axes_.at(axes[k]), k);
  }

  void scalar(const std::string& name, const std::string& unit, const std::string& long_name, double value) {
    dataset<double>(name, unit, long_name, {}, {value});
  }

  const Node& root() const { return root_; }

 private:
  Node root_;
  std::map<std::string, Node> axes_;
  std::map<std::string, std::size_t> sizes_;
};

std::vector<std::int64_t> flat(const Matrix& matrix) {
  std::vector<std::int64_t> numbers;
  for (const Vector& row : matrix) numbers.insert(numbers.end(), row.begin(), row.end());
  return numbers;
}

template <std::size_t n>
std::vector<std::string> texts(const std::array<const char*, n>& names) {
  return {names.begin(), names.end()};
}

std::vector<std::string> names_of(const std::vector<int>& planes) {
  std::vector<std::string> names;
  for (int plane : planes) names.emplace_back(kPlaneNames[static_cast<std::size_t>(plane)]);
  return names;
}

void write_attributes(const Node& root, const Simulation& s, const Origin& origin) {
  root.set("format", std::string(kSimulationFormat));
  root.set("format_version", std::int64_t{kSimulationFormatVersion});
  root.set("macro", s.spec.name);
  root.set("mavis_version", origin.program);
  root.set("library_hash", origin.library_hash);
  root.set("corner", s.pvt.corner);
  root.set("vdd", s.pvt.vdd);
  root.set("temp_c", s.pvt.temp_c);
  root.set("seed", fmt::format("{}", origin.seed));
  root.set("noise", std::int64_t{origin.noise});
  root.set("mismatch", std::int64_t{origin.mismatch});
  root.set("clocks", std::int64_t{s.clocks});
  root.set("weight_bits", std::int64_t{s.precision.weight_bits});
  root.set("input_bits", std::int64_t{s.precision.input_bits});
  root.set("adc_bits", std::int64_t{s.precision.adc_bits});
  root.set("calibration_decisions",
           std::int64_t{origin.comparator.enabled ? origin.comparator.decisions : -1});
  root.set("discarded_columns", std::int64_t{s.spec.discarded});
  root.set("notes", s.notes);
}

void write_axes(Writer& writer, const Simulation& s) {
  writer.axis("chip", "index of the chip", std::vector<std::int64_t>(s.chips.begin(), s.chips.end()));
  writer.indices("input", "input vector", s.batch);
  writer.indices("output", "weight vector", s.outputs);
  writer.indices("element", "of a vector", s.length);
  writer.indices("tile", "part of a vector, one uArray", static_cast<std::size_t>(s.tiles));
  writer.indices("uarray", "output x tiles + tile; those with the rows of ones last",
                 static_cast<std::size_t>(s.arrays()));
  writer.axis<std::string>("half", "that computes", {"left", "right"});
  writer.axis("plane", "bit of |w| with step(x), or of |x| with step(w)", names_of(s.planes));
  writer.axis("ones_plane", "bit of |x| with the row of ones", names_of(s.ones_planes));
  writer.axis("phase", "what energy was spent for", texts(kPhaseNames));
  writer.axis("part", "what took the energy", texts(kPartNames));
  writer.axis<std::string>("side", "of the comparator", {"n", "p"});
  if (s.spec.discarded > 0)
    writer.indices("discarded_column", "of those of a half", static_cast<std::size_t>(s.spec.discarded));
}

std::vector<double> energies(const Simulation& s) {
  std::vector<double> joules;
  for (const Ledger& ledger : s.energy)
    for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase)
      for (std::size_t part = 0; part < kPartNames.size(); ++part)
        joules.push_back(ledger.of(static_cast<Phase>(phase), static_cast<Part>(part)));
  return joules;
}

void write_datasets(Writer& writer, const Simulation& s, const Workload& workload) {
  const std::vector<std::string> all = {"chip", "input", "output", "tile", "half", "plane"},
                                 ones = {"chip", "input", "tile", "half", "ones_plane"};
  const auto each_chip_same = [](const std::vector<std::string>& axes) {
    return std::vector<std::string>(axes.begin() + 1, axes.end());
  };
  writer.dataset("weights", "1", "weights", {"output", "element"}, flat(workload.weights));
  writer.dataset("inputs", "1", "inputs", {"input", "element"}, flat(workload.inputs));
  writer.dataset("codes", "1", "what conversions gave", all, s.codes);
  writer.dataset("counts", "1", "products, what an ideal conversion gives", each_chip_same(all), s.counts);
  writer.dataset("levels", "V", "sum line at the first comparison", all, s.levels);
  writer.dataset("ones_codes", "1", "codes: conversions of the rows of ones", ones, s.ones_codes);
  writer.dataset("ones_counts", "1", "counts: conversions of the rows of ones", each_chip_same(ones),
                 s.ones_counts);
  writer.dataset("ones_levels", "V", "levels: conversions of the rows of ones", ones, s.ones_levels);
  writer.dataset("results", "1", "w (+) x of the macro", {"chip", "input", "output"}, s.results);
  writer.dataset("exact", "1", "w (+) x", {"input", "output"}, s.exact);
  writer.dataset("quantized", "1", "w (+) x of a macro without errors at this precision", {"input", "output"},
                 s.quantized);
  writer.dataset("energy", "J", "energy of the whole workload", {"chip", "phase", "part"}, energies(s));
  std::vector<std::string> settings;
  for (const auto& pair : s.calibration) settings.insert(settings.end(), pair.begin(), pair.end());
  writer.dataset("calibration", "1", "comparator's calibration setting", {"chip", "uarray", "side"},
                 settings);
  if (s.spec.discarded > 0)
    writer.dataset("discarded", "1",
                   "columns of a uArray that hold no data; the right half's follow the left's",
                   {"chip", "uarray", "half", "discarded_column"},
                   std::vector<std::int64_t>(s.discarded.begin(), s.discarded.end()));
  writer.scalar("latency", "s", "of one w (+) x", s.latency);
  writer.scalar("total_time", "s", "of all inputs, one after another", s.total_time);
  writer.scalar("operations", "1", "two a weight-input pair", s.operations);
  const ErrorStatistics errors = code_errors(s);
  writer.scalar("code_error_mean", "1", "mean of code - count, LSB", errors.mean);
  writer.scalar("code_error_rms", "1", "root mean square of code - count, LSB", errors.rms);
  writer.scalar("result_error", "1", "rms of results - exact over rms of exact", relative_result_error(s));
}

}  // namespace

void write_simulation(const std::filesystem::path& path, const Simulation& simulation,
                      const Workload& workload, const Origin& origin) {
  std::string bytes;
  try {
    Writer writer;
    write_attributes(writer.root(), simulation, origin);
    write_axes(writer, simulation);
    write_datasets(writer, simulation, workload);
    bytes = writer.root().image();
  } catch (const tables::hdf5::Error& error) {
    throw MachineError(fmt::format("{}: HDF5: {}", path.string(), error.what()));
  }
  write_atomically(path, bytes);
}

}  // namespace mavis::macro
