// What `cmake --install` puts down works without the tree that it was built from: the program, its documents,
// the Python package, and a program of somebody else that finds the libraries.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "macro/sample_macro.h"
#include "macro/simulation.h"
#include "tables/library.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

// Installs once for all tests; nothing in it is changed by them.
class Install : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    ASSERT_EQ(std::system(fmt::format("cmake --install {} --prefix {} >{}/install.log 2>&1", MAVIS_TEST_BUILD,
                                      prefix(), folder_->path().string())
                              .c_str()),
              0)
        << read_text(folder_->path() / "install.log", "log");
    tables::write_library(folder_->path() / "sample.h5", macro::sample_library({.level_response = 0.05}));
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string prefix() { return (folder_->path() / "prefix").string(); }

  // What a shell command prints, run in the test's folder with nothing of the build in its environment.
  static std::string output(const std::string& command) {
    const fs::path script = folder_->write("script", "cd '" + folder_->path().string() + "'\n" + command);
    const fs::path file = folder_->path() / "output";
    const int status = std::system(
        fmt::format("env -u MAVIS_HOME -u PYTHONPATH bash {} >{} 2>&1", script.string(), file.string())
            .c_str());
    const std::string text = read_text(file, "output");
    EXPECT_EQ(status, 0) << command << "\n" << text;
    return text;
  }
  static inline TemporaryFolder* folder_ = nullptr;
};

TEST_F(Install, TheProgramReadsTheFilesInstalledWithIt) {
  const fs::path share = fs::path(prefix()) / "share" / "mavis";
  // A circuit that only the installed files have.
  const std::string cell = read_text(share / "netlists/bitcells/sram_6t.cir", "netlist");
  std::string other = cell;
  for (std::size_t at = 0; (at = other.find("sram_6t", at)) != other.npos; at += 8)
    other.replace(at, 7, "only_here");
  write_atomically(share / "netlists/bitcells/only_here.cir", other);
  EXPECT_NE(output(prefix() + "/bin/mavis list").find("only_here"), std::string::npos);
  EXPECT_NE(output(prefix() + "/bin/mavis characterize only_here --only leakage --dry-run").find("samples"),
            std::string::npos);
  for (const char* file : {"pdk/ptm45hp/pdk.toml", "characterize/leakage.cir", "tables/FORMAT.md",
                           "netlists/macros/mf_8x62.toml"})
    EXPECT_TRUE(fs::exists(share / file)) << file;
}

TEST_F(Install, TheManPageSaysWhatHelpSays) {
  const std::string page = read_text(fs::path(prefix()) / "share/man/man1/mavis.1", "man page");
  const std::string help = output(prefix() + "/bin/mavis --help");
  // Each command of the help has its section.
  std::size_t commands = 0;
  for (std::size_t line = help.find("Subcommands:"); (line = help.find("\n  ", line)) != help.npos; ++line) {
    const std::string name = help.substr(line + 3, help.find(' ', line + 3) - line - 3);
    EXPECT_NE(page.find(fmt::format(".SS \"mavis {}\"", name)), page.npos) << name;
    ++commands;
  }
  EXPECT_GE(commands, 10U);
  EXPECT_EQ(page.find("mavis worker"), page.npos);
  EXPECT_NE(page.find("\\fB\\-\\-samples\\fR"), page.npos);
  EXPECT_NE(page.find("Example: mavis"), page.npos);
}

TEST_F(Install, TheShellCompletes) {
  const auto completed = [](const std::string& words, int at) {
    return output(
        fmt::format("source {}/share/bash-completion/completions/mavis\n"
                    "COMP_WORDS=({}) COMP_CWORD={}\n_mavis\necho \"${{COMPREPLY[*]}}\"",
                    prefix(), words, at));
  };
  EXPECT_EQ(completed("mavis characte", 1), "characterize\n");
  EXPECT_EQ(completed("mavis simulate lib.h5 --weight-b", 3), "--weight-bits\n");
  EXPECT_EQ(completed("mavis codes lib.h5 --fidelity ''", 4), "fast detailed\n");
  EXPECT_EQ(completed("mavis pdk che", 2), "check\n");
  EXPECT_EQ(completed("mavis show sam", 2), "sample.h5\n") << "a file";
}

TEST_F(Install, AConsumerFindsTheLibraries) {
  fs::copy(fs::path(MAVIS_TEST_SOURCE_DIR) / "tests/install/consumer", folder_->path() / "consumer",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  output(fmt::format(
      "cmake -S consumer -B consumer-build -DCMAKE_PREFIX_PATH={} && cmake --build consumer-build",
      prefix()));
  const std::string found = output("consumer-build/consumer sample.h5");

  using namespace macro;
  const Workload workload = {random_matrix(1, "weights", 2, 62), random_matrix(1, "inputs", 2, 62)};
  std::string expected;
  const tables::Library library = tables::read_library(folder_->path() / "sample.h5");
  for (const auto result : simulate(library, kTypical, workload, {Chip(1, 0)}, 1).results)
    expected += fmt::format("{}\n", result);
  EXPECT_EQ(found, expected);
  // No path of this tree went into what a consumer reads.
  EXPECT_EQ(output(fmt::format("grep -rl '{}' {}/lib/cmake || true", MAVIS_TEST_SOURCE_DIR, prefix())), "");
}

TEST_F(Install, PythonFindsThePackage) {
  EXPECT_EQ(output(fmt::format("PYTHONPATH={}/lib/python3/dist-packages {} -c '\n"
                               "import mavis\n"
                               "print(mavis.open(\"sample.h5\").macro, mavis.__file__.startswith(\"{}\"))'",
                               prefix(), MAVIS_TEST_PYTHON, prefix())),
            "sample True\n");
}

TEST_F(Install, TheDebianPackageHoldsAProgramThatRuns) {
  output(fmt::format("cpack --config {}/CPackConfig.cmake -B packages", MAVIS_TEST_BUILD));
  const std::string fields = output("dpkg-deb --field packages/mavis_*.deb Package Depends Section");
  for (const char* part : {"Package: mavis", "ngspice", "libngspice0", "libhdf5-103", "Section: electronics"})
    EXPECT_NE(fields.find(part), fields.npos) << part << " in\n" << fields;
  output("dpkg-deb -x packages/mavis_*.deb unpacked");
  EXPECT_NE(output("unpacked/usr/bin/mavis list").find("mf_8x62"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder_->path() / "unpacked/usr/lib/python3/dist-packages/mavis/__init__.py"));
}

}  // namespace
}  // namespace mavis
