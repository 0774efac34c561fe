#include <fmt/format.h>

#include <limits>
#include <memory>

#include "cli/command.h"
#include "cli/run_plan.h"
#include "distill/distill.h"
#include "plan/quantity_table.h"
#include "plan/yield_plan.h"
#include "report/yield_text.h"
#include "tables/library.h"
#include "util/error.h"
#include "util/files.h"
#include "util/units.h"

namespace mavis::cli {
namespace {

using Method = stats::FailureOptions::Method;
using Verdict = stats::FailureResult::Verdict;

struct Options {
  std::string subject, limit, pdk, pvt, at, method = "importance", output;
  std::string error = "10%";
  int most = 10000;
  std::uint64_t seed = 1;
  int jobs = cores();
};

Method method_named(const std::string& name) {
  return name == "plain" ? Method::plain : name == "lines" ? Method::lines : Method::importance;
}

plan::PvtPoint pvt_of(const Options& options, const plan::Subject& subject) {
  if (options.pvt.empty()) return {subject.pdk.corners.front().name, subject.vdd, 27};
  const std::vector<std::string> parts = list_of("--pvt", options.pvt);
  if (parts.size() != 3)
    throw InputError(fmt::format("--pvt {}: write it as CORNER,V,C: tt,1.0,27", options.pvt));
  return {parts[0], parse_quantity(parts[1], "V"), parse_quantity(parts[2], "C")};
}

double error_of(const std::string& text) {
  const double percent = parse_quantity(text, "%");
  if (!(percent > 0 && percent < 100))
    throw InputError(
        fmt::format("--error {}: ask for a relative standard error between 0 and 100 %, like 10%", text));
  return percent / 100;
}

// A library of one number: the probability with what it was made of.
tables::Library library_of(const plan::YieldPlan& plan, const run::LoggedResults& results) {
  const stats::FailureResult& result = plan.result();
  const plan::YieldQuestion& question = plan.question();
  tables::Library library(plan.subject().name);
  library.provenance.facts = {{"mavis_version", version()},
                              {"process", plan.subject().pdk.name},
                              {"limit", question.limit.text()},
                              {"verdict", report::verdict_text(result.verdict)},
                              {"result", report::yield_text(result, plan.parameters())},
                              {"campaign", plan.campaign_text()}};
  library.provenance.files = plan.files();

  tables::Table table{.name = "yield/failure_probability",
                      .unit = "1",
                      .long_name = "probability of " + question.limit.text(),
                      .scale = tables::Scale::log};
  table.worse = tables::Worse::high;
  table.axes = plan::pvt_axes({question.pvt.corner}, {question.pvt.vdd}, {question.pvt.temp_c});
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const bool ok = result.verdict == Verdict::ok && result.p > 0;
  table.values = {result.p > 0 ? result.p : kNone};
  table.status = {ok                                   ? tables::Status::ok
                  : result.verdict == Verdict::bounded ? tables::Status::censored
                                                       : tables::Status::unfinished};
  table.n = {static_cast<std::int64_t>(result.runs.total())};
  table.planes["stderr"] = {result.p > 0 ? result.stderr_of_p / result.p : kNone};
  table.planes["low"] = {result.interval.low};
  table.planes["high"] = {result.interval.high};
  library.put(std::move(table));

  for (std::size_t i = 0; i < plan.run_count(); ++i)
    distill::add_failure(library, plan, results, plan.run(i));
  return library;
}

int yield(Options options, const std::string& command_line) {
  plan::Subject subject = plan::read_subject(options.subject, options.pdk);
  if (options.output.empty()) options.output = subject.name + ".yield.h5";
  require_writable(options.output);
  plan::YieldQuestion question{
      .limit = plan::parse_limit(options.limit, axes_of("--at", options.at), subject),
      .pvt = pvt_of(options, subject),
      .options = {.method = method_named(options.method),
                  .seed = options.seed,
                  .relative_stderr = error_of(options.error),
                  .most_runs = static_cast<std::size_t>(options.most)}};
  const std::string pdk = stable_name(subject.pdk.folder);
  plan::YieldPlan plan(std::move(subject), std::move(question), pdk);
  LoggedRun logged({.output = options.output,
                    .campaign = plan.campaign_text(),
                    .jobs = options.jobs,
                    .command_line = command_line});
  if (!logged.run(plan)) return kInterrupted;
  const tables::Library library = library_of(plan, run::LoggedResults(plan, logged.log()));
  tables::write_library(options.output, library);
  fmt::print("{} fails where {}\nat {}\n{}library      {}\nrun log      {}\n", plan.subject().name,
             plan.question().limit.text(), plan.question().pvt.text(),
             report::yield_text(plan.result(), plan.parameters()), options.output,
             run_folder(options.output).string());
  const Verdict verdict = plan.result().verdict;
  return library.failures.empty() && (verdict == Verdict::ok || verdict == Verdict::bounded) ? kDone : kLook;
}

}  // namespace

void add_yield(Program& program) {
  auto options = std::make_shared<Options>();
  Command command = program.command(
      "yield",
      "Estimate how probable it is that mismatch makes a circuit fail a limit, down to 1e-9 and below");
  command.argument("SUBJECT", options->subject,
                   "A macro (.toml) or one block's netlist (.cir), or the name of one in netlists/");
  command.argument(
      "LIMIT", options->limit,
      "When it fails: \"BENCH/QUANTITY > VALUE\" or \"<\"; \"|comparator/offset| > 60 mV\" for both signs");
  command.option("--at", options->at, "AXIS=VALUE,...",
                 "Where the bench measures it: hold_voltage=0.6,timing=cl");
  command.option("--pvt", options->pvt, "CORNER,V,C",
                 "PVT point (default: the first corner, the subject's supply, 27 C)");
  command.option("--pdk", options->pdk, "NAME", "Process: a name in pdk/ or a folder (default: the macro's)");
  command.choice("--method", options->method, {"importance", "lines", "plain"},
                 "Importance sampling about the most probable failures, line sampling, or plain Monte Carlo");
  command.option("--error", options->error, "P%=10%", "Relative standard error to stop at");
  command.option("--most", options->most, 1, 100000000, "Runs at most");
  command.option("--seed", options->seed, "Of the draws");
  command.option("--jobs", options->jobs, 1, kMostJobs, "Workers; the numbers don't depend on it");
  command.option("-o,--output", options->output, "LIB.h5",
                 "Library to write (default: SUBJECT's name.yield.h5)");
  command.footer(
      "The same command again goes on where it was stopped. Exit code 1: the estimate is inconsistent, was "
      "not\n"
      "reached, or some runs failed.\n"
      "Example: mavis yield rail_to_rail \"|comparator/offset| > 80 mV\" --at common_mode=0.5 --pvt "
      "tt,1.0,27");
  command.action([options, &program] { return yield(*options, program.command_line()); });
}

}  // namespace mavis::cli
