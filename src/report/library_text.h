// A library, or one bench of it, at a glance. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "report/reading.h"
#include "tables/library.h"

namespace mavis::report {

// Title, provenance, failures, and a line a table: unit, axes, samples, worst status, interpolation error.
std::string library_text(const tables::Library& library);

// A line a quantity: value and spread at a typical point (corner tt, the middle of every other axis, unless
// `at` says otherwise), range of the ok cells over the whole table, cells that are not ok. REQUIRES that the
// bench has tables. Throws InputError for a name in `at` that no table of the bench has as an axis.
std::string bench_text(const tables::Library& library, std::string_view bench, const At& at);

// Names of the benches that have tables, sorted.
std::vector<std::string> bench_names(const tables::Library& library);

// "16", or "12 to 16" where cells differ, or "-".
std::string sample_count_text(const tables::Table& table);
// "2.1 % along vdd", "0.3 mV along temp_c", "-" where it was not estimated.
std::string interpolation_error_text(const tables::Table& table);
// "12 uV rms in 3 readings"; "-" if it was not measured.
std::string noise_floor_text(const tables::Table& table);

}  // namespace mavis::report
