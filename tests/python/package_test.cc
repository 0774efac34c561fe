// The Python package, tested from Python (package.py) on a synthetic library and against the program.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "macro/sample_macro.h"
#include "tables/interpolate.h"
#include "tables/library.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

tables::Library sample() {
  return macro::sample_library({.level_response = 0.05, .offset_response = 0.01, .comparator_noise = 1e-3});
}

// Runs a Python file of this project in `folder`, which has the library as sample.h5.
void run_python(const TemporaryFolder& folder, const std::string& file, const std::string& arguments) {
  tables::write_library(folder.path() / "sample.h5", sample());
  const fs::path output = folder.path() / "output";
  const std::string command = fmt::format(
      "cd {} && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH={} MAVIS_TEST_PROGRAM={} MPLCONFIGDIR=. {} {}/{} {} >{} "
      "2>&1",
      folder.path().string(), MAVIS_TEST_PYTHON_PACKAGE, MAVIS_TEST_PROGRAM, MAVIS_TEST_PYTHON,
      MAVIS_TEST_SOURCE_DIR, file, arguments, output.string());
  EXPECT_EQ(std::system(command.c_str()), 0) << read_text(output, "output");
}

// Every table at places between its nodes, in hexadecimal digits, with the values that C++ finds there.
void write_places(const TemporaryFolder& folder) {
  std::string places, answers;
  const tables::Library library = sample();
  for (const auto& [name, table] : library.tables())
    for (const double between : {0.0, 0.37, 0.81}) {
      tables::Point point;
      std::string place = name;
      for (const tables::Axis& axis : table.axes) {
        if (axis.discrete()) {
          point.emplace(axis.name, axis.labels.back());
          place += fmt::format(" {}={}", axis.name, axis.labels.back());
        } else {
          const double value = axis.values.front() + between * (axis.values.back() - axis.values.front());
          point.emplace(axis.name, value);
          place += fmt::format(" {}={:a}", axis.name, value);
        }
      }
      places += place + "\n";
      const tables::Evaluated found = tables::evaluate(table, point);
      ASSERT_EQ(found.status, tables::Status::ok) << place;
      answers += fmt::format("{:a}\n", found.value);
    }
  folder.write("places.txt", places);
  folder.write("answers.txt", answers);
}

TEST(Package, Tables) {
  const TemporaryFolder folder;
  write_places(folder);
  run_python(folder, "tests/python/package.py", "Tables");
}

TEST(Package, Units) {
  run_python(TemporaryFolder(), "tests/python/package.py", "Units");
}

TEST(Package, Macros) {
  run_python(TemporaryFolder(), "tests/python/package.py", "Macros");
}

TEST(Package, Wheel) {
  run_python(TemporaryFolder(), "tests/python/package.py", "Wheel");
}

TEST(Package, Hints) {
  run_python(TemporaryFolder(), "tests/python/package.py", "Hints");
}

TEST(Package, TheExampleDraws) {
  if (std::system(MAVIS_TEST_PYTHON " -c 'import matplotlib' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs the Debian package python3-matplotlib";
  const TemporaryFolder folder;
  run_python(folder, "src/python/examples/code_spread.py", "sample.h5 --chips 2 -o codes.svg");
  EXPECT_GT(fs::file_size(folder.path() / "codes.svg"), 10000U);
}

}  // namespace
}  // namespace mavis
