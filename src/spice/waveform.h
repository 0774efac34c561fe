// Measurements on sampled waveforms (time ascending, linear between points). Units are those of the inputs.
// Pure, thread-safe.
#pragma once

#include <optional>
#include <span>

namespace mavis::spice {

enum class Edge { rising, falling, either };

// First time at or after `from` at which y crosses `level`; empty if it does not.
std::optional<double> crossing(std::span<const double> time, std::span<const double> y, double level,
                               Edge edge, double from = 0);

// y at time t. REQUIRES time.front() <= t <= time.back().
double value_at(std::span<const double> time, std::span<const double> y, double t);

// Integral of y over [from, to] (trapezoids): charge from a current.
double integral(std::span<const double> time, std::span<const double> y, double from, double to);

}  // namespace mavis::spice
