#include "cli/demo/border_block.h"

#include "cli/display_text.h"
#include "cli/regions/matrix_text.h"
#include "cli/text_table.h"

namespace phyllo::cli {
namespace {

using Align = TextTable::Align;
using Border = BorderMatrix::Border;

constexpr double kSecondsOfMonth = 30 * 24 * 3600;

void add_row(TextTable& table, const Border& border, double month) {
  const bool known = border.now_per_second.has_value();
  table.add({printable(border.from), printable(border.to),
             bytes_text(static_cast<double>(border.data_bytes)),
             bytes_text(static_cast<double>(border.control_bytes)),
             known ? bytes_text(*border.now_per_second) + "/s" : "",
             known ? money_text(month) : ""});
}

}  // namespace

std::vector<std::string> border_block(const BorderMatrix& matrix) {
  if (matrix.borders.empty()) return {};
  TextTable table({{"FROM"},
                   {"TO"},
                   {"MESSAGES", Align::kRight},
                   {"CONTROL", Align::kRight},
                   {"NOW", Align::kRight},
                   {"COST A MONTH", Align::kRight}});
  Border all{.from = "all pairs", .to = ""};
  double cost = 0;
  for (const Border& border : matrix.borders) {
    const double rate = border.now_per_second.value_or(0);
    const double month = rate * kSecondsOfMonth * border.price_per_gb / 1e9;
    if (border.data_bytes > 0) add_row(table, border, month);
    all.data_bytes += border.data_bytes;
    all.control_bytes += border.control_bytes;
    if (border.now_per_second) all.now_per_second = all.now_per_second.value_or(0) + rate;
    cost += month;
  }
  add_row(table, all, cost);
  return table.lines();
}

}  // namespace phyllo::cli
