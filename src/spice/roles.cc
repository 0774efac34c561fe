#include "spice/roles.h"

#include <algorithm>
#include <array>

namespace mavis::spice {
namespace {

constexpr bool kOptional = false;

const std::vector<Role> kSupplies = {{"vdd"}, {"vss"}, {"n_well", kOptional}, {"p_well", kOptional}};

std::vector<Role> with_supplies(std::vector<Role> roles) {
  roles.insert(roles.end(), kSupplies.begin(), kSupplies.end());
  return roles;
}

const std::array kKinds = {Kind{"bitcell",
                                {{"word_line"},
                                 {"bit_line"},
                                 {"bit_line_bar", kOptional},
                                 {"read_word_line", kOptional},
                                 {"read_bit_line", kOptional},
                                 {"read_bit_line_bar", kOptional},
                                 {"product_line", kOptional},
                                 {"row_line", kOptional},
                                 {"column_line", kOptional},
                                 {kComputeRole, kOptional},
                                 {"cell_supply", kOptional},
                                 {"ground", kOptional},
                                 {"n_well", kOptional},
                                 {"p_well", kOptional}},
                                {{"storage", kOptional},
                                 {"storage_bar", kOptional},
                                 {"storage_low", kOptional},
                                 {"storage_low_bar", kOptional},
                                 {"stack", kOptional}}},
                           Kind{"line",
                                {{"precharge_bar"},
                                 {"pull_down"},
                                 {"product_line"},
                                 {"precharge_supply"},
                                 {"row_line"},
                                 {"row_line_idle"},
                                 {"column_line"},
                                 {"word_line"},
                                 {"bit_line"},
                                 {"bit_line_bar"},
                                 {"cell_supply"},
                                 {"ground"},
                                 {"n_well", kOptional},
                                 {"p_well", kOptional}},
                                {},
                                {{"active"}, {"idle", kOptional}}},
                           Kind{"comparator",
                                with_supplies({{"inp"},
                                               {"inn"},
                                               {"clk"},
                                               {"outp"},
                                               {"outn"},
                                               {"cal_n_left0", kOptional},
                                               {"cal_n_left1", kOptional},
                                               {"cal_n_right0", kOptional},
                                               {"cal_n_right1", kOptional},
                                               {"cal_p_left0", kOptional},
                                               {"cal_p_left1", kOptional},
                                               {"cal_p_right0", kOptional},
                                               {"cal_p_right1", kOptional}}),
                                {{"latch_n_left", kOptional},
                                 {"latch_n_right", kOptional},
                                 {"latch_p_left", kOptional},
                                 {"latch_p_right", kOptional}}},
                           Kind{"dac",
                                with_supplies({{"out"},
                                               {"reset"},
                                               {"bit0"},
                                               {"bit1", kOptional},
                                               {"bit2", kOptional},
                                               {"bit3", kOptional},
                                               {"bit4", kOptional},
                                               {"bit5", kOptional},
                                               {"bit6", kOptional},
                                               {"bit7", kOptional},
                                               {"bit8", kOptional},
                                               {"bit9", kOptional}}),
                                {}},
                           Kind{"gate", with_supplies({{"line_side"}, {"sum_side"}, {"on"}, {"on_bar"}}), {}},
                           Kind{"sum_line",
                                {{"sum_line"},
                                 {"precharge_bar"},
                                 {"precharge_supply"},
                                 {"ground"},
                                 {"n_well", kOptional},
                                 {"p_well", kOptional}},
                                {}},
                           Kind{"driver", with_supplies({{"in"}, {"out"}}), {}},
                           Kind{"logic",
                                with_supplies({{"clk"},
                                               {"reset_bar"},
                                               {"token_in"},
                                               {"token_out"},
                                               {"decision"},
                                               {"bit"},
                                               {"bit_bar", kOptional}}),
                                {}}};

constexpr std::array<std::string_view, 3> kNWell = {"cell_supply", "vdd", "precharge_supply"};
constexpr std::array<std::string_view, 2> kPWell = {"ground", "vss"};

}  // namespace

std::span<const Kind> kinds() {
  return kKinds;
}

const Kind* find_kind(std::string_view name) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == name; });
  return found == kKinds.end() ? nullptr : &*found;
}

bool has_role(const std::vector<Role>& roles, std::string_view name) {
  return std::any_of(roles.begin(), roles.end(), [&](const Role& role) { return role.name == name; });
}

std::string text_of(const std::vector<Role>& roles) {
  std::string text;
  for (const Role& role : roles) {
    if (!text.empty()) text += ", ";
    text += role.required ? std::string(role.name) : "[" + std::string(role.name) + "]";
  }
  return text;
}

std::span<const std::string_view> well_follows(std::string_view role) {
  if (role == "n_well") return kNWell;
  if (role == "p_well") return kPWell;
  return {};
}

}  // namespace mavis::spice
