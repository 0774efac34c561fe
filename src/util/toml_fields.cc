#include "util/toml_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "util/error.h"
#include "util/files.h"
#include "util/nearest.h"
#include "util/units.h"

namespace mavis {

namespace fs = std::filesystem;

// The parsed file, and which fields of each of its tables were asked for.
struct TomlFields::File {
  fs::path path;
  toml::table root;
  std::map<const toml::table*, std::set<std::string, std::less<>>> asked;
};

struct TomlFields::Node {
  const toml::table* table;
  std::string prefix;  // "mismatch.": what precedes a field's name in messages

  static const toml::node& require(const TomlFields& fields, std::string_view field);
  static double number(const TomlFields& fields, std::string_view field, const toml::node& node,
                       std::string_view unit, Range range);
  static void refuse_unknown(const TomlFields& fields);
};

namespace {

std::string_view type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

std::string with_unit(double value, std::string_view unit) {
  return unit == "1" ? fmt::format("{:g}", value) : fmt::format("{:g} {}", value, unit);
}

std::string limits(Range range, std::string_view unit) {
  if (range.min == kPositive.min) return "must be above zero";
  if (std::isinf(range.max)) return fmt::format("must be at least {}", with_unit(range.min, unit));
  return fmt::format("must be within {} to {}", with_unit(range.min, unit), with_unit(range.max, unit));
}

}  // namespace

const toml::node& TomlFields::Node::require(const TomlFields& fields, std::string_view field) {
  if (!fields.has(field)) fields.refuse(field, "is missing; add it");
  return *fields.node_->table->get(field);
}

double TomlFields::Node::number(const TomlFields& fields, std::string_view field, const toml::node& node,
                                std::string_view unit, Range range) {
  double value = 0;
  if (node.is_string()) {
    try {
      value = parse_quantity(node.as_string()->get(), unit);
    } catch (const InputError& error) {
      fields.refuse(field, error.what());
    }
  } else if (node.is_number()) {
    value = *node.value<double>();
  } else {
    fields.refuse(field, fmt::format("is {}; write a number{}", type_of(node),
                                     unit == "1" ? "" : fmt::format(" in {} or a text with its unit", unit)));
  }
  if (!std::isfinite(value)) fields.refuse(field, "is not a finite number; correct it");
  if (value < range.min || value > range.max)
    fields.refuse(field,
                  fmt::format("is {} but {}; correct it", with_unit(value, unit), limits(range, unit)));
  return value;
}

// Walks all tables below `fields`; a table that nobody asked for is refused at its parent.
void TomlFields::Node::refuse_unknown(const TomlFields& fields) {
  const auto& asked = fields.file_->asked[fields.node_->table];
  const std::vector<std::string> known(asked.begin(), asked.end());
  for (const std::string& name : fields.names()) {
    if (!asked.contains(name)) {
      const std::string near = nearest(name, known);
      fields.refuse(name, near.empty()
                              ? fmt::format("is unknown; remove it (known here: {})", fmt::join(known, ", "))
                              : fmt::format("is unknown; did you mean '{}'?", near));
    }
    const toml::node& node = *fields.node_->table->get(name);
    if (node.is_table()) refuse_unknown(fields.table(name));
    if (node.is_array_of_tables())
      for (const TomlFields& each : fields.tables(name)) refuse_unknown(each);
  }
}

TomlFields::TomlFields(std::shared_ptr<File> file, Node node)
    : file_(std::move(file)), node_(std::make_shared<const Node>(std::move(node))) {}

TomlFields TomlFields::read(const fs::path& path, std::string_view what) {
  return parse(read_text(path, what), path, what);
}

TomlFields TomlFields::parse(const std::string& text, const fs::path& path, std::string_view what) {
  auto file = std::make_shared<File>();
  file->path = path;
  try {
    file->root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw InputError(fmt::format("{}:{}: not valid TOML: {}; correct this line of the {}", path.string(),
                                 error.source().begin.line, error.description(), what));
  }
  Node root = {&file->root, ""};
  return TomlFields(std::move(file), std::move(root));
}

const fs::path& TomlFields::path() const {
  return file_->path;
}

bool TomlFields::has(std::string_view field) const {
  file_->asked[node_->table].emplace(field);
  return node_->table->contains(field);
}

bool TomlFields::is_table(std::string_view field) const {
  return has(field) && node_->table->get(field)->is_table();
}

std::vector<std::string> TomlFields::names() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : *node_->table) names.emplace_back(key.str());
  return names;
}

