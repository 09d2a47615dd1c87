#include "sim/report/markdown_report.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "broker/config/utf8.h"
#include "sim/report/table_text.h"
#include "sim/report/text_report.h"

namespace phyllo::sim {
namespace {

/// Without what Markdown would read as more than text.
std::string plain(const std::string& text) {
  constexpr std::string_view kMeaningful = "\\`*_[]<>|#";
  std::string escaped;
  for (const char c : broker::printable(text)) {
    if (kMeaningful.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

class MarkdownReport {
 public:
  MarkdownReport(const Report& report, const std::vector<std::string>& pictures)
      : report_(report), pictures_(pictures) {}

  std::string text() {
    line("### " + plain(report_.title));
    facts();
    for (const Table& table : report_.tables) add(table);
    for (std::size_t i = 0; i < std::min(pictures_.size(), report_.plots.size()); ++i) {
      line("\n![" + plain(report_.plots[i].title) + "](" + pictures_[i] + ")");
    }
    list("Notes", report_.notes);
    list("Broken invariants", report_.violations);
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { text_.append(text).append("\n"); }

  void facts() {
    line("");
    if (!report_.command.empty()) {
      line("```\n" + broker::printable(report_.command) + "\n```");
    }
    std::string facts;
    if (!report_.seeds.empty()) facts = "seeds " + plain(seeds_text(report_.seeds));
    for (const auto& [name, value] : report_.parameters) {
      facts += (facts.empty() ? "" : "; ") + plain(name) + ": " + plain(value);
    }
    if (!facts.empty()) line(facts);
  }

  void add(const Table& table) {
    line("\n**" + plain(table.title) + "**\n");
    const TableText text = table_text(table);
    row(text.columns);
    std::string rule = "|";
    for (const auto align : text.aligns) {
      rule += align == TableText::Align::kRight ? "--:|" : "---|";
    }
    line(rule);
    for (const auto& cells : text.rows) row(cells);
    if (!table.note.empty()) line("\n" + plain(table.note));
  }

  void row(const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + plain(cell) + " |";
    line(text);
  }

  void list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    line("\n" + std::string(title) + ":\n");
    for (const std::string& item : items) line("- " + plain(item));
  }

  const Report& report_;
  const std::vector<std::string>& pictures_;
  std::string text_;
};

}  // namespace

std::string markdown_report(const Report& report, const std::vector<std::string>& pictures) {
  return MarkdownReport(report, pictures).text();
}

}  // namespace phyllo::sim
