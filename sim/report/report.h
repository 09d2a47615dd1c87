#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace phyllo::sim {

/// Nothing, a count, a measure, or words.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// One table of results; every row has one cell for each column.
struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  std::string note;  ///< below the table; may be empty
};

/// One picture: lines over a common x axis.
struct Plot {
  enum class Scale {
    kLinear,
    kLogarithmic,  ///< points at or below zero are left out
  };
  enum class Stroke {
    kSolid,
    kDashed,  ///< for what was published
    kPoints,  ///< measurements that no line connects
  };
  struct Line {
    std::string name;
    std::vector<std::pair<double, double>> points;
    Stroke stroke = Stroke::kSolid;
  };
  std::string title;
  std::string x;  ///< what the axis shows, with its unit
  std::string y;
  std::vector<Line> lines;
  Scale x_scale = Scale::kLinear;
  Scale y_scale = Scale::kLinear;
};

/// What an experiment found, and all that is needed to repeat it. A value: rendered as text, JSON,
/// CSV or HTML by the files beside this one.
struct Report {
  std::string title;
  std::string command;  ///< repeats the experiment
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::uint64_t> seeds;
  std::vector<Table> tables;
  std::vector<Plot> plots;
  std::vector<std::string> violations;  ///< invariants that did not hold; empty when all did
  std::vector<std::string> notes = {};  ///< what a reader must know, e.g. that it was cut short
};

}  // namespace phyllo::sim
