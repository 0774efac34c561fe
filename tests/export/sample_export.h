// Exports of a small synthetic macro, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "export/target.h"
#include "macro/sample_macro.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis::exports {

// Two bits: three columns a half. With the table that NeuroSim's states are from.
inline tables::Library small_library() {
  tables::Library library = macro::sample_library({.adc_bits = 2,
                                                   .level_response = 0.03,
                                                   .charge_response = 0.05 * macro::kLineFarad,
                                                   .offset_response = 0.05,
                                                   .comparator_noise = 0.05,
                                                   .droop = -1e-3});
  tables::Table capacitance{
      .name = "line_charge/capacitance", .unit = "F", .long_name = "capacitance of a line, by charge"};
  capacitance.axes = {{.name = "corner", .labels = {"tt"}},
                      {.name = "vdd", .unit = "V", .values = {1}},
                      {.name = "temp_c", .unit = "C", .values = {27}},
                      {.name = "hold_voltage", .unit = "V", .values = {0.4, 0.6}},
                      {.name = "input_bit", .labels = {"0", "1"}}};
  capacitance.values = {2e-15, 2.5e-15, 3e-15, 3.5e-15};
  capacitance.planes["sigma"] = {1e-17, 2e-17, 3e-17, 4e-17};
  library.put(capacitance);
  return library;
}

inline DataOptions small_options() {
  return {.chips = 2, .seed = 5};
}

struct SampleExport {
  tables::Library library = small_library();
  Source source;

  SampleExport() {
    source = {.library = &library, .name = "small.h5", .hash = std::string(32, 'a'), .program = "0.1.0"};
    source.macro = macro_data(library, macro::kTypical, small_options());
    source.area = 125e-12;
  }
  SampleExport(const SampleExport&) = delete;

  std::map<std::string, std::string> files(const std::string& target) const {
    std::map<std::string, std::string> found;
    const Target& to = find_target(target);
    for (const File& file : to.make(source, to)) found[file.name] = file.text;
    return found;
  }
};

// A text cut into numbers and what lies between: libm's last digit may differ between machines.
struct Pieces {
  std::vector<double> numbers;
  std::string rest;

  explicit Pieces(const std::string& text) {
    const char* at = text.c_str();
    while (*at) {
      char* end = nullptr;
      const bool starts = std::isdigit(static_cast<unsigned char>(*at)) ||
                          (*at == '-' && std::isdigit(static_cast<unsigned char>(at[1])));
      const double number = starts ? std::strtod(at, &end) : 0;
      if (!starts) {
        rest += *at++;
        continue;
      }
      numbers.push_back(number);
      rest += '#';
      at = end;
    }
  }
};

// Every file of a target is as tests/export/golden/<target>/ has it, numbers to a part in 1e9. With
// MAVIS_WRITE_GOLDEN in the environment they are written there instead: look at the difference before you
// commit it.
inline void expect_golden(const std::string& target, const std::map<std::string, std::string>& files) {
  const std::filesystem::path folder =
      std::filesystem::path(MAVIS_TEST_SOURCE_DIR) / "tests/export/golden" / target;
  if (std::getenv("MAVIS_WRITE_GOLDEN")) {
    std::filesystem::create_directories(folder);
    for (const auto& [name, text] : files) write_atomically(folder / name, text);
  }
  for (const auto& [name, text] : files) {
    const Pieces found(text), golden(read_text(folder / name, "golden file"));
    EXPECT_EQ(found.rest, golden.rest) << name;
    ASSERT_EQ(found.numbers.size(), golden.numbers.size()) << name;
    // Of probabilities next to nothing, what rounding leaves.
    const double rounding = name.ends_with(".json") ? 1e-12 : 0;
    for (std::size_t i = 0; i < found.numbers.size(); ++i)
      EXPECT_NEAR(found.numbers[i], golden.numbers[i], 1e-9 * std::fabs(golden.numbers[i]) + rounding)
          << name << ", number " << i;
  }
  std::size_t kept = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(folder)) ++kept;
  EXPECT_EQ(kept, files.size());
}

// Lines that are no comments, cut at `separator`.
inline std::vector<std::vector<std::string>> rows_of(const std::string& text, char separator) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string>& row = rows.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, separator);) row.push_back(field);
    if (line.ends_with(separator)) row.emplace_back();
  }
  return rows;
}

// The numbers of a member of a JSON object, row-major.
inline std::vector<double> json_numbers(const std::string& json, const std::string& name) {
  const std::size_t at = json.find("\"" + name + "\":");
  EXPECT_NE(at, json.npos) << name;
  if (at == json.npos) return {};
  std::size_t from = at + name.size() + 3, to = from;
  for (int depth = 0; to < json.size(); ++to) {
    depth += json[to] == '[' ? 1 : json[to] == ']' ? -1 : 0;
    if (depth == 0 && (json[to] == ',' || json[to] == '\n' || json[to] == ']')) break;
  }
  return Pieces(json.substr(from, to - from)).numbers;
}

// Runs Debian's Python, which has NumPy, on `program` in `folder`: exit code, and what it printed.
inline std::pair<int, std::string> run_python(const std::filesystem::path& folder,
                                              const std::string& program) {
  std::ofstream(folder / "program.py") << program;
  const std::string command =
      "cd " + folder.string() + " && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 program.py >out.txt 2>&1";
  const int status = std::system(command.c_str());
  return {status, read_text(folder / "out.txt", "output")};
}

}  // namespace mavis::exports
