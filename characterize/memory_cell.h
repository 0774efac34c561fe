// What the benches of memory cells share: the subject's roles and the two figures that a bit gives. Not a
// bench itself.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/bench.h"

namespace mavis {

// Roles that every bench of a memory cell needs beyond those that all bitcells have.
std::vector<std::pair<std::string, std::string>> memory_roles();

// A bench of a cell alone, with its storage nodes within reach: as bit and bit_bar among what a run keeps.
class MemoryBench : public plan::Bench {
 public:
  std::vector<std::string> kinds() const override { return {"bitcell"}; }
  std::vector<std::pair<std::string, std::string>> roles() const override { return memory_roles(); }
  bool for_macros() const override { return false; }
  std::vector<spice::DeckSpec> decks(const plan::Subject& subject, const plan::PvtPoint& pvt,
                                     const plan::Condition& condition) const override;
};

tables::Axis bit_axis(const std::string& name, const std::string& long_name);

// Figures of merit that each bit has one of. Of each: "<name>", the worse of the two, which does not respond
// to draws (its response at a symmetric cell is no straight line), and "<name>_by_bit", `bits` its last axis,
// which does.
std::vector<plan::Quantity> by_bit(const std::vector<plan::Quantity>& figures, const tables::Axis& bits);
// Adds a sample's values of it at one place of its other axes. A censored bit makes the worse one censored; a
// bit that does not apply leaves it to the other.
void add_by_bit(plan::Measurement& result, const std::string& name, tables::Worse worse,
                const std::array<double, 2>& values,
                const std::array<tables::Status, 2>& status = {tables::Status::ok, tables::Status::ok});

// Where along a way from `from` down to `to` (V) a state is lost, to a thousandth of the way: by a sweep of
// the whole way, then a closer one around what the first found. `sweep` goes from a level down to another in
// so many steps and says where, or that it never happens; so does this.
std::optional<double> narrow_down(
    double from, double to,
    const std::function<std::optional<double>(double from, double to, double steps)>& sweep);

}  // namespace mavis
