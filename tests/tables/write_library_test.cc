#include <gtest/gtest.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>

#include "tables/library.h"
#include "tables/sample_library.h"
#include "temporary_folder.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::tables {
namespace {

namespace fs = std::filesystem;

// Equal to the last bit: NaN equals NaN, -0 differs from 0.
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

void expect_same(const Table& a, const Table& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.unit, b.unit);
  EXPECT_EQ(a.long_name, b.long_name);
  EXPECT_EQ(a.scale, b.scale);
  EXPECT_EQ(a.axes, b.axes);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.n, b.n);
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.interpolation_error, b.interpolation_error);
  EXPECT_EQ(a.noise_floor, b.noise_floor);
  EXPECT_TRUE(same_bits(a.values, b.values)) << a.name;
  EXPECT_TRUE(same_bits(a.response, b.response)) << a.name;
  EXPECT_TRUE(same_bits(a.bend, b.bend)) << a.name;
  ASSERT_EQ(a.planes.size(), b.planes.size());
  for (const auto& [suffix, plane] : a.planes) EXPECT_TRUE(same_bits(plane, b.plane(suffix))) << suffix;
}

TEST(WriteLibrary, KeepsWhereAnInterpolationErrorComesFrom) {
  const TemporaryFolder folder;
  Library out = sample_library();
  const std::vector<InterpolationError> errors = {{0.01, "vdd", 0}, {0.02, "", 59}, {0.03, "vdd", 59}};
  for (const InterpolationError& error : errors) {
    Table t = delay_table();
    t.interpolation_error = error;
    out.put(t);
    write_library(folder.path() / "lib.h5", out);
    EXPECT_EQ(read_library(folder.path() / "lib.h5").find(t.name).interpolation_error, error);
  }
}

TEST(WriteLibrary, RoundTripIsExact) {
  const TemporaryFolder folder;
  const Library out = sample_library();
  write_library(folder.path() / "lib.h5", out);
  const Library in = read_library(folder.path() / "lib.h5");
  EXPECT_EQ(in.macro(), out.macro());
  EXPECT_EQ(in.provenance, out.provenance);
  EXPECT_EQ(in.failures, out.failures);
  EXPECT_EQ(in.sensitivities, out.sensitivities);
  ASSERT_EQ(in.tables().size(), out.tables().size());
  for (const auto& [name, table] : out.tables()) expect_same(in.find(name), table);
}

TEST(WriteLibrary, EmptyLibrary) {
  const TemporaryFolder folder;
  write_library(folder.path() / "lib.h5", Library("none"));
  const Library in = read_library(folder.path() / "lib.h5");
  EXPECT_EQ(in.macro(), "none");
  EXPECT_TRUE(in.tables().empty() && in.failures.empty() && in.provenance.facts.empty());
}

// The second is another process, a second later (HDF5 keeps times in seconds), with its heap filled
// differently and the tables added in another order.
TEST(WriteLibrary, EqualContentGivesEqualBytes) {
  const TemporaryFolder folder;
  const Library library = sample_library();
  write_library(folder.path() / "a.h5", library);
  ::sleep(1);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::vector<std::string> dirt(1000, std::string(3000, '\xa5'));
    dirt.clear();
    Library other("mf_8x62");
    for (auto at = library.tables().rbegin(); at != library.tables().rend(); ++at) other.put(at->second);
    other.provenance = library.provenance;
    other.failures = library.failures;
    other.sensitivities = library.sensitivities;
    write_library(folder.path() / "b.h5", other);
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(read_text(folder.path() / "a.h5", "library") == read_text(folder.path() / "b.h5", "library"));
  write_library(folder.path() / "c.h5", read_library(folder.path() / "a.h5"));
  EXPECT_TRUE(read_text(folder.path() / "a.h5", "library") == read_text(folder.path() / "c.h5", "library"));
}

// What other HDF5 programs rely on: dimension scales, and no times anywhere.
TEST(WriteLibrary, AxesAreDimensionScales) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "lib.h5";
  write_library(path, sample_library());
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const auto attached = [&](const char* table, const char* axis, unsigned dimension) {
    const hid_t data = H5Dopen2(file, table, H5P_DEFAULT), scale = H5Dopen2(file, axis, H5P_DEFAULT);
    const bool is = H5DSis_scale(scale) > 0 && H5DSis_attached(data, scale, dimension) > 0;
    H5Dclose(data);
    H5Dclose(scale);
    return is;
  };
  EXPECT_TRUE(attached("line/delay", "line/corner", 0));
  EXPECT_TRUE(attached("line/delay", "line/vdd", 1));
  EXPECT_FALSE(attached("line/delay", "line/vdd", 0));
  EXPECT_TRUE(attached("line/delay_sigma", "line/vdd", 1));
  EXPECT_TRUE(attached("line/delay_response", "line/line_parameter", 2));
  for (const char* object : {"/", "line", "line/vdd", "line/delay", "provenance/files", "failures"}) {
    H5O_info_t info;
    ASSERT_GE(H5Oget_info_by_name2(file, object, &info, H5O_INFO_TIME, H5P_DEFAULT), 0);
    EXPECT_EQ(info.mtime, 0) << object;
    EXPECT_EQ(info.btime, 0) << object;
  }
  H5Fclose(file);
}

