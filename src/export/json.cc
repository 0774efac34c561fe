#include "export/json.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

namespace mavis::exports {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

template <class List, class Text>
std::string list(const List& items, const Text& text, const char* between = ", ") {
  std::string joined = "[";
  for (std::size_t i = 0; i < items.size(); ++i) joined += (i == 0 ? "" : between) + text(items[i]);
  return joined + "]";
}

std::string numbers(const std::vector<double>& values) {
  return list(values, number);
}

class Object {
 public:
  void add(const char* name, const std::string& value) {
    text_ += fmt::format("{}  \"{}\": {}", text_.empty() ? "{\n" : ",\n", name, value);
  }
  std::string text() const { return text_ + "\n}\n"; }

 private:
  std::string text_;
};

}  // namespace

std::string quoted(const std::string& text) {
  std::string to = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') to += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      to += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      to += c;
  }
  return to + '"';
}

std::string data_json(const Source& source, const Target& target) {
  const MacroData& macro = *source.macro;
  Object object;
  object.add("about", list(header(source, target), quoted, ",\n    "));
  object.add("library", quoted(source.name));
  object.add("library_hash", quoted(source.hash));
  object.add("macro", quoted(source.library->macro()));
  object.add("corner", quoted(macro.pvt.corner));
  object.add("vdd", number(macro.pvt.vdd));
  object.add("temp_c", number(macro.pvt.temp_c));
  object.add("rows", fmt::format("{}", macro.spec.rows));
  object.add("columns_per_half", fmt::format("{}", macro.spec.columns_per_half));
  object.add("adc_bits", fmt::format("{}", macro.spec.adc_bits));
  object.add("seed", fmt::format("{}", macro.seed));
  object.add("density", number(macro.density));
  object.add("chips", list(macro.chips, [](std::uint32_t index) { return fmt::format("{}", index); }));
  object.add("weight", numbers(macro.codes.front().weight));
  object.add("level_v", numbers(macro.level));
  const auto by_chip = [&](const char* name, const auto& items, const auto& of) {
    object.add(name, list(
                         items, [&](const auto& item) { return numbers(of(item)); }, ",\n    "));
  };
  using Codes = macro::ChipCodes;
  object.add("rate", list(
                         macro.codes,
                         [&](const Codes& codes) {
                           std::vector<std::vector<double>> rows;
                           for (std::size_t k = 0; k < macro.products(); ++k) {
                             const auto from =
                                 codes.rate.begin() + static_cast<std::ptrdiff_t>(k * macro.code_count());
                             rows.emplace_back(from, from + static_cast<std::ptrdiff_t>(macro.code_count()));
                           }
                           return list(rows, numbers, ",\n     ");
                         },
                         ",\n    "));
  by_chip("mean", macro.codes, [](const Codes& codes) { return codes.mean; });
  by_chip("data_sigma", macro.codes, [](const Codes& codes) { return codes.data_sigma; });
  by_chip("temporal_sigma", macro.codes, [](const Codes& codes) { return codes.temporal_sigma; });
  by_chip("threshold_v", macro.converters, [](const Converter& c) { return c.threshold; });
  by_chip("threshold_noise_v", macro.converters, [](const Converter& c) { return c.noise; });
  by_chip("threshold_products", macro.converters, [](const Converter& c) { return c.products; });
  by_chip("threshold_noise_products", macro.converters, [](const Converter& c) { return c.products_noise; });
  object.add("level_noise_products", number(macro.level_noise_products));
  object.add("cell_sigma_one", number(macro.cell.stored_one));
  object.add("cell_sigma_zero", number(macro.cell.stored_zero));
  return object.text();
}

}  // namespace mavis::exports
