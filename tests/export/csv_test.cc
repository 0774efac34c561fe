#include "export/sample_export.h"
#include "tables/sample_library.h"

namespace mavis::exports {
namespace {

std::map<std::string, std::string> files_of(const tables::Library& library) {
  const Source source = {
      .library = &library, .name = "small.h5", .hash = std::string(32, 'a'), .program = "0.1.0"};
  const Target& target = find_target("csv");
  std::map<std::string, std::string> files;
  for (const File& file : target.make(source, target)) files[file.name] = file.text;
  return files;
}

TEST(Csv, Golden) {
  expect_golden("csv", files_of(tables::sample_library()));
}

double read_number(const std::string& text) {
  return text.empty() ? std::nan("") : std::stod(text);
}

bool same(double a, double b) {
  return a == b || (!std::isfinite(a) && !std::isfinite(b));
}

// Every cell of every table of a whole macro, axes included.
TEST(Csv, ReadsBackTheSame) {
  const tables::Library library =
      tables::read_library(std::filesystem::path(MAVIS_TEST_SOURCE_DIR) / "tables/ptm45hp/mf_8x30.h5");
  const std::map<std::string, std::string> files = files_of(library);
  ASSERT_EQ(files.size(), library.tables().size() + 1);
  for (const auto& [name, table] : library.tables()) {
    const auto rows = rows_of(files.at(table.bench() + "." + table.quantity() + ".csv"), ',');
    ASSERT_EQ(rows.size(), table.cells() + 1) << name;
    const std::size_t axes = table.axes.size(), planes = axes + 2 + (table.n.empty() ? 0 : 1);
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      const std::vector<std::string>& row = rows[cell + 1];
      ASSERT_EQ(row.size(), planes + table.planes.size()) << name;
      const std::vector<std::size_t> index = table.index(cell);
      for (std::size_t a = 0; a < axes; ++a) {
        const tables::Axis& axis = table.axes[a];
        ASSERT_TRUE(axis.discrete() ? row[a] == axis.labels[index[a]]
                                    : read_number(row[a]) == axis.values[index[a]]);
      }
      ASSERT_TRUE(same(read_number(row[axes]), table.values[cell])) << name << " cell " << cell;
      ASSERT_EQ(row[axes + 1], name_of(table.status_at(cell)));
      if (!table.n.empty()) {
        ASSERT_EQ(std::stoll(row[axes + 2]), table.n[cell]);
      }
      std::size_t column = planes;
      for (const auto& [plane, values] : table.planes)
        ASSERT_TRUE(same(read_number(row[column++]), values[cell])) << name << ' ' << plane;
    }
  }
}

TEST(Csv, OddLibraries) {
  tables::Library empty("ein µ, \"leeres\"");
  empty.provenance.facts = {{"note", "two\nlines, with a comma"}};
  const auto files = files_of(empty);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_NE(files.at("library.csv").find("note,\"two;lines, with a comma\"\n"), std::string::npos);
}

}  // namespace
}  // namespace mavis::exports
