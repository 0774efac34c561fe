// A million multiply-averages of the macro simulator from C++: what scripts/bench/python compares Python
// with. Prints CPU seconds, the best of five.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>

#include "macro/simulation.h"
#include "tables/library.h"
#include "util/home.h"

int main() {
  using namespace mavis;
  const tables::Library library = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5");
  const macro::Workload workload = {macro::random_matrix(1, "weights", 190, 62),
                                    macro::random_matrix(1, "inputs", 190, 62)};
  double best = std::numeric_limits<double>::infinity(), conversions = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const std::clock_t start = std::clock();
    conversions = macro::simulate(library, {"tt", 1.0, 27}, workload, {macro::Chip(1, 0)}, 1).conversions();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::printf("%.0f %.6f\n", conversions, best);
  return 0;
}
