// The last line of a library file: a hash of every byte before it. HDF5 1.10 does not notice most damage to a
// file's contents and crashes on some. HDF5 itself ignores what follows its own data, and drops it when a
// file is changed through it. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace mavis::tables {

std::string seal_of(std::string_view bytes);

// False if the file has a seal that its other bytes do not match. A file without one passes.
bool seal_holds(std::string_view file);

}  // namespace mavis::tables
