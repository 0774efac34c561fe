// Answers the rounds of a stage, or of a whole estimate, from a formula.
#pragma once

#include <functional>

#include "stats/rounds.h"

namespace mavis::stats {

using Limit = std::function<Answer(const Point&)>;

inline Limit margin(std::function<double(const Point&)> f) {
  return [f](const Point& z) { return Answer{f(z), Answer::Status::measured}; };
}

inline std::vector<Answer> answers(const std::vector<Point>& points, const Limit& limit) {
  std::vector<Answer> all;
  for (const Point& z : points) all.push_back(limit(z));
  return all;
}

template <class T>
T finish(Task<T> stage, Rounds& rounds, const Limit& limit) {
  stage.start();
  while (!stage.done()) rounds.tell(answers(rounds.asked(), limit));
  return stage.take();
}

}  // namespace mavis::stats
