// The search for a comparator's threshold against bisection of the same deck to 0.5 uV: with three transients
// from a predicted start, with as many as 5 uV take, and as a campaign searches by default. Mismatch samples
// of both comparators, typical, 1.0 V, 27 C. Three transients are to do for a latch that regenerates by one
// exponential, strongarm. For rail_to_rail they do at some common modes only: near its threshold two latches
// compete, and the delay of a decision 10 uV away is that of one up to twenty times nearer or farther,
// depending on the side, of which responses to single devices tell a part.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "../../characterize/threshold_prediction.h"
#include "../../tests/temporary_folder.h"
#include "figure.h"
#include "plan/plan.h"
#include "run/sample_probe.h"
#include "spice/shared_session.h"
#include "util/home.h"

namespace mavis {
namespace {

constexpr double kVdd = 1.0, kResolution = 0.5e-6, kGoal = 5e-6;  // V

struct Way {
  const char* name;
  bool predicted;
  double accuracy;  // V
  int most_probes;
};
constexpr std::array<Way, 3> kWays = {{{"three_transients", true, 0, 3},
                                       {"to_5_uV", true, kGoal / 4, 1000},
                                       {"campaign", false, 0.2e-3, 1000}}};

struct Tally {
  double squares = 0, worst = 0;  // V^2, V
  int searches = 0, transients = 0, fallbacks = 0, missing = 0;

  void add(const Threshold& found, double truth) {
    ++searches;
    transients += found.runs;
    fallbacks += found.by_bisection ? 1 : 0;
    missing += found.found ? 0 : 1;
    const double error = std::fabs(found.value - truth);
    squares += error * error;
    worst = std::max(worst, error);
  }
  double rms() const { return std::sqrt(squares / searches); }
  double mean_transients() const { return static_cast<double>(transients) / searches; }
};

// The devices of the circuit, so that a plan knows its parameters.
class Described : public plan::Results {
 public:
  explicit Described(std::vector<spice::Device> devices) : devices_(std::move(devices)) {}
  const plan::Measurement* measurement(const plan::Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return &devices_; }

 private:
  std::vector<spice::Device> devices_;
};

double bisected(const DecideWithin& decide, double window, double near) {
  double low = near, high = near, reach = 4 * kResolution;
  while (decide(low, window).sign > 0) low -= reach *= 2;
  reach = 4 * kResolution;
  while (decide(high, window).sign < 0) high += reach *= 2;
  while (high - low > kResolution) {
    const double middle = (low + high) / 2;
    (decide(middle, window).sign > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

bool measure(spice::SharedSession& session, const std::string& comparator,
             const std::vector<double>& common_modes, int samples) {
  const std::string path = (home() / "netlists" / "comparators" / (comparator + ".cir")).string();
  plan::Plan plan(plan::read_subject(path), {.subject = path,
                                             .pdk = "ptm45hp",
                                             .corners = {"tt"},
                                             .vdd = {kVdd},
                                             .temp_c = {27},
                                             .samples = samples,
                                             .seed = 1,
                                             .benches = {"comparator"}});
  session.load(plan.points()[0].decks[0].text);
  const Described devices(session.devices());
  plan.next_round(devices);
  plan.next_round(devices);
  const auto assign = [&](const plan::Request& request) {
    const plan::Job job = plan.job(request);
    plan::set_sample(session, job);
    return job.assignments;
  };
  bool ok = true;
  for (double common_mode : common_modes) {
    const double cm = common_mode * kVdd;
    const auto parameters = assign(plan.nominal(0));
    const DelayCurve curve = DelayCurve::measure(decider(session, kVdd, cm, {kWindow, kLongestWindow}));
    const DecideWithin decide = decider_within(session, kVdd, cm, curve);
    const auto prediction = ThresholdPrediction::measure(session, decide, curve, parameters);
    std::array<Tally, kWays.size()> tallies;
    for (const plan::Request& sample : plan.samples(0)) {
      const auto assignments = assign(sample);
      double truth = 0;
      for (std::size_t i = kWays.size(); i-- > 0;) {
        SearchSettings settings{
            .start = curve.threshold(), .accuracy = kWays[i].accuracy, .most_probes = kWays[i].most_probes};
        if (kWays[i].predicted) prediction.apply(settings, assignments);
        const Threshold found = find_threshold(decide, curve, settings);
        if (i + 1 == kWays.size())
          truth = bisected(decide, 1.3 * curve.window(kResolution / 10, 0), found.value);
        tallies[i].add(found, truth);
      }
    }
    for (std::size_t i = 0; i < kWays.size(); ++i) {
      const Way& way = kWays[i];
      const Tally& tally = tallies[i];
      const std::string name = fmt::format("{}_{:g}_{}", comparator, common_mode, way.name);
      fmt::print("# {}: worst {:.2f} uV, {:.2f} transients a search, {} of {} by bisection, {} not found\n",
                 name, 1e6 * tally.worst, tally.mean_transients(), tally.fallbacks, tally.searches,
                 tally.missing);
      const bool bound = way.most_probes > 3 || comparator == "strongarm";
      const double goal = way.predicted ? kGoal : way.accuracy;
      ok &= report(name + "_rms", 1e6 * tally.rms(), "uV", bound ? fmt::format("<={:g}", 1e6 * goal) : "-",
                   !bound || (tally.rms() <= goal && tally.missing == 0));
    }
  }
  return ok;
}

int measure_all(int samples) {
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  spice::SharedSession session;
  // strongarm has NMOS inputs: below the middle it is slow, or doesn't decide.
  const bool plain = measure(session, "strongarm", {0.5, 0.75, 0.95}, samples);
  const bool coupled = measure(session, "rail_to_rail", {0.05, 0.25, 0.5, 0.75, 0.95}, samples);
  return plain && coupled ? 0 : 1;
}

}  // namespace
}  // namespace mavis

int main(int argc, char** argv) {
  return mavis::measure_all(argc > 1 ? std::atoi(argv[1]) : 100);
}
