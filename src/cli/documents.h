// Man page and shell completion, made from the tree of commands and options that the parser knows: what
// --help says, nothing else. Hidden commands are left out. Pure.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace mavis::cli {

// troff with the man macros, section 1.
std::string man_page(const CLI::App& program, const std::string& version);
// A bash script to be sourced: commands, their options, choices of options, else files.
std::string bash_completion(const CLI::App& program);

}  // namespace mavis::cli
