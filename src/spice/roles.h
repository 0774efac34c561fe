// The roles that ports, inner nodes and inner cells of a block may have: what `*@` comments say and benches
// connect by. netlists/README.md explains them to people. Pure, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mavis::spice {

// Of a port that serves computing alone: the comment `*@ compute PORT: PART` says what it does, and where it
// rests in all other benches (compute.h).
inline constexpr std::string_view kComputeRole = "compute";

struct Role {
  std::string_view name;
  bool required = true;
};

// What blocks of one kind are made of.
struct Kind {
  std::string_view name;         // "bitcell"; its netlists lie in netlists/bitcells
  std::vector<Role> ports;       // of the .subckt line
  std::vector<Role> states;      // inner nodes
  std::vector<Role> cells = {};  // instances of a bitcell
};

std::span<const Kind> kinds();
const Kind* find_kind(std::string_view name);  // nullptr if there is none
bool has_role(const std::vector<Role>& roles, std::string_view name);
// "word_line, bit_line, [bit_line_bar]": optional ones in brackets.
std::string text_of(const std::vector<Role>& roles);

// A tap of a well: joins what has the first of these roles that the block itself has; nothing for other
// roles.
std::span<const std::string_view> well_follows(std::string_view role);

}  // namespace mavis::spice
