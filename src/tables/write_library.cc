#include <fmt/format.h>

#include <set>
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

[[noreturn]] void refuse(const std::string& reason) {
  throw std::invalid_argument(reason);
}

std::vector<std::string> names_of(const std::vector<Axis>& axes) {
  std::vector<std::string> names;
  for (const Axis& axis : axes) names.push_back(axis.name);
  return names;
}

// One group of the file: a bench's tables and the axes that they share.
class BenchWriter {
 public:
  BenchWriter(const Node& root, const std::string& bench) : group_(root.add_group(bench)), bench_(bench) {}

  void write(const Table& table) {
    tables_.push_back(table.quantity());
    if (tables_.size() == 1) {
      group_.set("NX_class", std::string("NXdata"));
      group_.set("signal", table.quantity());
      group_.set("axes", names_of(table.axes));
    }
    const std::string name = table.quantity();
    const Node values = add(name, table.axes, table.values, table.unit, table.long_name);
    values.set("scale", std::string(name_of(table.scale)));
    if (table.worse != Worse::none) values.set("worse", std::string(name_of(table.worse)));
    write_error(values, table);

    std::vector<std::string> siblings;
    const auto sibling = [&]<class T>(const std::string& suffix, const std::vector<Axis>& axes,
                                      const std::vector<T>& numbers, const std::string& unit) {
      siblings.push_back(suffix);
      return add(name + "_" + suffix, axes, numbers, unit, table.long_name + ": " + suffix);
    };
    for (const auto& [suffix, plane] : table.planes)
      sibling(suffix, table.axes, plane, table.plane_unit(suffix));
    if (!table.n.empty()) sibling("n", table.axes, table.n, "1");
    if (!table.status.empty())
      write_flags<Status::no_margin>(sibling("status", table.axes, numbers(table.status), "1"));
    if (!table.method.empty())
      write_flags<Method::curved>(sibling("method", table.axes, numbers(table.method), "1"));
    if (!table.response.empty()) {
      std::vector<Axis> axes = table.axes;
      axes.push_back(table.parameters);
      sibling("response", axes, table.response, table.spread_unit());
      if (!table.bend.empty()) sibling("bend", axes, table.bend, table.spread_unit());
    }
    values.set("siblings", siblings);
  }

  void finish() const { group_.set("tables", tables_); }

 private:
  template <class T>
  Node add(const std::string& name, const std::vector<Axis>& axes, const std::vector<T>& values,
           const std::string& unit, const std::string& long_name) {
    Shape shape;
    for (const Axis& axis : axes) shape.push_back(axis.size());
    require_new(name);
    Node node = group_.add(name, shape, values);
    node.set("units", unit);
    node.set("long_name", long_name);
    node.set("axes", names_of(axes));
    for (std::size_t k = 0; k < axes.size(); ++k) node.attach_scale(scale(axes[k]), k);
    return node;
  }

  // The dataset of an axis, written when first used.
  const Node& scale(const Axis& axis) {
    const auto known = axes_.find(axis.name);
    if (known != axes_.end()) {
      if (known->second.first != axis)
        refuse(fmt::format("bench '{}' has two different axes '{}'", bench_, axis.name));
      return known->second.second;
    }
    require_new(axis.name);
    Node node = axis.discrete() ? group_.add(axis.name, {axis.size()}, axis.labels)
                                : group_.add(axis.name, {axis.size()}, axis.values);
    node.make_scale(axis.name);
    node.set("units", axis.unit);
    node.set("long_name", axis.long_name);
    return axes_.emplace(axis.name, std::pair(axis, std::move(node))).first->second.second;
  }

  void require_new(const std::string& name) {
    if (!names_.insert(name).second) refuse(fmt::format("bench '{}' has '{}' twice", bench_, name));
  }

  static void write_error(const Node& values, const Table& table) {
    const InterpolationError none{std::numeric_limits<double>::quiet_NaN(), "not estimated"};
    const InterpolationError error = table.interpolation_error.value_or(none);
    values.set("interpolation_error", error.value);
    values.set("interpolation_error_units", table.spread_unit());
    values.set("interpolation_error_axis", error.axis.empty() ? "held out" : error.axis);
    if (error.held_out > 0) values.set("interpolation_error_held_out", error.held_out);
    const NoiseFloor floor = table.noise_floor.value_or(NoiseFloor{none.value, 0});
    values.set("noise_floor", floor.value);
    values.set("noise_floor_units", table.spread_unit());
    values.set("noise_floor_n", floor.n);
  }

