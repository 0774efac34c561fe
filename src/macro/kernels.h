// The inner loops of conversions, for the widest vectors of the machine (Highway, chosen at run time).
// Results are the same for every instruction set, number of threads and division of the work: arithmetic is
// elementwise in IEEE single precision without fused operations, and noise is addressed, not streamed.
//
// Inputs of n operations are bit planes by word: word v of operation i is inputs[v * stride + i], column j
// its bit j % 64 of word j / 64; bits beyond the last column are 0. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mavis::macro {

// Temporal noise: uniform words of Philox4x32-10, key `seed`, counter (chip, Stream::noise, address) with
// address = sequence + (operation * blocks + block) * 0x9E3779B97F4A7C15.
struct NoiseSource {
  std::uint64_t seed = 0;
  std::uint32_t chip = 0;
  std::uint64_t sequence = 0;
};

// Standard normals of uniform 32-bit words (normal_pieces.h). Words from 2^31 on give the positive half.
void normals_of(const std::uint32_t* words, std::size_t n, float* normals);

// One row against its converter, per cell. Plain data; DetailedRow owns what it points to.
struct DetailedKernel {
  int words = 0, columns = 0;
  int bits = 0, cycles = 0;               // of a code; decided, the others stay 0
  const std::uint64_t* stored = nullptr;  // words
  // By products and input ones, row-major (columns + 1) x (columns + 1): the level and its drift a cycle, V.
  const float *level = nullptr, *drift = nullptr;
  // By group of 4 columns (16 columns are taken at a time: groups beyond the last column are there, and 0),
  // their input bits, and node of the level (kNodes places, `nodes` used): what these columns add there, V.
  static constexpr std::size_t kNodes = 16;
  const float* deviations = nullptr;
  int quads = 0, nodes = 0;
  float nodes_per_volt = 0;
  // By SA cycle and the code so far (2^cycle of them), followed by room for a vector: V, V rms.
  const float *threshold = nullptr, *noise = nullptr;
  static constexpr std::size_t kRoom = 16;
  const float* level_noise = nullptr;  // V rms, by products; held for an operation
  float near = 0;                      // V: noise turns no decision that is farther from its threshold
};

// Codes of operations; `levels`, if not null, gets each level without temporal noise, V. Without a source:
// no noise.
void convert_detailed(const DetailedKernel& kernel, const std::uint64_t* inputs, std::size_t stride,
                      std::size_t n, const NoiseSource* source, std::uint64_t first_operation,
                      std::uint16_t* codes, float* levels);

// One row against its converter by tables: P(code | products), static and temporal error in one draw.
struct FastKernel {
  int words = 0, bits = 0;
  const std::uint64_t* stored = nullptr;
  // Walker's alias method (ACM TOMS 3(3), 253, 1977): by products and slot of 2^bits, the share of the slot's
  // own code in the upper 32 - bits bits, the other code in the lower ones.
  const std::uint32_t* alias = nullptr;
};
void convert_fast(const FastKernel& kernel, const std::uint64_t* inputs, std::size_t stride, std::size_t n,
                  const NoiseSource& source, std::uint64_t first_operation, std::uint16_t* codes);

// For tests and benches: instruction sets of this machine that the loops exist for, best first, and the
// choice of one; an unknown name chooses the best. Not thread-safe.
std::vector<std::string> instruction_sets();
void choose_instruction_set(const std::string& name);

}  // namespace mavis::macro
