#include "util/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "util/error.h"

namespace mavis {
namespace fs = std::filesystem;

namespace {

void flush_to_disk(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw MachineError(fmt::format("{}: {}", path.string(), std::strerror(errno)));
  const int failed = ::fsync(fd);
  const int reason = errno;
  ::close(fd);
  if (failed) throw MachineError(fmt::format("{}: {}", path.string(), std::strerror(reason)));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

std::string read_text(const fs::path& path, std::string_view what) {
  if (!fs::exists(path)) throw InputError(fmt::format("{}: no such {}", path.string(), what));
  if (fs::is_directory(path))
    throw InputError(fmt::format("{}: is a folder, expected a {}", path.string(), what));
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in) throw InputError(fmt::format("{}: cannot read this {}", path.string(), what));
  return std::move(bytes).str();
}

void write_atomically(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  require_writable(path);
  const fs::path temporary = path.string() + fmt::format(".tmp{}", ::getpid());
  try {
    write(temporary);
    flush_to_disk(temporary);
    fs::rename(temporary, path);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

void write_atomically(const fs::path& path, std::string_view bytes) {
  write_atomically(path, [&](const fs::path& temporary) {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw MachineError(fmt::format("{}: cannot write (is the disk full?)", path.string()));
  });
}

void require_writable(const fs::path& path) {
  const fs::path folder = folder_of(path);
  if (!fs::is_directory(folder))
    throw InputError(
        fmt::format("{}: the folder {} does not exist; create it first", path.string(), folder.string()));
  if (fs::is_directory(path))
    throw InputError(fmt::format("{}: is a folder; name a file to write", path.string()));
  if (::access(folder.c_str(), W_OK) != 0 || (fs::exists(path) && ::access(path.c_str(), W_OK) != 0))
    throw InputError(fmt::format("{}: cannot be written ({}); choose another output", path.string(),
                                 std::strerror(errno)));
}

}  // namespace mavis
