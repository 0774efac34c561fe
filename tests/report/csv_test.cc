#include "report/csv.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <vector>

#include "report/summary_tables.h"

namespace mavis::report {
namespace {

using Row = std::map<std::string, std::string>;

// Fields by RFC 4180, quotes taken away.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[i++];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += line[i];
  }
  return fields;
}

std::vector<Row> rows_of(const std::string& text) {
  std::vector<Row> rows;
  std::vector<std::string> names;
  std::size_t from = 0;
  for (std::size_t end; (end = text.find("\r\n", from)) != text.npos; from = end + 2) {
    const std::vector<std::string> fields = fields_of(text.substr(from, end - from));
    if (names.empty()) {
      names = fields;
      continue;
    }
    EXPECT_EQ(fields.size(), names.size());
    Row row;
    for (std::size_t i = 0; i < fields.size(); ++i) row[names[i]] = fields[i];
    rows.push_back(row);
  }
  EXPECT_EQ(from, text.size()) << "the last line has its end, too";
  return rows;
}

TEST(Csv, EveryCellWithItsCoordinates) {
  const std::vector<Row> rows = rows_of(csv_text(cell_library(), "read"));
  ASSERT_EQ(rows.size(), 2u + 8u);
  Row cell = rows[2 + 5];
  EXPECT_EQ(cell["row"], "cell");
  EXPECT_EQ(cell["bench"], "read");
  EXPECT_EQ(cell["quantity"], "access_time");
  EXPECT_EQ(cell["corner"], "ss");
  EXPECT_EQ(cell["vdd"], "0.9");
  EXPECT_EQ(cell["stored_bit"], "1");
  EXPECT_EQ(std::stod(cell["value"]), 50e-12);
  EXPECT_EQ(cell["unit"], "s");
  EXPECT_EQ(cell["sigma"], "0.1");
  EXPECT_EQ(cell["spread_unit"], "1");
  EXPECT_EQ(cell["n"], "4");
  EXPECT_EQ(cell["status"], "ok");
  Row censored = rows[2 + 6];
  EXPECT_EQ(censored["value"], "");
  EXPECT_EQ(censored["status"], "censored");
}

TEST(Csv, SummaryRowsComeFirst) {
  const std::vector<Row> rows = rows_of(csv_text(cell_library()));
  std::vector<std::string> kinds;
  for (Row row : rows)
    if (row["row"] != "cell") kinds.push_back(row["quantity"] + " " + row["row"]);
  EXPECT_EQ(kinds, (std::vector<std::string>{"offset nominal_low", "offset nominal_high", "offset low",
                                             "offset high", "offset widest", "access_time nominal",
                                             "access_time worst", "hold_snm nominal", "hold_snm worst",
                                             "margin worst"}));
  for (std::size_t i = 0; i < kinds.size(); ++i) EXPECT_NE(rows[i].at("row"), "cell");
  Row worst = rows[6];
  EXPECT_EQ(worst["spread_from"], "mpgl:vth 0.64; mpdl:vth 0.36 (as at nominal)");
  EXPECT_EQ(worst["not_ok"], "1");
  EXPECT_NEAR(std::stod(worst["high_3_sigma"]), 60e-12 * 1.8221188, 1e-18);
  EXPECT_EQ(worst["common_mode"], "");  // an axis of another table
  Row none = rows[9];
  EXPECT_EQ(none["not_ok"], "2");
  EXPECT_EQ(none["unit"], "V");
  EXPECT_EQ(none["corner"], "");
}

TEST(Csv, AwkwardTextIsQuoted) {
  tables::Library library("x");
  tables::Table table{
      .name = "a/b", .unit = "V", .axes = {{.name = "what", .labels = {"one, \"two\"", "3"}}}};
  table.values = {1, 2};
  library.put(table);
  const std::string text = csv_text(library);
  EXPECT_NE(text.find("cell,a,b,\"one, \"\"two\"\"\",1,V,"), text.npos) << text;
  EXPECT_EQ(rows_of(text)[2]["what"], "one, \"two\"");
}

}  // namespace
}  // namespace mavis::report
