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
  cli::Program program(argc, argv, [] {
    return fmt::format("mavis {}, {}", cli::version(), spice::SharedSession::version());
  });
  cli::add_new(program);
  cli::add_characterize(program);
  cli::add_yield(program);
  cli::add_show(program);
  cli::add_check(program);
  cli::add_reproduce(program);
  cli::add_chip(program);
  cli::add_simulate(program);
  cli::add_codes(program);
  cli::add_validate(program);
  cli::add_explore(program);
  cli::add_budget(program);
  cli::add_diff(program);
  cli::add_export(program);
  cli::add_compare(program);
  cli::add_list(program);
  cli::add_pdk(program);
  cli::add_document(program);
  cli::add_worker(program);
  return program.run();
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
