// A library for spreadsheets and scripts: comma-separated values by RFC 4180. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "tables/library.h"

namespace mavis::report {

// A text as one field, quoted where it has to be; a number, the shortest that reads back the same, empty for
// none.
std::string csv_field(std::string_view text);
std::string csv_number(double value);

// First a header, then the summary's rows (report/summary.h), then every cell of every table. The column
// `row` says which: `nominal` and `worst`; for a table without a worse direction `nominal_low`,
// `nominal_high`, `low`, `high` and `widest`; `cell`. Each row is one cell: bench, quantity, its coordinates
// (a column an axis, empty where the table has not that axis), value, sigma, stderr, mean -+ 3 sigma, n,
// status and nominal as in the table. Worst and widest rows add the shares of device parameters
// ("xcell.mpgl:vth 0.46; ...", marked "of FIGURE_by_PART" where they are that detail's, "as at nominal" where
// they are that point's), summary rows the number of the table's cells that are not ok. A table without any
// number has a worst row without coordinates. Numbers are SI (temperature Celsius), the shortest that read
// back the same; without one the field is empty. `of` (a bench or table that there is) restricts the rows.
std::string csv_text(const tables::Library& library, std::string_view of = "");

}  // namespace mavis::report
