#include "util/home.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "util/error.h"

namespace mavis {
namespace fs = std::filesystem;
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// A made-up home with two netlists, and $MAVIS_HOME pointed at it for the time of a test.
class Home : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "mavis_home_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = fs::canonical(pattern);
    for (const char* sub : {"netlists/bitcells", "pdk", "characterize"})
      fs::create_directories(folder_ / sub);
    for (const char* name : {"b.cir", "a.cir", "notes.txt"})
      std::ofstream(folder_ / "netlists/bitcells" / name);
    if (const char* before = std::getenv("MAVIS_HOME")) before_ = before;
    ::setenv("MAVIS_HOME", folder_.c_str(), 1);
  }
  void TearDown() override {
    if (before_)
      ::setenv("MAVIS_HOME", before_->c_str(), 1);
    else
      ::unsetenv("MAVIS_HOME");
    fs::remove_all(folder_);
  }
  fs::path folder_;
  std::optional<std::string> before_;
};

TEST_F(Home, FollowsTheEnvironment) {
  EXPECT_EQ(home(), folder_);
  ::setenv("MAVIS_HOME", (folder_ / "pdk").c_str(), 1);
  try {
    home();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("MAVIS_HOME="));
  }
}

TEST_F(Home, FallsBackToTheSourceTree) {
  ::unsetenv("MAVIS_HOME");
  EXPECT_TRUE(fs::equivalent(home(), MAVIS_TEST_SOURCE_DIR));
}

TEST_F(Home, ListsNamesSorted) {
  EXPECT_EQ(names_in("netlists/bitcells", ".cir"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(names_in("netlists/none", ".cir").empty());
}

TEST_F(Home, FindsFilesByNameAndPath) {
  const fs::path a = folder_ / "netlists/bitcells/a.cir";
  EXPECT_EQ(find_file("a", "netlists/bitcells", ".cir", "bitcell"), a);
  EXPECT_EQ(find_file("a.cir", "netlists/bitcells", ".cir", "bitcell"), a);
  EXPECT_EQ(find_file(a, "netlists/bitcells", ".cir", "bitcell"), a);
  try {
    find_file("c", "netlists/bitcells", ".cir", "bitcell");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "c: no such bitcell; there are: a, b");
  }
}

TEST_F(Home, LabelsFilesBelowItRelatively) {
  EXPECT_EQ(label_of(folder_ / "netlists/bitcells/../bitcells/a.cir"), "netlists/bitcells/a.cir");
  EXPECT_EQ(label_of("/elsewhere/my_cell.cir"), "my_cell.cir");
}

}  // namespace
}  // namespace mavis
