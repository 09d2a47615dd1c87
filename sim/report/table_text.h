#pragma once

#include <string>
#include <vector>

#include "sim/report/report.h"

namespace phyllo::sim {

/// A table's cells as text for people: numbers rounded, control characters escaped.
struct TableText {
  enum class Align { kLeft, kRight };

  std::vector<std::string> columns;
  std::vector<Align> aligns;                   ///< by column; right where most cells are numbers
  std::vector<std::vector<std::string>> rows;  ///< as wide as `columns`
};

TableText table_text(const Table& table);

}  // namespace phyllo::sim
