#include "cli/text_table.h"

#include <algorithm>
#include <cstddef>

#include "cli/display_text.h"

namespace phyllo::cli {

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::string> TextTable::lines() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(display_width(columns_[i].heading));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  const auto line_of = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& cell = cell_of(i);
      const std::string space(widths[i] - display_width(cell), ' ');
      if (i > 0) line += "  ";
      line += columns_[i].align == Align::kRight ? space + cell : cell + space;
    }
    return line.substr(0, line.find_last_not_of(' ') + 1);
  };
  std::vector<std::string> lines;
  lines.push_back(
      line_of([this](std::size_t i) -> const std::string& { return columns_[i].heading; }));
  for (const auto& row : rows_) {
    lines.push_back(line_of([&row](std::size_t i) -> const std::string& { return row[i]; }));
  }
  return lines;
}

}  // namespace phyllo::cli
