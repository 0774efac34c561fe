#include "run/run_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "run/wire.h"
#include "util/error.h"
#include "util/files.h"

namespace mavis::run {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMagic = "MVSrlog\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderSize = 12;

std::string header() {
  std::string bytes(kMagic);
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(kVersion >> shift));
  return bytes;
}

std::uint32_t version_of(std::string_view header) {
  std::uint32_t version = 0;
  for (std::size_t i = 0; i < 4; ++i)
    version |= std::uint32_t{static_cast<unsigned char>(header[kMagic.size() + i])} << (8 * i);
  return version;
}

// Cuts the first line off.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

// "line 3 is 'samples = 16', was 'samples = 32'".
std::string first_difference(std::string_view now, std::string_view before) {
  for (int number = 1; !now.empty() || !before.empty(); ++number) {
    const std::string_view a = take_line(now), b = take_line(before);
    if (a != b) return fmt::format("line {} was '{}', now it is '{}'", number, b, a);
  }
  return "they differ in blank lines";
}

}  // namespace

RunLog::RunLog(const fs::path& folder, const std::string& plan, bool extend) : folder_(folder) {
  std::error_code error;
  fs::create_directories(folder_ / "failed", error);
  if (error)
    throw InputError(fmt::format("{}: cannot make this folder ({}); choose another output", folder_.string(),
                                 error.message()));
  take_lock();
  compare_plan(plan, extend);
  read();
}

void RunLog::take_lock() {
  const fs::path path = folder_ / "lock";
  lock_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock_.get() < 0)
    throw InputError(fmt::format("{}: {}; choose another output", path.string(), std::strerror(errno)));
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      throw MachineError(fmt::format("{}: cannot lock: {}", path.string(), std::strerror(errno)));
    char holder[32] = {};
    const ssize_t length = ::pread(lock_.get(), holder, sizeof holder - 1, 0);
    throw InputError(fmt::format("{}: process {} is working on this output; wait until it is done, or end it",
                                 folder_.string(), length > 1 ? std::string(holder, length - 1) : "?"));
  }
  const std::string holder = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock_.get(), 0) != 0 ||
      ::pwrite(lock_.get(), holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size()))
    throw MachineError(fmt::format("{}: cannot write (is the disk full?)", path.string()));
}

std::string RunLog::plan_in(const fs::path& folder) {
  const fs::path path = folder / "plan.txt";
  return fs::exists(path) ? read_text(path, "plan") : "";
}

void RunLog::compare_plan(const std::string& plan, bool extend) const {
  const std::string before = plan_in(folder_);
  if (before == plan) return;
  if (!before.empty() && !extend)
    throw InputError(fmt::format(
        "{}: this output belongs to another campaign: {}; give --extend to add to it, or another output",
        (folder_ / "plan.txt").string(), first_difference(plan, before)));
  write_atomically(folder_ / "plan.txt", plan);
}

void RunLog::read() {
  const fs::path path = log_path();
  log_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (log_.get() < 0)
    throw InputError(fmt::format("{}: {}; choose another output", path.string(), std::strerror(errno)));
  const std::string bytes = read_text(path, "run log");
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size()))
    throw InputError(fmt::format("{}: is not a run log; remove it or choose another output", path.string()));
  if (bytes.size() >= kHeaderSize) {
    if (version_of(bytes) != kVersion)
      throw InputError(fmt::format(
          "{}: run log format {}, this program reads {}; use the newer mavis or choose another output",
          path.string(), version_of(bytes), kVersion));
    FrameReader reader;
    reader.feed(std::string_view(bytes).substr(kHeaderSize));
    try {
      while (const std::optional<Frame> frame = reader.next()) {
        RecordMessage record = unpack<RecordMessage>(*frame);
        outcomes_.try_emplace(std::move(record.key), std::move(record.outcome));
        end_ = kHeaderSize + reader.consumed();
      }
    } catch (const WireError&) {
      // The tail of a write that was cut short; its samples are measured again.
    }
    end_ = std::max<std::uint64_t>(end_, kHeaderSize);
  }
  torn_bytes_ = bytes.size() - end_;
  if (torn_bytes_ > 0 && ::ftruncate(log_.get(), static_cast<off_t>(end_)) != 0)
    throw MachineError(fmt::format("{}: {}", path.string(), std::strerror(errno)));
  if (end_ == 0) write(header());
}

const Outcome* RunLog::lookup(const std::string& key) const {
  const auto found = outcomes_.find(key);
  return found == outcomes_.end() ? nullptr : &found->second;
}

void RunLog::append(const std::string& key, const Outcome& outcome) {
  if (outcome.state == State::unfinished) throw std::logic_error("an unfinished sample has no record");
  if (outcomes_.contains(key)) return;
  write(pack(RecordMessage{key, outcome}));
  outcomes_.emplace(key, outcome);
}

void RunLog::write(std::string_view bytes) {
  std::uint64_t at = end_;
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(log_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int reason = written == 0 ? ENOSPC : errno;
      // If even this fails, the next start cuts the tail off.
      [[maybe_unused]] const int ignored = ::ftruncate(log_.get(), static_cast<off_t>(end_));
      throw MachineError(fmt::format("{}: cannot write: {}; free some space and run the same command again",
                                     log_path().string(), std::strerror(reason)));
    }
    at += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  end_ = at;
}

fs::path RunLog::keep_replay(const std::string& key, std::string_view deck) const {
  const fs::path path = folder_ / "failed" / (key + ".cir");
  write_atomically(path, deck);
  return path;
}

}  // namespace mavis::run
