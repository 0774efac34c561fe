#include "macro/chip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <vector>

#include "tables/hdf5.h"
#include "util/draws.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::macro {
namespace {

using tables::hdf5::Node;

constexpr const char* kFormat = "mavis-chip";
constexpr std::int64_t kFormatVersion = 1;

struct Address {
  std::int64_t array = 0;
  std::optional<std::int64_t> column, row;  // none: the uArray's comparator; the column's line
};

// "u0.comparator", "u0.left.c7", "u0.right.c7.r3".
std::optional<Address> parse_address(std::string_view text) {
  const auto skip = [&](std::string_view word) {
    const bool found = text.starts_with(word);
    if (found) text.remove_prefix(word.size());
    return found;
  };
  const auto number = [&]() -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
  };
  Address address;
  const auto array = skip("u") ? number() : std::nullopt;
  if (!array) return std::nullopt;
  address.array = *array;
  if (skip(".left.c") || skip(".right.c")) {
    address.column = number();
    if (!address.column) return std::nullopt;
    if (skip(".r") && !(address.row = number())) return std::nullopt;
  } else if (!skip(".comparator")) {
    return std::nullopt;
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

// Empty where `address` and `label` name a device of such a macro, else why not.
std::string objection(const std::string& address, const std::string& label, const Spec& spec,
                      std::int64_t arrays, const std::set<std::string>& column_labels,
                      const std::set<std::string>& comparator_labels) {
  const std::optional<Address> parsed = parse_address(address);
  if (!parsed) return "is no address; they read u0.left.c7, u0.left.c7.r3 or u0.comparator";
  if (parsed->array >= arrays) return fmt::format("is outside of the chip's {} uArrays", arrays);
  if (parsed->column && *parsed->column >= spec.columns_per_half)
    return fmt::format("is outside of the macro's {} columns a half", spec.columns_per_half);
  if (parsed->row && *parsed->row >= spec.rows)
    return fmt::format("is outside of the macro's {} rows", spec.rows);
  const bool is_comparator = !parsed->column, is_cell = parsed->row.has_value();
  const std::set<std::string>& labels = is_comparator ? comparator_labels : column_labels;
  if (!labels.contains(label) || (!is_comparator && belongs_to_cell(label) != is_cell))
    return fmt::format("has no device parameter '{}' in this library", label);
  return {};
}

void add_measured(const Node& root, const std::map<int, MeasuredComparator>& comparators) {
  const MeasuredComparator& first = comparators.begin()->second;
  std::vector<std::int64_t> arrays;
  std::vector<std::string> settings;
  std::vector<double> thresholds;
  for (const auto& [array, comparator] : comparators) {
    arrays.push_back(array);
    settings.insert(settings.end(), comparator.setting.begin(), comparator.setting.end());
    thresholds.insert(thresholds.end(), comparator.threshold.y.begin(), comparator.threshold.y.end());
  }
  const std::size_t each = first.threshold.x.size();
  root.set("comparator_pvt", first.pvt);
  root.add("comparator_uarray", {arrays.size()}, arrays);
  root.add("comparator_common_mode", {each}, first.threshold.x).set("units", std::string("1"));
  root.add("comparator_setting", {arrays.size(), 2}, settings);
  root.add("comparator_threshold", {arrays.size(), each}, thresholds).set("units", std::string("V"));
}

void read_measured(const Node& root, Chip& chip, std::int64_t all,
                   const std::function<void(const std::string&)>& refuse) {
  const auto arrays = root.dataset("comparator_uarray").read_integers();
  const auto common_modes =
      root.dataset("comparator_common_mode").read<double>(root.dataset("comparator_common_mode").shape());
  const std::size_t each = common_modes.size();
  const auto thresholds = root.dataset("comparator_threshold").read<double>({arrays.size(), each});
  const auto settings = root.dataset("comparator_setting").read<std::string>({arrays.size(), 2});
  if (each == 0 || !std::is_sorted(common_modes.begin(), common_modes.end(), std::less_equal<>()))
    refuse("comparator_common_mode does not ascend");
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (arrays[i] < 0 || arrays[i] >= all)
      refuse(fmt::format("comparator_uarray: {} is outside of the chip's {} uArrays", arrays[i], all));
    const auto begin = thresholds.begin() + static_cast<std::ptrdiff_t>(i * each);
    std::vector<double> own(begin, begin + static_cast<std::ptrdiff_t>(each));
    if (!std::all_of(own.begin(), own.end(), [](double v) { return std::isfinite(v); }))
      refuse(fmt::format("comparator_threshold: uArray {} has a number that is not finite", arrays[i]));
    chip.set_measured(static_cast<int>(arrays[i]), {.pvt = root.get<std::string>("comparator_pvt"),
                                                    .setting = {settings[2 * i], settings[2 * i + 1]},
                                                    .threshold = {common_modes, std::move(own)}});
  }
}

}  // namespace

std::string_view name_of(Half half) {
  return half == Half::left ? "left" : "right";
}

std::string line_address(int array, Half half, int column) {
  return fmt::format("u{}.{}.c{}", array, name_of(half), column);
}

