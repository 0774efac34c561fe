// `mavis reproduce`: the paper's circuit-level figures beside a library's.
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "report/figures.h"

namespace mavis::cli {

void add_reproduce(Program& program) {
  auto library = std::make_shared<std::string>();
  Command command =
      program.command("reproduce", "Set the reference paper's circuit-level figures beside a library's");
  command.argument("LIB", *library, "Library of a macro, a .h5 file");
  command.footer("Example: mavis reproduce tables/ptm45hp/mf_8x62.h5");
  command.action([library] {
    const tables::Library measured = tables::read_library(*library);
    fmt::print("{}", report::reproduction_text(report::reproduce(measured)));
    return kDone;
  });
}

}  // namespace mavis::cli
