// One sample's view of an ngspice session: what benches measure through in workers, tests and benchmarks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/bench.h"

namespace mavis::run {

// A session and what is loaded and set in it; outlives the samples that are measured in it.
struct Circuit {
  spice::Session& session;
  std::string loaded = {};                      // hash of the deck; empty: none
  std::vector<plan::Assignment> assigned = {};  // on the loaded deck
};

// Not thread-safe, as the session is not. `deck_text` gives the text of each of the job's decks by its hash.
class SampleProbe : public plan::Probe {
 public:
  using DeckText = std::function<const std::string&(const std::string& hash)>;
  SampleProbe(Circuit& circuit, plan::Job job, DeckText deck_text);

  const plan::Job& job() const override { return job_; }
  // The circuit's session, with deck `deck` loaded (if it is not yet) and every assignment set.
  spice::Session& session(std::size_t deck) override;
  const std::string& deck() const { return deck_; }  // hash of the latest one asked for; may be empty

 private:
  Circuit& circuit_;
  plan::Job job_;
  DeckText deck_text_;
  std::string deck_;
  std::string prepared_;  // hash of the deck on which this sample's assignments are set
};

}  // namespace mavis::run
