// Runs the built program the way a user does.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.h"
#include "util/files.h"

namespace mavis::cli {

struct Ran {
  int code = 0;  // exit code, or 128 + signal
  std::string out, err;
};

// In `folder`, which is also $HOME. The two outputs are kept outside of it. `under` is a command that runs
// the program: "timeout 3".
inline Ran run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                       const std::string& under = "") {
  const std::filesystem::path outputs = folder.string() + ".outputs";
  std::filesystem::create_directories(outputs);
  std::vector<const char*> words = {MAVIS_TEST_PROGRAM};
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  const std::string command = "cd " + folder.string() + " && HOME=" + folder.string() + " " + under + " " +
                              shell_quoted(static_cast<int>(words.size()), words.data()) + " </dev/null >" +
                              (outputs / "out").string() + " 2>" + (outputs / "err").string();
  const int status = std::system(command.c_str());
  Ran ran;
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.out = read_text(outputs / "out", "output");
  ran.err = read_text(outputs / "err", "output");
  std::filesystem::remove_all(outputs);
  return ran;
}

}  // namespace mavis::cli
