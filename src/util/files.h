// Whole files in, whole files out.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace mavis {

// The bytes of a file. Throws InputError naming `what` ("netlist", "macro") and the path.
std::string read_text(const std::filesystem::path& path, std::string_view what);

// Writes by `write(temporary)` to a temporary file beside `path`, flushes it to disk, renames it onto `path`.
// On any exception the temporary file is removed and `path` is untouched.
// Throws InputError when the folder can't be written, MachineError when writing fails.
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write);
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

// Checks that `path` can be created or replaced, before hours of work: throws InputError with the remedy.
void require_writable(const std::filesystem::path& path);

}  // namespace mavis
