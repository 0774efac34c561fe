#include "run/sample_probe.h"

#include <algorithm>
#include <utility>

namespace mavis::run {
namespace {

bool same_parameters(const std::vector<plan::Assignment>& a, const std::vector<plan::Assignment>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.device == y.device && x.parameter == y.parameter;
  });
}

}  // namespace

SampleProbe::SampleProbe(Circuit& circuit, plan::Job job, DeckText deck_text)
    : circuit_(circuit), job_(std::move(job)), deck_text_(std::move(deck_text)) {
  // What is no part of a sample's identity (see task_key) must not be seen by its bench.
  if (!job_.draw.random()) job_.draw.seed = 0;
  if (job_.draw.kind == plan::DrawKind::nominal) job_.draw.index = 0;
}

spice::Session& SampleProbe::session(std::size_t deck) {
  const std::string& hash = job_.deck_hashes.at(deck);
  spice::Session& session = circuit_.session;
  if (prepared_ == hash) return session;
  deck_ = hash;
  session.begin_sample();
  // A parameter that this sample doesn't set would keep the last one's value: parse anew.
  if (circuit_.loaded != hash || !same_parameters(circuit_.assigned, job_.assignments)) {
    circuit_.loaded.clear();
    session.load(deck_text_(hash));
    circuit_.loaded = hash;
  }
  session.scale_steps(job_.step_scale);
  plan::set_sample(session, job_);
  circuit_.assigned = job_.assignments;
  prepared_ = hash;
  return session;
}

}  // namespace mavis::run
