#include "cli/command.h"
#include "run/worker.h"

namespace mavis::cli {

void add_worker(Program& program) {
  CLI::App* command = program.parser.add_subcommand("worker", "Measures for another mavis");
  command->group("");
  CLI::Option* fd = command->add_option("fd", "Descriptor of the socket to the coordinator")->required();
  command->callback([&program, fd] { program.exit_code = run::worker_main(fd->as<int>()); });
}

}  // namespace mavis::cli
