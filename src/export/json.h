// A macro's data as JSON, for exports that are Python programs. Numbers are the shortest that read back the
// same; null for none. Pure.
#pragma once

#include <string>

#include "export/target.h"

namespace mavis::exports {

// Text in quotes, as JSON and Python take it.
std::string quoted(const std::string& text);

// One object: `about` (the header's lines), `library`, `library_hash`, `macro`, `corner`, `vdd`, `temp_c`,
// `rows`, `columns_per_half`, `adc_bits`, `seed`, `density`, `chips` (indices); by chip, products and code
// `rate` = P(code | products); by chip and products `mean`, `data_sigma` (static), `temporal_sigma`, in
// codes; by products `weight` (share of random data; of the first chip) and `level_v`; by chip and trial
// `threshold_v`, `threshold_noise_v`, `threshold_products`, `threshold_noise_products`;
// `level_noise_products`; `cell_sigma_one`, `cell_sigma_zero` in products.
std::string data_json(const Source& source, const Target& target);

}  // namespace mavis::exports
