// The commands of the program, and what they share. Commands throw InputError and MachineError.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/program.h"

namespace mavis::cli {

// Each adds one command.
void add_compare(Program& program);
void add_list(Program& program);
void add_pdk(Program& program);
void add_new(Program& program);
void add_characterize(Program& program);
void add_yield(Program& program);
void add_show(Program& program);
void add_check(Program& program);
void add_chip(Program& program);
void add_reproduce(Program& program);
void add_simulate(Program& program);
void add_codes(Program& program);
void add_validate(Program& program);
void add_explore(Program& program);
void add_diff(Program& program);
void add_budget(Program& program);
void add_export(Program& program);
void add_document(Program& program);  // hidden: the man page and shell completion that an install puts down
void add_worker(Program& program);    // hidden: what run::Pool starts

std::string version();  // "0.1.0"
std::string shell_quoted(int argc, const char* const* argv);

// "tt,ss" -> {"tt", "ss"}, each once; throws InputError naming `option` for an empty part.
std::vector<std::string> list_of(std::string_view option, std::string_view text);
// "vdd=0.9,corner=ss" -> {{"vdd", "0.9"}, {"corner", "ss"}}; empty for an empty text.
std::map<std::string, std::string> axes_of(std::string_view option, const std::string& text);
// "0.9,1.0 V,1100m" -> sorted numbers, each once, in `unit`.
std::vector<double> quantities_of(std::string_view option, std::string_view text, std::string_view unit);

double seconds_now();  // of a clock that never steps: for report::Progress
bool is_terminal(int fd);
inline constexpr int kMostJobs = 1024;
int cores();  // that this process may use

}  // namespace mavis::cli
