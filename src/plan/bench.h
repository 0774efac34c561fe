// What a bench promises: which blocks it measures, at which conditions, which quantities come out, and how
// one sample is measured inside a worker. A bench is one file in characterize/, registered by itself.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/subject.h"
#include "spice/deck.h"
#include "spice/session.h"
#include "tables/axis.h"
#include "tables/table.h"

namespace mavis::plan {

// Process corner + supply + temperature.
struct PvtPoint {
  std::string corner;
  double vdd = 0;            // V
  double temp_c = 0;         // Celsius
  std::string text() const;  // "ss 0.9 V 120 C"
  auto operator<=>(const PvtPoint&) const = default;
};

// Named values that a bench varies between decks, in the order of its condition axes: {{"hold_voltage", 0.6},
// ...}.
using Condition = std::vector<std::pair<std::string, double>>;

// What is drawn for a sample.
enum class DrawKind : std::uint8_t {
  nominal = 0,  // no mismatch
  sample = 1,   // index = sample number: every parameter drawn
  response =
      2,      // index = 2 * parameter + (0: +1 sigma, 1: -1 sigma): one parameter moved, the others nominal
  tight = 3,  // index = sample number: that sample again, at tightened step and error control
  pair = 4,   // index = first * parameters + second: both at +1 sigma
  scrambled = 5,  // index = sample number: scrambled Sobol points in the parameters that matter, others drawn
  placed = 6,     // index = number of the run: wherever its plan says
};

struct Draw {
  DrawKind kind = DrawKind::nominal;
  std::uint32_t index = 0;
  std::uint64_t seed = 0;
  // Are all quantities of the bench wanted, or only those that respond?
  bool whole() const { return kind != DrawKind::response && kind != DrawKind::pair; }
  bool random() const {
    return kind == DrawKind::sample || kind == DrawKind::tight || kind == DrawKind::scrambled;
  }
};

// Does a table store how its response to draws bends? `searched` is for what a search finds to an accuracy
// only: the error of the circuit without mismatch would count in every parameter, so what most of them show
// alike is taken off, and what is no larger than their scatter is no bend.
enum class Bends { none, exact, searched };

// A quantity that a bench measures in each sample.
struct Quantity {
  std::string name;            // "discharge_time_10"
  std::string unit;            // SI
  std::string long_name = {};  // a line for people
  tables::Scale scale = tables::Scale::linear;
  std::vector<tables::Axis> inner = {};     // axes inside one sample, slowest first
  std::map<std::string, double> only = {};  // conditions it exists at; those axes are dropped from its table
  bool responds = true;                     // the table stores its response to draws
  tables::Worse worse = tables::Worse::none;
  Bends bends = Bends::none;
};

// Values of it that a sample has: the product of its inner axes' sizes.
std::size_t inner_size(const Quantity& quantity);

// Results of one sample by quantity name, each row-major over the quantity's inner axes.
struct Measured {
  std::vector<double> values;
  std::vector<tables::Status> status;  // empty: all ok
  tables::Status status_at(std::size_t cell) const {
    return status.empty() ? tables::Status::ok : status.at(cell);
  }
};
using Measurement = std::map<std::string, Measured>;

// A value that a sample writes into the circuit: `alter @device[parameter] = value`. Without a device: the
// seed of a kit's own mismatch, 0: none; `parameter` is its switch (spice/session.h).
struct Assignment {
  std::string device;     // "m.xdut.xcell.mpd"
  std::string parameter;  // "delvto"
  double value = 0;
  double nominal = 0;  // without mismatch, for benches that calibrate themselves on the nominal circuit
};

// Everything a worker needs to measure one sample; pure data, sent over the wire.
struct Job {
  std::string bench;
  PvtPoint pvt;
  Condition condition;
  std::map<std::string, double> settings;  // what the macro and process say: "product_time", "rows", ...
  Draw draw;
  std::vector<Assignment> assignments;
  std::vector<std::string> deck_hashes;  // decks()[k].hash, in the bench's order
  double step_scale = 1;                 // of every time step that the bench asks for
};

// Writes a job's assignments into the circuit: the sample's values, or what they are without mismatch.
void set_sample(spice::Session& session, const Job& job);
void set_nominal(spice::Session& session, const Job& job);

// What a bench sees while it measures one sample.
class Probe {
 public:
  virtual ~Probe() = default;
  virtual const Job& job() const = 0;
  // The session with deck k loaded and this sample's assignments set.
  virtual spice::Session& session(std::size_t deck = 0) = 0;

  double condition(
      std::string_view name) const;  // throws std::logic_error if the bench has no such condition
  double setting(std::string_view name) const;
};

// What differs between samples; none: the circuit without mismatch, measured once at a point.
enum class Variation { mismatch, noise, none };

class Bench {
 public:
  virtual ~Bench() = default;
  virtual std::string name() const = 0;
  virtual int version() const = 0;                     // raised when the same deck gives other numbers
  virtual std::string summary() const = 0;             // a line for `mavis list benches`
  virtual std::vector<std::string> kinds() const = 0;  // block kinds it needs: {"bitcell", "line"}
  // Roles that the benches' blocks must have beyond those that every block of the kind has, ports or states:
  // {{"bitcell", "product_line"}}.
  virtual std::vector<std::pair<std::string, std::string>> roles() const { return {}; }
  // Why it can't measure this subject, whose blocks have those roles: "needs a ..."; empty: it can.
  virtual std::string refusal(const Subject&) const { return ""; }
  // Does it look into single transistors, by their models? Then it can't measure in a process that makes them
  // of sub-circuits or bins.
  virtual bool needs_plain_models() const { return false; }
  // Part of a macro's characterization too? Otherwise it measures bare blocks, and macros only if asked for.
  virtual bool for_macros() const { return true; }
  virtual Variation variation() const { return Variation::mismatch; }
  // What mismatch moves in its circuit, whose devices these are. A bench that says otherwise names parameters
  // so that equal names are the same draw, and leaves out only what its figures hardly feel.
  virtual std::vector<pdk::Parameter> parameters(const Subject& subject,
                                                 const std::vector<spice::Device>& devices) const {
    return subject.pdk.parameters(devices);
  }
  // Samples a point for a campaign that asks for n: a noise bench may need more. Not asked without variation.
  virtual int samples(int n) const { return n; }
  virtual std::vector<Quantity> quantities(const Subject&) const = 0;
  // Axes of conditions, slowest first; the grid is their product. Empty: one condition.
  virtual std::vector<tables::Axis> conditions(const Subject&) const { return {}; }
  virtual std::map<std::string, double> settings(const Subject&) const { return {}; }
  virtual std::vector<spice::DeckSpec> decks(const Subject&, const PvtPoint&, const Condition&) const = 0;
  // Runs in the worker. Throws spice::RunFailure for a sample that ngspice can't solve.
  virtual Measurement measure(Probe&) const = 0;
};

// The deck of a bench at a PVT point as far as every bench has it: its netlist characterize/<name>.cir, the
// process corner, the subject's blocks, the process' netlist parameters, vdd and temperature.
spice::DeckSpec deck_spec(const Bench& bench, const Subject& subject, const PvtPoint& pvt);

// --- registry -------------------------------------------------------------------------------------------

// `const bool registered = register_bench(std::make_unique<ProductLine>());` at namespace scope. A second
// bench of the same name ends the program.
bool register_bench(std::unique_ptr<Bench> bench);
// All benches, sorted by name.
const std::vector<std::unique_ptr<Bench>>& benches();
// Throws InputError listing the benches.
const Bench& find_bench(std::string_view name);

}  // namespace mavis::plan
