// A half whose columns are circuits of their own, each with its own bits and draws: what the bench crossover
// measures, and what the lumped half and the macro simulator are compared with. half_array.cir with its
// groups switched off and N columns beside them; not a bench.
#pragma once

#include <functional>

#include "half_array.h"

namespace mavis {

// Deck of `bench` at a point, with separate columns "xt0" ... . Throws as half_array_deck does.
spice::DeckSpec separate_half_deck(const plan::Bench& bench, const plan::Subject& subject,
                                   const plan::PvtPoint& pvt);

// The device parameters that move the level: of the columns' lines with their cells and switches and of the
// dummy's ("column3.xcell.mrl:vth", "dummy.xgate.mn:vth"), of the sum line and of the driver of its precharge
// ("sum_line.cwire1:c", "sum_line.driver.mp:vth"). `devices` are those of the loaded deck.
std::vector<pdk::Parameter> half_parameters(const plan::Subject& subject,
                                            const std::vector<spice::Device>& devices);

// Job on that deck of the bench sum_line (one deck, by its hash), with draw(column, "xcell.mrl:vth") standard
// deviations on every device parameter of every column's line and cells.
plan::Job separate_half_job(const plan::Subject& subject, const plan::PvtPoint& pvt,
                            const std::string& deck_hash, const std::vector<spice::Device>& devices,
                            const std::function<double(int column, const std::string& label)>& draw);

// A product cycle with these bits by column.
void multiply(HalfArray& half, const plan::Job& job, const std::vector<ColumnBits>& bits);

}  // namespace mavis
