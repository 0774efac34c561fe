#include "spice/roles.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "util/files.h"
#include "util/home.h"

namespace mavis::spice {
namespace {

TEST(Roles, AreExplainedInTheNetlistsReadme) {
  const std::string readme = read_text(home() / "netlists/README.md", "README");
  for (const Kind& kind : kinds())
    for (const auto* roles : {&kind.ports, &kind.states, &kind.cells})
      for (const Role& role : *roles)
        EXPECT_NE(readme.find("`" + std::string(role.name) + "`"), readme.npos)
            << kind.name << " " << role.name;
}

TEST(Roles, OptionalOnesStandInBrackets) {
  EXPECT_EQ(text_of({{"inp"}, {"n_well", false}}), "inp, [n_well]");
  EXPECT_TRUE(has_role(find_kind("bitcell")->ports, "read_word_line"));
  EXPECT_FALSE(has_role(find_kind("bitcell")->ports, "storage"));
  EXPECT_EQ(find_kind("bitsell"), nullptr);
}

}  // namespace
}  // namespace mavis::spice
