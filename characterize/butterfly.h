// Butterflies: the two transfer curves of a latch and the squares between them. Shared by the benches of
// memory cells and their tests; not a bench itself.
#pragma once

#include <array>
#include <span>

namespace mavis {

// A transfer curve: output at each input, V; inputs ascending, two or more. Beyond its ends the output stays.
struct TransferCurve {
  std::span<const double> in, out;
};

// Sides of the squares that fit between the curves, V, by the stored bit whose eye they lie in: [0] is the
// eye where q is low, [1] where q is high. `forward` is q_bar against q, `backward` q against q_bar.
//
// In coordinates turned by 45 degrees, u = (q - q_bar) / sqrt 2 and v = (q + q_bar) / sqrt 2, each curve is a
// function v(u) and the side of a square is the curves' distance in v over sqrt 2 (Seevinck, List and
// Lohstroh, IEEE J. Solid-State Circuits 22(5), 748, 1987). Within an eye that has closed the side is
// negative: how far the curves have drifted apart where they come closest; where they only drift, at the
// place where they do so most slowly. The cell is bistable where both are positive.
std::array<double, 2> eye_sides(const TransferCurve& forward, const TransferCurve& backward);

}  // namespace mavis
