#include "validate/validation_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <stdexcept>

#include "plan/bit_settings.h"
#include "run/replay.h"
#include "run/sample_probe.h"
#include "validate/recording_session.h"

namespace mavis::validate {
namespace {

const char* array_bench(const Question& question) {
  return question.full_cells ? "uarray_full" : "uarray_ideal";
}

plan::Campaign campaign_of(const plan::Subject& subject, const Question& question, const std::string& pdk) {
  plan::Campaign campaign;
  campaign.subject = subject.path.string();
  campaign.pdk = pdk;
  campaign.corners = {question.pvt.corner};
  campaign.vdd = {question.pvt.vdd};
  campaign.temp_c = {question.pvt.temp_c};
  campaign.responses = plan::Responses::none;
  campaign.seed = question.seed;
  if (!question.vectors.empty()) campaign.benches = {array_bench(question)};
  if (!question.common_modes.empty()) campaign.benches.emplace_back("calibrated_threshold");
  std::sort(campaign.benches.begin(), campaign.benches.end());
  return campaign;
}

}  // namespace

Calibration Calibration::of(const std::string& n_setting, const std::string& p_setting) {
  Calibration calibration;
  for (const std::string& setting : {n_setting, p_setting}) {
    if (setting == "none") continue;
    const std::size_t last = setting.rfind('_');
    const std::string side = setting.substr(0, last);
    const int bits = last == setting.npos ? 0 : setting.back() - '0';
    int* place = side == "n_left"    ? &calibration.n_left
                 : side == "n_right" ? &calibration.n_right
                 : side == "p_left"  ? &calibration.p_left
                 : side == "p_right" ? &calibration.p_right
                                     : nullptr;
    if (!place || bits < 1 || bits > 3)
      throw std::invalid_argument(fmt::format("'{}' is no calibration setting", setting));
    *place = bits;
  }
  return calibration;
}

double Conversion::total() const {
  double sum = comparator_energy;
  for (const auto& half : energy) sum += std::accumulate(half.begin(), half.end(), 0.0);
  return sum;
}

ValidationPlan::ValidationPlan(plan::Subject subject, Question question, std::string pdk)
    : question_(std::move(question)), plan_(subject, campaign_of(subject, question_, pdk)) {
  for (std::size_t i = 0; i < points().size(); ++i)
    (points()[i].bench->name() == array_bench(question_) ? array_point_ : threshold_point_) = i;
}

std::vector<plan::Request> ValidationPlan::next_round(const plan::Results& results) {
  if (++round_ == 1) return plan_.next_round(results);
  if (round_ > 2) return {};
  plan_.next_round(results);  // learns the circuits; their samples are not wanted
  std::vector<plan::Request> requests;
  for (std::size_t chip = 0; chip < question_.chips.size(); ++chip) {
    for (int array = 0; array < question_.arrays && !question_.common_modes.empty(); ++array)
      requests.push_back(threshold_request(chip, array));
    for (std::size_t vector = 0; vector < question_.vectors.size(); ++vector)
      requests.push_back(vector_request(chip, vector));
  }
  return requests;
}

plan::Request ValidationPlan::vector_request(std::size_t chip, std::size_t vector) const {
  const auto index = static_cast<std::uint32_t>(chip * question_.vectors.size() + vector);
  return {array_point_, {plan::DrawKind::placed, index, 0}, false};
}

plan::Request ValidationPlan::threshold_request(std::size_t chip, int array) const {
  const auto arrays = static_cast<std::size_t>(question_.arrays);
  const auto index = static_cast<std::uint32_t>(chip * arrays + static_cast<std::size_t>(array));
  return {threshold_point_, {plan::DrawKind::placed, index, 0}, false};
}

ValidationPlan::Place ValidationPlan::place_of(const plan::Request& request) const {
  const std::size_t index = request.draw.index, vectors = question_.vectors.size(),
                    arrays = static_cast<std::size_t>(question_.arrays);
  if (is_vector(request)) return {index / vectors, question_.vectors[index % vectors]};
  Place place{index / arrays, {}};
  place.vector.array = static_cast<int>(index % arrays);
  return place;
}

plan::Job ValidationPlan::job(const plan::Request& request) const {
  if (request.describe) return plan_.job(request);
  const Place place = place_of(request);
  plan::Job job = plan_.job_at(request, draws(request, place));
  // Where a chip's draws are taken from decides numbers, not its place in the list.
  job.draw.index = 0;
  const Calibration& calibration =
      question_.calibrations[place.chip][static_cast<std::size_t>(place.vector.array)];
  for (const auto& [side, setting] :
       {std::pair("n_left", calibration.n_left), std::pair("n_right", calibration.n_right),
        std::pair("p_left", calibration.p_left), std::pair("p_right", calibration.p_right)})
    job.settings[fmt::format("calibration.{}", side)] = setting;
  if (is_vector(request)) {
    plan::set_bits(job.settings, "stored", place.vector.stored);
    plan::set_bits(job.settings, "input", place.vector.input);
    plan::set_bits(job.settings, "dac_stored", place.vector.dac_stored);
  } else {
    job.settings["common_modes"] = static_cast<double>(question_.common_modes.size());
    for (std::size_t i = 0; i < question_.common_modes.size(); ++i)
      job.settings[fmt::format("common_mode.{}", i)] = question_.common_modes[i];
  }
  return job;
}

// The circuit computes in its left half of uArray 0, in row 0; the chip where the vector says.
std::vector<double> ValidationPlan::draws(const plan::Request& request, const Place& place) const {
  const macro::Chip& chip = question_.chips[place.chip];
  const Vector& vector = place.vector;
  std::vector<double> z;
  for (const pdk::Parameter& parameter : plan_.parameters(*points()[request.point].bench)) {
    const std::size_t slash = parameter.name.find('/');
    const std::string label = parameter.name.substr(slash + 1);
    int column = 0;
    char side[8] = "";
    std::string address = macro::comparator_address(vector.array);
    if (std::sscanf(parameter.name.c_str(), "u0.%5[a-z].c%d", side, &column) == 2) {
      const macro::Half half =
          side == macro::name_of(macro::Half::left) ? vector.half : macro::other(vector.half);
      address = macro::belongs_to_cell(label) ? macro::cell_address(vector.array, half, column, vector.row)
                                              : macro::line_address(vector.array, half, column);
    }
    z.push_back(chip.draw(address, label));
  }
  return z;
}

std::string ValidationPlan::text(const plan::Request& request) const {
  if (request.describe) return plan_.text(request);
  const plan::Point& point = points()[request.point];
  if (!is_vector(request))
    return fmt::format("{}, chip {}, thresholds", point.text(), place_of(request).chip);
  return fmt::format("{}, chip {}, vector {}", point.text(), request.draw.index / question_.vectors.size(),
                     request.draw.index % question_.vectors.size());
}

std::string ValidationPlan::campaign_text() const {
  const plan::Campaign& campaign = plan_.campaign();
  return fmt::format(
      "validate\nsubject = {}\npdk = {}\npvt = {}\ncells = {}\nvectors = {}\nchips = {}\nseed = {}\n",
      campaign.subject, campaign.pdk, question_.pvt.text(), question_.full_cells ? "full" : "ideal",
      question_.vectors.size(), question_.chips.size(), question_.seed);
}

Conversion ValidationPlan::conversion(const plan::Measurement& measurement) const {
  Conversion conversion;
  conversion.signal = measurement.at("signal").values;
  conversion.reference = measurement.at("reference").values;
  const plan::Measured& decision = measurement.at("decision");
  for (std::size_t i = 0; i < decision.values.size(); ++i) {
    const bool decided = decision.status_at(i) == tables::Status::ok;
    conversion.decisions.push_back(decided ? static_cast<int>(decision.values[i]) : -1);
    conversion.code = 2 * conversion.code + (conversion.decisions.back() == 1 ? 0 : 1);
  }
  const std::vector<double>& energy = measurement.at("energy").values;
  for (std::size_t half : {0, 1}) {
    const auto begin = energy.begin() + static_cast<std::ptrdiff_t>(half * kDrivers.size());
    conversion.energy.emplace_back(begin, begin + kDrivers.size());
  }
  conversion.comparator_energy = measurement.at("comparator_energy").values.at(0);
  return conversion;
}

std::string ValidationPlan::replay(std::size_t chip, std::size_t vector, const Conversion& conversion) const {
  const double vdd = question_.pvt.vdd;
  RecordingSession session([&](std::size_t i, std::string_view output) {
    return conversion.decisions.at(i) == (output == "op" ? 1 : 0) ? vdd : 0;
  });
  const plan::Job job = this->job(vector_request(chip, vector));
  const plan::Point& point = points()[array_point_];
  run::Circuit circuit{session};
  run::SampleProbe probe(circuit, job,
                         [&](const std::string&) -> const std::string& { return point.decks[0].text; });
  try {
    point.bench->measure(probe);
  } catch (const spice::RunFailure&) {
    // Written down.
  }
  return run::replay_deck(point.decks[0].text, session.transcript());
}

}  // namespace mavis::validate
