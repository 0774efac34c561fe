#include "validate/validation_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "plan/bit_settings.h"

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
  campaign.benches = {array_bench(question)};
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
    if (!question_.common_modes.empty()) requests.push_back(threshold_request(chip));
    for (std::size_t vector = 0; vector < question_.vectors.size(); ++vector)
      requests.push_back(vector_request(chip, vector));
  }
  return requests;
}

plan::Request ValidationPlan::vector_request(std::size_t chip, std::size_t vector) const {
  const auto index = static_cast<std::uint32_t>(chip * question_.vectors.size() + vector);
  return {array_point_, {plan::DrawKind::placed, index, 0}, false};
}

plan::Request ValidationPlan::threshold_request(std::size_t chip) const {
  return {threshold_point_, {plan::DrawKind::placed, static_cast<std::uint32_t>(chip), 0}, false};
}

plan::Job ValidationPlan::job(const plan::Request& request) const {
  if (request.describe) return plan_.job(request);
  const bool is_vector = request.point == array_point_;
  const std::size_t vectors = question_.vectors.size(),
                    chip = is_vector ? request.draw.index / vectors : request.draw.index;
  plan::Job job = plan_.job_at(request, draws(request, question_.chips[chip]));
  const Calibration& calibration = question_.calibrations[chip];
  for (const auto& [side, setting] :
       {std::pair("n_left", calibration.n_left), std::pair("n_right", calibration.n_right),
        std::pair("p_left", calibration.p_left), std::pair("p_right", calibration.p_right)})
    job.settings[fmt::format("calibration.{}", side)] = setting;
  if (is_vector) {
    const Vector& vector = question_.vectors[request.draw.index % vectors];
    plan::set_bits(job.settings, "stored", vector.stored);
    plan::set_bits(job.settings, "input", vector.input);
    plan::set_bits(job.settings, "dac_stored", vector.dac_stored);
  } else {
    job.settings["common_modes"] = static_cast<double>(question_.common_modes.size());
    for (std::size_t i = 0; i < question_.common_modes.size(); ++i)
      job.settings[fmt::format("common_mode.{}", i)] = question_.common_modes[i];
  }
  return job;
}

std::vector<double> ValidationPlan::draws(const plan::Request& request, const macro::Chip& chip) const {
  std::vector<double> z;
  for (const pdk::Parameter& parameter : plan_.parameters(*points()[request.point].bench)) {
    const std::size_t slash = parameter.name.find('/');
    z.push_back(chip.draw(parameter.name.substr(0, slash), parameter.name.substr(slash + 1)));
  }
  return z;
}

std::string ValidationPlan::text(const plan::Request& request) const {
  if (request.describe) return plan_.text(request);
  const plan::Point& point = points()[request.point];
  if (request.point != array_point_)
    return fmt::format("{}, chip {}, thresholds", point.text(), request.draw.index);
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

}  // namespace mavis::validate
