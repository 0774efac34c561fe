// The circuit of a column of cells that compute: compute.cir with the rows and sources that the cell at hand
// needs. Every row has cells, bits and draws of its own.
#pragma once

#include <string>
#include <vector>

#include "compute_cycle.h"
#include "plan/bench.h"

namespace mavis {

// Empty: the subject's cell computes; else why it can't be measured.
std::string no_computing(const plan::Subject& subject);
// REQUIRES a cell that computes.
ColumnSpec column_spec(const plan::Subject& subject);

// As `bench`; half of the rows have a product where nothing else is set.
spice::DeckSpec column_deck(const plan::Bench& bench, const plan::Subject& subject,
                            const plan::PvtPoint& pvt);
// Of all rows: "row3.xlatch.mpdl:vth". `devices` are those of the deck.
std::vector<pdk::Parameter> column_parameters(const plan::Subject& subject,
                                              const std::vector<spice::Device>& devices);
// Labels of pairs: "11".
tables::Axis pair_axis(const std::string& name, const std::string& long_name, const std::vector<int>& pairs);

}  // namespace mavis
