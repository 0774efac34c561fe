// The program: one command a run, and every trouble as one line on stderr with its exit code.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "cli/command.h"
#include "spice/shared_session.h"
#include "util/error.h"

namespace {

using namespace mavis;

int trouble(const char* what, int code) {
  fmt::print(stderr, "mavis: {}\n", what);
  return code;
}

int run(int argc, char** argv) {
  cli::Program program;
  program.command_line = cli::shell_quoted(argc, argv);
  program.parser.name("mavis");
  program.parser.set_version_flag(
      "--version",
      [] { return fmt::format("mavis {}, {}", cli::version(), spice::SharedSession::version()); },
      "Print the versions of mavis and of ngspice");
  program.parser.require_subcommand(1);
  program.parser.failure_message([](const CLI::App* parser, const CLI::Error& error) {
    const auto& parse_error = dynamic_cast<const CLI::ParseError&>(error);
    return fmt::format("mavis: {}\n", cli::complaint(*parser, parse_error));
  });
  cli::add_characterize(program);
  cli::add_show(program);
  cli::add_list(program);
  cli::add_pdk(program);
  cli::add_worker(program);
  try {
    program.parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.parser.exit(error) == 0 ? cli::kDone : cli::kBadInput;  // 0: --help, --version
  }
  return program.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int code = run(argc, argv);
    if (std::fflush(stdout) != 0) throw MachineError("cannot write to stdout; is the disk full?");
    return code;
  } catch (const InputError& error) {
    return trouble(error.what(), cli::kBadInput);
  } catch (const MachineError& error) {
    return trouble(error.what(), cli::kMachineTrouble);
  } catch (const std::exception& error) {
    return trouble(fmt::format("unexpected: {}; please report this", error.what()).c_str(),
                   cli::kMachineTrouble);
  }
}
