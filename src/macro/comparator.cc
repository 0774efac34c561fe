#include "macro/comparator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mavis::macro {
namespace {

constexpr const char *kOffset = "comparator_calibration/offset", *kShift = "comparator_calibration/shift",
                     *kThere = "comparator_calibration/shift_where_it_rules";
constexpr const char *kOldOffset = "comparator/offset", *kStep = "comparator/calibration_step";
constexpr const char* kDelay = "comparator/delay";
constexpr const char* kNone = "none";

// Share of a side's step that acts at a common mode: 1 at its own end, 0 at the other.
double share(Side side, double common_mode) {
  const double own = calibration_common_mode(side),
               far = calibration_common_mode(side == Side::n ? Side::p : Side::n);
  return std::clamp((common_mode - far) / (own - far), 0.0, 1.0);
}

// Common modes of kThere's axis "place", from the rail inwards.
struct Place {
  const char* name;
  double n, p;
};
constexpr std::array<Place, 4> kPlaces = {
    {{"rail", 0.95, 0.05}, {"near_rail", 0.9, 0.15}, {"middle", 0.7, 0.25}, {"inner", 0.5, 0.4}}};

// Linear between the responses at ascending places, constant beyond.
Response between(Curve places, const std::vector<Response>& there, double where) {
  const auto number = [&](auto of, std::size_t p) {
    places.y.clear();
    for (const Response& response : there) places.y.push_back((response.*of)[p]);
    return places.at(where);
  };
  Response response;
  for (std::size_t p = 0; p < there[0].slope.size(); ++p)
    response.slope.push_back(number(&Response::slope, p));
  for (std::size_t p = 0; p < there[0].bend.size(); ++p) response.bend.push_back(number(&Response::bend, p));
  return response;
}

// By common mode, V.
Curve late_overdrive(const PointTables& tables, double decision_time) {
  if (decision_time <= 0 || !tables.has(kDelay)) return {{0}, {0}};
  const std::vector<double>& overdrives = tables.axis(kDelay, "overdrive").values;
  const double small = overdrives.front(), large = overdrives.back();
  Curve late;
  for (double cm : tables.axis(kDelay, "common_mode").values) {
    const auto delay = [&](double overdrive) {
      return tables.nominal(kDelay, {{"common_mode", cm}, {"overdrive", overdrive}});
    };
    const double slow = delay(small), fall = (slow - delay(large)) / std::log(large / small);
    late.x.push_back(cm);
    late.y.push_back(fall > 0 ? small * std::exp((slow - decision_time) / fall) : 0);
  }
  return late;
}

const char* offset_table(const tables::Library& library) {
  return library.tables().contains(kOffset) ? kOffset : kOldOffset;
}

}  // namespace

const std::vector<std::string>& comparator_parameters(const tables::Library& library) {
  return library.find(offset_table(library)).parameters.labels;
}

double calibration_common_mode(Side side) {
  return side == Side::n ? 0.95 : 0.05;
}

ComparatorModel::ComparatorModel(const PointTables& tables, bool calibrated, double decision_time)
    : pvt_(tables.pvt().text()),
      labels_(comparator_parameters(tables.library())),
      offset_(tables.nominal_along(offset_table(tables.library()), "common_mode")),
      noise_(tables.plane_along("comparator_noise/input_noise", "sigma", "common_mode")),
      energy_(tables.nominal_along("comparator/energy", "common_mode")),
      late_(late_overdrive(tables, decision_time)) {
  for (double cm : offset_.x)
    response_.push_back(tables.bent_response(offset_table(tables.library()), {{"common_mode", cm}}));
  for (Side side : kSides) {
    const auto place = static_cast<std::size_t>(side);
    settings_[place].push_back({kNone, 0});
    if (calibrated) read_settings(tables, side);
    for (const CalibrationSetting& setting : settings_[place])
      shifts_[place].push_back(shift_of(tables, side, setting));
  }
}

