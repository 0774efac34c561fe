// The plan of a campaign: which bench, point and draw to measure, in rounds.
//
//   circuits    which devices has each bench's circuit? (one deck a bench)
//   samples     at every point the nominal circuit and all samples; each hundredth sample of a bench once
//   more
//               at tight settings; at the reference PVT point the response to every parameter
//   responses   at every other point the response to the active parameters: those with more than kActiveShare
//               of the squared gradient of some quantity at the reference point
//   looks       of a campaign with an accuracy: see plan/looks.h
// Campaign::responses may leave out the third round (reference) or all responses (none). A campaign with an
// accuracy draws its samples in the looks, after the responses, which their surrogates are made of.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/campaign.h"
#include "plan/rounds.h"
#include "plan/subject.h"

namespace mavis::plan {

// Settings at which a sample is measured again to see what the usual ones leave undetermined: a third of the
// time step and a twentieth of the truncation error that ngspice tolerates by default.
inline constexpr int kTightEvery = 100;  // samples of a bench
inline constexpr double kTightStep = 1.0 / 3;
inline const std::vector<std::string> kTightOptions = {"reltol=3e-4", "trtol=1"};

class Plan : public Rounds {
 public:
  // Builds every deck. Throws InputError for corners or PVT values that the process does not claim, for
  // blocks that a bench can't use and for an accuracy that can't be had.
  Plan(Subject subject, Campaign campaign);

  const Subject& subject() const { return subject_; }
  const Campaign& campaign() const { return campaign_; }
  // Label -> text of every file that decides a number, as read when the plan was made.
  const std::map<std::string, std::string>& files() const { return files_; }

  std::vector<Request> next_round(const Results& results) override;
  std::string stage() const override;
  Job job(const Request& request) const override;
  std::string text(const Request& request) const override;
  const std::vector<Point>& points() const override { return points_; }
  const spice::Deck& deck(const std::string& hash) const override;

  // Of each of parameters(), in standard deviations.
  std::vector<double> draws(const Request& request) const;
  // The job of any draw, given in standard deviations of each of parameters(): for plans that place their
  // own.
  Job job_at(const Request& request, const std::vector<double>& z) const;

  // --- what belongs to a point; samples of a campaign with an accuracy grow from look to look ---
  // In order; the nominal circuit alone where a bench's samples don't vary.
  std::vector<Request> samples(std::size_t point) const;
  // Those of samples(point) that are measured again at tight settings.
  std::vector<Request> tight(std::size_t point) const;
  Request nominal(std::size_t point) const;
  Request response(std::size_t point, std::size_t parameter, bool up) const;
  // Both parameters at +1 sigma.
  Request pair(std::size_t point, std::size_t first, std::size_t second) const;

  // --- what belongs to a bench; valid once its circuit is described and its responses are in ---
  const std::vector<pdk::Parameter>& parameters(const Bench& bench) const;
  // Positions in parameters() that have a response, ascending.
  const std::vector<std::size_t>& active(const Bench& bench) const;
  // The same, those first that matter most.
  const std::vector<std::size_t>& ranked(const Bench& bench) const;
  // Pairs of those that matter most, measured in a campaign with an accuracy.
  std::vector<std::pair<std::size_t, std::size_t>> pairs(const Bench& bench) const;

 private:
  void add_point(const Bench& bench, const PvtPoint& pvt, const Condition& condition);
  int first_count(const Point& point) const;
  bool varies(const Point& point) const;
  bool grows(const Point& point) const;
  bool is_reference(const Point& point) const;
  std::vector<std::size_t> mixed_points() const;
  void learn_circuits(const Results& results);
  void require_connected(const std::vector<spice::Device>& devices) const;
  std::vector<Request> describe_round() const;
  std::vector<Request> sample_round() const;
  std::vector<Request> response_round(const Results& results);
  std::vector<Request> look_round(const Results& results);

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
  std::map<const Bench*, std::vector<std::size_t>> active_, ranked_;
  std::vector<int> counts_;  // samples by point so far
  int round_ = 0;            // number of the latest one
};

}  // namespace mavis::plan
