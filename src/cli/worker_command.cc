#include <memory>

#include "cli/command.h"
#include "run/worker.h"

namespace mavis::cli {

void add_worker(Program& program) {
  auto fd = std::make_shared<int>(-1);
  Command command = program.command("worker", "Measures for another mavis");
  command.hide();
  command.argument("FD", *fd, "Socket to the coordinator");
  command.action([fd] { return run::worker_main(*fd); });
}

}  // namespace mavis::cli
