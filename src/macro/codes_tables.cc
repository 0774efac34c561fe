#include "macro/codes_tables.h"

#include <cmath>
#include <limits>

namespace mavis::macro {
namespace {

using tables::Axis;
using tables::Status;
using tables::Table;

Axis counting(const char* name, const char* long_name, std::size_t size) {
  Axis axis{.name = name, .unit = "1", .long_name = long_name};
  for (std::size_t i = 0; i < size; ++i) axis.values.push_back(static_cast<double>(i));
  return axis;
}

// NaN is not applicable.
void mark(Table& table) {
  for (double value : table.values)
    table.status.push_back(std::isnan(value) ? Status::not_applicable : Status::ok);
}

}  // namespace

void add_codes(tables::Library& library, const Pvt& pvt, const Spec& spec,
               const std::vector<std::uint32_t>& indices, const std::vector<ChipCodes>& chips) {
  const auto products = static_cast<std::size_t>(spec.columns_per_half + 1),
             codes = std::size_t{1} << spec.adc_bits;
  const Axis by_products = counting("products", "columns with a product", products),
             by_code = counting("code", "code of the converter", codes);
  Axis by_chip{.name = "chip", .unit = "1", .long_name = "index of the chip"};
  for (std::uint32_t index : indices) by_chip.values.push_back(index);
  const Axis by_error{
      .name = "error", .long_name = "which errors count", .labels = {"static", "temporal", "total"}};
  const auto table = [&](const char* name, const char* unit, const char* long_name, std::vector<Axis> axes) {
    Table table{.name = std::string("codes/") + name, .unit = unit, .long_name = long_name};
    table.axes = {{.name = "corner", .long_name = "process corner", .labels = {pvt.corner}},
                  {.name = "vdd", .unit = "V", .long_name = "supply", .values = {pvt.vdd}},
                  {.name = "temp_c", .unit = "C", .long_name = "temperature", .values = {pvt.temp_c}}};
    table.axes.insert(table.axes.end(), axes.begin(), axes.end());
    return table;
  };

  Table rate = table("rate", "1", "probability of a code, given the number of products, on a chip",
                     {by_chip, by_products, by_code});
  Table error =
      table("static_error", "1", "mean code less products, on a chip: static", {by_chip, by_products});
  for (const ChipCodes& chip : chips) {
    rate.values.insert(rate.values.end(), chip.rate.begin(), chip.rate.end());
    rate.planes["bound"].insert(rate.planes["bound"].end(), chip.bound.begin(), chip.bound.end());
    for (std::size_t k = 0; k < products; ++k) {
      error.values.push_back(chip.mean[k] - static_cast<double>(k));
      error.planes["data_sigma"].push_back(chip.data_sigma[k]);
      error.planes["temporal_sigma"].push_back(chip.temporal_sigma[k]);
    }
  }

  Table over =
      table("rate_over_chips", "1", "probability of a code, given the number of products, over chips",
            {by_products, by_code});
  const auto n = static_cast<double>(chips.size());
  for (std::size_t cell = 0; cell < products * codes; ++cell) {
    double mean = 0, squares = 0, bound = 0;
    for (const ChipCodes& chip : chips) mean += chip.rate[cell] / n, bound += chip.bound[cell] / n;
    for (const ChipCodes& chip : chips) squares += (chip.rate[cell] - mean) * (chip.rate[cell] - mean);
    const double sigma = n > 1 ? std::sqrt(squares / (n - 1)) : std::numeric_limits<double>::quiet_NaN();
    over.values.push_back(mean);
    over.planes["sigma"].push_back(sigma);
    over.planes["stderr"].push_back(sigma / std::sqrt(n));
    over.planes["bound"].push_back(bound);
  }
  Table weight = table("weight", "1", "share of conversions of random data", {by_products});
  weight.values = chips.front().weight;

  const CodeErrors range = range_errors(chips), data = data_errors(chips);
  Table enob = table("enob", "1", "effective bits, every number of products as often", {by_error});
  Table sndr = table("sndr", "1", "signal to noise and distortion of a full-scale sine, dB", {by_error});
  Table snr =
      table("compute_snr", "1", "variance of products of random data over squared error, dB", {by_error});
  const double power = products_variance(chips.front());
  const auto add = [&](double in_range, double in_data) {
    enob.values.push_back(effective_bits(spec.adc_bits, in_range));
    sndr.values.push_back(sndr_db(enob.values.back()));
    snr.values.push_back(in_data > 0 ? 10 * std::log10(power / (in_data * in_data))
                                     : std::numeric_limits<double>::quiet_NaN());
  };
  add(std::hypot(range.chip, range.data), std::hypot(data.chip, data.data));
  add(range.temporal, data.temporal);
  add(range.total(), data.total());

  for (Table* each : {&rate, &error, &over, &weight, &enob, &sndr, &snr}) {
    mark(*each);
    library.put(std::move(*each));
  }
}

}  // namespace mavis::macro
