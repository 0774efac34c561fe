#include "util/toml_fields.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "util/error.h"

namespace mavis {
namespace fs = std::filesystem;
namespace {

class TomlFieldsTest : public ::testing::Test {
 protected:
  TomlFields read(const std::string& text) {
    path_ = fs::temp_directory_path() / ("mavis_toml_" + std::to_string(::getpid()) + ".toml");
    std::ofstream(path_) << text;
    return TomlFields::read(path_, "macro");
  }
  void TearDown() override { fs::remove(path_); }

  // The message, without the path that starts it.
  std::string refusal(const std::function<void()>& act) const {
    try {
      act();
    } catch (const InputError& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(path_.string() + ":")) << message;
      return message.substr(path_.string().size() + 1);
    }
    return "accepted";
  }
  fs::path path_;
};

TEST_F(TomlFieldsTest, ReadsEveryType) {
  const TomlFields f = read(
      "a = 'x'\nb = true\nc = 3\nd = '0.9 ns'\ne = 0.5\nf = [0.4, '500 mV', 1]\n"
      "[g]\nh = 7\n[[i]]\nh = 1\n[[i]]\nh = 2\n");
  EXPECT_EQ(f.text("a"), "x");
  EXPECT_TRUE(f.flag("b"));
  EXPECT_EQ(f.integer("c", 0, 3), 3);
  EXPECT_EQ(f.quantity("c", "V"), 3.0);
  EXPECT_EQ(f.quantity("d", "s"), 0.9e-9);
  EXPECT_EQ(f.quantity("e", "V", {0.5, 0.5}), 0.5);
  EXPECT_EQ(f.quantities("f", "V"), (std::vector<double>{0.4, 0.5, 1.0}));
  EXPECT_EQ(f.table("g").integer("h", 0, 9), 7);
  EXPECT_EQ(f.tables("i")[0].integer("h", 0, 9), 1);
  EXPECT_EQ(f.tables("i")[1].integer("h", 0, 9), 2);
  EXPECT_NO_THROW(f.refuse_unknown());
}

TEST_F(TomlFieldsTest, NamesFileLineFieldAndRemedy) {
  const TomlFields f = read("\na = 1\n[b]\nc = 'fast'\nd = 12\n");
  EXPECT_EQ(refusal([&] { f.text("a"); }), "2: field 'a': is a number; write a text in quotes");
  EXPECT_EQ(refusal([&] {
              f.table("b").choice("c", {"rl", "cl"});
            }),
            "4: field 'b.c': is 'fast'; choose one of: rl, cl");
  EXPECT_EQ(refusal([&] {
              f.table("b").quantity("d", "V", {0.1, 2});
            }),
            "5: field 'b.d': is 12 V but must be within 0.1 V to 2 V; correct it");
  EXPECT_EQ(refusal([&] { f.table("b").quantity("e", "V"); }), "3: field 'b.e': is missing; add it");
  EXPECT_EQ(refusal([&] { f.quantity("z", "V"); }), "1: field 'z': is missing; add it");
}

TEST_F(TomlFieldsTest, RefusesWrongTypes) {
  const TomlFields f = read("a = [1]\nb = 1.5\nc = ' '\nd = []\ne = nan\ng = 3000000000\nh = 1979-05-27\n");
  EXPECT_EQ(refusal([&] { f.quantity("a", "V"); }),
            "1: field 'a': is a list; write a number in V or a text with its unit");
  EXPECT_EQ(refusal([&] { f.integer("b", 0, 9); }), "2: field 'b': is not whole; write a whole number");
  EXPECT_EQ(refusal([&] { f.text("c"); }), "3: field 'c': is empty; fill it in");
  EXPECT_EQ(refusal([&] { f.quantities("d", "V"); }),
            "4: field 'd': is an empty list; write a list of numbers, [a, b]");
  EXPECT_EQ(refusal([&] { f.quantity("e", "V"); }), "5: field 'e': is not a finite number; correct it");
  EXPECT_EQ(refusal([&] { f.integer("g", 0, 9); }),
            "6: field 'g': is 3000000000 but must be within 0 to 9; correct it");
  EXPECT_EQ(refusal([&] { f.flag("h"); }), "7: field 'h': is a date or time; write true or false");
  EXPECT_EQ(refusal([&] { f.table("b"); }),
            "2: field 'b': is a number; write a table, [b] or { name = value, ... }");
  EXPECT_EQ(refusal([&] { f.tables("b"); }), "2: field 'b': is a number; write one [[b]] or more");
}

TEST_F(TomlFieldsTest, RefusesWrongUnits) {
  const TomlFields f = read("a = '0.9 V'\nb = 0\n");
  EXPECT_EQ(refusal([&] { f.quantity("a", "s"); }),
            "1: field 'a': '0.9 V' is not a quantity in s; write it like '1.5 s'");
  EXPECT_EQ(refusal([&] { f.quantity("b", "s", kPositive); }),
            "2: field 'b': is 0 s but must be above zero; correct it");
}

TEST_F(TomlFieldsTest, RefusesUnknownFieldsWithASuggestion) {
  const TomlFields f = read("rows = 8\n[a]\nb = { value = 1, sorce = 'x' }\n");
  f.integer("rows", 1, 9);
  EXPECT_EQ(refusal([&] { f.refuse_unknown(); }), "2: field 'a': is unknown; remove it (known here: rows)");
  const TomlFields b = f.table("a").table("b");
  b.quantity("value", "1");
  b.has("source");
  EXPECT_EQ(refusal([&] { f.refuse_unknown(); }), "3: field 'a.b.sorce': is unknown; did you mean 'source'?");
}

TEST_F(TomlFieldsTest, RefusesWhatIsNotToml) {
  const std::string message = refusal([&] { read("a = 1\nb = = 2\n"); });
  EXPECT_TRUE(message.starts_with("2: not valid TOML: ")) << message;
  EXPECT_EQ(message.find('\n'), message.npos);
  EXPECT_TRUE(refusal([&] { read("a = 1\na = 2\n"); }).starts_with("2: not valid TOML: "));
  EXPECT_THROW(TomlFields::read("/nowhere/x.toml", "macro"), InputError);
}

}  // namespace
}  // namespace mavis
