#include "run/wire.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace mavis::run {
namespace {

Task full_task() {
  Task task;
  task.key = "0123";
  task.job.bench = "comparator";
  task.job.pvt = {"ss", 0.9, -40};
  task.job.condition = {{"common_mode", 0.1}, {"overdrive", -0.0}};
  task.job.settings = {{"rows", 8}, {"product_time", 0.9e-9}};
  task.job.draw = {plan::DrawKind::response, 4000000000u, std::numeric_limits<std::uint64_t>::max()};
  task.job.assignments = {{"m.x1.m1", "delvto", 1e-3}, {"m.x1.m1", "mulu0", 1 + 1e-16}};
  task.job.deck_hashes = {"a", std::string("b\0c", 3)};
  task.describe = true;
  return task;
}

Outcome full_outcome() {
  Outcome outcome;
  outcome.state = State::failed;
  outcome.message = "timestep too small";
  outcome.transcript = "alter x\nop\n";
  outcome.deck = "abc";
  outcome.measurement["delay"] = {{1e-12, std::nan("")},
                                  {tables::Status::ok, tables::Status::not_applicable}};
  outcome.measurement["energy"] = {{}, {}};
  outcome.devices = {{"m.x1.m1", "nch", 'm', {"d", "g", "0"}, 90e-9, 45e-9, 2, 0},
                     {"c1", "", 'c', {}, 0, 0, 1, 1e-15}};
  return outcome;
}

std::vector<Frame> frames_in(std::string_view bytes) {
  FrameReader reader;
  reader.feed(bytes);
  std::vector<Frame> frames;
  while (auto frame = reader.next()) frames.push_back(*frame);
  return frames;
}

// Packing again gives the same bytes, which covers every field that is packed.
template <class Message>
Message round_trip(const Message& message) {
  const std::string bytes = pack(message);
  const auto frames = frames_in(bytes);
  EXPECT_EQ(frames.size(), 1u);
  Message copy = unpack<Message>(frames.at(0));
  EXPECT_EQ(pack(copy), bytes);
  return copy;
}

TEST(Wire, RoundTripOfATask) {
  const Task task = full_task();
  const TaskMessage copy = round_trip(TaskMessage{77, task});
  EXPECT_EQ(copy.number, 77u);
  EXPECT_EQ(copy.task.key, task.key);
  EXPECT_EQ(copy.task.describe, true);
  const plan::Job& job = copy.task.job;
  EXPECT_EQ(job.bench, task.job.bench);
  EXPECT_EQ(job.pvt, task.job.pvt);
  EXPECT_EQ(job.condition, task.job.condition);
  EXPECT_TRUE(std::signbit(job.condition[1].second));
  EXPECT_EQ(job.settings, task.job.settings);
  EXPECT_EQ(job.draw.kind, plan::DrawKind::response);
  EXPECT_EQ(job.draw.index, 4000000000u);
  EXPECT_EQ(job.draw.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(job.deck_hashes, task.job.deck_hashes);
  ASSERT_EQ(job.assignments.size(), 2u);
  EXPECT_EQ(job.assignments[1].device, "m.x1.m1");
  EXPECT_EQ(job.assignments[1].parameter, "mulu0");
  EXPECT_EQ(job.assignments[0].value, 1e-3);
}

TEST(Wire, RoundTripOfAnOutcome) {
  const ReplyMessage copy = round_trip(ReplyMessage{5, {0.25, 0.125}, full_outcome()});
  EXPECT_EQ(copy.number, 5u);
  EXPECT_EQ(copy.cost.cpu_s, 0.25);
  EXPECT_EQ(copy.cost.run_cpu_s, 0.125);
  const Outcome& outcome = copy.outcome;
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.message, "timestep too small");
  EXPECT_EQ(outcome.transcript, "alter x\nop\n");
  EXPECT_EQ(outcome.deck, "abc");
  ASSERT_EQ(outcome.measurement.size(), 2u);
  EXPECT_EQ(outcome.measurement.at("delay").values[0], 1e-12);
  EXPECT_TRUE(std::isnan(outcome.measurement.at("delay").values[1]));
  EXPECT_EQ(outcome.measurement.at("delay").status[1], tables::Status::not_applicable);
  ASSERT_EQ(outcome.devices.size(), 2u);
  EXPECT_EQ(outcome.devices[0].letter, 'm');
  EXPECT_EQ(outcome.devices[0].nodes[2], "0");
  EXPECT_EQ(outcome.devices[0].multiplier, 2);
  EXPECT_EQ(outcome.devices[1].value, 1e-15);
}

TEST(Wire, RoundTripOfTheOthers) {
  EXPECT_EQ(round_trip(HelloMessage{"no"}).trouble, "no");
  EXPECT_EQ(round_trip(DeckMessage{"h", "t\n"}).text, "t\n");
  EXPECT_EQ(round_trip(RecordMessage{"k", full_outcome()}).key, "k");
}

TEST(Wire, FramesArriveInPieces) {
  const std::string bytes = pack(DeckMessage{"h", "text"}) + pack(TaskMessage{1, full_task()});
  FrameReader reader;
  std::vector<std::uint8_t> kinds;
  for (const char byte : bytes) {
    reader.feed({&byte, 1});
    while (const auto frame = reader.next()) kinds.push_back(frame->kind);
  }
  EXPECT_EQ(kinds, (std::vector<std::uint8_t>{DeckMessage::kKind, TaskMessage::kKind}));
  EXPECT_EQ(reader.consumed(), bytes.size());
}

TEST(Wire, NoByteOfAFrameCanChangeUnnoticed) {
  const std::string bytes = pack(ReplyMessage{5, {}, full_outcome()});
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const char flip : {'\x01', '\x80'}) {
      std::string wrong = bytes;
      wrong[i] = static_cast<char>(wrong[i] ^ flip);
      try {
        EXPECT_TRUE(frames_in(wrong).empty()) << "byte " << i;  // a longer length waits for more
      } catch (const WireError&) {
      }
    }
}

