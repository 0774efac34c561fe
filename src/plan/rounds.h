// What asks for measurements in rounds, and what a worker and a reader of results need to know of each
// request.
#pragma once

#include <string>
#include <vector>

#include "plan/bench.h"

namespace mavis::plan {

// One bench at one PVT point and condition.
struct Point {
  const Bench* bench = nullptr;
  PvtPoint pvt;
  Condition condition;
  std::vector<spice::Deck> decks;
  std::vector<spice::Deck> tight_decks;  // the same at tight settings; empty if no sample is measured so
  std::size_t first_sample = 0;          // samples of the bench at the points before this one

  std::string text() const;  // "ss 0.9 V 120 C, hold_voltage 0.6": for messages
};

struct Request {
  std::size_t point = 0;  // into Plan::points()
  Draw draw;
  bool describe = false;  // which devices does decks[0] have?
};

// Results so far; a missing or failed sample has none.
class Results {
 public:
  virtual ~Results() = default;
  virtual const Measurement* measurement(const Request&) const = 0;
  virtual const std::vector<spice::Device>* devices(const Request&) const = 0;
  // Is it known that it can't be measured? Otherwise a request without a measurement is unfinished.
  virtual bool failed(const Request&) const { return false; }
};

// Requests in rounds, each a pure function of the results so far: a run that was interrupted asks for the
// same things again. Not thread-safe.
class Rounds {
 public:
  virtual ~Rounds() = default;
  // The next round that asks for anything; empty when all is known. Each call moves on. Throws InputError for
  // a circuit that can't be measured.
  virtual std::vector<Request> next_round(const Results& results) = 0;
  // What the latest round measures: "circuits" (to describe them), "samples", "responses".
  virtual std::string stage() const = 0;
  virtual Job job(const Request& request) const = 0;
  virtual std::string text(const Request& request) const = 0;  // "ss 0.9 V 120 C, sample 7": for messages
  virtual const std::vector<Point>& points() const = 0;
  virtual const spice::Deck& deck(const std::string& hash) const = 0;
};

}  // namespace mavis::plan
