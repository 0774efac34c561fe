#include "tables/library.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "tables/sample_library.h"

namespace mavis::tables {
namespace {

TEST(Library, FindsTablesAndSuggestsNearOnes) {
  const Library library = sample_library();
  EXPECT_EQ(library.find("line/delay").unit, "s");
  expect_input_error([&] { library.find("line/delya"); }, {"'line/delya'", "did you mean 'line/delay'?"});
  expect_input_error([&] { library.find("level"); }, {"did you mean 'line/level'?"});
  expect_input_error([&] { library.find("comparator/offset"); }, {"'comparator/offset'", "mavis show"});
  expect_input_error([] { Library("m").find("a/b"); }, {"the library is empty"});
}

TEST(Library, PutReplacesAndChecks) {
  Library library = sample_library();
  Table changed = library.find("leakage/total");
  changed.values = {7e-9};
  library.put(changed);
  EXPECT_EQ(library.tables().size(), 3u);
  EXPECT_EQ(library.find("leakage/total").values, std::vector<double>{7e-9});
  changed.values.clear();
  EXPECT_THROW(library.put(changed), std::invalid_argument);
}

TEST(Provenance, FindsAFactByItsName) {
  Provenance provenance;
  provenance.facts = {{"seed", "1"}, {"macro.rows", "8"}};
  ASSERT_TRUE(provenance.fact("macro.rows"));
  EXPECT_EQ(*provenance.fact("macro.rows"), "8");
  EXPECT_FALSE(provenance.fact("rows"));
}

}  // namespace
}  // namespace mavis::tables