std::string cell_address(int array, Half half, int column, int row) {
  return fmt::format("{}.r{}", line_address(array, half, column), row);
}

std::string comparator_address(int array) {
  return fmt::format("u{}.comparator", array);
}

bool belongs_to_cell(std::string_view label) {
  return label.starts_with("xcell.");
}

Chip Chip::without_mismatch(std::uint32_t index) {
  Chip chip(0, index);
  chip.is_zero_ = true;
  return chip;
}

double Chip::draw(const std::string& address, const std::string& label) const {
  const auto given = set_.empty() ? set_.end() : set_.find({address, label});
  const double value = given != set_.end() ? given->second
                       : is_zero_          ? 0
                                           : normal_draw(seed_, Stream::local, index_, address + "/" + label);
  if (recording_) used_[{address, label}] = value;
  return value;
}

void Chip::set(const std::string& address, const std::string& label, double value) {
  set_[{address, label}] = value;
}

const MeasuredComparator* Chip::measured(int array) const {
  const auto found = measured_.find(array);
  return found == measured_.end() ? nullptr : &found->second;
}

void Chip::set_measured(int array, MeasuredComparator comparator) {
  measured_[array] = std::move(comparator);
}

void save_chip(const std::filesystem::path& path, const Chip& chip, const std::string& macro, int arrays) {
  std::vector<std::string> addresses, labels;
  std::vector<double> values;
  for (const auto& [name, value] : chip.used()) {
    addresses.push_back(name.first);
    labels.push_back(name.second);
    values.push_back(value);
  }
  const Node root = Node::create_in_memory();
  root.set("format", std::string(kFormat));
  root.set("format_version", kFormatVersion);
  root.set("macro", macro);
  root.set("seed", fmt::format("{}", chip.seed()));
  root.set("index", std::int64_t{chip.index()});
  root.set("uarrays", std::int64_t{arrays});
  root.add("address", {addresses.size()}, addresses);
  root.add("label", {labels.size()}, labels);
  const Node value = root.add("value", {values.size()}, values);
  value.set("units", std::string("1"));
  value.set("long_name", std::string("draw of a device parameter, in standard deviations"));
  if (!chip.measured().empty()) add_measured(root, chip.measured());
  write_atomically(path, root.image());
}

Chip load_chip(const std::filesystem::path& path, const Spec& spec,
               const std::set<std::string>& column_labels, const std::set<std::string>& comparator_labels) {
  const auto refuse = [&](const std::string& reason) {
    throw InputError(fmt::format("{}: {}", path.string(), reason));
  };
  if (!std::filesystem::exists(path)) refuse("no such chip file; write one with --save-chip");
  if (!tables::hdf5::is_hdf5(path)) refuse("is no HDF5 file; write a chip with --save-chip");
  try {
    const Node root = Node::open_file(path);
    if (!root.has_attribute("format") || root.get<std::string>("format") != kFormat)
      refuse("is no chip file; write one with --save-chip");
    if (const auto version = root.get<std::int64_t>("format_version"); version > kFormatVersion)
      refuse(fmt::format("chip format {} is newer than this program's {}; update mavis", version,
                         kFormatVersion));
    if (const auto macro = root.get<std::string>("macro"); macro != spec.name)
      refuse(fmt::format("is a chip of the macro '{}', the library describes '{}'", macro, spec.name));
    const std::string seed_text = root.get<std::string>("seed");
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(seed_text.data(), seed_text.data() + seed_text.size(), seed);
    if (error != std::errc() || end != seed_text.data() + seed_text.size())
      refuse(fmt::format("attribute 'seed' is '{}', expected a whole number", seed_text));
    const auto index = root.get<std::int64_t>("index"), arrays = root.get<std::int64_t>("uarrays");
    if (index < 0 || index > std::int64_t{UINT32_MAX})
      refuse(fmt::format("attribute 'index' is {}, expected 0 to {}", index, UINT32_MAX));

    Chip chip(seed, static_cast<std::uint32_t>(index));
    const tables::hdf5::Shape shape = root.dataset("value").shape();
    const auto values = root.dataset("value").read<double>(shape);
    const auto addresses = root.dataset("address").read<std::string>(shape);
    const auto labels = root.dataset("label").read<std::string>(shape);
    std::set<DrawName> seen;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string reason =
          objection(addresses[i], labels[i], spec, arrays, column_labels, comparator_labels);
      if (!reason.empty()) refuse(fmt::format("draw {}: '{}' {}", i, addresses[i], reason));
      if (!std::isfinite(values[i]))
        refuse(fmt::format("draw {}, {} {}: {} is no finite number", i, addresses[i], labels[i], values[i]));
      if (!seen.emplace(addresses[i], labels[i]).second)
        refuse(fmt::format("draw {}: {} {} is given twice", i, addresses[i], labels[i]));
      chip.set(addresses[i], labels[i], values[i]);
    }
    if (root.has("comparator_threshold")) read_measured(root, chip, arrays, refuse);
    return chip;
  } catch (const tables::hdf5::Error& trouble) {
    throw InputError(
        fmt::format("{}: {}; write the chip again with --save-chip", path.string(), trouble.what()));
  }
}

}  // namespace mavis::macro
