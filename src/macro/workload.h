// Weights and inputs of a simulation: whole numbers of -127..127.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "macro/operation.h"

namespace mavis::macro {

using Matrix = std::vector<Vector>;  // rows of equal length, at least one of at least one number

struct Workload {
  Matrix weights;  // outputs x n
  Matrix inputs;   // batch x n
};

// The 2-D dataset `name` of whole numbers of an HDF5 file. Throws InputError naming file, dataset, index and
// value for what is not so, or is outside of -127..127.
Matrix read_matrix(const std::filesystem::path& path, const std::string& name);

// Uniform over -127..127; number (row, column) of a name and seed is the same whatever the size.
Matrix random_matrix(std::uint64_t seed, const std::string& name, std::size_t rows, std::size_t columns);

}  // namespace mavis::macro