void ComparatorModel::read_settings(const PointTables& tables, Side side) {
  std::vector<CalibrationSetting>& settings = settings_[static_cast<std::size_t>(side)];
  for (const char* where : {"left", "right"})
    for (int bits : {1, 2, 3}) {
      const std::string name = fmt::format("{}_{}_{}", side == Side::n ? "n" : "p", where, bits);
      const char* table = tables.has(kShift) ? kShift : kStep;
      tables::Point place{{"setting", name}};
      if (table == kShift) place["common_mode"] = calibration_common_mode(side);
      // A setting whose step could not be measured is not used.
      if (tables.has(table) && tables.has_nominal(table, place))
        settings.push_back({name, tables.nominal(table, place)});
    }
  std::stable_sort(settings.begin(), settings.end(),
                   [](const auto& a, const auto& b) { return a.shift < b.shift; });
}

ComparatorModel::Shift ComparatorModel::shift_of(const PointTables& tables, Side side,
                                                 const CalibrationSetting& setting) const {
  Shift shift;
  if (setting.name == kNone) {
    shift.nominal.assign(offset_.x.size(), 0);
    return shift;
  }
  if (!tables.has(kShift)) {
    for (double cm : offset_.x) shift.nominal.push_back(setting.shift * share(side, cm));
    return shift;
  }
  // Straight lines: a cubic would swing beside the step where the halves change over.
  Curve nominal{tables.axis(kShift, "common_mode").values, {}};
  for (double cm : nominal.x)
    nominal.y.push_back(tables.nominal(kShift, {{"setting", setting.name}, {"common_mode", cm}}));
  Curve inwards;  // common modes of the places, ascending
  std::vector<Response> there;
  for (std::size_t i = 0; i < kPlaces.size(); ++i) {
    const Place& place = kPlaces[side == Side::n ? kPlaces.size() - 1 - i : i];
    inwards.x.push_back(side == Side::n ? place.n : place.p);
    there.push_back(
        tables.bent_response(kThere, {{"setting", setting.name}, {"place", std::string(place.name)}}));
  }
  const double inner = side == Side::n ? inwards.x.front() : inwards.x.back(), full = nominal.at(inner);
  for (double cm : offset_.x) {
    shift.nominal.push_back(nominal.at(cm));
    const bool rules = side == Side::n ? cm >= inner : cm <= inner;
    const double rule = rules ? 1 : full != 0 ? std::clamp(nominal.at(cm) / full, 0.0, 1.0) : 0;
    shift.response.push_back(between(inwards, there, cm));
    shift.response.back().scale(rule);
  }
  return shift;
}

Calibration ComparatorModel::without_calibration() const {
  Calibration none{};
  for (Side side : kSides) {
    const std::vector<CalibrationSetting>& all = settings(side);
    const auto found = std::find_if(all.begin(), all.end(), [](const auto& s) { return s.name == kNone; });
    none[static_cast<std::size_t>(side)] = static_cast<std::size_t>(found - all.begin());
  }
  return none;
}

Comparator::Comparator(const ComparatorModel& model, const Chip& chip, int array)
    : model_(&model), bare_(model.offset_), calibration_(model.without_calibration()) {
  for (const std::string& label : model.labels_) z_.push_back(chip.draw(comparator_address(array), label));
  for (std::size_t i = 0; i < bare_.x.size(); ++i) bare_.y[i] += model.response_[i].to(z_);
  threshold_ = bare_;
}

Comparator Comparator::with(const Calibration& calibration) const {
  Comparator changed = *this;
  changed.calibration_ = calibration;
  changed.threshold_ = bare_;
  for (Side side : kSides) {
    const auto place = static_cast<std::size_t>(side);
    const ComparatorModel::Shift& shift = model_->shifts_[place][calibration[place]];
    for (std::size_t i = 0; i < bare_.x.size(); ++i)
      changed.threshold_.y[i] += shift.nominal[i] + (shift.response.empty() ? 0 : shift.response[i].to(z_));
  }
  return changed;
}

Comparator Comparator::measured(Curve threshold) const {
  Comparator changed = *this;
  changed.threshold_ = std::move(threshold);
  return changed;
}

const std::string& Comparator::setting(Side side) const {
  return model_->settings(side)[calibration_[static_cast<std::size_t>(side)]].name;
}

}  // namespace mavis::macro
