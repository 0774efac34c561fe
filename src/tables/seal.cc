#include "tables/seal.h"

#include "util/hash.h"

namespace mavis::tables {
namespace {

constexpr std::string_view kStart = "mavis-seal:";
constexpr std::size_t kSize = kStart.size() + 32 + 1;

}  // namespace

std::string seal_of(std::string_view bytes) {
  return std::string(kStart) + hash_hex(bytes) + "\n";
}

bool seal_holds(std::string_view file) {
  if (file.size() < kSize) return true;
  const std::string_view seal = file.substr(file.size() - kSize);
  return !seal.starts_with(kStart) || seal == seal_of(file.substr(0, file.size() - kSize));
}

}  // namespace mavis::tables
