// The rounds that find a campaign's grid (plan/grid.h): circuits, then nodes and held-out points by turns,
// each the circuit without mismatch at every corner and condition; a held-out point has one corner, in turn.
// Nodes that are found are measured here already, under the keys that the plan of the whole campaign asks
// for.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plan/grid.h"
#include "plan/plan.h"

namespace mavis::plan {

class GridRounds : public Rounds {
 public:
  // REQUIRES a campaign with a grid error; its supplies and temperatures are the ends of their ranges, or one
  // value. Throws InputError as Plan does.
  GridRounds(Subject subject, Campaign campaign);

  std::vector<Request> next_round(const Results& results) override;
  std::string stage() const override { return stage_; }  // "grid 7 x 5", "held-out points 1"
  Job job(const Request& request) const override;
  std::string text(const Request& request) const override;
  const std::vector<Point>& points() const override { return points_; }
  const spice::Deck& deck(const std::string& hash) const override;

  // --- valid after the last round ---
  // The campaign with the nodes that were found as its supplies and temperatures.
  Campaign campaign() const;
  // Gives each table the bound that was found for it, unless leaving out nodes of its other axes shows more,
  // and the provenance what was asked and found. The rest of the library stays as it is.
  void store(tables::Library& library) const;
  const std::vector<GridFinding>& findings() const { return search_.findings(); }
  // An error of the finding's table: "0.31 %" or "0.4 mV".
  std::string text_of(const GridFinding& finding, double error) const;
  std::string summary() const;  // "7 x 6 nodes, from 6 x 5; ..."

 private:
  // Points that were added together: a plan of their own.
  struct Part {
    std::size_t first = 0;  // into points_
    Plan plan;
  };
  using Place = std::pair<PvtPoint, Condition>;

  void add_part(const std::vector<std::string>& corners, const std::vector<double>& vdd,
                const std::vector<double>& temp_c);
  void add_held_out();
  void learn(Part& part, const Results& results);
  const Part& part_of(std::size_t point) const;
  Request local(Request request) const;
  std::vector<Request> circuits() const;
  std::vector<Request> nominals(std::size_t first) const;
  std::vector<tables::Table> tables(const std::vector<std::string>& corners, const std::vector<double>& vdd,
                                    const std::vector<double>& temp_c, const Results& results) const;
  void read_held_out(const Results& results);
  std::string grid_text() const;

  Subject subject_;
  Campaign asked_;     // as given
  Campaign measured_;  // what the parts have in common
  GridSearch search_;
  std::vector<Part> parts_;
  std::vector<Point> points_;
  std::map<std::string, std::size_t> deck_parts_;                // by hash
  std::map<const Bench*, std::map<Place, std::size_t>> places_;  // points by place
  std::vector<PvtPoint> asked_held_out_;                         // of all checks
  std::vector<HeldOut> held_out_;                                // measured ones of them
  std::string stage_;
};

}  // namespace mavis::plan
