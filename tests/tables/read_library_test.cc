#include <gtest/gtest.h>
#include <hdf5.h>

#include <functional>

#include "expect_error.h"
#include "tables/library.h"
#include "tables/sample_library.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis::tables {
namespace {

namespace fs = std::filesystem;

class ReadLibrary : public testing::Test {
 protected:
  ReadLibrary() { write_library(path_, sample_library()); }

  // Changes the file through HDF5, behind the back of write_library.
  void edit(const std::function<void(hid_t)>& change) {
    const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    change(file);
    ASSERT_GE(H5Fclose(file), 0);
  }

  void expect_refused(std::initializer_list<const char*> parts) {
    expect_input_error([&] { read_library(path_); }, {path_.c_str()});
    expect_input_error([&] { read_library(path_); }, parts);
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "lib.h5";
};

TEST_F(ReadLibrary, MissingFileOrFolder) {
  expect_input_error([&] { read_library(folder_.path() / "other.h5"); }, {"other.h5", "no such library"});
  expect_input_error([&] { read_library(folder_.path()); }, {"is not a file"});
}

TEST_F(ReadLibrary, NotHdf5) {
  folder_.write("lib.h5", "* a netlist\n");
  expect_refused({"is not an HDF5 file", "mavis characterize"});
  folder_.write("lib.h5", "");
  expect_refused({"is not an HDF5 file"});
}

TEST_F(ReadLibrary, Truncated) {
  const std::string whole = read_text(path_, "library");
  for (const double part : {0.02, 0.3, 0.6, 0.999}) {
    folder_.write("lib.h5",
                  whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
    expect_refused({"truncated", "mavis characterize"});
  }
}

TEST_F(ReadLibrary, ForeignHdf5) {
  const hid_t file = H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  ASSERT_GE(H5Fclose(file), 0);
  expect_refused({"not a Mavis library"});
}

TEST_F(ReadLibrary, NewerFormat) {
  edit([](hid_t file) {
    const hid_t attribute = H5Aopen(file, "format_version", H5P_DEFAULT);
    const std::int64_t version = 2;
    H5Awrite(attribute, H5T_NATIVE_INT64, &version);
    H5Aclose(attribute);
  });
  expect_refused({"written by a newer Mavis: format 2, this program reads up to 1", "update"});
}

TEST_F(ReadLibrary, MissingObject) {
  for (const char* object : {"line/delay", "line/delay_stderr", "line/delay_status", "line/vdd",
                             "line/line_parameter", "line", "provenance/files", "failures/message"}) {
    write_library(path_, sample_library());
    edit([&](hid_t file) { ASSERT_GE(H5Ldelete(file, object, H5P_DEFAULT), 0); });
    expect_refused({object, "missing", "mavis characterize"});
  }
}

TEST_F(ReadLibrary, MissingAttribute) {
  const std::pair<const char*, const char*> attributes[] = {
      {"/", "format_version"},    {"/", "macro"},
      {"/", "benches"},           {"line", "tables"},
      {"line/delay", "units"},    {"line/delay", "scale"},
      {"line/delay", "axes"},     {"line/vdd", "units"},
      {"line/delay", "siblings"}, {"provenance/files/plan", "hash"},
  };
  for (const auto& [object, attribute] : attributes) {
    write_library(path_, sample_library());
    edit([&, object = object, attribute = attribute](hid_t file) {
      ASSERT_GE(H5Adelete_by_name(file, object, attribute, H5P_DEFAULT), 0);
    });
    expect_refused({object, "missing attribute", attribute});
  }
}

// Replaces a dataset by one of the given type and size.
void replace(hid_t file, const char* name, hid_t type, hsize_t size) {
  ASSERT_GE(H5Ldelete(file, name, H5P_DEFAULT), 0);
  const hid_t space = H5Screate_simple(1, &size, nullptr);
  const hid_t data = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  ASSERT_GE(data, 0);
  H5Dclose(data);
  H5Sclose(space);
}

TEST_F(ReadLibrary, WrongTypeOrShape) {
  edit([](hid_t file) { replace(file, "line/delay_stderr", H5T_IEEE_F32LE, 6); });
  expect_refused({"/line/delay_stderr", "wrong type, expected 64-bit floating point"});
  write_library(path_, sample_library());
  edit([](hid_t file) { replace(file, "line/delay_stderr", H5T_IEEE_F64LE, 6); });
  expect_refused({"/line/delay_stderr", "wrong shape (6), expected (2, 3)"});
  write_library(path_, sample_library());
  edit([](hid_t file) { replace(file, "failures/message", H5T_IEEE_F64LE, 2); });
  expect_refused({"/failures/message", "wrong type, expected text"});
  write_library(path_, sample_library());
  edit([](hid_t file) {
    H5Ldelete(file, "line/delay", H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "line/delay", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  });
  expect_refused({"/line/delay", "not a dataset"});
}

TEST_F(ReadLibrary, BrokenContent) {
  const auto write = [](hid_t file, const char* name, hid_t type, const void* data) {
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    ASSERT_GE(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), 0);
    H5Dclose(dataset);
  };
  const double falling[] = {1.1, 1.0, 0.9};
  edit([&](hid_t file) { write(file, "line/vdd", H5T_NATIVE_DOUBLE, falling); });
  expect_refused({"axis 'vdd' has values that do not ascend"});

  write_library(path_, sample_library());
  const std::uint8_t statuses[] = {0, 0, 0, 0, 0, 77};
  edit([&](hid_t file) { write(file, "line/delay_status", H5T_NATIVE_UINT8, statuses); });
  expect_refused({"status 77 does not exist"});
}

TEST_F(ReadLibrary, DamagedBytes) {
  const std::string whole = read_text(path_, "library");
  for (std::size_t at = 1000; at < whole.size(); at += whole.size() / 50) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    folder_.write("lib.h5", bytes);
    expect_refused({"damaged", "mavis characterize"});
  }
}

// Without a seal, as after a change through HDF5.
TEST_F(ReadLibrary, EditedText) {
  std::string bytes = read_text(path_, "library");
  const std::size_t at = bytes.find(".subckt cell a b"), seal = bytes.rfind("mavis-seal:");
  ASSERT_NE(at, bytes.npos);
  ASSERT_NE(seal, bytes.npos);
  bytes[at + 8] = 'C';
  folder_.write("lib.h5", bytes.substr(0, seal));
  expect_refused({"/provenance/files/netlists/bitcells/8t.cir", "does not match its hash"});
}

}  // namespace
}  // namespace mavis::tables
