#include "cli/regions/matrix_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cli/display_text.h"
#include "cli/text_table.h"

namespace phyllo::cli {
namespace {

using Align = TextTable::Align;
using Border = BorderMatrix::Border;

std::string formatted(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

bool partial(const Border& border) { return border.coverage == BorderMatrix::Coverage::kPart; }

std::string used_text(const Border& border) {
  if (!border.budget) return "";
  if (*border.budget <= 0) return border.spent > 0 ? "all" : "-";
  return formatted("%.0f %%", 100 * border.spent / *border.budget);
}

std::vector<std::string> cells(const Border& border) {
  return {printable(border.from),
          printable(border.to),
          (partial(border) ? "≥ " : "") + bytes_text(static_cast<double>(border.data_bytes)),
          bytes_text(static_cast<double>(border.control_bytes)),
          border.now_per_second ? bytes_text(*border.now_per_second) + "/s" : "",
          bytes_text(border.bytes_per_second) + "/s",
          money_text(border.spent),
          money_text(border.expected) + (border.too_dear() ? " !" : ""),
          border.budget ? money_text(*border.budget) : "",
          used_text(border),
          border.predicted ? money_text(*border.predicted) : ""};
}

Border sum_of(const std::vector<Border>& borders) {
  Border sum{.from = "all", .to = ""};
  for (const Border& border : borders) {
    sum.data_bytes += border.data_bytes;
    sum.control_bytes += border.control_bytes;
    sum.bytes_per_second += border.bytes_per_second;
    sum.spent += border.spent;
    sum.expected += border.expected;
    if (border.now_per_second) {
      sum.now_per_second = sum.now_per_second.value_or(0) + *border.now_per_second;
    }
    if (border.predicted) sum.predicted = sum.predicted.value_or(0) + *border.predicted;
    if (partial(border)) sum.coverage = border.coverage;
  }
  return sum;
}

std::string text_of(const TextTable& table) {
  std::string text;
  for (const std::string& line : table.lines()) text += line + "\n";
  return text;
}

std::string topics_text(const BorderMatrix& matrix, std::size_t topics) {
  TextTable table(
      {{"FROM"}, {"TO"}, {"TOPIC"}, {"BYTES", Align::kRight}, {"AT LEAST", Align::kRight}});
  for (const auto& topic : matrix.busiest(topics)) {
    const std::uint64_t least = topic.bytes - std::min(topic.bytes, topic.excess);
    table.add({printable(topic.from), printable(topic.to), printable(topic.name),
               bytes_text(static_cast<double>(topic.bytes)),
               topic.excess > 0 ? bytes_text(static_cast<double>(least)) : ""});
  }
  return "\nbusiest topics of each pair, this month\n" + text_of(table);
}

}  // namespace

std::string bytes_text(double bytes) {
  constexpr std::array<const char*, 6> kUnits{"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  const char* const format = unit == 0 || bytes >= 99.95 ? "%.0f"
                             : bytes >= 9.995            ? "%.1f"
                                                         : "%.2f";
  return formatted(format, bytes) + " " + kUnits[unit];
}

std::string money_text(double amount) {
  if (amount == 0) return "0";
  if (amount > 0 && amount < 0.005) return "<0.01";
  return formatted("%.2f", amount);
}

std::string matrix_text(const BorderMatrix& matrix, std::size_t topics) {
  std::vector<TextTable::Column> columns{{"FROM"}, {"TO"}};
  for (const char* heading :
       {"DATA", "CONTROL", "NOW", "RATE", "COST", "MONTH", "BUDGET", "USED", "PREDICTED"}) {
    columns.push_back({heading, Align::kRight});
  }
  const Border sum = sum_of(matrix.borders);
  constexpr std::ptrdiff_t kNow = 4;
  const auto keep_known = [&](auto& row) {
    if (!sum.predicted) row.pop_back();
    if (!sum.now_per_second) row.erase(row.begin() + kNow);
  };
  keep_known(columns);
  TextTable table(columns);
  std::size_t silent = 0;
  const auto add = [&](const Border& border) {
    std::vector<std::string> row = cells(border);
    keep_known(row);
    table.add(std::move(row));
  };
  for (const Border& border : matrix.borders) {
    if (border.silent()) {
      ++silent;
    } else {
      add(border);
    }
  }
  add(sum);
  std::string text = text_of(table);
  if (silent > 0) text += "and " + counted(silent, "border") + " that nothing crosses\n";
  if (std::ranges::any_of(matrix.borders, &Border::too_dear)) {
    text += "!  will pass its budget this month, if the rest is like the usual or the last day\n";
  }
  if (std::ranges::any_of(matrix.borders, partial)) {
    text += "≥  a broker there did not answer: at least this much\n";
  }
  if (topics > 0 && !matrix.topics.empty()) text += topics_text(matrix, topics);
  return text;
}

}  // namespace phyllo::cli
