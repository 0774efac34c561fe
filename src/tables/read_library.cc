#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tables/hdf5.h"
#include "tables/library.h"
#include "tables/seal.h"
#include "util/error.h"
#include "util/files.h"
#include "util/hash.h"

namespace mavis::tables {
namespace {

using hdf5::Node;
using hdf5::Shape;

constexpr std::string_view kRemedy = "make the library again with `mavis characterize`";

Axis read_axis(const Node& bench, const std::string& name) {
  const Node node = bench.dataset(name);
  const Shape shape = node.shape();
  Axis axis{name, node.get<std::string>("units"), node.get<std::string>("long_name")};
  if (node.is_text())
    axis.labels = node.read<std::string>(shape);
  else
    axis.values = node.read<double>(shape);
  axis.check();
  return axis;
}

std::vector<Axis> read_axes(const Node& bench, const Node& dataset) {
  std::vector<Axis> axes;
  for (const std::string& name : dataset.get_all<std::string>("axes")) axes.push_back(read_axis(bench, name));
  return axes;
}

Shape shape_of(const std::vector<Axis>& axes) {
  Shape shape;
  for (const Axis& axis : axes) shape.push_back(axis.size());
  return shape;
}

Scale read_scale(const Node& values) {
  const std::string name = values.get<std::string>("scale");
  for (const Scale scale : {Scale::linear, Scale::log})
    if (name == name_of(scale)) return scale;
  throw hdf5::Error(fmt::format("{}: scale '{}', expected linear or log", values.path(), name));
}

Worse read_worse(const Node& values) {
  if (!values.has_attribute("worse")) return Worse::none;
  const std::string name = values.get<std::string>("worse");
  for (const Worse worse : {Worse::none, Worse::low, Worse::high})
    if (name == name_of(worse)) return worse;
  throw hdf5::Error(fmt::format("{}: worse '{}', expected none, low or high", values.path(), name));
}

template <class Code>
std::vector<Code> read_codes(const Node& node, const Shape& shape) {
  std::vector<Code> codes;
  for (const std::uint8_t number : node.read<std::uint8_t>(shape)) codes.push_back(static_cast<Code>(number));
  return codes;
}

Table read_table(const Node& bench, const std::string& bench_name, const std::string& quantity) {
  const Node values = bench.dataset(quantity);
  Table table{bench_name + "/" + quantity, values.get<std::string>("units"),
              values.get<std::string>("long_name"), read_scale(values), read_axes(bench, values)};
  const Shape shape = shape_of(table.axes);
  table.values = values.read<double>(shape);
  table.worse = read_worse(values);

  InterpolationError error{values.get<double>("interpolation_error"),
                           values.get<std::string>("interpolation_error_axis")};
  if (values.has_attribute("interpolation_error_held_out"))
    error.held_out = values.get<std::int64_t>("interpolation_error_held_out");
  if (error.axis == "held out" && error.held_out > 0) error.axis.clear();
  if (error.axis.empty() || table.find_axis(error.axis)) table.interpolation_error = error;
  if (values.has_attribute("noise_floor_n")) {
    const NoiseFloor floor{values.get<double>("noise_floor"), values.get<std::int64_t>("noise_floor_n")};
    if (floor.n > 0) table.noise_floor = floor;
  }

  for (const std::string& suffix : values.get_all<std::string>("siblings")) {
    const Node sibling = bench.dataset(quantity + "_" + suffix);
    if (suffix == "n") {
      table.n = sibling.read<std::int64_t>(shape);
    } else if (suffix == "status") {
      table.status = read_codes<Status>(sibling, shape);
    } else if (suffix == "method") {
      table.method = read_codes<Method>(sibling, shape);
    } else if (suffix == "response") {
      const std::vector<Axis> axes = read_axes(bench, sibling);
      if (axes.empty()) throw hdf5::Error(fmt::format("{}: no axes", sibling.path()));
      table.parameters = axes.back();
      table.response = sibling.read<double>(shape_of(axes));
    } else if (suffix == "bend") {
      table.bend = sibling.read<double>(shape_of(read_axes(bench, sibling)));
    } else {
      table.planes[suffix] = sibling.read<double>(shape);
    }
  }
  return table;
}

void read_files(const Node& folder, const std::string& prefix, std::map<std::string, std::string>& files) {
  for (const std::string& name : folder.names()) {
    const Node node = folder.open(name);
    const std::string label = prefix + name;
    if (node.is_group()) {
      read_files(node, label + "/", files);
      continue;
    }
    const std::string text = node.read<std::string>({}).front();
    if (node.get<std::string>("hash") != hash_hex(text))
      throw hdf5::Error(fmt::format("{}: text does not match its hash", node.path()));
    files[label] = text;
  }
}

Provenance read_provenance(const Node& root) {
  const Node group = root.group("provenance");
  Provenance provenance;
  for (const std::string& key : group.attribute_names())
    provenance.facts.emplace_back(key, group.get<std::string>(key));
  read_files(group.group("files"), "", provenance.files);
  return provenance;
}

template <class Row, class T>
void read_column(const Node& group, std::vector<Row>& rows, const std::string& name, T Row::*field) {
  const std::vector<T> values = group.dataset(name).template read<T>({rows.size()});
  for (std::size_t i = 0; i < values.size(); ++i) rows[i].*field = values[i];
}

// The fields of a list of things; its length is that of the dataset `name`, a list of T.
template <class Row, class T>
std::vector<Row> read_rows(const Node& group, const std::string& name, T Row::*field) {
  const Node first = group.dataset(name);
  if (first.shape().size() != 1) throw hdf5::Error(first.path() + ": not a list");
  std::vector<Row> rows(first.shape().front());
  read_column(group, rows, name, field);
  return rows;
}

std::vector<Failure> read_failures(const Node& root) {
  const Node group = root.group("failures");
  auto failures = read_rows(group, "sample", &Failure::sample);
  read_column(group, failures, "bench", &Failure::bench);
  read_column(group, failures, "point", &Failure::point);
  read_column(group, failures, "message", &Failure::message);
  read_column(group, failures, "deck", &Failure::deck);
  return failures;
}

// Older libraries have none.
std::vector<Sensitivity> read_sensitivities(const Node& root) {
  if (!root.has("sensitivity")) return {};
  const Node group = root.group("sensitivity");
  auto rows = read_rows(group, "rank", &Sensitivity::rank);
  read_column(group, rows, "table", &Sensitivity::table);
  read_column(group, rows, "parameter", &Sensitivity::parameter);
  read_column(group, rows, "share", &Sensitivity::share);
  read_column(group, rows, "response", &Sensitivity::response);
  read_column(group, rows, "cell", &Sensitivity::cell);
  return rows;
}

Library read(const std::filesystem::path& path) {
  const auto refuse = [&](const std::string& reason) { throw InputError(path.string() + ": " + reason); };
  const Node root = Node::open_file(path);
  if (!root.has_attribute("format") || root.get<std::string>("format") != kFormat)
    refuse("is an HDF5 file but not a Mavis library; name a file made by `mavis characterize`");
  if (const auto version = root.get<std::int64_t>("format_version"); version > kFormatVersion)
    refuse(fmt::format("written by a newer Mavis: format {}, this program reads up to {}; update Mavis",
                       version, kFormatVersion));

  Library library(root.get<std::string>("macro"));
  for (const std::string& bench : root.get_all<std::string>("benches")) {
    const Node group = root.group(bench);
    for (const std::string& quantity : group.get_all<std::string>("tables"))
      library.put(read_table(group, bench, quantity));
  }
  library.provenance = read_provenance(root);
  library.failures = read_failures(root);
  library.sensitivities = read_sensitivities(root);
  return library;
}

}  // namespace

Library read_library(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw InputError(fmt::format("{}: no such library; make one with `mavis characterize`", path.string()));
  if (!std::filesystem::is_regular_file(path))
    throw InputError(fmt::format("{}: is not a file; name a library", path.string()));
  if (::access(path.c_str(), R_OK) != 0)
    throw InputError(fmt::format("{}: cannot be read ({})", path.string(), std::strerror(errno)));
  if (!hdf5::is_hdf5(path))
    throw InputError(fmt::format("{}: is not an HDF5 file; name a library (.h5) made by `mavis characterize`",
                                 path.string()));
  if (!seal_holds(read_text(path, "library")))
    throw InputError(
        fmt::format("{}: damaged: its contents do not match the seal at its end; copy it again or {}",
                    path.string(), kRemedy));
  try {
    return read(path);
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& error) {  // hdf5::Error, a broken rule of Table, an absurd size
    throw InputError(fmt::format("{}: {}; {}", path.string(), error.what(), kRemedy));
  }
}

}  // namespace mavis::tables
