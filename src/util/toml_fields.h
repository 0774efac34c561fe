// A TOML file read field by field, every step checked. Errors are InputError
// "file:line: field 'mismatch.a_vt.n': reason; remedy".
//
// A field counts as known once it was asked for; after reading, refuse_unknown() on the root refuses the
// others, so a slip of the pen can't be ignored in silence. Not thread-safe.
#pragma once

#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mavis {

// Inclusive limits, in the unit of the quantity.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

// Above zero, for what can't vanish.
inline constexpr Range kPositive = {std::numeric_limits<double>::min(),
                                    std::numeric_limits<double>::infinity()};

// One table of the file; copies share the file.
class TomlFields {
 public:
  // `what` names the file in messages: "process description".
  static TomlFields read(const std::filesystem::path& path, std::string_view what);
  // The same of a text that was kept; `path` names it in messages.
  static TomlFields parse(const std::string& text, const std::filesystem::path& path, std::string_view what);

  const std::filesystem::path& path() const;
  bool has(std::string_view field) const;
  bool is_table(std::string_view field) const;  // there, as [field] or { ... }
  std::vector<std::string> names() const;       // fields of this table, sorted; none counts as asked for

  // Each throws where the field is missing or of another type. Texts are not empty.
  std::string text(std::string_view field) const;
  std::string choice(std::string_view field, const std::vector<std::string>& allowed) const;
  std::vector<std::string> texts(std::string_view field) const;  // ["a", "b"], at least one
  bool flag(std::string_view field) const;
  int integer(std::string_view field, int min, int max) const;
  // A number in `unit` (SI; see parse_quantity) or a string with a unit, "0.9 ns".
  double quantity(std::string_view field, std::string_view unit, Range range = {}) const;
  std::vector<double> quantities(std::string_view field, std::string_view unit, Range range = {}) const;
  TomlFields table(std::string_view field) const;                // [field] or { ... }
  std::vector<TomlFields> tables(std::string_view field) const;  // [[field]], at least one

  void refuse_unknown() const;  // of this table and all below it
  // Throws InputError at the place of `field` (or of this table, if it isn't there).
  [[noreturn]] void refuse(std::string_view field, std::string_view reason_and_remedy) const;

 private:
  struct File;
  struct Node;
  TomlFields(std::shared_ptr<File> file, Node node);

  std::shared_ptr<File> file_;
  std::shared_ptr<const Node> node_;
};

}  // namespace mavis
