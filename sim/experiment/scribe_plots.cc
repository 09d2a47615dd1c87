#include "sim/experiment/scribe_plots.h"

#include <algorithm>
#include <utility>

namespace phyllo::sim {
namespace {

/// More points than this no eye tells apart.
constexpr std::size_t kMaxPoints = 400;

/// How many of the values are at most x.
std::vector<std::pair<double, double>> rising(std::vector<double> values) {
  std::ranges::sort(values);
  std::vector<std::pair<double, double>> points;
  const std::size_t step = std::max<std::size_t>(values.size() / kMaxPoints, 1);
  for (std::size_t i = 0; i < values.size(); i += step) {
    points.emplace_back(values[i], static_cast<double>(i + 1));
  }
  if (!values.empty()) points.emplace_back(values.back(), static_cast<double>(values.size()));
  return points;
}

/// How many of the values are at least x: one point for each value that occurs.
std::vector<std::pair<double, double>> falling(std::vector<std::uint32_t> values) {
  std::ranges::sort(values);
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && values[i] == values[i - 1]) continue;
    points.emplace_back(values[i], static_cast<double>(values.size() - i));
  }
  return points;
}

Plot logarithmic(std::string title, std::string x, std::string y) {
  return {.title = std::move(title),
          .x = std::move(x),
          .y = std::move(y),
          .lines = {},
          .x_scale = Plot::Scale::kLogarithmic,
          .y_scale = Plot::Scale::kLogarithmic};
}

}  // namespace

Plot entries_plot(std::string title,
                  std::vector<std::pair<std::string, std::vector<std::uint32_t>>> lines) {
  Plot plot = logarithmic(std::move(title), "children", "nodes with at least so many");
  for (auto& [name, entries] : lines) plot.lines.push_back({name, falling(std::move(entries))});
  return plot;
}

std::vector<Plot> trees_plots(const TreesFound& trees) {
  std::vector<double> rad;
  std::vector<double> rmd;
  for (const DelayPenalty& penalty : trees.penalties) {
    rad.push_back(penalty.rad);
    rmd.push_back(penalty.rmd);
  }
  Plot penalty{.title = "Delay penalty",
               .x = "delay ÷ delay of multicast in the network",
               .y = "groups with at most this",
               .lines = {{"RAD", rising(std::move(rad))}, {"RMD", rising(std::move(rmd))}}};
  Plot links = logarithmic("Link stress", "messages", "links with at least so many");
  links.lines = {{"Scribe", falling(trees.scribe.links)},
                 {"multicast in the network", falling(trees.ip.links)},
                 {"unicast from the source", falling(trees.unicast.links)}};
  return {std::move(penalty),
          entries_plot("Node stress",
                       {{"children entries", trees.entries}, {"children tables", trees.tables}}),
          std::move(links)};
}

}  // namespace phyllo::sim
