// Writes what users bring: one dataset of whole numbers in an HDF5 file.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mavis::macro {

inline void write_integers(const std::filesystem::path& path, const std::string& name,
                           const std::vector<hsize_t>& shape, const std::vector<std::int32_t>& numbers,
                           hid_t type = H5T_STD_I8LE) {
  // 32-bit numbers that do not fit the type would be clipped on writing.
  for (std::int32_t number : numbers)
    if (number < -128 || number > 127) type = H5T_STD_I32LE;
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
  const hid_t set = H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (!numbers.empty()) H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data());
  H5Dclose(set);
  H5Sclose(space);
  H5Fclose(file);
}

}  // namespace mavis::macro
