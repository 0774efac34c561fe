#include "separate_half.h"

#include <fmt/format.h>

#include <algorithm>

#include "device_places.h"

namespace mavis {
namespace {

std::string column_label(int column) {
  return fmt::format("column{}", column);
}

std::string line_place(int column) {
  return fmt::format("xt{}.xline", column);
}

}  // namespace

spice::DeckSpec separate_half_deck(const plan::Bench& bench, const plan::Subject& subject,
                                   const plan::PvtPoint& pvt) {
  spice::DeckSpec spec = half_array_deck(bench, subject, pvt);
  for (int j = 0; j < subject.columns_per_half; ++j) {
    spec.cards.push_back(fmt::format("vtx{0} tx{0} 0 0", j));
    spec.cards.push_back(fmt::format("vtbl{0} tbl{0} 0 0", j));
    spec.cards.push_back(fmt::format("vtblb{0} tblb{0} 0 0", j));
    spec.cards.push_back(fmt::format(
        "xt{0} prea pda tx{0} sl on on_b rl wl tbl{0} tblb{0} vpl vmux vcl vhold vdd 0 column rows={{rows}}",
        j));
  }
  return spec;
}

std::vector<pdk::Parameter> half_parameters(const plan::Subject& subject,
                                            const std::vector<spice::Device>& devices) {
  std::vector<pdk::Parameter> parameters;
  const auto add = [&](const std::string& place, const std::string& label) {
    for (pdk::Parameter& parameter : parameters_at(subject, devices, place, label + "."))
      parameters.push_back(std::move(parameter));
  };
  for (int j = 0; j < subject.columns_per_half; ++j) {
    add(line_place(j), column_label(j));
    add(fmt::format("xt{}.xgate", j), column_label(j) + ".xgate");
  }
  add("xgd.xc.xline", "dummy");
  add("xgd.xc.xgate", "dummy.xgate");
  add("xsl", "sum_line");
  add("xslp", "sum_line.driver");
  return parameters;
}

plan::Job separate_half_job(const plan::Subject& subject, const plan::PvtPoint& pvt,
                            const std::string& deck_hash, const std::vector<spice::Device>& devices,
                            const std::function<double(int column, const std::string& label)>& draw) {
  plan::Job job{.bench = "sum_line",
                .pvt = pvt,
                .condition = {},
                .settings = half_array_settings(subject),
                .draw = {},
                .assignments = {},
                .deck_hashes = {deck_hash}};
  for (int j = 0; j < subject.columns_per_half; ++j) {
    const std::string column = column_label(j);
    for (const pdk::Parameter& parameter : parameters_at(subject, devices, line_place(j), column + "."))
      job.assignments.push_back(
          {parameter.device, parameter.parameter,
           parameter.nominal + parameter.sigma * draw(j, parameter.name.substr(column.size() + 1)),
           parameter.nominal});
  }
  return job;
}

void multiply(HalfArray& half, const plan::Job& job, const std::vector<ColumnBits>& bits) {
  const double hold = job.settings.at("hold_voltage"), vdd = job.pvt.vdd;
  half.expect(static_cast<int>(
      std::count_if(bits.begin(), bits.end(), [](const ColumnBits& b) { return b.stored && b.input; })));
  half.product(0, 0, {}, 0, [&](spice::Session& session, const HalfTimes& times) {
    for (std::size_t j = 0; j < bits.size(); ++j) {
      session.set_pwl(fmt::format("vtx{}", j), pulse(0, times.act, bits[j].input * vdd, times.restore));
      session.set_dc(fmt::format("vtbl{}", j), bits[j].stored * hold);
      session.set_dc(fmt::format("vtblb{}", j), (1 - bits[j].stored) * hold);
    }
  });
}

}  // namespace mavis