TEST(WriteLibrary, FullDiskLeavesNothingBehind) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "lib.h5";
  write_library(path, Library("before"));
  const std::string before = read_text(path, "library");

  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{20000, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(write_library(path, sample_library()), MachineError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, handler);

  EXPECT_EQ(read_text(path, "library"), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(WriteLibrary, RefusesWhatTheFormatCannotHold) {
  const TemporaryFolder folder;
  const std::function<void(Library&)> mistakes[] = {
      [](Library& l) {
        l.put({"line/other", "V", "", Scale::linear, {{"vdd", "V", "", {2}}}, {1}});
      },
      [](Library& l) {
        l.put({"line/vdd", "V", "", Scale::linear, {vdd_axis()}, {1, 2, 3}});
      },
      [](Library& l) {
        l.put({"line/delay_n", "V", "", Scale::linear, {vdd_axis()}, {1, 2, 3}});
      },
      [](Library& l) {
        l.put({"provenance/x", "V", "", Scale::linear, {}, {1}});
      },
      [](Library& l) {
        l.put({"failures/x", "V", "", Scale::linear, {}, {1}});
      },
      [](Library& l) { l.provenance.facts.emplace_back("zeta", "again"); },
      [](Library& l) { l.provenance.facts.emplace_back("", "nameless"); },
      [](Library& l) { l.provenance.facts.emplace_back("nul", std::string("a\0b", 3)); },
      [](Library& l) { l.provenance.files["/absolute"] = ""; },
      [](Library& l) { l.provenance.files["a/../b"] = ""; },
      [](Library& l) { l.provenance.files["netlists"] = "also a folder"; },
      [](Library& l) { l.provenance.files["plan/inner"] = "below a file"; },
  };
  for (std::size_t i = 0; i < std::size(mistakes); ++i) {
    Library library = sample_library();
    mistakes[i](library);
    EXPECT_THROW(write_library(folder.path() / "lib.h5", library), std::invalid_argument) << "mistake " << i;
    EXPECT_FALSE(fs::exists(folder.path() / "lib.h5"));
  }
}

TEST(WriteLibrary, RefusesAnImpossiblePlace) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_library(folder.path() / "nowhere" / "lib.h5", sample_library()), InputError);
  EXPECT_THROW(write_library(folder.path(), sample_library()), InputError);
}

// The example in tables/FORMAT.md is run as it stands there.
TEST(WriteLibrary, TheExampleOfTheFormatPageReadsIt) {
  const std::string python = "/usr/bin/python3";
  if (std::system((python + " -c 'import h5py' 2>/dev/null").c_str()) != 0)
    GTEST_SKIP() << "needs the Debian package python3-h5py";
  const TemporaryFolder folder;
  write_library(folder.path() / "lib.h5", sample_library());

  const std::string page = read_text(fs::path(MAVIS_TEST_SOURCE_DIR) / "tables" / "FORMAT.md", "page");
  const std::string fence = "```python\n";
  const std::size_t start = page.find(fence) + fence.size();
  const std::size_t end = page.find("```", start);
  ASSERT_LT(end, page.size());
  const fs::path script = folder.write("example.py", page.substr(start, end - start));
  const fs::path output = folder.path() / "output";
  const auto run = [&](const std::string& table) {
    const std::string command = python + " " + script.string() + " " + (folder.path() / "lib.h5").string() +
                                " " + table + " >" + output.string() + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << read_text(output, "output");
    return read_text(output, "output");
  };
  EXPECT_EQ(run("line/delay"),
            "delay to 10 % (2 x 3)\n"
            "corner=tt vdd=0.9 V: 3e-10 s, 16 samples, sigma 0.1\n"
            "corner=tt vdd=1.0 V: 2.1e-10 s, 16 samples, sigma 0.2\n"
            "corner=tt vdd=1.1 V: 1.7e-10 s, 15 samples, sigma 0.3\n"
            "corner=ss vdd=0.9 V: 5e-10 s, 16 samples, sigma 0.4\n"
            "corner=ss vdd=1.0 V: 0.3 s, 16 samples, sigma 0.5\n"
            "corner=ss vdd=1.1 V: failed\n");
  EXPECT_EQ(run("leakage/total"), "one number ()\n: 2e-09 A\n");
}

}  // namespace
}  // namespace mavis::tables
