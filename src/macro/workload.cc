#include "macro/workload.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "tables/hdf5.h"
#include "util/draws.h"
#include "util/error.h"
#include "util/hash.h"

namespace mavis::macro {

Matrix read_matrix(const std::filesystem::path& path, const std::string& name) {
  const auto refuse = [&](const std::string& reason) {
    throw InputError(fmt::format("{}: {}", path.string(), reason));
  };
  const std::string remedy = fmt::format("expected a dataset '{}', two-dimensional, of whole numbers", name);
  if (!std::filesystem::exists(path)) refuse(fmt::format("no such file; {}", remedy));
  if (!tables::hdf5::is_hdf5(path)) refuse(fmt::format("is no HDF5 file; {}", remedy));
  Matrix matrix;
  try {
    const auto dataset = tables::hdf5::Node::open_file(path).dataset(name);
    const tables::hdf5::Shape shape = dataset.shape();
    if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0)
      refuse(fmt::format("/{} has {} dimensions with {} numbers in all; {}", name, shape.size(),
                         shape.size() == 2 ? shape[0] * shape[1] : 0, remedy));
    const std::vector<std::int64_t> numbers = dataset.read_integers();
    for (std::size_t row = 0; row < shape[0]; ++row) {
      Vector& values = matrix.emplace_back();
      for (std::size_t column = 0; column < shape[1]; ++column) {
        const std::int64_t value = numbers[row * shape[1] + column];
        if (value < -kMostMagnitude || value > kMostMagnitude)
          refuse(fmt::format("/{}[{}, {}] is {}, outside of {} to {}; scale the numbers to 8 bits with sign",
                             name, row, column, value, -kMostMagnitude, kMostMagnitude));
        values.push_back(static_cast<int>(value));
      }
    }
  } catch (const tables::hdf5::Error& trouble) {
    refuse(fmt::format("{}; {}", trouble.what(), remedy));
  }
  return matrix;
}

Matrix random_matrix(std::uint64_t seed, const std::string& name, std::size_t rows, std::size_t columns) {
  Matrix matrix(rows, Vector(columns));
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const double u = uniform_draw(seed, Stream::noise, static_cast<std::uint32_t>(row),
                                    hash64(fmt::format("{}/{}", name, column)));
      matrix[row][column] = static_cast<int>(std::floor(u * (2 * kMostMagnitude + 1))) - kMostMagnitude;
    }
  return matrix;
}

}  // namespace mavis::macro
