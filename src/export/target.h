// Formats that other tools read. A target is one file of src/export/targets/, registered by itself.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "export/source.h"

namespace mavis::exports {

struct File {
  std::string name;  // in the output folder
  std::string text;
};

struct Target {
  std::string name;     // "crosssim", as `--to` takes it
  std::string summary;  // a line: what it makes
  bool needs_macro = true;
  // What it can't say of a library, a line each: goes into the header of its files.
  std::vector<std::string> limits = {};
  // Pure. Source::macro is there if needs_macro. Throws InputError for what the library lacks.
  std::function<std::vector<File>(const Source&, const Target&)> make = {};
};

// `const bool registered = register_target({...});` at namespace scope. A second target of the same name ends
// the program.
bool register_target(Target target);
// Sorted by name.
const std::vector<Target>& targets();
// Throws InputError with the nearest name.
const Target& find_target(const std::string& name);

// From which library, macro, point and chips, and what the target can't say: lines without comment signs.
std::vector<std::string> header(const Source& source, const Target& target);
// The same, each line begun by `comment` ("# ", "// ").
std::string header_text(const Source& source, const Target& target, const std::string& comment);

// Writes every file whole or not at all; makes the folder. Throws InputError where it can't be written.
void write_files(const std::filesystem::path& folder, const std::vector<File>& files);

}  // namespace mavis::exports
