// A program of src/macro and what it may use, nothing else: it must link and run without ngspice.
#include <cstdio>

#include "macro/sample_macro.h"
#include "macro/simulation.h"

int main() {
  using namespace mavis::macro;
  const Workload workload = {random_matrix(1, "weights", 1, 100), random_matrix(1, "inputs", 1, 100)};
  const Simulation found =
      simulate(sample_library(), kTypical, workload, {Chip::without_mismatch()}, std::nullopt);
  std::puts(found.results == found.exact ? "exact" : "wrong");
  return 0;
}
