// The picture of a comparison: plain SVG, so that it needs nothing to be drawn and equal numbers give equal
// bytes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/compare.h"

namespace mavis::report {
namespace {

constexpr double kWidth = 420, kHeight = 320, kLeft = 60, kTop = 40, kBottom = 50, kLegend = 190;  // pixels

// Distinct for most kinds of sight; then dashes begin again with the first.
constexpr std::array kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};
constexpr std::array kDashes = {"", "6 3", "2 2"};

struct Range {
  double low = 0, high = 0;
};

struct Panel {
  double x = 0;  // pixels, of its left end
  Range products, values;
  double across(double k) const { return x + kWidth * (k - products.low) / (products.high - products.low); }
  double down(double v) const { return kTop + kHeight * (values.high - v) / (values.high - values.low); }
};

std::string text_at(double x, double y, const std::string& text, const char* anchor = "middle") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, text);
}

std::string frame(const Panel& panel, const std::string& title, const std::string& unit) {
  std::string svg = fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" stroke=\"#888\"/>\n",
      panel.x, kTop, kWidth, kHeight);
  svg += text_at(panel.x + kWidth / 2, kTop - 12, title);
  svg += text_at(panel.x + kWidth / 2, kTop + kHeight + 36, "products");
  constexpr int kTicks = 4;
  for (int i = 0; i <= kTicks; ++i) {
    const double value = panel.values.low + (panel.values.high - panel.values.low) * i / kTicks;
    svg += text_at(panel.x - 6, panel.down(value) + 4, fmt::format("{:.2f}{}", value, unit), "end");
    const double k = panel.products.low + (panel.products.high - panel.products.low) * i / kTicks;
    if (k == std::floor(k)) svg += text_at(panel.across(k), kTop + kHeight + 18, fmt::format("{:g}", k));
  }
  return svg;
}

std::string curve(const Panel& panel, const std::vector<double>& values, const std::string& style) {
  std::string points;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (std::isfinite(values[k]))
      points += fmt::format("{:.1f},{:.1f} ", panel.across(static_cast<double>(k)), panel.down(values[k]));
  return fmt::format("<polyline points=\"{}\" fill=\"none\" {}/>\n", points, style);
}

// Distance of each level from the straight line between the ends, steps.
std::vector<double> distances(const std::vector<double>& levels) {
  std::vector<double> all;
  const double step = (levels.back() - levels.front()) / static_cast<double>(levels.size() - 1);
  for (std::size_t k = 0; k < levels.size(); ++k)
    all.push_back((levels[k] - levels.front()) / step - static_cast<double>(k));
  return all;
}

}  // namespace

std::string compare_plot(const std::vector<ComparedCell>& cells, const PvtNode& pvt) {
  Panel transfer{.x = kLeft, .products = {}, .values = {1e9, -1e9}},
      inl{.x = 2 * kLeft + kWidth + 20, .products = {}, .values = {-0.1, 0.1}};
  for (const ComparedCell& cell : cells) {
    transfer.products.high = inl.products.high = static_cast<double>(cell.levels.size() - 1);
    for (std::size_t k = 0; k < cell.levels.size(); ++k) {
      const double reach = std::isfinite(cell.sigmas[k]) ? 3 * cell.sigmas[k] : 0;
      if (!std::isfinite(cell.levels[k])) continue;
      transfer.values.low = std::min(transfer.values.low, cell.levels[k] - reach);
      transfer.values.high = std::max(transfer.values.high, cell.levels[k] + reach);
    }
    for (double distance : distances(cell.levels))
      if (std::isfinite(distance)) {
        inl.values.low = std::min(inl.values.low, distance);
        inl.values.high = std::max(inl.values.high, distance);
      }
  }
  if (transfer.values.high <= transfer.values.low) transfer.values = {0, 1};
  const double width = inl.x + kWidth + kLegend, height = kTop + kHeight + kBottom;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
      "{1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width, height);
  svg += frame(transfer,
               fmt::format("level at {} {:g} V {:g} C, -+ 3 sigma", pvt.corner, pvt.vdd, pvt.temp_c), " V");
  svg += frame(inl, "distance from a straight line, steps", "");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const ComparedCell& cell = cells[i];
    const char* colour = kColours[i % kColours.size()];
    const std::string style = fmt::format("stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"{}\"",
                                          colour, kDashes[i / kColours.size() % kDashes.size()]);
    for (std::size_t k = 0; k < cell.levels.size(); ++k)
      if (std::isfinite(cell.sigmas[k]) && std::isfinite(cell.levels[k]))
        svg += fmt::format(
            "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>\n",
            transfer.across(static_cast<double>(k)), transfer.down(cell.levels[k] - 3 * cell.sigmas[k]),
            transfer.down(cell.levels[k] + 3 * cell.sigmas[k]), colour);
    svg += curve(transfer, cell.levels, style) + curve(inl, distances(cell.levels), style);
    const double y = kTop + 16 * static_cast<double>(i) + 8, x = inl.x + kWidth + 16;
    svg += fmt::format("<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x, x + 24, y,
                       y, style);
    svg += text_at(x + 30, y + 4, cell.name, "start");
  }
  return svg + "</svg>\n";
}

}  // namespace mavis::report
