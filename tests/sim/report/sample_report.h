#pragma once

#include <limits>

#include "sim/report/report.h"

namespace phyllo::sim {

/// A report with everything in it that is hard to render.
inline Report sample_report() {
  Report report;
  report.title = "Hops <by> \"N\" & more";
  report.command = "phyllo sim pastry --nodes 1000 --seeds 3";
  report.parameters = {{"leaf set", "16"}, {"name", "a, b\nc"}};
  report.seeds = {1, 2, 3};
  Table table;
  table.title = "Mean hops";
  table.columns = {"nodes", "published", "ours", "remark"};
  table.rows = {{std::int64_t{1000}, 2.485, 2.5, std::string("<script>alert(1)</script>")},
                {std::int64_t{100000}, 3.976, 3.9, std::monostate{}},
                {std::int64_t{-7}, std::numeric_limits<double>::infinity(), 3.0 / 7,
                 std::string("say \"hi\", please\x1b[2J")}};
  table.note = "200,000 lookups each.";
  report.tables = {table};
  Plot plot;
  plot.title = "Hops & N";
  plot.x = "nodes";
  plot.y = "hops <mean>";
  plot.x_scale = Plot::Scale::kLogarithmic;
  plot.lines = {{"published", {{1000, 2.485}, {100000, 3.976}}, Plot::Stroke::kDashed},
                {"ours's", {{1000, 2.5}, {0, 1}, {100000, 3.9}}}};
  report.plots = {plot};
  report.violations = {"two brokers are root of a/b at 3.2 s"};
  report.notes = {"cut short after 3 of 10 seeds"};
  return report;
}

}  // namespace phyllo::sim
