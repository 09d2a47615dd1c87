#include "sim/report/svg_plot.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "broker/config/utf8.h"
#include "sim/report/axis.h"
#include "sim/report/html_text.h"
#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

constexpr double kWidth = 760;
constexpr double kLeft = 78;
constexpr double kRight = 742;
constexpr double kPlotHeight = 300;
constexpr double kLegendRow = 20;
/// A character of the legend, in the size of the style below.
constexpr double kCharacter = 6.9;
constexpr double kSwatch = 34;
constexpr std::size_t kColours = 8;
/// With a line of more points than this there are no dots; the most that is drawn of a line.
constexpr std::size_t kDots = 40;
constexpr std::size_t kMostPoints = 2000;

using Points = std::vector<std::pair<double, double>>;

std::string coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + coordinate(value) + "\"";
}

std::string classes(std::size_t line, Plot::Stroke stroke) {
  const bool dashed = stroke == Plot::Stroke::kDashed || line / kColours % 2 == 1;
  return "c" + std::to_string(line % kColours) + (dashed ? " dashed" : "");
}

/// Of many points the lowest and the highest of each stretch, so that peaks stay.
Points thinned(const Points& points) {
  if (points.size() <= kMostPoints) return points;
  const std::size_t stretch = (points.size() * 2 + kMostPoints - 1) / kMostPoints;
  const auto lower = [](const auto& a, const auto& b) { return a.second < b.second; };
  Points kept;
  for (std::size_t at = 0; at < points.size(); at += stretch) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end =
        points.begin() + static_cast<std::ptrdiff_t>(std::min(at + stretch, points.size()));
    auto [low, high] = std::minmax_element(begin, end, lower);
    if (high < low) std::swap(low, high);
    kept.push_back(*low);
    if (high != low) kept.push_back(*high);
  }
  return kept;
}

std::vector<double> values_of(const Plot& plot, double Points::value_type::*side) {
  std::vector<double> values;
  for (const Plot::Line& line : plot.lines) {
    for (const auto& point : line.points) values.push_back(point.*side);
  }
  return values;
}

class Drawing {
 public:
  explicit Drawing(const Plot& plot)
      : plot_(plot),
        x_(values_of(plot, &Points::value_type::first), plot.x_scale, Axis::Ends::kAtData),
        y_(values_of(plot, &Points::value_type::second), plot.y_scale, Axis::Ends::kAtTicks) {}

  std::string svg() {
    add_legend();
    add_axes();
    for (std::size_t i = 0; i < plot_.lines.size(); ++i) add_line(i);
    const double height = bottom_ + 46;
    return "<svg class=\"plot\" viewBox=\"0 0 " + coordinate(kWidth) + " " + coordinate(height) +
           "\" role=\"img\" aria-label=\"" + html_text(plot_.title) + "\">\n" + body_ + "</svg>\n";
  }

 private:
  double across(double x) const { return kLeft + x_.place(x) * (kRight - kLeft); }
  double up(double y) const { return bottom_ - y_.place(y) * kPlotHeight; }

  void add_legend();
  void add_axes();
  void add_line(std::size_t index);
  void add_swatch(std::size_t index, double x, double y);
  void add_stroke(double x1, double y1, double x2, double y2, const std::string& style);
  void add_text(double x, double y, const char* style, const std::string& text,
                const std::string& more = {});

  const Plot& plot_;
  Axis x_;
  Axis y_;
  double bottom_ = 0;  ///< of the field between the axes, known once the legend has its rows
  /// On all lines or on none, so that none looks more important.
  const bool dots_ = std::ranges::all_of(
      plot_.lines, [](const Plot::Line& line) { return line.points.size() <= kDots; });
  std::string body_;
};

void Drawing::add_legend() {
  double x = kLeft;
  double y = 14;
  for (std::size_t i = 0; i < plot_.lines.size(); ++i) {
    if (plot_.lines[i].points.empty()) continue;
    const std::string& name = plot_.lines[i].name;
    const double width = kSwatch + static_cast<double>(broker::utf8_length(name)) * kCharacter + 16;
    if (x > kLeft && x + width > kRight) {
      x = kLeft;
      y += kLegendRow;
    }
    add_swatch(i, x, y);
    add_text(x + kSwatch, y + 4, "name", name);
    x += width;
  }
  bottom_ = y + 18 + kPlotHeight;
}

void Drawing::add_swatch(std::size_t index, double x, double y) {
  const Plot::Stroke stroke = plot_.lines[index].stroke;
  const std::string style = classes(index, stroke);
  if (stroke == Plot::Stroke::kPoints) {
    body_ += "<circle class=\"dot " + style + "\"" + attribute("cx", x + 14) + attribute("cy", y) +
             " r=\"3.5\"/>\n";
  } else {
    add_stroke(x, y, x + 28, y, "line " + style);
  }
}

