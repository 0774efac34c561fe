// A half whose columns are circuits of their own, each with its own bits and draws: what the lumped half and
// the macro simulator are compared with. half_array.cir with its groups switched off and N columns beside
// them; not a bench.
#pragma once

#include <functional>

#include "half_array.h"

namespace mavis {

// Deck of the bench sum_line at a point, with separate columns "xt0" ... .
spice::DeckSpec separate_half_deck(const plan::Subject& subject, const plan::PvtPoint& pvt);

// Job on that deck (one deck, by its hash), with draw(column, "xcell.mrl:vth") standard deviations on every
// device parameter of every column's line and cells. `devices` are those of the loaded deck.
plan::Job separate_half_job(const plan::Subject& subject, const plan::PvtPoint& pvt,
                            const std::string& deck_hash, const std::vector<spice::Device>& devices,
                            const std::function<double(int column, const std::string& label)>& draw);

// A product cycle with these bits by column.
void multiply(HalfArray& half, const plan::Job& job, const std::vector<ColumnBits>& bits);

}  // namespace mavis