TEST(Wire, JunkIsNoticedAtOnce) {
  EXPECT_THROW(frames_in("x"), WireError);
  EXPECT_THROW(frames_in("MVSx"), WireError);
  EXPECT_TRUE(frames_in("MVSf").empty());
}

TEST(Wire, AnEndlessMessageIsRefused) {
  const std::string header("MVSf\x02\xff\xff\xff\xff\0\0\0\0", 13);
  EXPECT_THROW(frames_in(header), WireError);
  EXPECT_THROW(pack(DeckMessage{"h", std::string(kMaxBody, 'x')}), WireError);
}

TEST(Wire, AnotherKindIsRefused) {
  EXPECT_THROW(unpack<DeckMessage>(frames_in(pack(HelloMessage{})).at(0)), WireError);
}

// Every body is either a message or a WireError, whatever its bytes.
template <class Message>
void expect_safe(const std::string& body) {
  try {
    const Message message = unpack<Message>({Message::kKind, body});
    EXPECT_EQ(pack(message).size(), body.size() + 13);
  } catch (const WireError&) {
  }
}

TEST(Wire, TruncatedBodiesAreRefused) {
  const std::string body = frames_in(pack(ReplyMessage{5, {}, full_outcome()})).at(0).body;
  for (std::size_t n = 0; n < body.size(); ++n)
    EXPECT_THROW(unpack<ReplyMessage>({ReplyMessage::kKind, body.substr(0, n)}), WireError) << n;
  EXPECT_THROW(unpack<ReplyMessage>({ReplyMessage::kKind, body + "x"}), WireError);
}

TEST(Wire, RandomBodiesAreSafe) {
  std::mt19937 random(1);
  const std::string task = frames_in(pack(TaskMessage{1, full_task()})).at(0).body;
  const std::string reply = frames_in(pack(ReplyMessage{5, {}, full_outcome()})).at(0).body;
  for (int i = 0; i < 20000; ++i) {
    std::string noise(random() % 64, '\0');
    for (char& c : noise) c = static_cast<char>(random() % 4 ? random() % 3 : random());
    std::string changed_task = task, changed_reply = reply;
    for (int n = 1 + static_cast<int>(random() % 3); n > 0; --n) {
      changed_task[random() % task.size()] = static_cast<char>(random());
      changed_reply[random() % reply.size()] = static_cast<char>(random());
    }
    expect_safe<TaskMessage>(noise);
    expect_safe<ReplyMessage>(noise);
    expect_safe<TaskMessage>(changed_task);
    expect_safe<ReplyMessage>(changed_reply);
  }
}

}  // namespace
}  // namespace mavis::run
