#include <fmt/format.h>

#include <memory>

#include "cli/command.h"

namespace mavis::cli {

void add_document(Program& program) {
  auto kind = std::make_shared<std::string>("man");
  Command command = program.command("document", "Print the man page or the shell completion");
  command.hide();
  command.choice("--kind", *kind, {"man", "bash"}, "What to print");
  command.footer("Example: mavis document --kind bash > /usr/share/bash-completion/completions/mavis");
  command.action([kind, &program] {
    fmt::print("{}", program.document(*kind, version()));
    return kDone;
  });
}

}  // namespace mavis::cli
