#pragma once

#include <string>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The plot as one <svg> element: axes with ticks and units, grid, lines, legend. Text is in the
/// colour of the text around it, and the lines' colours are the classes c0 … c7 of
/// `svg_plot_style()`, so that both suit a dark page and a light one.
std::string svg_plot(const Plot& plot);

/// The plot as a file of its own, with its style, for pages in Markdown.
std::string svg_file(const Plot& plot);

/// The CSS that the plots of one page share.
std::string svg_plot_style();

}  // namespace phyllo::sim
