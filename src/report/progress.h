// How far a long run is, on a terminal (one line, redrawn) or in a log (a line every 10 %, but no faster than
// one a second, or every 30 s). Not thread-safe.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace mavis::report {

struct Tally {
  std::string what;         // "samples"
  std::size_t done = 0;     // <= total
  std::size_t total = 0;    // 0: nothing to do, nothing is shown
  std::size_t resumed = 0;  // of `done`: were done before, so they say nothing about the rate
  std::size_t failed = 0;
};

// "[#####.....]  50 % 400/800 samples, 0 failed, 1:23 left". `elapsed` seconds were spent on the tally so
// far.
std::string bar_text(const Tally& tally, double elapsed);
// "50 %: 400 of 800 samples, 0 failed, 1:23 left"
std::string plain_text(const Tally& tally, double elapsed);

class Progress {
 public:
  // `seconds` is a clock. `out` must outlive this.
  Progress(std::FILE* out, bool terminal, std::function<double()> seconds);
  ~Progress() { close(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // A tally with another `what` starts anew.
  void show(const Tally& tally);
  // Ends the redrawn line, so that other output starts on a line of its own.
  void close();

 private:
  std::FILE* out_;
  bool terminal_;
  std::function<double()> seconds_;
  std::string what_;
  double start_ = 0;
  double shown_at_ = 0;
  int shown_tenth_ = 0;
  bool line_is_open_ = false;
};

}  // namespace mavis::report
