#include "plan/process_check.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace mavis::plan {
namespace {

constexpr const char* kBench = "process";
constexpr double kTempC = 27;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Figure {
  const char* name;
  const char* unit;
  double pdk::Expected::*expected;
};
constexpr Figure kFigures[] = {{"ion_n", "A", &pdk::Expected::ion_n},
                               {"ion_p", "A", &pdk::Expected::ion_p},
                               {"ioff_n", "A", &pdk::Expected::ioff_n},
                               {"ioff_p", "A", &pdk::Expected::ioff_p},
                               {"stage_delay", "s", &pdk::Expected::stage_delay}};

ProcessFigure judge(const Figure& figure, const std::string& corner, const pdk::Expected* expected,
                    const Measurement& result) {
  ProcessFigure judged{
      .corner = corner, .name = figure.name, .unit = figure.unit, .measured = kNone, .expected = kNone};
  if (expected) {
    judged.expected = expected->*figure.expected;
    judged.tolerance = expected->tolerance;
  }
  const auto found = result.find(figure.name);
  if (found == result.end()) return judged;
  judged.measured = found->second.values.at(0);
  if (!expected)
    judged.verdict = Verdict::not_expected;
  else
    judged.verdict = std::fabs(judged.ratio() - 1) <= judged.tolerance ? Verdict::within : Verdict::outside;
  return judged;
}

}  // namespace

ProcessJobs process_jobs(const pdk::Pdk& pdk) {
  const Bench& bench = find_bench(kBench);
  Subject subject;
  subject.name = pdk.name;
  subject.pdk = pdk;
  ProcessJobs jobs;
  for (const pdk::Corner& corner : pdk.corners) {
    Job job;
    job.bench = kBench;
    job.pvt = {corner.name, pdk.vdd_nominal, kTempC};
    for (const spice::DeckSpec& spec : bench.decks(subject, job.pvt, job.condition)) {
      spice::Deck deck = spice::build_deck(spec);
      job.deck_hashes.push_back(deck.hash);
      jobs.decks.emplace(job.deck_hashes.back(), std::move(deck));
    }
    jobs.jobs.push_back(std::move(job));
  }
  return jobs;
}

std::vector<ProcessFigure> judge_process(const pdk::Pdk& pdk, const std::vector<Measurement>& results) {
  if (results.size() != pdk.corners.size()) throw std::logic_error("one result a corner");
  std::vector<ProcessFigure> figures;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string& corner = pdk.corners[i].name;
    const auto expected = pdk.expected.find(corner);
    for (const Figure& figure : kFigures)
      figures.push_back(
          judge(figure, corner, expected == pdk.expected.end() ? nullptr : &expected->second, results[i]));
  }
  return figures;
}

}  // namespace mavis::plan
