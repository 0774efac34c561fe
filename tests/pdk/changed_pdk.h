// A copy of ptm45hp in a folder of its own, with changes.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "temporary_folder.h"
#include "util/files.h"

namespace mavis {

class ChangedPdk {
 public:
  ChangedPdk() {
    std::filesystem::copy(std::filesystem::path(MAVIS_TEST_SOURCE_DIR) / "pdk" / "ptm45hp", folder_.path());
  }
  std::string path() const { return folder_.path().string(); }

  // Replaces the first `before` in `file`; it must be there.
  ChangedPdk& change(const std::string& file, const std::string& before, const std::string& after) {
    std::string text = read_text(folder_.path() / file, "file");
    const std::size_t at = text.find(before);
    EXPECT_NE(at, text.npos) << before;
    if (at != text.npos) folder_.write(file, text.replace(at, before.size(), after));
    return *this;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace mavis
