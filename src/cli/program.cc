#include "cli/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "cli/command.h"
#include "cli/documents.h"
#include "util/nearest.h"

namespace mavis::cli {
namespace {

// Every name that could stand where `word` stands: options if it looks like one, else commands.
std::vector<std::string> names_like(const CLI::App& parser, const std::string& word) {
  std::vector<std::string> names;
  if (word.starts_with('-')) {
    for (const CLI::Option* option : parser.get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  } else {
    for (const CLI::App* command : parser.get_subcommands([](const CLI::App*) { return true; }))
      if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  return names;
}

// One line for a command line that the parser refuses.
std::string complaint(const CLI::App& parser, const CLI::Error& error) {
  const CLI::App* place = &parser;
  while (!place->get_subcommands().empty()) place = place->get_subcommands().front();
  std::string path;
  for (const CLI::App* app = place; app; app = app->get_parent())
    path = app->get_name() + (path.empty() ? "" : " ") + path;
  const std::vector<std::string> extras = parser.remaining(true);
  std::string reason = error.what();
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  if (!extras.empty()) {
    const std::string word = extras.front().substr(0, extras.front().find('='));
    const std::string guess = nearest(word, names_like(*place, word));
    const bool is_command = place->get_require_subcommand_min() > 0;
    const char* what = word.starts_with('-') ? "no option"
                       : is_command          ? "no command"
                                             : "one argument too many";
    reason = fmt::format("'{}' is {}", extras.front(), what);
    if (!guess.empty()) return fmt::format("{}; did you mean '{}'?", reason, guess);
  }
  return fmt::format("{}; see {} --help", reason, path);
}

}  // namespace

Command Command::subcommand(const std::string& name, const std::string& help) {
  parser_->require_subcommand(1);
  return {*parser_->add_subcommand(name, help), *exit_code_};
}

void Command::argument(const std::string& name, std::string& value, const std::string& help, bool required) {
  parser_->add_option(name, value, help)->required(required)->type_name("");
}

void Command::argument(const std::string& name, int& value, const std::string& help) {
  parser_->add_option(name, value, help)->required();
}

void Command::arguments(const std::string& name, std::vector<std::string>& values, const std::string& help) {
  parser_->add_option(name, values, help)->required()->type_name("");
}

void Command::option(const std::string& names, std::string& value, const std::string& type,
                     const std::string& help) {
  parser_->add_option(names, value, help)->type_name(type)->capture_default_str();
}

void Command::option(const std::string& names, int& value, int min, int max, const std::string& help) {
  parser_->add_option(names, value, help)
      ->check(CLI::Range(min, max).description(""))
      ->type_name("N")
      ->capture_default_str();
}

void Command::option(const std::string& names, std::uint64_t& value, const std::string& help) {
  parser_->add_option(names, value, help)->type_name("N")->capture_default_str();
}

void Command::choice(const std::string& names, std::string& value, const std::vector<std::string>& choices,
                     const std::string& help) {
  parser_->add_option(names, value, help)
      ->check(CLI::IsMember(choices).description(""))
      ->type_name(fmt::format("{}", fmt::join(choices, "|")))
      ->capture_default_str();
}

void Command::list(const std::string& names, std::vector<std::string>& values, const std::string& type,
                   const std::string& help) {
  parser_->add_option(names, values, help)->type_name(type)->allow_extra_args(false)->delimiter(',');
}

void Command::flag(const std::string& names, bool& value, const std::string& help) {
  parser_->add_flag(names, value, help);
}

void Command::footer(const std::string& text) {
  parser_->footer(text);
}

void Command::hide() {
  parser_->group("");
}

void Command::action(std::function<int()> run) {
  parser_->callback([run = std::move(run), code = exit_code_] { *code = run(); });
}

Program::Program(int argc, const char* const* argv, std::function<std::string()> version)
    : argc_(argc), argv_(argv), command_line_(shell_quoted(argc, argv)) {
  parser_ = std::make_unique<CLI::App>(
      "Characterizes mixed-signal compute-in-memory circuits through ngspice.", "mavis");
  parser_->set_version_flag("--version", std::move(version), "Print the versions of mavis and of ngspice");
  parser_->require_subcommand(1);
  parser_->failure_message([](const CLI::App* parser, const CLI::Error& error) {
    return fmt::format("mavis: {}\n", complaint(*parser, error));
  });
}

Program::~Program() = default;

Command Program::command(const std::string& name, const std::string& help) {
  return {*parser_->add_subcommand(name, help), exit_code_};
}

std::string Program::document(const std::string& kind, const std::string& version) const {
  return kind == "man" ? man_page(*parser_, version) : bash_completion(*parser_);
}

int Program::run() {
  try {
    parser_->parse(argc_, argv_);
  } catch (const CLI::ParseError& error) {
    return parser_->exit(error) == 0 ? kDone : kBadInput;  // 0: --help, --version
  }
  return exit_code_;
}

}  // namespace mavis::cli
