// compute_drive: what a column of cells that compute owes to time and to the level of its drive, without
// mismatch; on and off current of a cell, power at rest, and what the cell is made of. compute_column.h
// explains the circuit.
#include <algorithm>
#include <cmath>

#include "compute_circuit.h"
#include "compute_column.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measured;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;
using tables::Status;
using tables::Worse;

constexpr std::array kTimes = {0.5, 0.9, 1.0, 1.1, 2.0};               // of the cell's own evaluation time
constexpr std::size_t kShorter = 1, kLonger = 3;                       // those about its own
constexpr std::array kDrives = {0.8, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5};  // of the cell's own drive
constexpr double kMostDrive = 1.2;                                     // of vdd
constexpr double kLeastSwing = 1e-3;                                   // V, as in compute.cc
constexpr double kLeastCharge = 10e-18;  // C in the evaluation time: 10 mV on a femtofarad

class ComputeDrive : public plan::Bench {
 public:
  std::string name() const override { return "compute_drive"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "what a column of cells that compute owes to time and drive level; on/off current, rest power, "
           "size";
  }
  std::vector<std::string> kinds() const override { return {"bitcell"}; }
  std::string refusal(const Subject& subject) const override { return no_computing(subject); }
  bool for_macros() const override { return false; }
  plan::Variation variation() const override { return plan::Variation::none; }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    const Axis time{.name = "time",
                    .unit = "1",
                    .long_name = "evaluation time over the cell's own",
                    .values = {kTimes.begin(), kTimes.end()}},
        drive{.name = "drive",
              .unit = "1",
              .long_name = "level of inputs (of the bias, where there is one) over the cell's own",
              .values = {kDrives.begin(), kDrives.end()}};
    std::vector<Quantity> all = {
        {.name = "swing",
         .unit = "V",
         .long_name = "level with every product less that with none",
         .inner = {time}},
        {.name = "time_sensitivity",
         .unit = "1",
         .long_name = "relative change of the swing over that of the evaluation time",
         .worse = Worse::high},
        {.name = "drive_level", .unit = "V", .long_name = "strongest input, or the bias", .inner = {drive}},
        {.name = "swing_by_drive",
         .unit = "V",
         .long_name = "level with every product less that with none",
         .inner = {drive}},
        {.name = "bow_by_drive",
         .unit = "1",
         .long_name = "distance of the middle level from that between the ends, in steps",
         .inner = {drive}},
        {.name = "disturb_by_drive",
         .unit = "V",
         .long_name = "largest excursion of a storage node, every row active, one of them without a product",
         .inner = {drive},
         .worse = Worse::high},
        {.name = "on_current", .unit = "A", .long_name = "a product's, out of the held line"},
        {.name = "off_current",
         .unit = "A",
         .long_name = "the largest of no product's, out of the held line"},
        {.name = "on_off", .unit = "1", .long_name = "ratio of these two", .worse = Worse::low},
        {.name = "rest_power",
         .unit = "W",
         .long_name =
             "of a row at rest: cell, its part of the lines, what its mload* stand for; mean of both bits",
         .scale = tables::Scale::log,
         .worse = Worse::high},
        {.name = "transistors", .unit = "1", .long_name = "of a cell"},
        {.name = "gate_area",
         .unit = "m2",
         .long_name = "of a cell's transistors beyond the shortest length"},
        {.name = "capacitance", .unit = "F", .long_name = "of a cell's metal capacitors"}};
    if (column_spec(subject).latches == 2)
      all.push_back({.name = "weight_ratio",
                     .unit = "1",
                     .long_name = "swing of the high bit over that of the low one"});
    for (Quantity& quantity : all) quantity.responds = false;
    return all;
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    std::map<std::string, double> settings = column_settings(column_spec(subject));
    settings["shared"] = subject.blocks.at("bitcell").operation->shared;
    settings["lmin"] = subject.pdk.netlist_params.at("lmin");
    return settings;
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    return {column_deck(*this, subject, pvt)};
  }

  Measurement measure(Probe& probe) const override {
    Measurement result;
    Column column(probe);
    add_time(column, result);
    add_drive(column, probe.job().pvt.vdd, result);
    add_currents(column, result);
    result["rest_power"].values = {column.idle_power()};
    if (column.spec().latches == 2) {
      const int rows = column.spec().rows;
      const double none = column.operate(0).level;
      result["weight_ratio"].values = {(column.operate(rows, -1, 2).level - none) /
                                       (column.operate(rows, -1, 1).level - none)};
    }
    add_size(probe, result);
    return result;
  }

 private:
  static void add_time(Column& column, Measurement& result) {
    std::vector<double> swings;
    for (double factor : kTimes) {
      column.scale_time(factor);
      const double none = column.operate(0).level;
      swings.push_back(column.operate(column.spec().rows).level - none);
    }
    column.scale_time(1);
    const double middle = (swings[kLonger] + swings[kShorter]) / 2;
    const bool moves = std::abs(middle) >= kLeastSwing;
    result["swing"].values = swings;
    Measured& sensitivity = result["time_sensitivity"];
    sensitivity.values = {
        moves ? (swings[kLonger] - swings[kShorter]) / middle / (kTimes[kLonger] - kTimes[kShorter]) : 0};
    sensitivity.status = {moves ? Status::ok : Status::censored};
  }

  static void add_drive(Column& column, double vdd, Measurement& result) {
    const int rows = column.spec().rows;
    const auto& zeros = column.spec().zeros;
    // An open row that stores the other bit, where the cell has that: it is what fallen lines can write.
    const int attacked = std::find(zeros.begin(), zeros.end(), 1) != zeros.end() ? 1 : zeros[0];
    for (double factor : kDrives) {
      column.scale_drive(factor);
      const bool possible = column.drive() <= kMostDrive * vdd * (1 + 1e-9);
      result["drive_level"].values.push_back(column.drive());
      const auto add = [&](const char* name, double value, Status status) {
        result[name].values.push_back(value);
        result[name].status.push_back(possible ? status : Status::not_applicable);
      };
      if (!possible) {
        for (const char* name : {"swing_by_drive", "bow_by_drive", "disturb_by_drive"})
          add(name, 0, Status::ok);
        continue;
      }
      const Answer none = column.operate(0, attacked), half = column.operate(rows / 2, attacked),
                   but_one = column.operate(rows - 1, attacked), all = column.operate(rows);
      const double swing = all.level - none.level;
      const bool moves = std::abs(swing) >= kLeastSwing;
      add("swing_by_drive", swing, Status::ok);
      add("bow_by_drive", moves ? (half.level - none.level) / (swing / rows) - rows / 2 : 0,
          moves ? Status::ok : Status::censored);
      add("disturb_by_drive", std::max({none.disturb, half.disturb, but_one.disturb, all.disturb}),
          none.lost || half.lost || but_one.lost || all.lost ? Status::censored : Status::ok);
    }
    column.scale_drive(1);
  }

  static void add_currents(Column& column, Measurement& result) {
    const double on = column.line_current(column.spec().ones[0]);
    double off = 0;
    for (int zero : column.spec().zeros)
      if (const double current = column.line_current(zero); std::abs(current) > std::abs(off)) off = current;
    result["on_current"].values = {on};
    result["off_current"].values = {off};
    // A cell that couples a charge has no current: its ratio would be one of leakages.
    const bool by_current = off != 0 && std::abs(on) * column.spec().time > kLeastCharge;
    result["on_off"].values = {by_current ? std::abs(on / off) : 0};
    result["on_off"].status = {by_current ? Status::ok : Status::not_applicable};
  }

  // Devices called mload* stand for other cells of the group.
  static void add_size(Probe& probe, Measurement& result) {
    constexpr std::string_view kRow = ".xr0.";
    double transistors = 0, area = 0, capacitance = 0;
    for (const spice::Device& device : probe.session().devices()) {
      const std::size_t last = device.name.rfind('.');
      if (!device.name.substr(1).starts_with(kRow)) continue;
      const std::string own = device.name.substr(last + 1);
      const bool in_cell = last > kRow.size();  // not in the .subckt itself
      const double share = in_cell ? 1 : 1 / probe.setting("shared");
      if (device.letter == 'm' && !own.starts_with("mload")) {
        transistors += share * device.multiplier;
        area += share * device.multiplier * device.w * std::max(device.l - probe.setting("lmin"), 0.0);
      } else if (device.letter == 'c' && own.starts_with("cmom")) {
        capacitance += share * device.value;
      }
    }
    result["transistors"].values = {transistors};
    result["gate_area"].values = {area};
    result["capacitance"].values = {capacitance};
  }
};

const bool registered = plan::register_bench(std::make_unique<ComputeDrive>());

}  // namespace
}  // namespace mavis
