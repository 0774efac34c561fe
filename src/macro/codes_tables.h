// P(code | products) as tables of a library, bench "codes" (tables/FORMAT.md).
#pragma once

#include <cstdint>
#include <vector>

#include "macro/chip_codes.h"
#include "tables/library.h"

namespace mavis::macro {

// Adds, or replaces, at this one PVT point:
//   codes/rate            chip, products, code     P(code | products) with plane "bound"
//   codes/rate_over_chips products, code           its mean over chips with "stderr", "sigma" and "bound"
//   codes/static_error    chip, products           mean code less products: static; planes "data_sigma"
//   (static) and
//                                                  "temporal_sigma"
//   codes/weight          products                 how often data have so many products
//   codes/enob, codes/sndr, codes/compute_snr      by error: static, temporal, total
// Rates that no row can have are not_applicable. REQUIRES as many indices as chips, one or more.
void add_codes(tables::Library& library, const Pvt& pvt, const Spec& spec,
               const std::vector<std::uint32_t>& indices, const std::vector<ChipCodes>& chips);

}  // namespace mavis::macro
