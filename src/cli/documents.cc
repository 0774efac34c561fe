#include "cli/documents.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <vector>

namespace mavis::cli {
namespace {

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  std::vector<const CLI::App*> shown;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!command->get_group().empty()) shown.push_back(command);
  return shown;
}

// As it is to be read: troff takes a backslash as the start of a request, a hyphen as one to break at, and a
// point or an apostrophe at the start of a line as a macro.
std::string troff(const std::string& text) {
  std::string safe;
  bool is_start = true;
  for (const char c : text) {
    if (is_start && (c == '.' || c == '\'')) safe += "\\&";
    if (c == '\\')
      safe += "\\e";
    else if (c == '-')
      safe += "\\-";
    else
      safe += c;
    is_start = c == '\n';
  }
  return safe;
}

// "-o", "--output": short names first.
std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

// "N" or "a|b"; empty for a flag.
std::string value_of(const CLI::Option& option) {
  return option.get_expected_max() == 0 ? "" : option.get_type_name();
}

std::string option_page(const CLI::Option& option) {
  std::string head;
  for (const std::string& name : names_of(option))
    head += fmt::format("{}\\fB{}\\fR", head.empty() ? "" : ", ", troff(name));
  if (option.get_positional()) head = fmt::format("\\fI{}\\fR", troff(option.get_name(true)));
  const std::string value = option.get_positional() ? "" : value_of(option);
  if (!value.empty()) head += fmt::format(" \\fI{}\\fR", troff(value));
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) text += fmt::format(" (default: {})", option.get_default_str());
  return fmt::format(".TP\n{}\n{}\n", head, troff(text));
}

std::string usage(const CLI::App& command) {
  std::string line;
  for (const CLI::Option* option : command.get_options())
    if (option->get_positional()) {
      const std::string name = fmt::format("\\fI{}\\fR", troff(option->get_name(true)));
      line += option->get_required() ? " " + name : " [" + name + "]";
    }
  return line;
}

// The command, its options, and what is below it.
std::string command_page(const CLI::App& command, const std::string& path) {
  std::string page = fmt::format(".SS \"{}\"\n{}\n.PP\n\\fB{}\\fR{} [\\fIoptions\\fR]\n", troff(path),
                                 troff(command.get_description()), troff(path), usage(command));
  for (const CLI::Option* option : command.get_options()) page += option_page(*option);
  if (!command.get_footer().empty()) page += fmt::format(".PP\n.nf\n{}\n.fi\n", troff(command.get_footer()));
  for (const CLI::App* inner : shown_commands(command))
    page += command_page(*inner, path + " " + inner->get_name());
  return page;
}

// "fast detailed" of "fast|detailed", "tester none" of "N|tester|none"; empty without such words.
std::string choices_of(const CLI::Option& option) {
  const std::string value = value_of(option);
  std::string words;
  if (option.get_positional() || value.find('|') == value.npos) return words;
  for (const std::string& word : CLI::detail::split(value, '|'))
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == word.npos)
      words += (words.empty() ? "" : " ") + word;
  return words;
}

// Words that may follow `path` ("mavis show"), one case a place.
std::string command_cases(const CLI::App& app, const std::string& path) {
  std::vector<std::string> words;
  std::string choices;
  for (const CLI::App* command : shown_commands(app)) words.push_back(command->get_name());
  for (const CLI::Option* option : app.get_options()) {
    const std::vector<std::string> names = names_of(*option);
    words.insert(words.end(), names.begin(), names.end());
    const std::string value = choices_of(*option);
    if (value.empty()) continue;
    for (const std::string& name : names)
      choices += fmt::format("    '{} {}') words='{}' ;;\n", path, name, value);
  }
  // What an option of this place takes, then the place itself.
  std::string cases = choices + fmt::format("    '{}') words='{}' ;;\n", path, fmt::join(words, " "));
  for (const CLI::App* command : shown_commands(app))
    cases += command_cases(*command, path + " " + command->get_name());
  return cases;
}

// "'mavis pdk'|'mavis pdk check'": every place that is a command.
std::vector<std::string> places(const CLI::App& app, const std::string& path) {
  std::vector<std::string> found = {"'" + path + "'"};
  for (const CLI::App* command : shown_commands(app))
    for (const std::string& place : places(*command, path + " " + command->get_name()))
      found.push_back(place);
  return found;
}

}  // namespace

std::string man_page(const CLI::App& program, const std::string& version) {
  std::string page = fmt::format(".TH MAVIS 1 \"\" \"mavis {}\" \"User Commands\"\n.SH NAME\nmavis \\- {}\n",
                                 version, troff(program.get_description()));
  page += ".SH SYNOPSIS\n\\fBmavis\\fR \\fIcommand\\fR [\\fIoptions\\fR]\n.SH OPTIONS\n";
  for (const CLI::Option* option : program.get_options()) page += option_page(*option);
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : shown_commands(program))
    page += command_page(*command, "mavis " + command->get_name());
  page +=
      ".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nDone, but look: failed samples, figures off.\n.TP\n2\nBad "
      "input; one "
      "line says where and what to do.\n.TP\n3\nTrouble with the machine.\n.TP\n130\nInterrupted.\n"
      ".SH ENVIRONMENT\n.TP\n\\fBMAVIS_HOME\\fR\nFolder that holds netlists, pdk and characterize; otherwise "
      "share/mavis beside the program's folder.\n";
  return page;
}

std::string bash_completion(const CLI::App& program) {
  return fmt::format(
      R"(# Completion of mavis for bash.
_mavis() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} path=mavis words='' i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$path ${{COMP_WORDS[i]}}" in
      {}) path+=" ${{COMP_WORDS[i]}}" ;;
    esac
  done
  local previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  [[ $previous == -* ]] && _mavis_words "$path $previous"
  if [[ -z $words ]]; then
    _mavis_words "$path"
    # Options only where one was begun.
    [[ $current == -* ]] || words=$(printf '%s\n' $words | grep -v '^-')
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ ${{#COMPREPLY[@]}} == 0 && $current != -* ]] && COMPREPLY=($(compgen -f -- "$current"))
  return 0
}}

# Sets `words` to what may follow a command, or an option of it that has choices.
_mavis_words() {{
  case "$1" in
{}    *) words='' ;;
  esac
}}

complete -o filenames -F _mavis mavis
)",
      fmt::join(places(program, "mavis"), " | "), command_cases(program, "mavis"));
}

}  // namespace mavis::cli
