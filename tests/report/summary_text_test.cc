#include "report/summary_text.h"

#include <gtest/gtest.h>

#include "report/summary_tables.h"

namespace mavis::report {
namespace {

TEST(SummaryText, NumbersInALineAndTheirReasonBelow) {
  EXPECT_EQ(summary_text(cell_library()),
            "my_cell in ptm45hp, 4 samples, nominal at tt; 95 % intervals\n"
            "figure                   nominal  worst (or range)   sigma there  mean and 3 sigma\n"
            "comparator/offset  -1 mV to 1 mV     -2 mV to 3 mV         10 mV   -32 mV to 28 mV\n"
            "    widest at ss, common_mode 0.05\n"
            "read/access_time           21 ps    60 ps or worse  20 % +-6.5 %            109 ps\n"
            "    worst at ss 0.9 V, stored_bit 0; spread from mpgl:vth 64 %, mpdl:vth 36 % (as at tt 1 V)\n"
            "    NOT OK: 1 censored of 8 cells, the first at ss 1 V, stored_bit 0\n"
            "snm/hold_snm              300 mV            250 mV         10 mV            220 mV\n"
            "    worst at ss; spread from b:vth 67 %, a:vth 17 %\n"
            "write/margin                   -                 -             -                 -\n"
            "    NOT OK: 1 censored, 1 failed of 2 cells, the first at tt\n");
}

TEST(SummaryText, DetailsAreNamedUnlessSomethingIsWrongWithThem) {
  tables::Library library("x");
  library.put(either_table());
  library.put(by_bit_table());
  EXPECT_EQ(summary_text(library),
            "x, nominal at tt; 95 % intervals\n"
            "figure       nominal  worst (or range)  sigma there  mean and 3 sigma\n"
            "hold/margin   200 mV            100 mV        10 mV             70 mV\n"
            "    worst at ss; spread of margin_by_bit from b:vth 64 %, a:vth 36 %\n"
            "in more detail: hold/margin_by_bit\n");
  EXPECT_NE(summary_text(library, "hold/margin_by_bit").find("stored_bit 1"), std::string::npos);
  tables::Table broken = by_bit_table();
  broken.status = {tables::Status::ok, tables::Status::ok, tables::Status::ok, tables::Status::failed};
  library.put(broken);
  EXPECT_NE(summary_text(library).find("1 failed of 4 cells"), std::string::npos);
}

TEST(SummaryText, OneTableOfOneCell) {
  EXPECT_EQ(summary_text(sample_library(), "leakage/total"),
            "mf_8x62; 95 % intervals\n"
            "figure         nominal  worst (or range)  sigma there  mean and 3 sigma\n"
            "leakage/total     2 nA              2 nA            -                 -\n");
}

}  // namespace
}  // namespace mavis::report
