// What the commands share: the parser they add themselves to, exit codes, and how text becomes options.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mavis::cli {

enum ExitCode { kDone = 0, kLook = 1, kBadInput = 2, kMachineTrouble = 3, kInterrupted = 130 };

struct Program {
  CLI::App parser{"Characterizes mixed-signal compute-in-memory circuits through ngspice."};
  std::string command_line;  // as typed, quoted for a shell
  int exit_code = kDone;     // set by the command that ran
};

// Each adds one command; it runs while the parser parses. Commands throw InputError and MachineError.
void add_list(Program& program);
void add_pdk(Program& program);
void add_characterize(Program& program);
void add_show(Program& program);
void add_worker(Program& program);  // hidden: what run::Pool starts

// One line for a command line that the parser refuses, with the nearest option or command for a slip.
std::string complaint(const CLI::App& parser, const CLI::ParseError& error);

std::string version();  // "0.1.0"
std::string shell_quoted(int argc, const char* const* argv);

// "tt,ss" -> {"tt", "ss"}; throws InputError naming `option` for an empty part.
std::vector<std::string> list_of(std::string_view option, std::string_view text);
// "0.9,1.0 V,1100m" -> sorted numbers, each once, in `unit`.
std::vector<double> quantities_of(std::string_view option, std::string_view text, std::string_view unit);

bool is_terminal(int fd);
int cores();

}  // namespace mavis::cli
