// The plan of a campaign: which bench, point and draw to measure, in rounds. Each round is a pure function of
// the campaign and of the results so far, so that a campaign that was interrupted asks for the same things
// again.
//
//   round 1   describe: which devices has each bench's circuit? (one deck a bench)
//   round 2   at every point the nominal circuit and all samples; each hundredth sample of a bench once more
//   at
//             tight settings; at the reference PVT point the response to every parameter
//   round 3   at every other point the response to the active parameters: those with more than kActiveShare
//             of the squared gradient of some quantity at the reference point
// Campaign::responses may leave out round 3 (reference) or all responses (none).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/bench.h"
#include "plan/campaign.h"
#include "plan/subject.h"

namespace mavis::plan {

inline constexpr double kActiveShare = 1e-4;

// Settings at which a sample is measured again to see what the usual ones leave undetermined: a third of the
// time step and a twentieth of the truncation error that ngspice tolerates by default.
inline constexpr int kTightEvery = 100;  // samples of a bench
inline constexpr double kTightStep = 1.0 / 3;
inline const std::vector<std::string> kTightOptions = {"reltol=3e-4", "trtol=1"};

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
};

class Plan {
 public:
  // Builds every deck. Throws InputError for corners or PVT values that the process does not claim and for
  // blocks that a bench can't use.
  Plan(Subject subject, Campaign campaign);

  const Subject& subject() const { return subject_; }
  const Campaign& campaign() const { return campaign_; }
  const std::vector<Point>& points() const { return points_; }
  const spice::Deck& deck(const std::string& hash) const;
  // Label -> text of every file that decides a number, as read when the plan was made.
  const std::map<std::string, std::string>& files() const { return files_; }

  // The next round that asks for anything; empty when the campaign is complete. Each call moves on. Throws
  // InputError for a circuit with nodes that nothing holds.
  std::vector<Request> next_round(const Results& results);
  int round() const { return round_; }  // number of the latest one

  Job job(const Request& request) const;
  std::string text(
      const Request& request) const;  // "ss 0.9 V 120 C, hold_voltage 0.6, sample 7": for messages

  // --- for the distiller; valid after the last round ---
  // Of one point, in order; the nominal circuit alone where a bench's samples don't vary.
  std::vector<Request> samples(std::size_t point) const;
  // Those of samples(point) that are measured again at tight settings.
  std::vector<Request> tight(std::size_t point) const;
  Request nominal(std::size_t point) const;
  const std::vector<pdk::Parameter>& parameters(const Bench& bench) const;
  // Positions in parameters() that have a response.
  const std::vector<std::size_t>& active(const Bench& bench) const;
  Request response(std::size_t point, std::size_t parameter, bool up) const;
  std::size_t requests_of_round_2() const;  // for estimates before anything ran

 private:
  std::vector<Request> round(int number, const Results& results);
  void add_point(const Bench& bench, const PvtPoint& pvt, const Condition& condition);
  int sample_count(const Point& point) const;
  bool varies(const Point& point) const;
  std::vector<std::size_t> mixed_points() const;
  void require_connected(const std::vector<spice::Device>& devices) const;
  std::vector<Request> describe_round() const;
  std::vector<Request> sample_round();
  std::vector<Request> response_round(const Results& results);
  void find_active(const Bench& bench, const Results& results);
  bool is_reference(const Point& point) const;

  Subject subject_;
  Campaign campaign_;
  PvtPoint reference_;
  std::map<std::string, std::string> files_;
  std::vector<Point> points_;
  struct DeckPlace {
    std::size_t point, deck;
    bool tight;
  };
  std::map<std::string, DeckPlace> deck_places_;  // by hash
  std::map<const Bench*, std::vector<pdk::Parameter>> parameters_;
  std::map<const Bench*, std::vector<std::size_t>> active_;
  int round_ = 0;
};

}  // namespace mavis::plan
