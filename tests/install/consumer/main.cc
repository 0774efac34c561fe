// Results of a chip on random vectors: consumer LIB.h5.
#include <cstdio>

#include "macro/simulation.h"
#include "tables/library.h"

int main(int, char** argv) {
  using namespace mavis::macro;
  const auto library = mavis::tables::read_library(argv[1]);
  const Workload workload = {random_matrix(1, "weights", 2, 62), random_matrix(1, "inputs", 2, 62)};
  for (const auto result : simulate(library, {"tt", 1.0, 27}, workload, {Chip(1, 0)}, 1).results)
    std::printf("%lld\n", static_cast<long long>(result));
  return 0;
}
