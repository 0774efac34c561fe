// Content hashes (XXH3, 128 bits, canonical hexadecimal): keys of the run log and provenance.
// Not cryptographic: they find accidents, not forgeries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mavis {

// 32 lower-case hexadecimal digits; the same on every machine.
std::string hash_hex(std::string_view bytes);

// Builds a hash from several fields. Each field is stored with its length, so that
// ("ab","c") and ("a","bc") differ. Numbers enter by their bits: 0.1 and 0.1+eps differ.
class Hasher {
 public:
  Hasher& add(std::string_view field);
  Hasher& add(double value);
  Hasher& add(std::uint64_t value);
  std::string hex() const { return hash_hex(bytes_); }

 private:
  std::string bytes_;
};

// 64-bit hash of text; addresses the draws of a device parameter (see draws.h).
std::uint64_t hash64(std::string_view bytes);

// 32-bit check sum of a record.
std::uint32_t checksum32(std::string_view bytes);

}  // namespace mavis
