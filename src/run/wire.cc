#include "run/wire.h"

#include <fmt/format.h>

#include <bit>
#include <concepts>
#include <map>
#include <utility>
#include <vector>

#include "util/hash.h"

namespace mavis::run {
namespace {

constexpr std::string_view kMagic = "MVSf";
constexpr std::size_t kHeaderSize = 4 + 1 + 4 + 4;

// Writer and Reader walk the same list of fields, so that they can't disagree: fields(io, x) below calls
// io(member) for each member of x.
class Writer {
 public:
  std::string bytes;

  template <std::unsigned_integral T>
  void operator()(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  }
  void operator()(bool value) { (*this)(static_cast<std::uint8_t>(value)); }
  void operator()(double value) { (*this)(std::bit_cast<std::uint64_t>(value)); }
  void operator()(const std::string& text) {
    size(text.size());
    bytes.append(text);
  }
  template <class E>
  requires std::is_enum_v<E>
  void choice(E value, E) { (*this)(static_cast<std::uint8_t>(value)); }
  template <class T>
  void list(const std::vector<T>& items) {
    size(items.size());
    for (const T& item : items) fields(*this, item);
  }
  template <class V>
  void list(const std::map<std::string, V>& items) {
    size(items.size());
    for (const auto& item : items) fields(*this, item);
  }

 private:
  void size(std::size_t n) {
    if (n > kMaxBody) throw WireError(fmt::format("a field of {} items exceeds the limit of a message", n));
    (*this)(static_cast<std::uint32_t>(n));
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  void operator()(T& value) {
    const std::string_view bytes = take(sizeof(T));
    value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value = static_cast<T>(value |
                             static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i)));
  }
  void operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    if (byte > 1) throw WireError("a flag is neither 0 nor 1");
    value = byte == 1;
  }
  void operator()(double& value) {
    std::uint64_t bits = 0;
    (*this)(bits);
    value = std::bit_cast<double>(bits);
  }
  void operator()(std::string& text) { text = take(size()); }
  template <class E>
  requires std::is_enum_v<E>
  void choice(E& value, E last) {
    std::uint8_t byte = 0;
    (*this)(byte);
    if (byte > static_cast<std::uint8_t>(last)) throw WireError(fmt::format("unknown choice {}", byte));
    value = static_cast<E>(byte);
  }
  template <class T>
  void list(std::vector<T>& items) {
    for (std::size_t n = size(); n > 0; --n) fields(*this, items.emplace_back());
  }
  template <class V>
  void list(std::map<std::string, V>& items) {
    for (std::size_t n = size(); n > 0; --n) {
      std::pair<std::string, V> item;
      fields(*this, item);
      if (!items.insert(std::move(item)).second) throw WireError("a name occurs twice");
    }
  }

  void require_end() const {
    if (!rest_.empty()) throw WireError(fmt::format("{} bytes too many", rest_.size()));
  }

 private:
  // Every item takes at least a byte.
  std::size_t size() {
    std::uint32_t n = 0;
    (*this)(n);
    if (n > rest_.size()) throw WireError(fmt::format("{} items announced, {} bytes left", n, rest_.size()));
    return n;
  }
  std::string_view take(std::size_t n) {
    if (n > rest_.size()) throw WireError(fmt::format("{} bytes expected, {} left", n, rest_.size()));
    const std::string_view bytes = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return bytes;
  }

  std::string_view rest_;
};

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

template <class Io>
void fields(Io& io, Is<double> auto& value) {
  io(value);
}
template <class Io>
void fields(Io& io, Is<std::string> auto& text) {
  io(text);
}
template <class Io>
void fields(Io& io, Is<tables::Status> auto& status) {
  io.choice(status, tables::Status::no_margin);
}

// Map entries: the key is const only while writing.
template <class Io, class K, class V>
void fields(Io& io, std::pair<K, V>& entry) {
  io(entry.first);
  fields(io, entry.second);
}
template <class Io, class K, class V>
void fields(Io& io, const std::pair<K, V>& entry) {
  io(entry.first);
  fields(io, entry.second);
}

template <class Io>
void fields(Io& io, Is<plan::Assignment> auto& x) {
  io(x.device), io(x.parameter), io(x.value), io(x.nominal);
}

template <class Io>
void fields(Io& io, Is<plan::Measured> auto& x) {
  io.list(x.values), io.list(x.status);
}