  template <auto kLast>
  static void write_flags(const Node& codes) {
    std::vector<std::uint8_t> numbers;
    std::string meanings;
    for (std::uint8_t code = 0; code <= static_cast<std::uint8_t>(kLast); ++code) {
      numbers.push_back(code);
      meanings += (meanings.empty() ? "" : " ") + std::string(name_of(static_cast<decltype(kLast)>(code)));
    }
    codes.set("flag_values", numbers);
    codes.set("flag_meanings", meanings);
  }

  template <class Code>
  static std::vector<std::uint8_t> numbers(const std::vector<Code>& codes) {
    std::vector<std::uint8_t> numbers;
    for (const Code code : codes) numbers.push_back(static_cast<std::uint8_t>(code));
    return numbers;
  }

  Node group_;
  std::string bench_;
  std::vector<std::string> tables_;
  std::set<std::string> names_;
  std::map<std::string, std::pair<Axis, Node>> axes_;
};

void write_file(const Node& folder, const std::string& label, const std::string& rest,
                const std::string& text) {
  const std::size_t slash = rest.find('/');
  const std::string part = rest.substr(0, slash);
  const bool last = slash == rest.npos;
  if (part.empty() || part == "." || part == ".." || (folder.has(part) && last))
    refuse(fmt::format("'{}' can't be the label of a file", label));
  if (last) {
    folder.add<std::string>(part, {}, {text}).set("hash", hash_hex(text));
    return;
  }
  const Node inner = folder.has(part) ? folder.open(part) : folder.add_group(part);
  if (!inner.is_group()) refuse(fmt::format("file label '{}' is below another file", label));
  write_file(inner, label, rest.substr(slash + 1), text);
}

void write_provenance(const Node& root, const Provenance& provenance) {
  const Node group = root.add_group("provenance");
  for (const auto& [key, value] : provenance.facts) {
    if (key.empty() || group.has_attribute(key)) refuse(fmt::format("provenance: fact '{}' twice", key));
    group.set(key, value);
  }
  const Node files = group.add_group("files");
  for (const auto& [label, text] : provenance.files) write_file(files, label, label, text);
}

// A list of things as one dataset a field.
template <class Row, class T>
void add_column(const Node& group, const std::vector<Row>& rows, const std::string& name, T Row::*field) {
  std::vector<T> values;
  for (const Row& row : rows) values.push_back(row.*field);
  group.add(name, {rows.size()}, values);
}

void write_failures(const Node& root, const std::vector<Failure>& failures) {
  const Node group = root.add_group("failures");
  add_column(group, failures, "bench", &Failure::bench);
  add_column(group, failures, "point", &Failure::point);
  add_column(group, failures, "sample", &Failure::sample);
  add_column(group, failures, "message", &Failure::message);
  add_column(group, failures, "deck", &Failure::deck);
}

void write_sensitivities(const Node& root, const std::vector<Sensitivity>& rows) {
  const Node group = root.add_group("sensitivity");
  add_column(group, rows, "table", &Sensitivity::table);
  add_column(group, rows, "rank", &Sensitivity::rank);
  add_column(group, rows, "parameter", &Sensitivity::parameter);
  add_column(group, rows, "share", &Sensitivity::share);
  add_column(group, rows, "response", &Sensitivity::response);
  add_column(group, rows, "cell", &Sensitivity::cell);
}

std::string bytes_of(const Library& library) {
  const Node root = Node::create_in_memory();
  root.set("format", std::string(kFormat));
  root.set("format_version", std::int64_t{kFormatVersion});
  root.set("macro", library.macro());
  root.set("NX_class", std::string("NXroot"));

  // In the order of bench/quantity, so that benches come in one piece each.
  std::vector<std::string> benches;
  std::optional<BenchWriter> writer;
  for (const auto& [name, table] : library.tables()) {
    if (benches.empty() || benches.back() != table.bench()) {
      if (writer) writer->finish();
      if (table.bench() == "provenance" || table.bench() == "failures" || table.bench() == "sensitivity")
        refuse(fmt::format("no bench can be called '{}'", table.bench()));
      writer.emplace(root, benches.emplace_back(table.bench()));
    }
    writer->write(table);
  }
  if (writer) writer->finish();
  root.set("benches", benches);
  if (!benches.empty()) root.set("default", benches.front());
  write_provenance(root, library.provenance);
  write_failures(root, library.failures);
  write_sensitivities(root, library.sensitivities);
  return root.image();
}

}  // namespace

void write_library(const std::filesystem::path& path, const Library& library) {
  std::string bytes;
  try {
    bytes = bytes_of(library);
  } catch (const hdf5::Error& error) {
    throw MachineError(fmt::format("{}: HDF5: {}", path.string(), error.what()));
  }
  write_atomically(path, bytes + seal_of(bytes));
}

}  // namespace mavis::tables
