// How far is the macro simulator from the transistors that its library was made from? Random halves of the
// reference macro, every column a circuit of its own, at two PVT points between the library's nodes.
#include "macro_truth.h"

#include <cstdlib>
#include <filesystem>

#include "../../tests/temporary_folder.h"
#include "spice/shared_session.h"
#include "util/home.h"

namespace mavis {
namespace {

constexpr int kHalves = 8;  // a point

int measure() {
  const tables::Library library = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5");
  const plan::Subject subject = plan::read_subject(home() / "netlists/macros/mf_8x62.toml");
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  spice::SharedSession session;
  bool ok = true;
  const auto report = [&](const std::string& name, double value, const char* unit, double goal) {
    const bool within = std::fabs(value) <= goal;
    fmt::print("{} {:.3g} {} <={:g} {}\n", name, value, unit, goal, within ? "ok" : "short");
    std::fflush(stdout);
    ok = ok && within;
  };
  const std::vector<std::pair<std::string, plan::PvtPoint>> points = {{"tt_0.95V_70C", {"tt", 0.95, 70}},
                                                                      {"ss_1.05V_0C", {"ss", 1.05, 0}}};
  for (const auto& [name, pvt] : points) {
    const std::vector<Compared> rows = compare_halves(library, subject, pvt, session, kHalves);
    for (const Compared& row : rows)
      fmt::print("{}: {} products, {:.2f} mV in ngspice, {:.2f} mV here; {:.1f} fJ, {:.1f} fJ\n", name,
                 row.products, 1e3 * row.level[0], 1e3 * row.level[1], 1e15 * row.energy[0],
                 1e15 * row.energy[1]);
    report("mav_level_rms_" + name, 1e3 * level_error(rows), "mV", 2);
    report("mav_energy_" + name, 100 * energy_error(rows), "%", 5);
  }
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main() {
  return mavis::measure();
}
