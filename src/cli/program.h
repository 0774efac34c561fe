// The command line: commands with their arguments and options, parsed by CLI11, which stays behind this
// header because it takes long to compile. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mavis::cli {

enum ExitCode { kDone = 0, kLook = 1, kBadInput = 2, kMachineTrouble = 3, kInterrupted = 130 };

// One command. What it binds must live as long as the program; a value that is set beforehand is shown as the
// default. `names` reads "-o,--output".
class Command {
 public:
  Command subcommand(const std::string& name, const std::string& help);
  void argument(const std::string& name, std::string& value, const std::string& help, bool required = true);
  void argument(const std::string& name, int& value, const std::string& help);
  void arguments(const std::string& name, std::vector<std::string>& values,
                 const std::string& help);  // one or more
  void option(const std::string& names, std::string& value, const std::string& type, const std::string& help);
  void option(const std::string& names, int& value, int min, int max, const std::string& help);
  void option(const std::string& names, std::uint64_t& value, const std::string& help);
  void choice(const std::string& names, std::string& value, const std::vector<std::string>& choices,
              const std::string& help);
  // May be repeated, or given once with commas.
  void list(const std::string& names, std::vector<std::string>& values, const std::string& type,
            const std::string& help);
  void flag(const std::string& names, bool& value, const std::string& help);
  void footer(const std::string& text);  // below the help: an example
  void hide();                           // not in the help
  // Runs when this command is chosen; its exit code becomes the program's.
  void action(std::function<int()> run);

 private:
  friend class Program;
  Command(CLI::App& parser, int& exit_code) : parser_(&parser), exit_code_(&exit_code) {}
  CLI::App* parser_;
  int* exit_code_;
};

class Program {
 public:
  // `version` is asked for only when it is to be printed.
  Program(int argc, const char* const* argv, std::function<std::string()> version);
  ~Program();

  Command command(const std::string& name, const std::string& help);
  // "man" or "bash": documents.h, of all commands that were added.
  std::string document(const std::string& kind, const std::string& version) const;
  // As typed, quoted for a shell.
  const std::string& command_line() const { return command_line_; }
  // Parses and runs the chosen command; its exit code. Help goes to stdout; a command line that it refuses is
  // one line on stderr, with the nearest name for a slip, and kBadInput. What the command throws passes
  // through.
  int run();

 private:
  int argc_;
  const char* const* argv_;
  std::string command_line_;
  std::unique_ptr<CLI::App> parser_;
  int exit_code_ = kDone;
};

}  // namespace mavis::cli
