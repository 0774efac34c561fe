#include "separate_half.h"

#include <fmt/format.h>

namespace mavis {

spice::DeckSpec separate_half_deck(const plan::Subject& subject, const plan::PvtPoint& pvt) {
  spice::DeckSpec spec = half_array_deck(plan::find_bench("sum_line"), subject, pvt);
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
    // As if the column's line were the bench product_line's: its labels are those of the tables.
    const std::string inside = fmt::format(".xt{}.xline.", j);
    std::vector<spice::Device> line;
    for (spice::Device device : devices) {
      const std::size_t at = device.name.find(inside);
      if (at == std::string::npos) continue;
      device.name.replace(at, inside.size(), ".xdut.");
      line.push_back(std::move(device));
    }
    for (const pdk::Parameter& parameter : subject.pdk.parameters(line)) {
      std::string name = parameter.device;
      name.replace(name.find(".xdut."), 6, inside);
      job.assignments.push_back({name, parameter.parameter,
                                 parameter.nominal + parameter.sigma * draw(j, parameter.name),
                                 parameter.nominal});
    }
  }
  return job;
}

void multiply(HalfArray& half, const plan::Job& job, const std::vector<ColumnBits>& bits) {
  const double hold = job.settings.at("hold_voltage"), vdd = job.pvt.vdd;
  half.product(0, 0, {}, 0, [&](spice::Session& session, const HalfTimes& times) {
    for (std::size_t j = 0; j < bits.size(); ++j) {
      session.set_pwl(fmt::format("vtx{}", j), pulse(0, times.act, bits[j].input * vdd, times.restore));
      session.set_dc(fmt::format("vtbl{}", j), bits[j].stored * hold);
      session.set_dc(fmt::format("vtblb{}", j), (1 - bits[j].stored) * hold);
    }
  });
}

}  // namespace mavis