template <class Io>
void fields(Io& io, Is<spice::Device> auto& x) {
  std::uint8_t letter = static_cast<std::uint8_t>(x.letter);
  io(x.name), io(x.model), io(letter);
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(x)>>) x.letter = static_cast<char>(letter);
  io.list(x.nodes);
  io(x.w), io(x.l), io(x.multiplier), io(x.value);
}

template <class Io>
void fields(Io& io, Is<plan::Job> auto& x) {
  io(x.bench);
  io(x.pvt.corner), io(x.pvt.vdd), io(x.pvt.temp_c);
  io.list(x.condition), io.list(x.settings);
  io.choice(x.draw.kind, plan::DrawKind::placed);
  io(x.draw.index), io(x.draw.seed);
  io.list(x.assignments), io.list(x.deck_hashes);
  io(x.step_scale);
}

template <class Io>
void fields(Io& io, Is<Task> auto& x) {
  io(x.key);
  fields(io, x.job);
  io(x.describe);
}

template <class Io>
void fields(Io& io, Is<Outcome> auto& x) {
  io.choice(x.state, State::unfinished);
  io(x.message), io(x.transcript), io(x.deck);
  io.list(x.measurement), io.list(x.devices);
}

template <class Io>
void fields(Io& io, Is<HelloMessage> auto& x) {
  io(x.trouble);
}
template <class Io>
void fields(Io& io, Is<DeckMessage> auto& x) {
  io(x.hash), io(x.text);
}
template <class Io>
void fields(Io& io, Is<TaskMessage> auto& x) {
  io(x.number);
  fields(io, x.task);
}
template <class Io>
void fields(Io& io, Is<ReplyMessage> auto& x) {
  io(x.number), io(x.cost.cpu_s), io(x.cost.run_cpu_s);
  fields(io, x.outcome);
}
template <class Io>
void fields(Io& io, Is<RecordMessage> auto& x) {
  io(x.key);
  fields(io, x.outcome);
}

std::uint32_t frame_checksum(std::uint8_t kind, std::string_view body) {
  Writer covered;
  covered(kind);
  covered(static_cast<std::uint32_t>(body.size()));
  covered.bytes.append(body);
  return checksum32(covered.bytes);
}

}  // namespace

template <class Message>
std::string pack(const Message& message) {
  Writer body;
  fields(body, message);
  if (body.bytes.size() > kMaxBody)
    throw WireError(
        fmt::format("a message of {} bytes exceeds the limit of {}", body.bytes.size(), kMaxBody));
  Writer frame;
  frame.bytes = kMagic;
  frame(Message::kKind);
  frame(static_cast<std::uint32_t>(body.bytes.size()));
  frame(frame_checksum(Message::kKind, body.bytes));
  return frame.bytes + body.bytes;
}

template <class Message>
Message unpack(const Frame& frame) {
  if (frame.kind != Message::kKind)
    throw WireError(fmt::format("message of kind {} where {} was expected", frame.kind, Message::kKind));
  Message message;
  Reader reader(frame.body);
  fields(reader, message);
  reader.require_end();
  return message;
}

template std::string pack(const HelloMessage&);
template std::string pack(const DeckMessage&);
template std::string pack(const TaskMessage&);
template std::string pack(const ReplyMessage&);
template std::string pack(const RecordMessage&);
template HelloMessage unpack(const Frame&);
template DeckMessage unpack(const Frame&);
template TaskMessage unpack(const Frame&);
template ReplyMessage unpack(const Frame&);
template RecordMessage unpack(const Frame&);

std::optional<Frame> FrameReader::next() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  // Wrong from the first byte on is found at once, not when a length made of garbage has arrived.
  if (!rest.starts_with(kMagic.substr(0, rest.size()))) throw WireError("not the start of a message");
  if (rest.size() < kHeaderSize) return std::nullopt;
  Frame frame;
  std::uint32_t length = 0, checksum = 0;
  Reader header(rest.substr(kMagic.size()));
  header(frame.kind), header(length), header(checksum);
  if (length > kMaxBody) throw WireError(fmt::format("a message of {} bytes exceeds the limit", length));
  if (rest.size() - kHeaderSize < length) return std::nullopt;
  frame.body = rest.substr(kHeaderSize, length);
  if (frame_checksum(frame.kind, frame.body) != checksum) throw WireError("wrong checksum");
  begin_ += kHeaderSize + length;
  consumed_ += kHeaderSize + length;
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  }
  return frame;
}

}  // namespace mavis::run
