#include "report/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace mavis::report {
namespace {

constexpr double kRedraw = 0.1;    // s, on a terminal
constexpr double kPlainLine = 30;  // s, in a log
constexpr double kPlainPause = 1;  // s, at least between lines
constexpr std::size_t kBarWidth = 30;

int percent(const Tally& tally) {
  return static_cast<int>(100 * tally.done / tally.total);
}

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(std::ceil(seconds));
  return s < 3600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                  : fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string tail_text(const Tally& tally, double elapsed) {
  std::string text = fmt::format("{}, {} failed", tally.what, tally.failed);
  const std::size_t measured = tally.done - tally.resumed;
  if (measured > 0 && tally.done < tally.total)
    text += fmt::format(", {} left", duration_text(elapsed * static_cast<double>(tally.total - tally.done) /
                                                   static_cast<double>(measured)));
  return text;
}

}  // namespace

std::string bar_text(const Tally& tally, double elapsed) {
  const std::size_t filled = kBarWidth * tally.done / tally.total;
  return fmt::format("[{}{}] {:3} % {}/{} {}", std::string(filled, '#'), std::string(kBarWidth - filled, '.'),
                     percent(tally), tally.done, tally.total, tail_text(tally, elapsed));
}

std::string plain_text(const Tally& tally, double elapsed) {
  return fmt::format("{} %: {} of {} {}", percent(tally), tally.done, tally.total, tail_text(tally, elapsed));
}

Progress::Progress(std::FILE* out, bool terminal, std::function<double()> seconds)
    : out_(out), terminal_(terminal), seconds_(std::move(seconds)) {}

void Progress::show(const Tally& tally) {
  if (tally.total == 0) return;
  const double now = seconds_();
  if (tally.what != what_) {
    close();
    what_ = tally.what;
    start_ = shown_at_ = now;
    shown_tenth_ = percent(tally) / 10;
    if (terminal_) shown_at_ = -INFINITY;
  }
  const bool finished = tally.done == tally.total;
  if (terminal_) {
    if (!finished && now - shown_at_ < kRedraw) return;
    fmt::print(out_, "\r\x1b[K{}", bar_text(tally, now - start_));
    line_is_open_ = true;
  } else {
    const int tenth = percent(tally) / 10;
    const bool due = tenth != shown_tenth_ && (finished || now - shown_at_ >= kPlainPause);
    if (!due && now - shown_at_ < kPlainLine) return;
    shown_tenth_ = tenth;
    fmt::print(out_, "{}\n", plain_text(tally, now - start_));
  }
  shown_at_ = now;
  std::fflush(out_);
}

void Progress::close() {
  if (line_is_open_) fmt::print(out_, "\n");
  line_is_open_ = false;
  std::fflush(out_);
}

}  // namespace mavis::report
