#include "util/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "util/error.h"

namespace mavis {
namespace fs = std::filesystem;
namespace {

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "mavis_files_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  fs::path folder_;
};

TEST_F(Files, WritesAndReadsBytes) {
  const std::string bytes("a\0b\r\n", 5);
  write_atomically(folder_ / "x", bytes);
  EXPECT_EQ(read_text(folder_ / "x", "note"), bytes);
  write_atomically(folder_ / "x", "second");
  EXPECT_EQ(read_text(folder_ / "x", "note"), "second");
  EXPECT_EQ(count(), 1u);
}

TEST_F(Files, SaysWhatIsMissing) {
  try {
    read_text(folder_ / "none.cir", "netlist");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()), (folder_ / "none.cir").string() + ": no such netlist");
  }
  EXPECT_THROW(read_text(folder_, "netlist"), InputError);
}

TEST_F(Files, LeavesTheOldFileWhenWritingFails) {
  write_atomically(folder_ / "x", "old");
  const auto half = [](const fs::path& temporary) {
    std::ofstream(temporary) << "half";
    throw std::runtime_error("no more");
  };
  EXPECT_THROW(write_atomically(folder_ / "x", half), std::runtime_error);
  EXPECT_EQ(read_text(folder_ / "x", "note"), "old");
  EXPECT_EQ(count(), 1u);
}

TEST_F(Files, RefusesOutputsThatCannotBeWritten) {
  EXPECT_THROW(require_writable(folder_ / "no" / "x"), InputError);
  EXPECT_THROW(require_writable(folder_), InputError);
  EXPECT_NO_THROW(require_writable(folder_ / "x"));
  EXPECT_EQ(count(), 0u);  // checking creates nothing
  if (::geteuid() != 0) {
    fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_THROW(require_writable(folder_ / "x"), InputError);
    fs::permissions(folder_, fs::perms::owner_all);
  }
}

}  // namespace
}  // namespace mavis
