// mavis budget the way a user runs it.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "macro/sample_macro.h"
#include "tables/library.h"
#include "temporary_folder.h"

namespace mavis::cli {
namespace {

class Budget : public testing::Test {
 protected:
  Ran run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "budget");
    return run_program(folder_.path(), arguments);
  }
  TemporaryFolder folder_;
};

TEST_F(Budget, PapersAlone) {
  const Ran ran = run({"--csv", "b.csv"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  for (const char* part : {"4 x 4 bits and N = 1152", "3.8 fJ", "0.7 mV", "41 mV", "ENOB 5", "Krestinskaya"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
  EXPECT_NE(read_text(folder_.path() / "b.csv", "csv").find("\"E_MAC, (1)\",J,3.8 fJ,3.7"),
            std::string::npos);
}

TEST_F(Budget, ALibrarysConstantsBesideThem) {
  const std::string library = MAVIS_TEST_SOURCE_DIR "/tables/ptm45hp/mf_8x30.h5";
  const Ran ran = run({library, "--pvt", "tt,1.0,27", "--chips", "2"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  for (const char* part :
       {"mf_8x30 at tt, 1 V, 27 C; equations for 1 x 1 bits and N = 15", "measured constants"})
    EXPECT_NE(ran.out.find(part), ran.out.npos) << part << " in\n" << ran.out;
}

TEST_F(Budget, BadQuestionsAreRefused) {
  tables::write_library(folder_.path() / "lib.h5", macro::sample_library());
  const auto refused = [&](const std::vector<std::string>& arguments, const char* part) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
  };
  refused({"--pvt", "tt,1.0,27"}, "--pvt");
  refused({"lib.h5"}, "--pvt is missing");
  refused({"lib.h5", "--pvt", "tt,1.0,27"}, "line_charge/capacitance");
  refused({"--bits", "40"}, "--bits");
  refused({"lib.h5", "--pvt", "tt,1.0,27", "--csv", "lib.h5"}, "--csv lib.h5");
}

}  // namespace
}  // namespace mavis::cli
