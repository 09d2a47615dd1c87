#include "sim/report/csv_report.h"

#include <cstddef>
#include <cstdint>

#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

std::string quoted(const std::string& text) {
  const bool edge_space = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (!edge_space && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_cell(const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return std::to_string(*count);
  if (const auto* number = std::get_if<double>(&cell)) return exact_number(*number);
  if (const auto* words = std::get_if<std::string>(&cell)) return quoted(*words);
  return {};
}

class CsvReport {
 public:
  std::string text(const Report& report) {
    section(report.title, {"name", "value"});
    if (!report.command.empty()) row({"command", report.command});
    for (const std::uint64_t seed : report.seeds) row({"seed", std::to_string(seed)});
    for (const auto& [name, value] : report.parameters) row({name, value});
    for (const Table& table : report.tables) {
      section(table.title, {table.columns.begin(), table.columns.end()});
      for (const auto& cells : table.rows) row(cells);
    }
    for (const Plot& plot : report.plots) {
      section(plot.title, {"line", plot.x, plot.y});
      for (const Plot::Line& line : plot.lines) {
        for (const auto& [x, y] : line.points) row({line.name, x, y});
      }
    }
    list("Violations", report.violations);
    list("Notes", report.notes);
    return std::move(text_);
  }

 private:
  void row(const std::vector<Cell>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    }
    text_ += (line.empty() ? "\"\"" : line) + "\r\n";  // an empty line ends a section
  }

  void section(const std::string& title, const std::vector<Cell>& columns) {
    if (!text_.empty()) text_ += "\r\n";
    row({title});
    row(columns);
  }

  void list(const std::string& title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    section(title, {"text"});
    for (const std::string& item : items) row({item});
  }

  std::string text_;
};

}  // namespace

std::string csv_report(const Report& report) { return CsvReport().text(report); }

}  // namespace phyllo::sim
