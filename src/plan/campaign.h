// What a user asks for: one characterization campaign. Its text is kept beside the output and decides whether
// a second command goes on with the same campaign.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mavis::plan {

// Where the response to each device parameter is measured: at every PVT point, at the reference point alone,
// or nowhere.
enum class Responses { all, reference, none };

struct Campaign {
  std::string subject;               // path as given, made absolute
  std::string pdk;                   // name or path
  std::vector<std::string> corners;  // in table order, unique
  std::vector<double> vdd;           // V, ascending
  std::vector<double> temp_c;        // Celsius, ascending
  int samples = 16;                  // mismatch samples a bench and point
  std::uint64_t seed = 1;
  // How well the spread must be known (stats/accuracy.h); empty: as well as `samples` samples tell. With one,
  // a point of a bench with mismatch takes as many samples as that needs, `most` at most.
  std::string accuracy = {};
  int most = 4096;
  // What the tables may be wrong by between their nodes (plan/grid.h); empty: as it comes out. With one,
  // `vdd` and `temp_c` are the ends of their ranges, and nodes are added as needed, `grid_nodes` at most.
  std::string grid_error = {};
  int grid_nodes = 80;
  Responses responses = Responses::all;
  std::vector<std::string> respond_everywhere =
      {};                            // benches that have all, whatever `responses` says; sorted
  int rows = 0;                      // of a bare block; 0: what it has anyway
  std::vector<std::string> benches;  // sorted names

  // One `name = value` a line.
  std::string text() const;
  // Throws InputError naming `place` for text that text() did not make.
  static Campaign parse(const std::string& text, const std::string& place);

  // The smallest campaign that contains both: unions of corners, supplies, temperatures and benches, the
  // larger sample count. Throws InputError when subject, process or seed differ: those can't share a library.
  Campaign joined(const Campaign& other) const;

  // Does a bench have responses at every PVT point?
  bool responds_everywhere(const std::string& bench) const;
  // "all", "reference" or "none", or the benches that have all beside the others' reference.
  std::string responses_text() const;
  // The inverse; what is none of the three is a list of benches.
  void set_responses(const std::string& text);

  bool operator==(const Campaign&) const = default;
};

}  // namespace mavis::plan
