// Random draws that are addressed, not streamed: draw (seed, stream, sample, parameter) is the same number
// whatever the machine, the worker, the order of work or the number of other draws.
//
// Generator: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) from
// Random123, key = seed, counter = (sample, stream, hash of the parameter's name). Uniform to normal by
// Wichura's algorithm AS 241 (PPND16, Applied Statistics 37(3), 477, 1988) on 53 bits.
// All functions are pure and thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace mavis {

// Draws of different streams are independent of each other.
enum class Stream : std::uint32_t {
  local = 0,     // mismatch: one draw a device parameter and sample
  global = 1,    // process shift: one draw a process parameter and sample, shared by every device
  noise = 2,     // temporal noise: changes from operation to operation
  search = 3,    // where a search for rare failures measures
  scramble = 4,  // keys that scramble Sobol points (stats/sobol.h)
  data = 5,      // what a simulation stores and is given
};

// Uniform in (0, 1): (k + 1/2) / 2^53.
double uniform_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address);

// 64 uniform bits.
std::uint64_t bit_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address);

// Standard normal. `parameter` is an instance path and parameter, "xcell.mpd:vth"; upper and lower case
// differ.
double normal_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::string_view parameter);

// Standard normal addressed by number, for long sequences (noise waveforms): `index` counts along the
// sequence that `address` (a hash64 of its name) starts.
double normal_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address,
                   std::uint64_t index);

// Inverse of the standard normal distribution function, relative error about 1e-16. REQUIRES 0 < p < 1.
double normal_quantile(double p);

// Probability that a standard normal number exceeds x.
double normal_tail(double x);

}  // namespace mavis
