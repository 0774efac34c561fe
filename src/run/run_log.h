// The run log of one output: LIB.h5.run/, beside LIB.h5. It is what a campaign resumes from.
//
//   log                append-only: "MVSrlog\n", format version (u32, little-endian), then one frame a record
//                      (wire.h: magic, kind, length, checksum, body = key and outcome). A record is written
//                      before its result is used, so a kill loses at most the one being written; a torn tail
//                      is cut off at the next start.
//   lock               held (flock) while a campaign runs; its text is the holder's process number
//   plan.txt           the campaign that the output belongs to
//   failed/KEY.cir     a deck that replays a failed sample by hand: ngspice -b KEY.cir
//
// Records are addressed by content (task_key.h), so results of an edited netlist never mix with older ones,
// and going back to the old netlist finds the old results. Not thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "run/descriptor.h"
#include "run/outcome.h"

namespace mavis::run {

class RunLog {
 public:
  // Opens or creates `folder`, takes the lock, compares `plan`, reads all records. With `extend`, another
  // plan replaces the one that is there. Throws InputError when the folder can't be made, another process
  // holds it (names it), the plan differs (says where) or the log is foreign or of a newer format;
  // MachineError when writing fails.
  RunLog(const std::filesystem::path& folder, const std::string& plan, bool extend);

  // The text of plan.txt in `folder`, empty if there is none.
  static std::string plan_in(const std::filesystem::path& folder);

  // nullptr if there is none; otherwise valid as long as the log.
  const Outcome* lookup(const std::string& key) const;

  // Writes and remembers; the first record of a key wins. REQUIRES state measured or failed. Throws
  // MachineError when it can't be written whole (disk full); the log then is as before.
  void append(const std::string& key, const Outcome& outcome);

  // Writes failed/KEY.cir; returns its path.
  std::filesystem::path keep_replay(const std::string& key, std::string_view deck) const;

  std::size_t size() const { return outcomes_.size(); }
  std::uint64_t torn_bytes() const { return torn_bytes_; }  // cut off at the end when it was opened

 private:
  void take_lock();
  void compare_plan(const std::string& plan, bool extend) const;
  void read();
  void write(std::string_view bytes);  // whole or not at all
  std::filesystem::path log_path() const { return folder_ / "log"; }

  std::filesystem::path folder_;
  Descriptor lock_;
  Descriptor log_;
  std::uint64_t end_ = 0;  // of the last whole record
  std::uint64_t torn_bytes_ = 0;
  std::unordered_map<std::string, Outcome> outcomes_;
};

}  // namespace mavis::run
