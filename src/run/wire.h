// The bytes between the coordinator and a worker, and of the run log's records: typed messages in frames.
//
// A frame: "MVSf", kind (u8), length of the body (u32), checksum32 of kind, length and body (u32), body.
// A body: fields in order; numbers little-endian, double by its bits, text and lists with their length (u32)
// first. Nothing read here is trusted: lengths, enumerations, checksums and left-over bytes are checked, and
// memory grows only with bytes that have arrived. Pure, thread-safe per object.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "run/outcome.h"

namespace mavis::run {

// Bytes that are no message: the peer, or the file, is not to be trusted any further.
class WireError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline constexpr std::size_t kMaxBody = std::size_t{64} << 20;  // bytes

// --- messages: each is a frame of its own kind ---

// Worker: ready for tasks; or `trouble`, one line, says why it can never be.
struct HelloMessage {
  static constexpr std::uint8_t kKind = 1;
  std::string trouble;
};

// Coordinator: the text of a deck that the next task needs. A worker keeps the decks of its latest task only.
struct DeckMessage {
  static constexpr std::uint8_t kKind = 2;
  std::string hash;
  std::string text;
};

// Coordinator: measure this. `number` comes back in the reply.
struct TaskMessage {
  static constexpr std::uint8_t kKind = 3;
  std::uint64_t number = 0;
  Task task;
};

// Worker: the result.
struct ReplyMessage {
  static constexpr std::uint8_t kKind = 4;
  std::uint64_t number = 0;
  Cost cost;
  Outcome outcome;
};

// Run log: what became of the task with this key.
struct RecordMessage {
  static constexpr std::uint8_t kKind = 5;
  std::string key;
  Outcome outcome;
};

// The frame of a message (one of the five above). Throws WireError if it exceeds kMaxBody.
template <class Message>
std::string pack(const Message& message);

struct Frame {
  std::uint8_t kind = 0;
  std::string body;
};

// The message in a frame. Throws WireError for another kind or a malformed body.
template <class Message>
Message unpack(const Frame& frame);

// Cuts a stream of bytes into frames.
class FrameReader {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }

  // The next whole frame; empty while it has not arrived. Throws WireError where the stream is broken; it
  // stays broken.
  std::optional<Frame> next();

  // Bytes of all frames that next() returned.
  std::uint64_t consumed() const { return consumed_; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;  // of the next frame in buffer_
  std::uint64_t consumed_ = 0;
};

}  // namespace mavis::run
