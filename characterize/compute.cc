// compute: a column of cells that compute: level against products with its spread, linearity, what it owes to
// the kind of zeros, energy, static current and disturbed bits. compute.cir explains the circuit.
#include <algorithm>
#include <cmath>
#include <numeric>

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

// V: a column whose lines move less tells nothing, its steps are noise of the simulator (levels err by 0.1
// mV).
constexpr double kLeastSwing = 1e-3;

class Compute : public plan::Bench {
 public:
  std::string name() const override { return "compute"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "transfer curve, linearity, zeros, energy and disturb of a column of cells that compute";
  }
  std::vector<std::string> kinds() const override { return {"bitcell"}; }
  std::string refusal(const Subject& subject) const override { return no_computing(subject); }
  bool for_macros() const override { return false; }

  std::vector<pdk::Parameter> parameters(const Subject& subject,
                                         const std::vector<spice::Device>& devices) const override {
    return column_parameters(subject, devices);
  }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    const Axis products = counts("products", "rows with a product", 0, subject.rows),
               steps = counts("to_products", "products after the step", 1, subject.rows),
               zeros = pair_axis("zeros", "stored bit and input bit of the other rows",
                                 column_spec(subject).zeros);
    const auto figure = [](const char* name, const char* unit, const char* text, std::vector<Axis> inner,
                           Worse worse) {
      return Quantity{.name = name,
                      .unit = unit,
                      .long_name = text,
                      .inner = std::move(inner),
                      .responds = false,
                      .worse = worse};
    };
    Quantity swing = figure("swing", "V", "level with every product less that with none", {}, Worse::none);
    swing.responds = true;
    return {
        figure("level", "V", "line after the evaluation, against products", {products}, Worse::none),
        swing,
        figure("step", "1", "from one product less, over the mean step; <= 0: not monotone", {steps},
               Worse::low),
        figure("inl", "1", "largest distance of a level from the straight line between the ends, in steps",
               {}, Worse::high),
        figure("inl_by_products", "1",
               "distance of a level from the straight line between the ends, in steps", {products},
               Worse::none),
        figure("level_by_zeros", "V", "level at half the products, by what the other rows are", {zeros},
               Worse::none),
        figure("zeros_spread", "1", "largest difference of these levels, in steps", {}, Worse::high),
        figure("energy", "J", "of an operation of the column, from rest to rest", {products}, Worse::high),
        figure("static_current", "A", "of the column at the end of the evaluation, lines not held",
               {products}, Worse::high),
        figure("disturb", "V", "largest excursion of a storage node in an operation", {products},
               Worse::high)};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return column_settings(column_spec(subject));
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    return {column_deck(*this, subject, pvt)};
  }

  Measurement measure(Probe& probe) const override {
    Column column(probe);
    const int rows = column.spec().rows;
    Measurement result;
    if (!probe.job().draw.whole()) {
      const double none = column.operate(0).level;
      result["swing"].values = {column.operate(rows).level - none};
      return result;
    }
    std::vector<double> levels;
    for (int k = 0; k <= rows; ++k) {
      const Answer answer = column.operate(k);
      levels.push_back(answer.level);
      result["energy"].values.push_back(answer.energy);
      result["static_current"].values.push_back(answer.static_current);
      Measured& disturb = result["disturb"];
      disturb.values.push_back(answer.disturb);
      disturb.status.push_back(answer.lost ? Status::censored : Status::ok);
    }
    result["level"].values = levels;
    add_linearity(levels, result);
    add_zeros(column, levels, result);
    return result;
  }

 private:
  static Axis counts(const char* name, const char* text, int first, int last) {
    Axis axis{.name = name, .unit = "1", .long_name = text};
    for (int k = first; k <= last; ++k) axis.values.push_back(k);
    return axis;
  }

  static Status status_of(const std::vector<double>& levels) {
    return std::abs(levels.back() - levels.front()) < kLeastSwing ? Status::censored : Status::ok;
  }

  static double lsb(const std::vector<double>& levels) {
    return (levels.back() - levels.front()) / static_cast<double>(levels.size() - 1);
  }

  static void add_linearity(const std::vector<double>& levels, Measurement& result) {
    const Status status = status_of(levels);
    result["swing"].values = {levels.back() - levels.front()};
    const auto add = [&](const char* name, double value, Status own) {
      result[name].values.push_back(status == Status::ok ? value : 0);
      result[name].status.push_back(status == Status::ok ? own : status);
    };
    double worst = 0;
    for (std::size_t k = 0; k < levels.size(); ++k) {
      const double inl = (levels[k] - levels.front()) / lsb(levels) - static_cast<double>(k);
      worst = std::max(worst, std::abs(inl));
      add("inl_by_products", inl, Status::ok);
      if (k == 0) continue;
      const double step = (levels[k] - levels[k - 1]) / lsb(levels);
      // The value stands: it says how far the level goes the wrong way.
      add("step", step, step > 0 ? Status::ok : Status::no_margin);
    }
    add("inl", worst, Status::ok);
  }

  static void add_zeros(Column& column, const std::vector<double>& levels, Measurement& result) {
    std::vector<double>& by_zeros = result["level_by_zeros"].values;
    for (int zero : column.spec().zeros)
      by_zeros.push_back(column.operate(column.spec().rows / 2, zero).level);
    const auto [low, high] = std::minmax_element(by_zeros.begin(), by_zeros.end());
    Measured& spread = result["zeros_spread"];
    const Status status = by_zeros.size() < 2 ? Status::not_applicable : status_of(levels);
    spread.values = {status == Status::ok ? (*high - *low) / std::abs(lsb(levels)) : 0};
    spread.status = {status};
  }
};

const bool registered = plan::register_bench(std::make_unique<Compute>());

}  // namespace
}  // namespace mavis
