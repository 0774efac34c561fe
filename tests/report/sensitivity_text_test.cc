#include "report/sensitivity_text.h"

#include <gtest/gtest.h>

#include "report/summary_tables.h"

namespace mavis::report {
namespace {

TEST(SensitivityText, RanksByTable) {
  tables::Library library = cell_library();
  library.sensitivities = tables::sensitivities(library);
  EXPECT_EQ(sensitivity_text(library, "snm"),
            "rank  device parameter  of the variance  by +1 sigma\n"
            "snm/hold_snm, at tt\n"
            "   1  a:vth                     100.0 %         +1 V\n");
  EXPECT_NE(sensitivity_text(library).find("read/access_time, at "), std::string::npos);
}

TEST(SensitivityText, SaysWhereThereIsNone) {
  EXPECT_EQ(sensitivity_text(tables::Library("x")), "no response to device parameters is in this library\n");
}

}  // namespace
}  // namespace mavis::report
