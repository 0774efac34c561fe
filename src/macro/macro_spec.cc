#include "macro/macro_spec.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "util/error.h"

namespace mavis::macro {
namespace {

// An SA conversion finds one of 2^bits codes; more than this many bits no column count could follow.
constexpr int kMostBits = 10;

class Facts {
 public:
  explicit Facts(const tables::Library& library) : library_(library) {}

  bool says(const std::string& name, const std::string& value) const {
    const std::string* known = library_.provenance.fact("macro." + name);
    return known && *known == value;
  }

  std::string text(const std::string& name) const {
    if (const std::string* value = library_.provenance.fact("macro." + name)) return *value;
    throw InputError(
        fmt::format("the library of {} lacks the fact 'macro.{}'; characterize the macro, not a single block",
                    library_.macro(), name));
  }

  double number(const std::string& name) const {
    const std::string value = text(name);
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || !(number > 0) || !std::isfinite(number))
      refuse(name, "a number above zero");
    return number;
  }

  int count(const std::string& name) const {
    const double value = number(name);
    if (value != std::floor(value) || value > 1e6) refuse(name, "a whole number");
    return static_cast<int>(value);
  }

  [[noreturn]] void refuse(const std::string& name, const std::string& expected) const {
    throw InputError(
        fmt::format("the library of {}: fact 'macro.{}' is '{}', expected {}; characterize it again",
                    library_.macro(), name, text(name), expected));
  }

 private:
  const tables::Library& library_;
};

}  // namespace

Spec read_spec(const tables::Library& library) {
  const Facts facts(library);
  Spec spec;
  spec.name = library.macro();
  spec.rows = facts.count("rows");
  spec.columns_per_half = facts.count("columns_per_half");
  spec.adc_bits = facts.count("adc_bits");
  spec.hold_voltage = facts.number("hold_voltage");
  spec.product_time = facts.number("product_time");
  spec.timing = facts.text("timing");
  spec.clock = facts.number("clock");
  if (library.provenance.fact("macro.decision_time")) spec.decision_time = facts.number("decision_time");
  spec.clocks_mav = facts.count("clocks_mav");
  spec.clocks_sa = facts.count("clocks_sa");
  spec.vdd = facts.number("vdd");
  spec.calibrated = !facts.says("calibration", "none");
  if (spec.adc_bits > kMostBits) facts.refuse("adc_bits", fmt::format("{} at most", kMostBits));
  if (spec.columns_per_half != (1 << spec.adc_bits) - 1)
    facts.refuse("columns_per_half", fmt::format("{}, 2^adc_bits - 1", (1 << spec.adc_bits) - 1));
  return spec;
}

}  // namespace mavis::macro
