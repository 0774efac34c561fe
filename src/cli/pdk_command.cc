#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "plan/process_check.h"
#include "report/grid.h"
#include "run/interrupt.h"
#include "run/pool.h"
#include "spice/refusal.h"
#include "util/error.h"
#include "util/units.h"

namespace mavis::cli {
namespace {

struct Options {
  std::string name;
  int jobs = cores();
};

std::string verdict_text(plan::Verdict verdict) {
  switch (verdict) {
    case plan::Verdict::within:
      return "ok";
    case plan::Verdict::outside:
      return "off";
    case plan::Verdict::not_expected:
      return "-";
    case plan::Verdict::not_measured:
      break;
  }
  return "not measured";
}

std::string figure_text(double value, const std::string& unit) {
  return std::isnan(value) ? "-" : format_quantity(value, unit);
}

std::string model_text(const pdk::ModelFacts& model) {
  return fmt::format("{} (level {}{}, {})", model.name, model.level,
                     model.version.empty() ? "" : " version " + model.version,
                     model.cards == 1 ? "1 card" : fmt::format("{} bins", model.cards));
}

// What a netlist's `nch` or `pch` becomes.
std::string form_text(const pdk::Pdk& pdk, const std::string& netlist) {
  const auto found = pdk.forms.find(netlist);
  if (found == pdk.forms.end()) return fmt::format("{}: the model of this name", netlist);
  const spice::DeviceForm& form = found->second;
  const char* unit = form.per_metre == 1 ? "m" : "um";
  if (form.inner.empty()) return fmt::format("{}: model {}, sizes in {}", netlist, form.name, unit);
  return fmt::format("{}: sub-circuit {} with transistor {}, sizes in {}", netlist, form.name, form.inner,
                     unit);
}

// What there is, before any of it runs.
void print_found(const pdk::Pdk& pdk) {
  fmt::print("{}: {}\n", pdk.name, pdk.summary);
  if (pdk.corners.front().kit) fmt::print("kit in {}\n", pdk.kit_root.string());
  std::vector<std::vector<std::string>> rows = {{"corner", "models from", "nmos", "pmos"}};
  for (const pdk::Corner& corner : pdk.corners)
    rows.push_back({corner.name, corner.place, model_text(corner.n), model_text(corner.p)});
  fmt::print("{}", report::grid(rows, "l"));
  fmt::print("{}\n{}\n", form_text(pdk, "nch"), form_text(pdk, "pch"));
  if (pdk.listed_unit != 1) fmt::print("sizes are scaled by {:g} (.option scale)\n", pdk.listed_unit);
  if (pdk.wmin_n > 0)
    fmt::print("least width: {} (nmos), {} (pmos)\n", format_quantity(pdk.wmin_n, "m"),
               format_quantity(pdk.wmin_p, "m"));
  std::string params;
  for (const auto& [name, value] : pdk.netlist_params) params += fmt::format(" {}={:.6g}", name, value);
  fmt::print("netlists get{}\n", params);
  if (pdk.mismatch_switch.empty())
    fmt::print("mismatch by Mavis: sigma(Vth) {:.3g} (nmos), {:.3g} (pmos) mV.um a device\n\n",
               1e9 * pdk.n.a_vt, 1e9 * pdk.p.a_vt);
  else
    fmt::print("mismatch by the kit, under its parameter {}\n\n", pdk.mismatch_switch);
}

int check(const Options& options, const std::string& command_line) {
  const pdk::Pdk pdk = pdk::read_pdk(options.name);
  print_found(pdk);
  std::fflush(stdout);
  const plan::ProcessJobs work = plan::process_jobs(pdk);
  std::vector<run::Task> tasks;
  for (const plan::Job& job : work.jobs) tasks.push_back({fmt::format("{}", tasks.size()), job});
  std::vector<plan::Measurement> results(tasks.size());
  std::vector<std::string> troubles;

  run::Pool pool({.jobs = options.jobs});
  const bool whole = pool.run(
      tasks, [&](const std::string& hash) -> const std::string& { return work.decks.at(hash).text; },
      [&](std::size_t i, run::Outcome&& outcome, const run::Cost&) {
        if (outcome.state == run::State::measured)
          results[i] = std::move(outcome.measurement);
        else
          troubles.push_back(
              fmt::format("{}: {}", work.jobs[i].pvt.corner,
                          spice::located(outcome.message, work.decks.at(work.jobs[i].deck_hashes[0]))));
      },
      run::catch_interrupts());
  if (!whole) {
    fmt::print(stderr, "interrupted; start again with\n  {}\n", command_line);
    return kInterrupted;
  }

  std::vector<std::vector<std::string>> rows = {
      {"corner", "figure", "measured", "expected", "ratio", "allowed", "verdict"}};
  bool good = true;
  for (const plan::ProcessFigure& figure : plan::judge_process(pdk, results)) {
    const bool compared = std::isfinite(figure.ratio());
    rows.push_back(
        {figure.corner, figure.name, figure_text(figure.measured, figure.unit),
         figure_text(figure.expected, figure.unit), compared ? fmt::format("{:.3f}", figure.ratio()) : "-",
         compared ? fmt::format("+-{:g} %", 100 * figure.tolerance) : "-", verdict_text(figure.verdict)});
    good = good && figure.verdict != plan::Verdict::outside && figure.verdict != plan::Verdict::not_measured;
  }
  fmt::print("devices 1 um wide, {} supply, 27 C\n{}", format_quantity(pdk.vdd_nominal, "V"),
             report::grid(rows, "llr"));
  for (const std::string& trouble : troubles) fmt::print("not measured at {}\n", trouble);
  return good ? kDone : kLook;
}

}  // namespace

void add_pdk(Program& program) {
  Command pdk = program.command("pdk", "Work on a process");
  pdk.footer("Example: mavis pdk check ptm45hp");
  auto options = std::make_shared<Options>();
  Command command = pdk.subcommand("check",
                                   "Say what a process has; measure currents and a ring oscillator at every "
                                   "corner against what is expected");
  command.argument("NAME", options->name, "A name in pdk/, or a folder");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers");
  command.footer("Exit code 1: a figure is off.\nExample: mavis pdk check ptm45hp");
  command.action([options, &program] { return check(*options, program.command_line()); });
}

}  // namespace mavis::cli