void Drawing::add_axes() {
  for (const Axis::Tick& tick : x_.ticks()) {
    const double x = across(tick.at);
    add_stroke(x, bottom_ - kPlotHeight, x, bottom_, "grid");
    add_stroke(x, bottom_, x, bottom_ + 5, "axis");
    add_text(x, bottom_ + 19, "tick middle", tick.label);
  }
  for (const Axis::Tick& tick : y_.ticks()) {
    const double y = up(tick.at);
    add_stroke(kLeft, y, kRight, y, "grid");
    add_stroke(kLeft - 5, y, kLeft, y, "axis");
    add_text(kLeft - 9, y + 4, "tick end", tick.label);
  }
  add_stroke(kLeft, bottom_, kRight, bottom_, "axis");
  add_stroke(kLeft, bottom_ - kPlotHeight, kLeft, bottom_, "axis");
  add_text((kLeft + kRight) / 2, bottom_ + 40, "name middle", plot_.x);
  const double middle = bottom_ - kPlotHeight / 2;
  add_text(14, middle, "name middle", plot_.y,
           " transform=\"rotate(-90 14.0 " + coordinate(middle) + ")\"");
}

void Drawing::add_line(std::size_t index) {
  const Plot::Line& line = plot_.lines[index];
  const std::string style = classes(index, line.stroke);
  std::string path;
  std::string dots;
  const bool dotted = line.stroke == Plot::Stroke::kPoints || dots_;
  for (const auto& [x, y] : thinned(line.points)) {
    if (!x_.shows(x) || !y_.shows(y)) continue;
    path += (path.empty() ? "" : " ") + coordinate(across(x)) + "," + coordinate(up(y));
    if (!dotted) continue;
    dots += "<circle class=\"dot " + style + "\"" + attribute("cx", across(x)) +
            attribute("cy", up(y)) + " r=\"2.5\"><title>" +
            html_text(line.name + ": " + shown_number(x) + ", " + shown_number(y)) +
            "</title></circle>\n";
  }
  if (line.stroke != Plot::Stroke::kPoints && !path.empty()) {
    body_ += "<polyline class=\"line " + style + "\" points=\"" + path + "\"/>\n";
  }
  body_ += dots;
}

void Drawing::add_stroke(double x1, double y1, double x2, double y2, const std::string& style) {
  body_ += "<line class=\"" + style + "\"" + attribute("x1", x1) + attribute("y1", y1) +
           attribute("x2", x2) + attribute("y2", y2) + "/>\n";
}

void Drawing::add_text(double x, double y, const char* style, const std::string& text,
                       const std::string& more) {
  body_ += "<text class=\"" + std::string(style) + "\"" + attribute("x", x) + attribute("y", y) +
           more + ">" + html_text(text) + "</text>\n";
}

std::string colour_rules(const char* const (&colours)[kColours]) {
  std::string rules;
  for (std::size_t i = 0; i < kColours; ++i) {
    rules += ".c" + std::to_string(i) + "{stroke:" + colours[i] + ";fill:" + colours[i] + "}";
  }
  return rules + "\n";
}

}  // namespace

std::string svg_plot(const Plot& plot) { return Drawing(plot).svg(); }

std::string svg_file(const Plot& plot) {
  static constexpr std::string_view kOpening = "<svg ";
  std::string svg = svg_plot(plot);
  svg.insert(svg.find('>') + 1, "\n<style>\n" + svg_plot_style() +
                                    ".plot{font-family:sans-serif;color:#1f2328;background:#fff}\n"
                                    "@media(prefers-color-scheme:dark){"
                                    ".plot{color:#d1d7e0;background:#0d1117}}\n</style>");
  svg.insert(kOpening.size(), "xmlns=\"http://www.w3.org/2000/svg\" ");
  return svg;
}

std::string svg_plot_style() {
  static constexpr const char* kOnLight[kColours] = {"#0b62a4", "#c2410c", "#15803d", "#7e22ce",
                                                     "#a16207", "#be185d", "#0f766e", "#4b5563"};
  static constexpr const char* kOnDark[kColours] = {"#6cb6ff", "#ff9b5e", "#5fd38a", "#c79bff",
                                                    "#e3c34d", "#ff85b8", "#4fd1c5", "#aab4c0"};
  return ".plot{width:100%;max-width:760px;height:auto;font-size:12px}\n"
         ".plot text{fill:currentColor}.middle{text-anchor:middle}.end{text-anchor:end}\n"
         ".tick{font-size:11px}.axis{stroke:currentColor}\n"
         ".grid{stroke:currentColor;stroke-opacity:.12}\n" +
         colour_rules(kOnLight) + "@media(prefers-color-scheme:dark){" + colour_rules(kOnDark) +
         "}\n" +
         ".line{fill:none;stroke-width:2;stroke-linejoin:round}.dot{stroke:none}\n"
         ".dashed{stroke-dasharray:6 4}\n";
}

}  // namespace phyllo::sim
