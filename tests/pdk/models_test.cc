#include "pdk/models.h"

#include <gtest/gtest.h>

#include "changed_pdk.h"
#include "expect_error.h"

namespace mavis::pdk {
namespace {

void expect_refused(const char* before, const char* after, std::initializer_list<const char*> parts) {
  SCOPED_TRACE(after);
  ChangedPdk pdk;
  pdk.change("models.inc", before, after);
  expect_input_error([&] { read_pdk(pdk.path()); }, parts);
}

void expect_accepted(const char* before, const char* after) {
  SCOPED_TRACE(after);
  ChangedPdk pdk;
  pdk.change("models.inc", before, after);
  EXPECT_NO_THROW(read_pdk(pdk.path()));
}

constexpr const char* kCard = ".model nch nmos level=54 version=4.0";

TEST(CheckCornerFile, RefusesModelsThatNgspiceLacks) {
  expect_refused(kCard, ".model nch nmos level=72", {"models.inc:", "'nch'", "no MOS level 72", "level 54"});
  expect_refused(kCard, ".model nch nmos level=54 version=4.9", {"models.inc:", "BSIM4 version 4.9", "4.8"});
  expect_refused(kCard, ".model nch nmos level=49 version=3.4", {"BSIM3 version 3.4", "3.3"});
  expect_refused(kCard, ".model nch nmos level={lv}", {"'{lv}' is not a plain number"});
  // also models that Mavis does not use by name: ngspice would refuse the deck
  expect_refused(kCard, ".model other nmos level=17\n.model nch nmos level=54 version=4.0",
                 {"'other'", "17"});
}

TEST(CheckCornerFile, RefusesModelsWithoutMismatchParameters) {
  for (const char* card : {".model nch nmos level=1", ".model nch nmos",
                           ".model nch nmos level=49 version=3.1", ".model nch nmos level=10"})
    expect_refused(kCard, card, {"models.inc:", "'nch'", "delvto", "BSIM4"});
}

TEST(CheckCornerFile, AcceptsTheSpellingsOfKits) {
  expect_accepted(kCard, ".MODEL NCH NMOS ( LEVEL = 14\n+ VERSION = 4.5");
  expect_accepted(kCard, ".model nch nmos level=54.0 version=4.8.2");
  expect_accepted(kCard, ".model nch nmos level=54");
  expect_accepted(kCard, ".model nch nmos level=8 version=3.2.4");
  expect_accepted(kCard, ".model nch.1 nmos level=54 version=4.0");
}

TEST(CheckCornerFile, WantsTheParametersThatNetlistsUse) {
  expect_refused("ldif=105n", "", {"tt.inc", "parameter 'ldif'", ".param ldif="});
  expect_refused("rwire_um=3.6", "rwire_um=36", {"models.inc:", "rwire_um=36", "pdk.toml", "3.6"});
  expect_accepted("lmin=45n", "lmin = 0.045u");
}

TEST(CheckCornerFile, RefusesCommandsAndMissingIncludes) {
  expect_refused(kCard, ".control\n.endc\n.model nch nmos level=54 version=4.0", {"models.inc:", ".control"});
  ChangedPdk pdk;
  pdk.change("ss.inc", ".include models.inc", ".include cards.inc");
  expect_input_error([&] { read_pdk(pdk.path()); }, {"ss.inc:", "cards.inc", "does not exist"});
}

}  // namespace
}  // namespace mavis::pdk
