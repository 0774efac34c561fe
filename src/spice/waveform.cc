#include "spice/waveform.h"

#include <algorithm>

namespace mavis::spice {

std::optional<double> crossing(std::span<const double> time, std::span<const double> y, double level,
                               Edge edge, double from) {
  const auto first = std::lower_bound(time.begin(), time.end(), from);
  std::size_t i = static_cast<std::size_t>(first - time.begin());
  // The interval that contains `from` counts from `from` on.
  if (i > 0 && i < time.size() && time[i] > from) --i;
  for (; i + 1 < time.size(); ++i) {
    const double a = y[i] - level, b = y[i + 1] - level;
    const bool up = a < 0 && b >= 0, down = a > 0 && b <= 0;
    if (!((up && edge != Edge::falling) || (down && edge != Edge::rising))) continue;
    const double t = time[i] + (time[i + 1] - time[i]) * a / (a - b);
    if (t >= from) return t;
  }
  return std::nullopt;
}

double value_at(std::span<const double> time, std::span<const double> y, double t) {
  const auto right = std::upper_bound(time.begin(), time.end(), t);
  if (right == time.begin()) return y.front();
  if (right == time.end()) return y.back();
  const std::size_t i = static_cast<std::size_t>(right - time.begin());
  const double part = (t - time[i - 1]) / (time[i] - time[i - 1]);
  return y[i - 1] + part * (y[i] - y[i - 1]);
}

double integral(std::span<const double> time, std::span<const double> y, double from, double to) {
  double sum = 0, t0 = from, y0 = value_at(time, y, from);
  for (auto it = std::upper_bound(time.begin(), time.end(), from); it != time.end() && *it < to; ++it) {
    const double y1 = y[static_cast<std::size_t>(it - time.begin())];
    sum += 0.5 * (y0 + y1) * (*it - t0);
    t0 = *it;
    y0 = y1;
  }
  return sum + 0.5 * (y0 + value_at(time, y, to)) * (to - t0);
}

}  // namespace mavis::spice