std::string TomlFields::text(std::string_view field) const {
  const toml::node& node = Node::require(*this, field);
  if (!node.is_string()) refuse(field, fmt::format("is {}; write a text in quotes", type_of(node)));
  const std::string& text = node.as_string()->get();
  if (text.find_first_not_of(" \t\n") == text.npos) refuse(field, "is empty; fill it in");
  return text;
}

std::string TomlFields::choice(std::string_view field, const std::vector<std::string>& allowed) const {
  const std::string chosen = text(field);
  if (std::find(allowed.begin(), allowed.end(), chosen) == allowed.end())
    refuse(field, fmt::format("is '{}'; choose one of: {}", chosen, fmt::join(allowed, ", ")));
  return chosen;
}

std::vector<std::string> TomlFields::texts(std::string_view field) const {
  const toml::node& node = Node::require(*this, field);
  const auto* list = node.as_array();
  if (!list || list->empty() || !list->is_homogeneous(toml::node_type::string))
    refuse(field, R"(is no list of texts; write ["a", "b"])");
  std::vector<std::string> texts;
  for (const toml::node& each : *list) texts.push_back(each.as_string()->get());
  return texts;
}

bool TomlFields::flag(std::string_view field) const {
  const toml::node& node = Node::require(*this, field);
  if (!node.is_boolean()) refuse(field, fmt::format("is {}; write true or false", type_of(node)));
  return node.as_boolean()->get();
}

int TomlFields::integer(std::string_view field, int min, int max) const {
  const toml::node& node = Node::require(*this, field);
  if (!node.is_integer())
    refuse(field, fmt::format("is {}; write a whole number", node.is_number() ? "not whole" : type_of(node)));
  const std::int64_t value = node.as_integer()->get();
  if (value < min || value > max)
    refuse(field, fmt::format("is {} but must be within {} to {}; correct it", value, min, max));
  return static_cast<int>(value);
}

double TomlFields::quantity(std::string_view field, std::string_view unit, Range range) const {
  return Node::number(*this, field, Node::require(*this, field), unit, range);
}

std::vector<double> TomlFields::quantities(std::string_view field, std::string_view unit, Range range) const {
  const toml::node& node = Node::require(*this, field);
  if (!node.is_array() || node.as_array()->empty())
    refuse(field, fmt::format("is {}; write a list of numbers, [a, b]",
                              node.is_array() ? "an empty list" : type_of(node)));
  std::vector<double> values;
  for (const toml::node& each : *node.as_array())
    values.push_back(Node::number(*this, field, each, unit, range));
  return values;
}

TomlFields TomlFields::table(std::string_view field) const {
  const toml::node& node = Node::require(*this, field);
  if (!node.is_table())
    refuse(field, fmt::format("is {}; write a table, [{}{}] or {{ name = value, ... }}", type_of(node),
                              node_->prefix, field));
  return TomlFields(file_, {node.as_table(), fmt::format("{}{}.", node_->prefix, field)});
}

std::vector<TomlFields> TomlFields::tables(std::string_view field) const {
  const toml::node& node = Node::require(*this, field);
  if (!node.is_array_of_tables())
    refuse(field, fmt::format("is {}; write one [[{}{}]] or more", type_of(node), node_->prefix, field));
  std::vector<TomlFields> tables;
  for (const toml::node& each : *node.as_array())
    tables.push_back(
        TomlFields(file_, {each.as_table(), fmt::format("{}{}[{}].", node_->prefix, field, tables.size())}));
  return tables;
}

void TomlFields::refuse_unknown() const {
  Node::refuse_unknown(*this);
}

void TomlFields::refuse(std::string_view field, std::string_view reason_and_remedy) const {
  const toml::node* at = node_->table->get(field);
  const toml::node& place = at ? *at : *node_->table;
  const auto line = std::max<toml::source_index>(place.source().begin.line, 1);
  throw InputError(fmt::format("{}:{}: field '{}{}': {}", file_->path.string(), line, node_->prefix, field,
                               reason_and_remedy));
}

}  // namespace mavis
