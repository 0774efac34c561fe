// A simulation as one HDF5 file; tables/FORMAT.md, "Simulation output", describes it. Equal simulations give
// equal bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "macro/simulation.h"

namespace mavis::macro {

inline constexpr const char* kSimulationFormat = "mavis-simulation";
inline constexpr int kSimulationFormatVersion = 1;

// What the file says beside the simulation itself.
struct Origin {
  std::string program;       // version of mavis
  std::string library_hash;  // hash_hex of the library file
  std::uint64_t seed = 0;    // of noise, of chips that were not loaded, of random numbers
  bool noise = true, mismatch = true;
  ComparatorProcedure comparator = {};
};

// Replaces the file whole or not at all; throws as write_atomically does.
void write_simulation(const std::filesystem::path& path, const Simulation& simulation,
                      const Workload& workload, const Origin& origin);

}  // namespace mavis::macro
