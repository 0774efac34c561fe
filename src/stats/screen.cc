#include "stats/screen.h"

namespace mavis::stats {
namespace {

constexpr double kActiveShare = 1e-4;  // of the squared response: 1 % of the margin's change

}  // namespace

Task<Screen> screen(Rounds& rounds, std::size_t dimensions) {
  std::vector<Point> points(1, Point(dimensions, 0.0));
  for (std::size_t i = 0; i < dimensions; ++i) {
    for (double side : {1.0, -1.0}) {
      points.push_back(points[0]);
      points.back()[i] = side;
    }
  }
  const std::vector<Answer> answers = co_await rounds.measure(points);
  Screen s{answers[0], Point(dimensions, 0.0), Point(dimensions, 0.0), {}, 0};
  const auto measured = [](const Answer& a) { return a.status == Answer::Status::measured; };
  const auto value = [](const Answer& a) { return a.smooth.value_or(a.margin); };
  std::vector<double> squared(dimensions, -1.0);  // below 0: unknown
  double sum = 0;
  for (std::size_t i = 0; measured(s.nominal) && i < dimensions; ++i) {
    const Answer &up = answers[1 + 2 * i], &down = answers[2 + 2 * i];
    const double rise = value(up) - value(s.nominal), fall = value(down) - value(s.nominal);
    if (measured(up) && measured(down)) {
      s.gradient[i] = (rise - fall) / 2;
      s.curvature[i] = rise + fall;
      squared[i] = (rise * rise + fall * fall) / 2;
    } else if (measured(up) || measured(down)) {
      s.gradient[i] = measured(up) ? rise : -fall;
      squared[i] = s.gradient[i] * s.gradient[i];
    }
    sum += std::max(squared[i], 0.0);
  }
  for (std::size_t i = 0; i < dimensions; ++i)
    if (squared[i] < 0 || squared[i] > kActiveShare * sum) s.active.push_back(i);
  s.response = std::sqrt(sum);
  co_return s;
}

}  // namespace mavis::stats
