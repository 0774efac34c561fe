// Rows of bits among the settings of a job, which are numbers: "input.0" holds the first 32, bit i as 2^i.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace mavis::plan {

// REQUIRES bits of 0 and 1.
void set_bits(std::map<std::string, double>& settings, const std::string& name,
              const std::vector<char>& bits);
// The first `count`. Throws std::out_of_range if they were not set.
std::vector<char> bits_of(const std::map<std::string, double>& settings, const std::string& name,
                          std::size_t count);

}  // namespace mavis::plan
