#include "macro/workload.h"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <cmath>

#include "expect_error.h"
#include "macro/integer_file.h"
#include "temporary_folder.h"

namespace mavis::macro {
namespace {

class ReadMatrix : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "w.h5";
};

TEST_F(ReadMatrix, TakesWholeNumbersOfAnySize) {
  const std::vector<std::int32_t> numbers = {1, -127, 3, 4, 0, 127};
  for (hid_t type : {H5T_STD_I8LE, H5T_STD_I16LE, H5T_STD_I32BE, H5T_STD_I64LE}) {
    write_integers(path_, "weights", {2, 3}, numbers, type);
    EXPECT_EQ(read_matrix(path_, "weights"), (Matrix{{1, -127, 3}, {4, 0, 127}}));
  }
}

TEST_F(ReadMatrix, NamesIndexAndValue) {
  write_integers(path_, "weights", {2, 3}, {1, 2, 3, 4, -128, 6});
  expect_input_error([&] { read_matrix(path_, "weights"); },
                     {"w.h5", "/weights[1, 1]", "-128", "-127 to 127"});
}

TEST_F(ReadMatrix, RefusesOtherShapesAndTypes) {
  expect_input_error([&] { read_matrix(path_, "weights"); }, {"w.h5", "no such file", "'weights'"});
  folder_.write("w.h5", "1,2,3\n");
  expect_input_error([&] { read_matrix(path_, "weights"); }, {"w.h5", "HDF5"});
  write_integers(path_, "weight", {1, 3}, {1, 2, 3});
  expect_input_error([&] { read_matrix(path_, "weights"); }, {"/weights", "missing"});
  write_integers(path_, "weights", {3}, {1, 2, 3});
  expect_input_error([&] { read_matrix(path_, "weights"); }, {"1 dimension", "two-dimensional"});
  write_integers(path_, "weights", {3, 0}, {});
  expect_input_error([&] { read_matrix(path_, "weights"); }, {"0 numbers"});
  write_integers(path_, "weights", {1, 3}, {1, 2, 3}, H5T_IEEE_F64LE);
  expect_input_error([&] { read_matrix(path_, "weights"); }, {"/weights", "whole numbers"});
}

TEST(RandomMatrix, IsUniformAndAddressed) {
  const Matrix matrix = random_matrix(1, "weights", 40, 100);
  double sum = 0, squares = 0;
  int least = 0, most = 0;
  for (const Vector& row : matrix)
    for (int value : row) {
      sum += value;
      squares += value * value;
      least = std::min(least, value);
      most = std::max(most, value);
    }
  EXPECT_GE(least, -127);
  EXPECT_LE(most, 127);
  EXPECT_LT(least, -120);
  EXPECT_GT(most, 120);
  EXPECT_NEAR(sum / 4000, 0, 4);  // standard error 1.2
  EXPECT_NEAR(std::sqrt(squares / 4000), 73.6, 2);
  EXPECT_EQ(random_matrix(1, "weights", 2, 3)[1][2], matrix[1][2]) << "whatever the size";
  EXPECT_NE(random_matrix(2, "weights", 40, 100), matrix);
  EXPECT_NE(random_matrix(1, "inputs", 40, 100), matrix);
}

}  // namespace
}  // namespace mavis::macro
