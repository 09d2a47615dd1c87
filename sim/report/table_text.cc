#include "sim/report/table_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "broker/config/utf8.h"
#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

const Cell& cell_at(const std::vector<Cell>& row, std::size_t column) {
  static const Cell kNothing;
  return column < row.size() ? row[column] : kNothing;
}

/// Whole numbers and fractions of one column are rounded apart.
std::vector<std::string> column_texts(const Table& table, std::size_t column) {
  std::vector<double> fractions;
  for (const auto& row : table.rows) {
    if (const auto* fraction = std::get_if<double>(&cell_at(row, column))) {
      fractions.push_back(*fraction);
    }
  }
  const std::vector<std::string> rounded = shown_numbers(fractions);
  std::size_t next = 0;
  std::vector<std::string> texts;
  for (const auto& row : table.rows) {
    const Cell& cell = cell_at(row, column);
    if (std::holds_alternative<double>(cell)) {
      texts.push_back(rounded[next++]);
    } else if (const auto* count = std::get_if<std::int64_t>(&cell)) {
      texts.push_back(shown_number(*count));
    } else {
      const auto* words = std::get_if<std::string>(&cell);
      texts.push_back(words == nullptr ? std::string() : broker::printable(*words));
    }
  }
  return texts;
}

TableText::Align align_of(const Table& table, std::size_t column) {
  std::ptrdiff_t numbers = 0;
  std::ptrdiff_t words = 0;
  for (const auto& row : table.rows) {
    const Cell& cell = cell_at(row, column);
    if (std::holds_alternative<std::string>(cell)) {
      ++words;
    } else if (!std::holds_alternative<std::monostate>(cell)) {
      ++numbers;
    }
  }
  return numbers > 0 && numbers >= words ? TableText::Align::kRight : TableText::Align::kLeft;
}

}  // namespace

TableText table_text(const Table& table) {
  TableText text;
  text.rows.resize(table.rows.size());
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    text.columns.push_back(broker::printable(table.columns[column]));
    text.aligns.push_back(align_of(table, column));
    std::vector<std::string> cells = column_texts(table, column);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      text.rows[row].push_back(std::move(cells[row]));
    }
  }
  return text;
}

}  // namespace phyllo::sim
